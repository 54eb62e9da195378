/* SPDX-License-Identifier: MIT
 *
 * The inks of solvers follow from their table: a new one needs no line here. Yellow is left out: it
 * is hard to see on white.
 */
#include "report/plots/palette.h"

#include "solvers/solver.h"

#include <string.h>

#define BLACK "#000000"
#define ORANGE "#e69f00"
#define SKY "#56b4e9"
#define GREEN "#009e73"
#define BLUE "#0072b2"
#define VERMILLION "#d55e00"
#define PINK "#cc79a7"
#define GREY "#888888"

const char *const palette_grey = GREY;
const char *const palette_boundary = BLACK;
const char *const palette_classes[2] = {ORANGE, BLUE};

static const char *const family_colours[FAMILIES] = {ORANGE, GREEN, PINK, BLUE};

/* Solvers that are better told apart from their family by a colour than by a dash. */
static const struct {
    const char *name, *colour;
} apart[] = {{"lbfgs", SKY}, {"newton", VERMILLION}, {"perceptron", BLACK}, {"null", GREY}};

/* For all that is neither a solver nor a family, in turn. */
static const char *const cycle[] = {BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, BLACK};
enum { APART = sizeof apart / sizeof *apart, CYCLE = sizeof cycle / sizeof *cycle };

static const char *colour_apart(const char *name)
{
    for (size_t i = 0; i < APART; i++)
        if (strcmp(apart[i].name, name) == 0)
            return apart[i].colour;
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
    *ink = (struct ink){colour_apart(name), 1};
    if (ink->colour != NULL)
        return true;
    ink->colour = family_colours[family];
    for (size_t i = 0; solver_table.entries[i] != entry; i++)
        ink->dash += solver_of(solver_table.entries[i])->family == family &&
                     colour_apart(solver_table.entries[i]->name) == NULL;
    return true;
}

struct ink palette_ink(const char *name, size_t position)
{
    struct ink ink;
    if (find_solver(name, &ink) || find_family(name, &ink))
        return ink;
    return (struct ink){cycle[position % CYCLE], 1 + (int)(position / CYCLE) % 5};
}
