/* SPDX-License-Identifier: MIT
 *
 * Colours can be seen: lines on their paper with a contrast of 3 (WCAG 1.4.11), text with 4.5
 * (1.4.3), on paper and upon the colours of cells.
 */
#include "fixture.h"

#include "kernels/phases/phase_totals.h"
#include "report/plots/palette.h"
#include "solvers/solver.h"

#include <math.h>
#include <string.h>

static const char *const white = "#ffffff", *const black = "#000000";
static const double line = 3.0, text = 4.5;

static void contrast_is_that_of_wcag(void **state)
{
    (void)state;
    assert_true(palette_contrast(black, white) == 21.0);
    assert_true(palette_contrast(white, black) == 21.0);
    assert_true(palette_contrast("#777777", "#777777") == 1.0);
    assert_true(fabs(palette_contrast("#767676", white) - 4.54) < 0.005); /* known values */
    assert_true(fabs(palette_contrast("#ff0000", white) - 4.00) < 0.005);
}

/* On white, and what becomes of it on dark paper. */
static void check_ink(const char *colour)
{
    char dark[PALETTE_COLOUR];
    if (palette_contrast(colour, white) < line)
        fail_msg("%s cannot be seen on white", colour);
    palette_on_dark(colour, dark);
    if (palette_contrast(dark, palette_dark_paper) < line)
        fail_msg("%s, %s on dark paper, cannot be seen there", colour, dark);
}

static void all_inks_can_be_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < solver_table.count; i++)
        check_ink(palette_ink(solver_table.entries[i]->name, 0).colour);
    for (size_t i = 0; i < 24; i++)
        check_ink(palette_ink("another", i).colour);
    for (size_t i = 0; i < PHASE_COUNT; i++)
        check_ink(palette_phase(phases[i].name));
    check_ink(palette_classes[0]);
    check_ink(palette_classes[1]);
    check_ink(palette_boundary);
    check_ink(palette_grey);
    assert_true(palette_contrast(palette_note, white) >= text);
    char dark[PALETTE_COLOUR];
    assert_true(palette_contrast(palette_on_dark(palette_note, dark), palette_dark_paper) >= text);
    assert_string_equal(palette_on_dark(white, dark), palette_dark_paper);
}

static void each_phase_has_a_colour_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(palette_phase(phases[i].name), palette_phase(phases[j].name));
    assert_string_equal(palette_phase("epoch"), black);
}

static void the_dark_end_of_the_scale_is_the_best(void **state)
{
    (void)state;
    enum { STEPS = 100 };
    char colour[PALETTE_COLOUR];
    double before = 0.0;
    assert_string_equal(palette_shade(0.0, colour), palette_shades[0]);
    assert_string_equal(palette_shade(1.0, colour), palette_shades[PALETTE_SHADES - 1]);
    assert_string_equal(palette_shade(-1.0, colour), palette_shades[0]);
    assert_string_equal(palette_shade(2.0, colour), palette_shades[PALETTE_SHADES - 1]);
    for (int i = 0; i <= STEPS; i++) {
        double bright = palette_contrast(palette_shade((double)i / (double)STEPS, colour), black);
        assert_true(bright >= before); /* brighter with every step away from the best */
        before = bright;
    }
}

static void text_upon_every_shade_can_be_read(void **state)
{
    (void)state;
    enum { STEPS = 100 };
    char colour[PALETTE_COLOUR];
    for (int i = 0; i <= STEPS; i++) {
        palette_shade((double)i / (double)STEPS, colour);
        assert_true(palette_contrast(palette_text_on(colour), colour) >= text);
    }
    assert_string_equal(palette_text_on(palette_shades[0]), white);
    assert_string_equal(palette_text_on(palette_shades[PALETTE_SHADES - 1]), black);
}

static void a_colour_is_toned_as_little_as_may_be(void **state)
{
    (void)state;
    char toned[PALETTE_COLOUR];
    assert_string_equal(palette_toned(black, white, text, toned), black);
    assert_true(palette_contrast(palette_toned("#ffff00", white, text, toned), white) >= text);
    assert_true(palette_contrast(toned, white) < text + 0.5);
    assert_true(palette_contrast(palette_toned("#000080", black, text, toned), black) >= text);
    assert_string_equal(palette_faded(black, white, 0.0, toned), black);
    assert_string_equal(palette_faded(black, white, 1.0, toned), white);
    assert_string_equal(palette_faded("#ff0000", "#0000ff", 0.5, toned), "#800080");
}

/* An area that is pale on white is one that is dim on dark paper, and more so the paler it is. */
static void tints_are_dim_on_dark_paper(void **state)
{
    (void)state;
    char tint[PALETTE_COLOUR], dark[PALETTE_COLOUR];
    for (int class = 0; class < 2; class ++) {
        double before = 21.0;
        for (int tenths = 6; tenths < 10; tenths++) {
            palette_faded(palette_classes[class], white, 0.1 * tenths, tint);
            double contrast = palette_contrast(palette_on_dark(tint, dark), palette_dark_paper);
            assert_true(contrast < line && contrast < before);
            before = contrast;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrast_is_that_of_wcag),
        cmocka_unit_test(all_inks_can_be_seen),
        cmocka_unit_test(each_phase_has_a_colour_of_its_own),
        cmocka_unit_test(the_dark_end_of_the_scale_is_the_best),
        cmocka_unit_test(text_upon_every_shade_can_be_read),
        cmocka_unit_test(a_colour_is_toned_as_little_as_may_be),
        cmocka_unit_test(tints_are_dim_on_dark_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
