/* SPDX-License-Identifier: MIT
 *
 * Roofs and points of a roofline from a study made by hand, and labels that keep apart.
 */
#include "fixture.h"
#include "report/plots/plot_labels.h"
#include "report/scaling/roofline.h"
#include "report/scaling/study_limit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A second of products, half of one of loss and of waiting, under ceilings of one thread. */
static struct study_point made_point(const struct ceilings *ceilings)
{
    struct study_point point = {.place = 1, .seconds = 2.0, .ceilings = ceilings};
    point.phases[PHASE_PRODUCTS] = (struct study_phase){
        .seconds = 1.0, .flops = 8.0, .bytes = 16.0, .limit = 0.5, .bound = "L2"};
    point.phases[PHASE_LOSS] = (struct study_phase){
        .seconds = 0.5, .flops = 4.0, .bytes = 1.0, .limit = 0.25, .bound = "GEMM"};
    point.phases[PHASE_REDUCE] = (struct study_phase){
        .seconds = 0.1, .flops = 0.0, .bytes = 1.0, .limit = 0.01, .bound = "L1"};
    point.phases[PHASE_WAIT] = (struct study_phase){.seconds = 0.5, .limit = NAN};
    return point;
}

static void marks_are_rates_over_intensities(void **state)
{
    (void)state;
    struct study_point point = made_point(NULL);
    struct roofline_mark marks[ROOFLINE_MARKS];
    assert_int_equal(roofline_marks(&point, marks), 3);
    assert_string_equal(marks[0].name, "products");
    assert_true(marks[0].intensity == 0.5 && marks[0].rate == 8.0);
    assert_string_equal(marks[1].name, "loss");
    assert_true(marks[1].intensity == 4.0 && marks[1].rate == 8.0);
    assert_string_equal(marks[2].name, "epoch");
    assert_true(marks[2].intensity == 12.0 / 17.0 && marks[2].rate == 6.0);
}

static void what_declares_nothing_is_left_out(void **state)
{
    (void)state;
    struct study_point point = made_point(NULL);
    assert_true(roofline_lacks(&point.phases[PHASE_WAIT]));
    assert_true(roofline_lacks(&point.phases[PHASE_REDUCE]));
    assert_false(roofline_lacks(&point.phases[PHASE_LOSS]));
    assert_false(roofline_lacks(&point.phases[PHASE_ORDER])); /* it took no time */
    struct roofline_mark marks[ROOFLINE_MARKS];
    const struct study_point idle = {.place = 1, .seconds = 1.0};
    assert_int_equal(roofline_marks(&idle, marks), 0);
}

static void roofs_are_memory_and_what_holds_the_data(void **state)
{
    (void)state;
    const struct ceilings ceilings = {
        .threads = 1, .read_count = 2, .reads = {{10.0, 100.0, 2}, {1000.0, 7.0, 0}}};
    struct roof roofs[ROOFS_MOST];
    struct study_point point = made_point(&ceilings);
    assert_int_equal(roofline_roofs(&point, roofs), 2);
    assert_string_equal(roofs[0].level, "memory");
    assert_true(roofs[0].rate == 7.0);
    assert_string_equal(roofs[1].level, "L2");
    assert_true(roofs[1].rate == 32.0); /* 16 bytes in half a second */
    point.phases[PHASE_PRODUCTS].bound = "memory";
    assert_int_equal(roofline_roofs(&point, roofs), 1);
    point.ceilings = NULL;
    assert_int_equal(roofline_roofs(&point, roofs), 0);
}

/* GEMM is one of doubles, and says nothing of what products of floats can do; memory does. */
static void the_limit_of_products_of_floats_is_memory_or_not_known(void **state)
{
    (void)state;
    static const char *const kernels[] = {"batched", "batched-narrow", "gram-narrow"};
    for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
        struct ceilings ceilings = {
            .threads = 1, .read_count = 1, .reads = {{1e9, 10.0, 0}}, .gemm_rate = 5.0};
        const struct stored_trial base = {.rows = 10, .features = 3, .kernel = kernels[k]};
        struct study_point point = {.place = 1, .seconds = 20.0};
        point.phases[PHASE_FORWARD] =
            (struct study_phase){.seconds = 10.0, .flops = 40.0, .bytes = 20.0};
        point.phases[PHASE_LOSS] =
            (struct study_phase){.seconds = 10.0, .flops = 4.0, .bytes = 20.0};
        struct study study = {.base = &base, .points = &point, .count = 1};
        const struct studies studies = {.ceilings = &ceilings, .ceiling_count = 1};
        const bool known = k != 1;
        study_set_limits(&studies, &study);
        assert_true(point.phases[PHASE_LOSS].limit == 2.0);
        assert_string_equal(point.phases[PHASE_LOSS].bound, "memory");
        assert_true(isnan(point.phases[PHASE_FORWARD].limit) != known);
        assert_true((point.phases[PHASE_FORWARD].bound != NULL) == known);
        assert_true(isnan(study_point_sum(&point).limit) != known);
        assert_true(!known || study_point_sum(&point).limit == 10.0);
    }
}

/* --- Labels ---------------------------------------------------------------------------------- */

static void a_label_alone_is_right_of_its_point(void **state)
{
    (void)state;
    struct plot_label label = {.point_x = 100.0, .point_y = 50.0, .text = "products 8"};
    plot_labels_place(&label, 1, NULL);
    assert_string_equal(label.text, "products 8");
    assert_true(label.x > 100.0 && label.y == 50.0);
}

static void labels_keep_apart(void **state)
{
    (void)state;
    enum { MANY = 30 };
    struct plot_label labels[MANY] = {0};
    size_t left = 0;
    for (int i = 0; i < MANY; i++) {
        labels[i].point_x = 100.0 + 3.0 * (i % 2);
        labels[i].point_y = 100.0 + 6.0 * i;
        snprintf(labels[i].text, PLOT_LABEL, "products %d", i);
    }
    plot_labels_place(labels, MANY, NULL);
    for (int i = 0; i < MANY; i++) {
        left += labels[i].text[0] != '\0';
        for (int j = 0; j < i; j++)
            if (labels[i].text[0] != '\0' && labels[j].text[0] != '\0')
                assert_true(fabs(labels[i].y - labels[j].y) >= 12.0 ||
                            fabs(labels[i].x - labels[j].x) >= 60.0);
    }
    assert_true(left >= MANY / 2); /* one on each side; the others would be far from their points */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_rates_over_intensities),
        cmocka_unit_test(what_declares_nothing_is_left_out),
        cmocka_unit_test(roofs_are_memory_and_what_holds_the_data),
        cmocka_unit_test(the_limit_of_products_of_floats_is_memory_or_not_known),
        cmocka_unit_test(a_label_alone_is_right_of_its_point),
        cmocka_unit_test(labels_keep_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
