/* SPDX-License-Identifier: MIT
 *
 * The inks of solvers follow from their table: a new one needs no line here. Yellow is left out: it
 * is hard to see on white.
 */
#include "report/plots/palette.h"

#include "kernels/phases/phase_totals.h"
#include "solvers/solver.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLACK "#000000"
#define WHITE "#ffffff"
#define ORANGE "#c48700"
#define SKY "#4997c4"
#define GREEN "#009e73"
#define BLUE "#0072b2"
#define VERMILLION "#d55e00"
#define PINK "#cb78a6"
#define GREY "#888888"

const char *const palette_grey = GREY;
const char *const palette_note = "#595f69";
const char *const palette_boundary = BLACK;
const char *const palette_classes[2] = {ORANGE, BLUE};

static const char *const family_colours[FAMILIES] = {ORANGE, GREEN, PINK, BLUE, GREY};

/* Solvers that are better told apart from their family by a colour than by a dash alone. Sky is
 * close to blue, on dark paper above all, and has both. */
static const struct apart {
    const char *name;
    struct ink ink;
} apart[] = {{"lbfgs", {SKY, 5}},
             {"newton", {VERMILLION, 1}},
             {"newton-sampled", {VERMILLION, 2}},
             {"perceptron", {BLACK, 1}},
             {"null", {GREY, 2}}};

/* For all that is neither a solver nor a family, in turn. */
static const char *const cycle[] = {BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, BLACK};
enum { APART = sizeof apart / sizeof *apart, CYCLE = sizeof cycle / sizeof *cycle };

static const struct ink *ink_apart(const char *name)
{
    for (size_t i = 0; i < APART; i++)
        if (strcmp(apart[i].name, name) == 0)
            return &apart[i].ink;
    return NULL;
}

static bool find_family(const char *name, struct ink *ink)
{
    for (size_t f = 0; f < FAMILIES; f++)
        if (strcmp(solver_family_names[f], name) == 0) {
            *ink = (struct ink){family_colours[f], 1};
            return true;
        }
    return false;
}

/* The colour of its family, with as many dashes as it has elders there. */
static bool find_solver(const char *name, struct ink *ink)
{
    const struct entry *entry = table_find(&solver_table, name);
    if (entry == NULL)
        return false;
    const enum solver_family family = solver_of(entry)->family;
    const struct ink *other = ink_apart(name);
    *ink = other != NULL ? *other : (struct ink){family_colours[family], 1};
    if (other != NULL)
        return true;
    for (size_t i = 0; solver_table.entries[i] != entry; i++)
        ink->dash += solver_of(solver_table.entries[i])->family == family &&
                     ink_apart(solver_table.entries[i]->name) == NULL;
    return true;
}

struct ink palette_ink(const char *name, size_t position)
{
    struct ink ink;
    if (find_solver(name, &ink) || find_family(name, &ink))
        return ink;
    return (struct ink){cycle[position % CYCLE], 1 + (int)(position / CYCLE) % 5};
}

/* Those of an epoch of the usual solvers have colours that are far apart. */
static const char *const phase_colours[PHASE_COUNT] = {
    [PHASE_ORDER] = "#7f6fb5",     [PHASE_FORWARD] = SKY,       [PHASE_PRODUCTS] = BLUE,
    [PHASE_LOSS] = ORANGE,         [PHASE_GRADIENT] = GREEN,    [PHASE_PASS] = "#1b3a6b",
    [PHASE_SAMPLES] = "#b3261e",   [PHASE_HESSIAN] = "#8a5a44", [PHASE_REDUCE] = PINK,
    [PHASE_EXCHANGE] = "#a23b72",  [PHASE_WAIT] = GREY,         [PHASE_UPDATE] = "#5a7d2a",
    [PHASE_EVALUATE] = VERMILLION, [PHASE_RECORD] = "#4f5b66",
};

const char *palette_phase(const char *name)
{
    enum phase phase = phase_find(name);
    return phase < PHASE_COUNT ? phase_colours[phase] : BLACK;
}

/* --- Colours as numbers ---------------------------------------------------------------------- */

/* Its red, green and blue, 0 to 1. */
struct shares {
    double of[3];
};

static struct shares shares_of(const char *colour)
{
    unsigned long value = strtoul(colour + 1, NULL, 16);
    return (struct shares){{(double)(value >> 16 & 0xff) / 255.0,
                            (double)(value >> 8 & 0xff) / 255.0, (double)(value & 0xff) / 255.0}};
}

static char *colour_of(struct shares shares, char colour[static PALETTE_COLOUR])
{
    unsigned value = 0;
    for (int i = 0; i < 3; i++)
        value = value << 8 | (unsigned)lround(255.0 * fmin(fmax(shares.of[i], 0.0), 1.0));
    snprintf(colour, PALETTE_COLOUR, "#%06x", value & 0xffffff);
    return colour;
}

/* A part of the way from one to another. */
static struct shares between(struct shares a, struct shares b, double part)
{
    for (int i = 0; i < 3; i++)
        a.of[i] += part * (b.of[i] - a.of[i]);
    return a;
}

static double luminance(const char *colour)
{
    const double weights[] = {0.2126, 0.7152, 0.0722};
    const struct shares shares = shares_of(colour);
    double sum = 0.0;
    for (int i = 0; i < 3; i++)
        sum += weights[i] * (shares.of[i] <= 0.04045 ? shares.of[i] / 12.92
                                                     : pow((shares.of[i] + 0.055) / 1.055, 2.4));
    return sum;
}

double palette_contrast(const char *a, const char *b)
{
    double left = luminance(a), right = luminance(b);
    return (fmax(left, right) + 0.05) / (fmin(left, right) + 0.05);
}

const char *palette_text_on(const char *colour)
{
    return palette_contrast(colour, BLACK) >= palette_contrast(colour, WHITE) ? BLACK : WHITE;
}

char *palette_toned(const char *colour, const char *background, double least,
                    char toned[static PALETTE_COLOUR])
{
    enum { STEPS = 64 };
    const struct shares end = shares_of(palette_text_on(background)), start = shares_of(colour);
    for (int i = 0; i <= STEPS; i++) {
        colour_of(between(start, end, (double)i / (double)STEPS), toned);
        if (palette_contrast(toned, background) >= least)
            break;
    }
    return toned;
}

char *palette_faded(const char *colour, const char *paper, double share,
                    char faded[static PALETTE_COLOUR])
{
    return colour_of(between(shares_of(colour), shares_of(paper), share), faded);
}

/* --- The scale of heat maps ------------------------------------------------------------------ */

const char *const palette_shades[PALETTE_SHADES] = {"#00204d", "#31446b", "#666970",
                                                    "#958f78", "#cab969", "#ffea46"};

char *palette_shade(double share, char colour[static PALETTE_COLOUR])
{
    double place = fmin(fmax(share, 0.0), 1.0) * (PALETTE_SHADES - 1);
    size_t first = place < PALETTE_SHADES - 2 ? (size_t)place : PALETTE_SHADES - 2;
    return colour_of(between(shares_of(palette_shades[first]), shares_of(palette_shades[first + 1]),
                             place - (double)first),
                     colour);
}

/* --- Dark paper ------------------------------------------------------------------------------ */

const char *const palette_dark_paper = "#16181d";

static const double readable = 4.5; /* contrast of text (WCAG 1.4.3) */

/* What is left of a pale colour when the white in it is taken out, in the same share on the paper.
 */
static char *tint_on_dark(struct shares shares, double white, char dark[static PALETTE_COLOUR])
{
    char pure[PALETTE_COLOUR], toned[PALETTE_COLOUR];
    for (int i = 0; i < 3; i++)
        shares.of[i] = (shares.of[i] - white) / (1.0 - white);
    palette_toned(colour_of(shares, pure), palette_dark_paper, readable, toned);
    return palette_faded(toned, palette_dark_paper, white, dark);
}

char *palette_on_dark(const char *colour, char dark[static PALETTE_COLOUR])
{
    const double grey = 0.1, pale = 2.0; /* components this close are a grey; contrast with white */
    const char *black = "#e6e8ec";       /* what becomes of it */
    const struct shares shares = shares_of(colour);
    double least = fmin(shares.of[0], fmin(shares.of[1], shares.of[2])),
           most = fmax(shares.of[0], fmax(shares.of[1], shares.of[2]));
    if (most - least <= grey)
        return palette_faded(black, palette_dark_paper, (least + most) / 2.0, dark);
    if (palette_contrast(colour, WHITE) < pale)
        return tint_on_dark(shares, least, dark);
    return palette_toned(colour, palette_dark_paper, readable, dark);
}
