/* SPDX-License-Identifier: MIT
 *
 * Speed-up, efficiency and serial fractions: printed tables, worked out by hand, and what is
 * refused.
 */
#include "measure/statistics/speedup_counts.h"

#include "speedup_fixture.h"

#include <string.h>

static struct error error;
static char text[256];

/* Two tables of speed-ups on 2 to 8 processors with their serial fractions: Quinn, "Parallel
 * programming in C with MPI and OpenMP", 2003, section 7.5 (the Karp-Flatt metric). Speed-ups are
 * printed to two decimals, fractions to three. In the first a serial part is what limits; in the
 * second it is overhead, which grows. */
static const struct {
    double speedups[7], serial[7];
} printed[] = {
    {{1.82, 2.50, 3.08, 3.57, 4.00, 4.38, 4.71}, {0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}},
    {{1.87, 2.61, 3.23, 3.73, 4.14, 4.46, 4.71}, {0.07, 0.075, 0.08, 0.085, 0.09, 0.095, 0.1}},
};

static void serial_fractions_are_those_of_printed_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof *printed; i++) {
        struct speedup_sample samples[8] = {{1, 1.0}};
        for (size_t j = 0; j < 7; j++)
            samples[j + 1] = (struct speedup_sample){j + 2, 1.0 / printed[i].speedups[j]};
        struct speedup_counts counts;
        assert_true(speedup_counts_strong(samples, 8, &counts, &error));
        assert_true(counts.base == 1 && counts.count == 8 && isnan(counts.rows[0].serial));
        for (size_t j = 0; j < 7; j++)
            assert_true(fabs(counts.rows[j + 1].serial - printed[i].serial[j]) < 0.002);
        speedup_counts_free(&counts);
    }
}

static void samples_in_any_order_are_rows_with_medians(void **state)
{
    (void)state;
    const struct speedup_sample samples[] = {{4, 2.0}, {1, 8.0}, {4, 2.5}, {2, 5.0}, {1, 7.0},
                                             {4, 9.0}, {1, 6.0}, {2, 3.0}, {1, 9.0}};
    struct speedup_counts counts;
    assert_true(speedup_counts_strong(samples, 9, &counts, &error));
    assert_int_equal(counts.count, 3);
    const struct speedup_count *rows = counts.rows;
    assert_true(rows[0].threads == 1 && rows[0].samples == 4 && rows[0].seconds == 7.5);
    assert_true(rows[1].threads == 2 && rows[1].samples == 2 && rows[1].seconds == 4.0);
    assert_true(rows[2].threads == 4 && rows[2].samples == 3 && rows[2].seconds == 2.5);
    assert_true(rows[0].speedup == 1.0 && rows[1].speedup == 1.875 && rows[2].speedup == 3.0);
    assert_true(rows[1].efficiency == 0.9375 && rows[2].efficiency == 0.75);
    assert_true(near_to(rows[2].serial, 1.0 / 9.0, 1e-14)); /* (1/3 - 1/4) / (3/4) */
    assert_string_equal(speedup_counts_definition(&counts, text, sizeof text),
                        "speed-up is t(1) / t(p)");
    speedup_counts_free(&counts);
}

static void without_one_thread_all_is_relative(void **state)
{
    (void)state;
    const struct speedup_sample samples[] = {{2, 6.0}, {4, 3.0}, {8, 2.0}};
    struct speedup_counts counts;
    assert_true(speedup_counts_strong(samples, 3, &counts, &error));
    assert_true(counts.base == 2 && counts.rows[2].speedup == 3.0);
    assert_true(counts.rows[0].efficiency == 1.0 && counts.rows[1].efficiency == 1.0 &&
                counts.rows[2].efficiency == 0.75);
    for (size_t i = 0; i < counts.count; i++)
        assert_true(isnan(counts.rows[i].serial));
    speedup_counts_definition(&counts, text, sizeof text);
    assert_non_null(strstr(text, "t(2) / t(p), relative to 2 threads"));
    speedup_counts_free(&counts);
    assert_true(speedup_counts_weak(samples, 3, &counts, &error));
    assert_true(counts.rows[2].efficiency == 3.0 && counts.rows[2].speedup == 12.0);
    assert_true(isnan(counts.rows[2].serial));
    speedup_counts_free(&counts);
}

/* A quarter of the time on 64 threads is serial: S = 1/4 + 3/4 64, as Gustafson has it. */
static void weak_scaling_has_the_scaled_speedup(void **state)
{
    (void)state;
    const double scaled = 0.25 + 0.75 * 64.0;
    const struct speedup_sample samples[] = {{1, 10.0}, {64, 640.0 / scaled}, {4, 10.0}};
    struct speedup_counts counts;
    assert_true(speedup_counts_weak(samples, 3, &counts, &error));
    assert_true(counts.rows[1].efficiency == 1.0 && counts.rows[1].speedup == 4.0 &&
                counts.rows[1].serial == 0.0);
    assert_true(near_to(counts.rows[2].speedup, scaled, 1e-14));
    assert_true(near_to(counts.rows[2].efficiency, scaled / 64.0, 1e-14));
    assert_true(near_to(counts.rows[2].serial, 0.25, 1e-13));
    assert_true(counts.rows[0].efficiency == 1.0 && isnan(counts.rows[0].serial));
    speedup_counts_free(&counts);
}

static void expect_refusal(struct speedup_sample sample, const char *said)
{
    const struct speedup_sample samples[] = {{1, 1.0}, sample};
    struct error errors[3] = {0};
    struct speedup_counts counts;
    struct speedup speedup;
    assert_false(speedup_counts_strong(samples, 2, &counts, &errors[0]));
    assert_true(counts.count == 0 && counts.rows == NULL);
    assert_false(speedup_counts_weak(samples, 2, &counts, &errors[1]));
    assert_false(speedup_analyse(samples, 2, 8, &speedup, &errors[2]));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(errors[i].kind, ERROR_USAGE);
        assert_non_null(strstr(errors[i].message, said));
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    expect_refusal((struct speedup_sample){2, 0.0}, "sample 2 of 2, on 2 threads, took 0 s");
    expect_refusal((struct speedup_sample){2, -1.5}, "took -1.5 s");
    expect_refusal((struct speedup_sample){2, NAN}, "nan s; scaling needs times that are positive");
    expect_refusal((struct speedup_sample){2, INFINITY}, "took inf s");
    expect_refusal((struct speedup_sample){0, 1.0}, "sample 2 of 2 has 0 threads");
    struct speedup_counts counts;
    assert_false(speedup_counts_strong(NULL, 0, &counts, &error));
    assert_string_equal(error.message, "scaling needs times, and there are none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serial_fractions_are_those_of_printed_tables),
        cmocka_unit_test(samples_in_any_order_are_rows_with_medians),
        cmocka_unit_test(without_one_thread_all_is_relative),
        cmocka_unit_test(weak_scaling_has_the_scaled_speedup),
        cmocka_unit_test(what_is_no_time_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
