/* SPDX-License-Identifier: MIT
 *
 * SGD against batch on stores made by hand. The numbers follow from the traces: both sides start at
 * 1 and reach 0.2, so the way is 0.8 long and the targets are 0.6, 0.28, 0.208 and 0.2008.
 */
#include "made_store.h"

#include <math.h>

/* SGD is at 0.5 after 1 epoch and at 0.2 after 2; batch at 0.4 after 2 and at 0.2 after 3. */
static struct made *two_sides(const double *sgd, const double *gd, int64_t repeats)
{
    struct made *made = made_create(repeats);
    made_repeats(made, made_configuration(made, "solver=gd rate=0.5 threads=2"), fine, 5, gd,
                 repeats);
    made_repeats(made, made_configuration(made, "solver=sgd rate=0.25"), coarse, 3, sgd, repeats);
    return made;
}

static void sides_stand_side_by_side(void **state)
{
    (void)state;
    const double sgd[] = {0.09, 0.03, 0.02}, gd[] = {0.011, 0.01, 0.009};
    char *text = made_show(two_sides(sgd, gd, 3), 5);
    assert_says(text, "SGD against batch\n"
                      "small.csv (10 rows, 2 features)\n\n"
                      "                    SGD -----------------------  batch ----");
    assert_says(text,
                "\n     way      loss     epochs   x each   = time     epochs   x each   = time"
                "  first      by\n");
    assert_says(text,
                "\n    50 %  0.600000  A       1  30.0 ms  30.0 ms  B       2  10.0 ms  20.0 ms"
                "  batch  1.50 x\n");
    assert_says(text,
                "\n  99.9 %  0.200800  A       2  30.0 ms  60.0 ms  B       3  10.0 ms  30.0 ms"
                "  batch  2.00 x\n"
                "\n"
                "     solver  rate  threads\n"
                "  A  sgd     0.25        1\n"
                "  B  gd       0.5        2\n");
    assert_tells(text, "On this data batch was first at every target. The way leads from the least "
                       "loss at the start, 1.000000, down to 0.200000, the least that both sides "
                       "reached. SGD could choose among 1 configuration, batch among 1 "
                       "configuration.");
    assert_says(text, "This is a first look.");
    assert_silent(text, " gap");
    memory_free(text);
}

static void each_side_is_named_where_it_was_first(void **state)
{
    (void)state;
    const double sgd[] = {0.0125}, gd[] = {0.01}; /* 12.5 against 20 ms, then 25 against 30 */
    char *text = made_show(two_sides(sgd, gd, 1), 5);
    assert_says(text, "SGD    1.60 x\n");
    assert_says(text, "SGD    1.20 x\n");
    assert_tells(text, "On this data SGD was first at every target.");
    memory_free(text);
    const double slower[] = {0.0175}; /* 17.5 against 20 ms, then 35 against 30 */
    text = made_show(two_sides(slower, gd, 1), 5);
    assert_tells(text, "SGD was first at 50 %, batch was first at 90 %, 99 % and 99.9 %.");
    memory_free(text);
    const double equal[] = {0.02}; /* 20 ms both, then 40 against 30 */
    text = made_show(two_sides(equal, gd, 1), 5);
    assert_tells(text, "batch was first at 90 %, 99 % and 99.9 %, neither was first at 50 %.");
    memory_free(text);
}

/* Batch whose repeats all arrive, and SGD of whose three repeats the first `missing` do not. */
static struct made *with_misses(int64_t missing)
{
    struct made *made = made_create(3);
    const double second[] = {1.0, 2.0, 3.0}, misses[] = {1.0, 0.9};
    made_repeats(made, made_configuration(made, "solver=gd rate=0.5"), coarse, 3, second, 3);
    int64_t sgd = made_configuration(made, "solver=sgd rate=0.25");
    for (int64_t r = 1; r <= 3; r++)
        if (r <= missing)
            made_trial(made, sgd, (struct made_trial){r, 1, STATUS_TIME_LIMIT, 0.1, 2, misses});
        else
            made_trial(made, sgd,
                       (struct made_trial){r, 1, STATUS_EPOCHS, 1.0 + 2.0 * (double)r, 3, coarse});
    return made;
}

static void a_repeat_that_misses_is_censored(void **state)
{
    (void)state;
    char *text = made_show(with_misses(1), 5);
    /* Of 5, 7 and never the median is 7; dropping the miss would make it 6. */
    assert_says(text, "7.00 s  7.00 s  2/3  B       1  2.00 s  2.00 s  3/3  batch  3.50 x\n");
    memory_free(text);
}

static void most_repeats_must_arrive(void **state)
{
    (void)state;
    char *text = made_show(with_misses(2), 5);
    assert_says(text, "  -       -       -       -  1/3  A ");
    assert_tells(text, "batch was first at every target.");
    memory_free(text);
}

static void each_target_has_its_own_best_configuration(void **state)
{
    (void)state;
    const double second[] = {1.0}, sprint[] = {1.0, 0.5, 0.45, 0.4}, slow[] = {0.9};
    struct made *made = two_sides(slow, second, 1);
    made_repeats(made, made_configuration(made, "solver=minibatch batch=4 threads=3"), sprint, 4,
                 (const double[]){0.5}, 1);
    char *text = made_show(made, 5);
    assert_says(text, "    50 %  0.600000  A       1  500 ms  500 ms  B ");
    assert_says(text, "    90 %  0.280000  C       2  900 ms  1.80 s  B ");
    assert_says(text, "     solver     rate  threads\n"
                      "  A  minibatch   0.1        3\n"
                      "  B  gd          0.5        2\n"
                      "  C  sgd        0.25        1\n");
    assert_tells(text, "among 2 configurations, batch among 1 configuration.");
    memory_free(text);
}

static void one_side_only_is_not_compared(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second[] = {1.0};
    made_repeats(made, made_configuration(made, "solver=gd rate=1"), coarse, 3, second, 1);
    made_repeats(made, made_configuration(made, "solver=perceptron rate=1"), fine, 5, second, 1);
    char *text = made_show(made, 5);
    assert_says(text, "  perceptron: best 1 of 1 configuration\n");
    assert_silent(text, "SGD against batch"); /* the perceptron minimises something else */
    memory_free(text);
}

static void only_equal_lambda_is_compared(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second[] = {1.0};
    made_repeats(made, made_configuration(made, "solver=gd rate=1 lambda=0"), fine, 5, second, 1);
    made_repeats(made, made_configuration(made, "solver=gd rate=1 lambda=0.5"), coarse, 3, second,
                 1);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1 lambda=0.5"), fine, 5, second,
                 1);
    char *text = made_show(made, 5);
    assert_says(text, "SGD against batch\nsmall.csv (10 rows, 2 features), lambda 0.5\n");
    assert_says(text, "     way  objective     epochs");
    assert_silent(text, "SGD against batch\nsmall.csv (10 rows, 2 features), lambda 0\n");
    memory_free(text);
}

static void unfinished_sides_are_said(void **state)
{
    (void)state;
    const double second[] = {1.0}, wild[] = {1.0, 1e9};
    struct made *made = two_sides(second, second, 1);
    made_configuration(made, "solver=sgd rate=0.5");
    int64_t diverged = made_configuration(made, "solver=sgd rate=8");
    made_trial(made, diverged, (struct made_trial){1, 1, STATUS_DIVERGED, 1.0, 2, wild});
    char *text = made_show(made, 5);
    assert_says(text, "Missing       1 trial; 'descent sweep");
    assert_says(text, "    1 configuration without a trial yet\n");
    assert_tells(text,
                 "(left out: 1 diverged or failed, 1 not run yet), batch among 1 configuration.");
    memory_free(text);
}

static void without_progress_there_is_no_target(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second[] = {1.0}, rising[] = {1.0, 2.0}, holes[] = {1.0, NAN, 0.5};
    made_repeats(made, made_configuration(made, "solver=gd rate=1"), rising, 2, second, 1);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1"), holes, 3, second, 1);
    char *text = made_show(made, 5);
    assert_tells(text, "not both sides got below the start, 1.000000.");
    memory_free(text);
}

static void a_hole_in_a_trace_reaches_nothing(void **state)
{
    (void)state;
    struct made *made = made_create(1);
    const double second[] = {1.0}, holes[] = {1.0, NAN, 0.2};
    made_repeats(made, made_configuration(made, "solver=gd rate=1"), coarse, 3, second, 1);
    made_repeats(made, made_configuration(made, "solver=sgd rate=1"), holes, 3, second, 1);
    char *text = made_show(made, 5);
    assert_says(text, "    50 %  0.600000  A       2  1.00 s  2.00 s  B       1  1.00 s  1.00 s");
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sides_stand_side_by_side),
        cmocka_unit_test(each_side_is_named_where_it_was_first),
        cmocka_unit_test(a_repeat_that_misses_is_censored),
        cmocka_unit_test(most_repeats_must_arrive),
        cmocka_unit_test(each_target_has_its_own_best_configuration),
        cmocka_unit_test(one_side_only_is_not_compared),
        cmocka_unit_test(only_equal_lambda_is_compared),
        cmocka_unit_test(unfinished_sides_are_said),
        cmocka_unit_test(without_progress_there_is_no_target),
        cmocka_unit_test(a_hole_in_a_trace_reaches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
