/* SPDX-License-Identifier: MIT
 *
 * What is on the page can be seen, in both themes: text has a contrast of 4.5 at least with what is
 * behind it, and lines, marks and frames have one of 3 (Web Content Accessibility Guidelines 2.2,
 * 1.4.3 and 1.4.11). Colours are read from the style itself, and from the palette.
 */
#include "testing.h"

#include "kernels/phases/phase_totals.h"
#include "report/page/page_files.h"
#include "report/plots/palette.h"
#include "solvers/solver.h"

#include <stdio.h>
#include <string.h>

static const double text_least = 4.5, mark_least = 3.0;

enum theme { LIGHT, DARK, THEMES };
static const char *const themes[THEMES] = {"light", "dark"};

/* The value of a custom property, "--NAME: light-dark(#rrggbb, #rrggbb);", in a theme. */
static void style_colour(const char *name, enum theme theme, char colour[static PALETTE_COLOUR])
{
    char begin[64];
    snprintf(begin, sizeof begin, "--%s: light-dark(", name);
    const char *from = strstr(page_file_text("page.css"), begin);
    if (from == NULL) {
        fail_msg("page.css has no '%s'", begin);
        return;
    }
    from = strchr(from, '#');
    if (from != NULL && theme == DARK)
        from = strchr(from + 1, '#');
    assert_non_null(from);
    snprintf(colour, PALETTE_COLOUR, "%s", from);
    assert_int_equal(strspn(colour + 1, "0123456789abcdef"), PALETTE_COLOUR - 2);
}

static void assert_seen(const char *what, const char *colour, const char *background, double least,
                        enum theme theme)
{
    double contrast = palette_contrast(colour, background);
    if (contrast < least)
        fail_msg("%s theme: %s (%s on %s) has a contrast of %.2f, not %.1f", themes[theme], what,
                 colour, background, contrast, least);
}

static void the_style_can_be_seen(void **state)
{
    (void)state;
    static const struct {
        const char *ink, *behind;
        double least;
    } pairs[] = {
        {"ink", "paper", 4.5},     {"ink", "raised", 4.5},    {"ink", "hatch", 4.5},
        {"quiet", "paper", 4.5},   {"quiet", "raised", 4.5},  {"accent", "paper", 4.5},
        {"accent", "raised", 4.5}, {"warning", "paper", 4.5}, {"line", "paper", 3.0},
        {"line", "raised", 3.0},   {"best", "paper", 3.0},    {"warning", "raised", 3.0},
        {"warning", "hatch", 3.0},
    };
    for (enum theme theme = LIGHT; theme < THEMES; theme++)
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
            char ink[PALETTE_COLOUR], behind[PALETTE_COLOUR];
            style_colour(pairs[i].ink, theme, ink);
            style_colour(pairs[i].behind, theme, behind);
            assert_seen(pairs[i].ink, ink, behind, pairs[i].least, theme);
        }
}

/* The border of the best cell is between it, which has the darkest shade, and its neighbours. */
static void the_best_cell_can_be_found(void **state)
{
    (void)state;
    for (enum theme theme = LIGHT; theme < THEMES; theme++) {
        char border[PALETTE_COLOUR];
        style_colour("best", theme, border);
        assert_seen("best", border, palette_shades[0], mark_least, theme);
    }
}

static void assert_ink(const char *what, const char *colour)
{
    char paper[PALETTE_COLOUR], dark[PALETTE_COLOUR];
    style_colour("paper", LIGHT, paper);
    assert_seen(what, colour, paper, mark_least, LIGHT);
    style_colour("paper", DARK, paper);
    assert_seen(what, palette_on_dark(colour, dark), paper, mark_least, DARK);
    /* Text on it is black or white. */
    assert_seen(what, palette_text_on(colour), colour, text_least, LIGHT);
    assert_seen(what, palette_text_on(dark), dark, text_least, DARK);
}

static void solvers_sides_and_phases_can_be_seen(void **state)
{
    (void)state;
    enum { SIDES = 24 };
    for (size_t i = 0; i < solver_table.count; i++)
        assert_ink(solver_table.entries[i]->name,
                   palette_ink(solver_table.entries[i]->name, i).colour);
    for (size_t f = 0; f < FAMILIES; f++)
        assert_ink(solver_family_names[f], palette_ink(solver_family_names[f], f).colour);
    for (size_t i = 0; i < SIDES; i++)
        assert_ink("a side", palette_ink("rate 1", i).colour);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        assert_ink(phases[phase].name, palette_phase(phases[phase].name));
}

/* Contrast as WCAG defines it: black on white is 21, and each colour on itself 1. */
static void contrast_is_that_of_the_guidelines(void **state)
{
    (void)state;
    assert_true(palette_contrast("#000000", "#ffffff") == 21.0);
    assert_true(palette_contrast("#777777", "#777777") == 1.0);
    double grey = palette_contrast("#767676", "#ffffff"); /* the lightest grey for text on white */
    assert_true(grey >= 4.5 && grey < 4.6);
    assert_string_equal(palette_text_on("#ffea46"), "#000000");
    assert_string_equal(palette_text_on("#00204d"), "#ffffff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_style_can_be_seen),
        cmocka_unit_test(the_best_cell_can_be_found),
        cmocka_unit_test(solvers_sides_and_phases_can_be_seen),
        cmocka_unit_test(contrast_is_that_of_the_guidelines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
