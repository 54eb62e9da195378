/* SPDX-License-Identifier: MIT
 *
 * Tables, and the summary of stores made by hand: whole, half finished, empty, diverged.
 */
#include "made_store.h"
#include "report/quantity.h"
#include "report/text_table.h"

#include <math.h>

/* --- Tables and quantities ------------------------------------------------------------------ */

static char *printed_table(const struct text_table *table)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    text_table_print(table, 1, out);
    fclose(out);
    return text;
}

static void table_aligns_by_type_and_width(void **state)
{
    (void)state;
    const struct text_column columns[] = {
        {"name", COLUMN_TEXT, false, NULL},    {"n", COLUMN_NUMBER, false, "two"},
        {"time", COLUMN_NUMBER, false, "two"}, {"same", COLUMN_TEXT, true, NULL},
        {"last", COLUMN_TEXT, false, NULL},
    };
    struct text_table *table = text_table_create(columns, 5);
    const char *cells[] = {"Zürich", "5", "1 µs", "x", "", "日本", "12", "20 s", "x", "b"};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        text_table_cell(table, "%s", cells[i]);
    char *text = printed_table(table);
    assert_string_equal(text, "         two ----\n"
                              " name     n  time  last\n"
                              " Zürich   5  1 µs\n"
                              " 日本    12  20 s  b\n");
    memory_free(text);
    text_table_free(table);
}

static void table_without_rows_is_its_header(void **state)
{
    (void)state;
    const struct text_column columns[] = {{"a", COLUMN_TEXT, false, NULL},
                                          {"b", COLUMN_TEXT, true, NULL}};
    struct text_table *table = text_table_create(columns, 2);
    char *text = printed_table(table);
    assert_string_equal(text, " a\n");
    memory_free(text);
    text_table_free(table);
}

static void widths_of_what_is_not_text(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("a\xff"), 2);     /* no UTF-8 at all */
    assert_int_equal(text_width("\xc3"), 1);      /* half a character */
    assert_int_equal(text_width("e\xcc\x81"), 1); /* an accent of its own */
}

static void words_are_wrapped(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    text_print_wrapped(" one two\nthree incomprehensibilities x ", 2, 11, out);
    fclose(out);
    assert_string_equal(text, "  one two\n  three\n  incomprehensibilities\n  x\n");
    memory_free(text);
}

static void quantities_are_rounded_before_their_unit(void **state)
{
    (void)state;
    char text[QUANTITY_TEXT];
    assert_string_equal(quantity_seconds(text, 0.0009996), "1.00 ms");
    assert_string_equal(quantity_seconds(text, 9.996e-6), "10.0 µs");
    assert_string_equal(quantity_seconds(text, 0.0), "0 s");
    assert_string_equal(quantity_seconds(text, 4321.0), "1 h 12 min");
    assert_string_equal(quantity_seconds(text, INFINITY), "-");
    assert_string_equal(quantity_loss(text, 0.25), "0.250000");
    assert_string_equal(quantity_loss(text, 1.5e-7), "1.50000e-07");
    assert_string_equal(quantity_loss(text, NAN), "-");
    assert_string_equal(quantity_share(text, 0.975, 1), "97.5 %");
}

/* --- Summary -------------------------------------------------------------------------------- */

static void empty_store_says_how_to_begin(void **state)
{
    (void)state;
    char *text = made_show(made_create(3), 5);
    assert_string_equal(text, "hand-made\nWhich is first?\n\nNothing is planned or recorded yet; "
                              "'descent sweep configs/hand-made.yaml' starts it\n");
    memory_free(text);
}

static void planned_but_not_started(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_configuration(made, "solver=gd rate=0.5");
    made_configuration(made, "solver=sgd rate=0.5");
    char *text = made_show(made, 5);
    assert_says(text, "Trials done   0 of 6\n");
    assert_says(text, "Missing       6 trials; 'descent sweep configs/hand-made.yaml' goes on\n");
    assert_silent(text, "small.csv");
    memory_free(text);
}

static void best_is_the_least_objective_then_the_fastest(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    const double slow[] = {0.01, 0.03, 0.02}, fast[] = {0.001, 0.001, 0.001};
    int64_t a = made_configuration(made, "solver=gd rate=0.25 threads=1");
    int64_t b = made_configuration(made, "solver=gd rate=0.25 threads=2");
    int64_t c = made_configuration(made, "solver=gd rate=0.5 threads=1");
    made_repeats(made, a, coarse, 3, slow, 3); /* 2 epochs: median 0.04 s, range 0.04 / 0.04 */
    made_repeats(made, b, coarse, 3, fast, 3);
    made_repeats(made, c, fine, 5, slow, 3);
    char *text = made_show(made, 2);
    assert_says(text, "Trials done   9 of 9 (9 reached the epoch limit)\nMachines      1\n");
    assert_says(text, "small.csv (10 rows, 2 features)\n\n"
                      "  gd: best 2 of 3 configurations\n"
                      "    rate  threads      loss  accuracy  epochs  status     time  range\n"
                      "     0.5        1  0.000000   90.00 %       4  epochs  80.0 ms  100 %\n"
                      "    0.25        2  0.200000   90.00 %       2  epochs  2.00 ms    0 %\n");
    assert_silent(text, "SGD against batch");
    assert_silent(text, "Missing");
    memory_free(text);
}

static void diverged_and_failed_are_counted_and_never_best(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double wild[] = {1.0, 1e-30}, lost[] = {1.0, NAN};
    const double second[] = {1.0};
    int64_t good = made_configuration(made, "solver=gd rate=0.5");
    int64_t diverged = made_configuration(made, "solver=gd rate=1");
    int64_t failed = made_configuration(made, "solver=gd rate=2");
    int64_t nan = made_configuration(made, "solver=gd rate=4");
    made_repeats(made, good, coarse, 3, second, 1);
    made_trial(made, diverged, (struct made_trial){1, 1, STATUS_DIVERGED, 1.0, 2, wild, 0});
    made_trial(made, failed, (struct made_trial){1, 1, STATUS_FAILED, 1.0, 2, wild, 0});
    made_trial(made, nan, (struct made_trial){1, 1, STATUS_TIME_LIMIT, 1.0, 2, lost, 0});
    char *text = made_show(made, 5);
    assert_says(
        text,
        "4 of 4 (1 reached the epoch limit, 1 reached the time limit, 1 diverged, 1 failed)\n");
    assert_says(text, "best 1 of 4 configurations\n");
    assert_says(text, "    1 of 4 trials diverged, 1 failed; the first: the bits of repeat 1");
    assert_says(text, "--retry-failed' runs");
    assert_silent(text, "e-30");
    memory_free(text);
}

static void all_diverged(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double wild[] = {1.0, INFINITY};
    int64_t gd = made_configuration(made, "solver=gd rate=1");
    int64_t sgd = made_configuration(made, "solver=sgd rate=1");
    made_trial(made, gd, (struct made_trial){1, 1, STATUS_DIVERGED, 1.0, 2, wild, 0});
    made_trial(made, sgd, (struct made_trial){1, 1, STATUS_DIVERGED, 1.0, 2, wild, 0});
    char *text = made_show(made, 5);
    assert_says(text, "  sgd: nothing to rank among 1 configuration\n"
                      "    1 of 1 trial diverged\n");
    memory_free(text);
}

static void shared_times_are_not_printed(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    int64_t gd = made_configuration(made, "solver=gd rate=1");
    int64_t sgd = made_configuration(made, "solver=sgd rate=1");
    made_trial(made, gd, (struct made_trial){1, 16, STATUS_EPOCHS, 1.5, 3, coarse, 0});
    made_trial(made, sgd, (struct made_trial){1, 1, STATUS_EPOCHS, 0.25, 3, coarse, 0});
    char *text = made_show(made, 5);
    assert_says(text, "epochs  batched\n");
    assert_says(text, "500 ms\n");
    assert_silent(text, "3.00 s");
    memory_free(text);
}

static void what_the_file_no_longer_asks_for_is_left_out(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double seconds[] = {1.0, 1.0};
    int64_t kept = made_configuration(made, "solver=gd rate=0.5");
    int64_t dropped = made_configuration(made, "solver=gd rate=1");
    made_repeats(made, kept, coarse, 3, seconds, 2); /* one repeat more than is asked for */
    made_repeats(made, dropped, fine, 5, seconds, 1);
    made->planned--;
    char *text = made_show(made, 5);
    assert_says(text, "Trials done   1 of 1 (1 reached the epoch limit)\n");
    assert_says(text, "Left out      2 trials recorded");
    assert_silent(text, "0.000000");
    memory_free(text);
}

static void lambda_makes_sections(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second[] = {1.0};
    made_repeats(made, made_configuration(made, "solver=gd rate=1 lambda=0"), fine, 5, second, 1);
    made_repeats(made, made_configuration(made, "solver=gd rate=1 lambda=0.5"), coarse, 3, second,
                 1);
    made_repeats(made, made_configuration(made, "solver=perceptron rate=1"), coarse, 3, second, 1);
    char *text = made_show(made, 5);
    assert_says(text, "features), lambda 0\n\n  gd: best 1 of 1 configuration\n");
    assert_says(text, "features), lambda 0.5\n\n  gd: best 1 of 1 configuration\n");
    assert_says(text, "features), solvers without lambda\n\n  perceptron: best 1 of 1");
    memory_free(text);
}

static void long_names_do_not_widen_tables(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    char name[301];
    memset(name, 'n', 300);
    name[300] = '\0';
    made_data(made, name, 12);
    made_configuration(made, "solver=gd rate=1");
    const double second[] = {1.0};
    made_repeats(made, made->plan[0], coarse, 3, second, 1);
    char *text = made_show(made, 5);
    assert_says(text, "nnn\n(12 rows, 2 features)\n");
    assert_says(text, "\n        loss  accuracy  epochs  status    time\n");
    memory_free(text);
}

static void mixed_machines_are_warned_of(void **state)
{
    (void)state;
    struct made *made = made_create(2);
    const double second[] = {1.0};
    int64_t gd = made_configuration(made, "solver=gd rate=1");
    made_repeats(made, gd, coarse, 3, second, 1);
    assert_true(store_add_machine(made->store, "{\"processor\":2}", &made->machine, &made->error));
    made_trial(made, gd, (struct made_trial){2, 1, STATUS_EPOCHS, 1.0, 3, coarse, 0});
    char *text = made_show(made, 5);
    assert_says(text, "Machines      2\nWARNING: more than one machine or build");
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_aligns_by_type_and_width),
        cmocka_unit_test(table_without_rows_is_its_header),
        cmocka_unit_test(widths_of_what_is_not_text),
        cmocka_unit_test(words_are_wrapped),
        cmocka_unit_test(quantities_are_rounded_before_their_unit),
        cmocka_unit_test(empty_store_says_how_to_begin),
        cmocka_unit_test(planned_but_not_started),
        cmocka_unit_test(best_is_the_least_objective_then_the_fastest),
        cmocka_unit_test(diverged_and_failed_are_counted_and_never_best),
        cmocka_unit_test(all_diverged),
        cmocka_unit_test(shared_times_are_not_printed),
        cmocka_unit_test(what_the_file_no_longer_asks_for_is_left_out),
        cmocka_unit_test(lambda_makes_sections),
        cmocka_unit_test(long_names_do_not_widen_tables),
        cmocka_unit_test(mixed_machines_are_warned_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
