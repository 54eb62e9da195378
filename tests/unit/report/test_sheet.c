/* SPDX-License-Identifier: MIT
 *
 * The layout of pictures: parts do not lie on each other at any size, and on a small sheet the axes
 * come first.
 */
#include "fixture.h"

#include "report/plots/plot_labels.h"
#include "report/plots/plot_sheet.h"

#include <math.h>
#include <string.h>

static const char *const words = "Which of these is the better one, and why is that so?";

static struct picture picture_of(const char *size, const char *font)
{
    struct picture picture = {0};
    struct error error;
    const struct look_options asked = {.size = size, .font = font};
    assert_true(look_read(&asked, &picture.look, &error));
    return picture;
}

static struct plot_sheet sheet_of(int panels, size_t entries)
{
    struct plot_sheet sheet = {
        .title = words, .panels = panels, .width = 960, .height = 400, .notes = {words, words}};
    for (size_t i = 0; i < entries; i++)
        plot_sheet_count(&sheet, "minibatch, rate 0.03162, batch 64, inverse");
    return sheet;
}

static void parts_lie_apart(const struct plot_sheet *sheet)
{
    double right = 0.0;
    for (int panel = 0; panel < sheet->panels; panel++) {
        struct plot_box box = plot_sheet_box(sheet, panel);
        assert_true(box.left >= right && box.right > box.left);
        assert_true(box.bottom >= sheet->below && box.top > box.bottom);
        assert_true(box.top <= sheet->all.height - sheet->above);
        right = box.right;
    }
    assert_true(right <= sheet->all.width);
}

static void every_part_has_a_place_of_its_own(void **state)
{
    (void)state;
    static const char *const sizes[] = {NULL, "360x260", "400x900", "960x400", "3000x2000"};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int panels = 1; panels <= 2; panels++)
            for (size_t entries = 0; entries <= 24; entries += 3) {
                const struct picture picture = picture_of(sizes[s], NULL);
                struct plot_sheet sheet = sheet_of(panels, entries);
                plot_sheet_arrange(&picture, &sheet);
                parts_lie_apart(&sheet);
                struct plot_box box = plot_sheet_box(&sheet, 0);
                assert_true(sizes[s] == NULL ||
                            box.top - box.bottom >= 0.4 * sheet.all.height - 1.0);
                assert_true(sheet.rows == 0 || box.top - box.bottom >= 19.0 * (double)sheet.rows);
            }
}

static void a_picture_that_may_choose_has_all(void **state)
{
    (void)state;
    const struct picture picture = picture_of(NULL, NULL);
    struct plot_sheet sheet = sheet_of(2, 24);
    plot_sheet_arrange(&picture, &sheet);
    assert_int_equal(sheet.entries, 24);
    assert_int_equal(sheet.shown, sheet.letters);
    assert_int_equal(sheet.note_lines, 2);
    struct plot_box box = plot_sheet_box(&sheet, 0);
    assert_true(box.top - box.bottom == 400.0 - sheet.top - sheet.bottom);
}

/* Twice the size with type of twice the size is the same layout. */
static void type_enlarges_all(void **state)
{
    (void)state;
    const struct picture small = picture_of("500x400", NULL), large = picture_of("1000x800", ",26");
    struct plot_sheet left = sheet_of(1, 6), right = sheet_of(1, 6);
    plot_sheet_arrange(&small, &left);
    plot_sheet_arrange(&large, &right);
    assert_memory_equal(&left.all, &right.all, sizeof left.all);
    assert_int_equal(left.above, right.above);
    assert_int_equal(left.rows, right.rows);
}

static void texts_are_cut_in_their_middle(void **state)
{
    (void)state;
    char text[64];
    assert_string_equal(plot_shorten("short", 5, text, sizeof text), "short");
    assert_string_equal(plot_shorten("abcdefghij", 7, text, sizeof text), "abcd…ij");
    assert_string_equal(plot_shorten("äöüäöüäöüä", 7, text, sizeof text), "äöüä…üä");
    assert_int_equal(plot_letters("äöü…"), 4);
    assert_int_equal(plot_letters(""), 0);
}

static void labels_keep_clear_of_curves(void **state)
{
    (void)state;
    struct plot_obstacles obstacles = {.within = {0.0, 400.0, 0.0, 300.0}, .reach = 60.0};
    struct plot_label label = {.point_x = 200.0, .point_y = 150.0, .text = "the name of a line"};
    plot_obstacles_add(&obstacles, 0.0, 150.0, 400.0, 150.0);
    assert_true(plot_label_place(&label, 1, 0, &obstacles));
    assert_true(fabs(label.y - 150.0) > 7.0);
    label.point_x = 395.0; /* at the edge: left of the point */
    assert_true(plot_label_place(&label, 1, 0, &obstacles));
    assert_true(label.x < 300.0);
    for (double y = 0.0; y <= 300.0; y += 8.0)
        plot_obstacles_add(&obstacles, 0.0, y, 400.0, y);
    assert_false(plot_label_place(&label, 1, 0, &obstacles));
    plot_obstacles_clear(&obstacles);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_has_a_place_of_its_own),
        cmocka_unit_test(a_picture_that_may_choose_has_all),
        cmocka_unit_test(type_enlarges_all),
        cmocka_unit_test(texts_are_cut_in_their_middle),
        cmocka_unit_test(labels_keep_clear_of_curves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
