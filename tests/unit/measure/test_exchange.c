/* SPDX-License-Identifier: MIT
 *
 * The model of sums over ranks: that a fit finds what samples were made from, what it says where it
 * cannot, and predictions beside a second writing of them and a search through all n.
 */
#include "measure/ceilings/exchange.h"

#include "base/random.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { SIZES = 11, MOST = 64 };

struct made_samples {
    struct exchange_sample list[MOST];
    size_t count;
};

/* Sums of 8 bytes to 8 MiB over each of the ranks (ended by 0), `per_host` on a host, each
 * exp(noise N(0, 1)) times what the model says. */
static struct made_samples make(const int *ranks, int per_host, double alpha, double beta,
                                double noise)
{
    struct made_samples made = {.count = 0};
    struct random_stream stream = random_open(7, RANDOM_START, 0);
    for (; *ranks != 0; ranks++)
        for (int i = 0; i < SIZES; i++) {
            double bytes = 8.0 * pow(4.0, i);
            const struct ranks_cost cost = ranks_allreduce_cost(*ranks, bytes / 8.0);
            double seconds = alpha * cost.steps + beta * cost.step_bytes;
            assert_true(made.count < MOST);
            made.list[made.count++] = (struct exchange_sample){
                *ranks, per_host, bytes, seconds * exp(noise * random_normal(&stream)), seconds};
        }
    return made;
}

static bool near_to(double value, double expected, double tolerance)
{
    return fabs(value - expected) <= tolerance * fabs(expected);
}

/* Steps are known, so that any number of ranks will do, or several at once. */
static void exact_samples_give_both_parameters(void **state)
{
    (void)state;
    static const int sets[][5] = {{2}, {4}, {8}, {3}, {2, 3, 4, 8}};
    static const double truths[][2] = {{2e-6, 1e-10}, {5e-5, 1e-9}, {1e-7, 8e-9}};
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++)
        for (size_t t = 0; t < sizeof truths / sizeof *truths; t++) {
            struct made_samples made = make(sets[s], 1, truths[t][0], truths[t][1], 0.0);
            struct exchange_model model;
            exchange_fit(made.list, made.count, &model);
            assert_true(model.fitted && *model.reason == '\0');
            assert_true(near_to(model.alpha, truths[t][0], 1e-9));
            assert_true(near_to(model.beta, truths[t][1], 1e-9));
            assert_true(model.deviation < 1e-9);
            assert_int_equal(model.samples, made.count);
        }
}

/* In both: the large sums do not drown the small ones. */
static void noise_moves_both_parameters_by_as_much_as_it_is(void **state)
{
    (void)state;
    static const int ranks[] = {2, 3, 4, 8, 0};
    struct made_samples made = make(ranks, 1, 3e-6, 2e-10, 0.05);
    struct exchange_model model;
    exchange_fit(made.list, made.count, &model);
    assert_true(model.fitted);
    assert_true(near_to(model.alpha, 3e-6, 0.05));
    assert_true(near_to(model.beta, 2e-10, 0.05));
    assert_true(model.deviation > 0.02 && model.deviation < 0.25);
    assert_int_equal(model.fewest, 2);
    assert_int_equal(model.most, 8);
    double told = exchange_seconds(&model, (int)model.farthest.ranks, model.farthest.bytes);
    assert_true(model.deviation == fabs(told / model.farthest.seconds - 1.0));
}

static void a_parameter_that_is_nothing_is_zero(void **state)
{
    (void)state;
    static const int ranks[] = {2, 4, 0};
    struct exchange_model model;
    struct made_samples made = make(ranks, 1, 4e-6, 0.0, 0.0);
    made.list[SIZES - 1].seconds *= 0.9; /* larger sums are faster: no bandwidth is negative */
    exchange_fit(made.list, made.count, &model);
    assert_true(model.fitted && model.beta == 0.0 && near_to(model.alpha, 4e-6, 0.02));
    made = make(ranks, 1, 0.0, 1e-9, 0.0);
    made.list[0].seconds *= 0.9;
    exchange_fit(made.list, made.count, &model);
    assert_true(model.fitted && model.alpha == 0.0 && near_to(model.beta, 1e-9, 0.02));
}

static void what_cannot_be_fitted_says_why(void **state)
{
    (void)state;
    static const int ranks[] = {2, 0};
    struct made_samples made = make(ranks, 1, 1e-6, 1e-9, 0.0);
    struct exchange_model model;
    exchange_fit(NULL, 0, &model);
    assert_false(model.fitted);
    assert_string_equal(model.reason, "no sum over several ranks was measured");
    exchange_fit(made.list, 1, &model);
    assert_false(model.fitted);
    assert_string_equal(model.reason,
                        "sums of one size only, 8 bytes, were measured; two are needed");
    made.list[0].ranks = made.list[1].ranks = 1; /* nothing is sent */
    exchange_fit(made.list, 2, &model);
    assert_false(model.fitted);
    exchange_fit(made.list, 4, &model);
    assert_true(model.fitted && model.samples == 2);
}

/* Messages between hosts are others than those within one. */
static void samples_between_hosts_are_fitted_alone(void **state)
{
    (void)state;
    static const int few[] = {2, 0}, many[] = {4, 8, 0};
    struct made_samples made = make(few, 2, 1e-7, 1e-10, 0.0),
                        between = make(many, 2, 2e-5, 1e-9, 0.0);
    struct exchange_model model;
    exchange_fit(made.list, made.count, &model);
    assert_true(model.fitted && !model.between_hosts && near_to(model.alpha, 1e-7, 1e-9));
    memcpy(made.list + made.count, between.list, between.count * sizeof *between.list);
    exchange_fit(made.list, made.count + between.count, &model);
    assert_true(model.fitted && model.between_hosts && near_to(model.alpha, 2e-5, 1e-9));
    assert_int_equal(model.fewest, 4);
    assert_int_equal(model.samples, between.count);
}

static void ranks_alone_exchange_nothing(void **state)
{
    (void)state;
    const struct exchange_model model = {.fitted = true, .alpha = 1e-3, .beta = 1e-3};
    struct exchange_sample *samples;
    size_t count;
    assert_true(exchange_seconds(&model, 1, 1e6) == 0.0);
    exchange_measure(NULL, 1.0, &samples, &count);
    assert_null(samples);
    assert_int_equal(count, 0);
}

/* --- Predictions ----------------------------------------------------------------------------- */

/* T(P; n), written again: log2 P messages, or twice up a tree. */
static double epoch(const struct exchange_model *model, const struct exchange_work *work, int ranks,
                    double rows)
{
    int levels = 0, steps;
    while (1 << levels < ranks)
        levels++;
    steps = 1 << levels == ranks ? levels : 2 * levels;
    return work->own_seconds + work->rows_seconds * rows / work->rows / ranks +
           work->sums * steps * (model->alpha + model->beta * work->bytes);
}

static const struct exchange_model network = {.fitted = true, .alpha = 3.1e-6, .beta = 1.7e-10};
static const int numbers[] = {2, 3, 4, 7, 8, 10, 16, 100, 1000};
enum { NUMBERS = sizeof numbers / sizeof *numbers };

static void predictions_are_what_the_formula_says(void **state)
{
    (void)state;
    const struct exchange_work work = {
        .rows = 1e6, .rows_seconds = 0.123, .own_seconds = 4.5e-5, .sums = 2.5, .bytes = 440.0};
    for (size_t i = 0; i < NUMBERS; i++) {
        int P = numbers[i];
        struct exchange_prediction told = exchange_predict(&network, &work, P);
        double seconds = epoch(&network, &work, P, work.rows);
        assert_int_equal(told.ranks, P);
        assert_true(near_to(told.seconds, seconds, 1e-12));
        assert_true(
            near_to(told.efficiency, epoch(&network, &work, 1, work.rows) / P / seconds, 1e-12));
        assert_true(
            near_to(told.exchange, seconds - work.own_seconds - work.rows_seconds / P, 1e-9));
    }
}

/* The first n of which it is true, going through all of them. */
static double first_rows(const struct exchange_work *work, int ranks, bool half)
{
    for (double n = 1.0; n < 1e6; n++) {
        double alone = epoch(&network, work, 1, n), together = epoch(&network, work, ranks, n);
        if (half ? 2.0 * alone >= ranks * together : together < alone)
            return n;
    }
    return INFINITY;
}

/* No n of these is one of which both sides are equal but for rounding. */
static void rows_from_which_ranks_pay_are_found_by_a_search(void **state)
{
    (void)state;
    const struct exchange_work work = {
        .rows = 1000.0, .rows_seconds = 1.3e-3, .own_seconds = 7.7e-7, .sums = 1.0, .bytes = 440.0};
    for (size_t i = 0; i < NUMBERS; i++) {
        struct exchange_prediction told = exchange_predict(&network, &work, numbers[i]);
        assert_true(told.rows_to_win == first_rows(&work, numbers[i], false));
        assert_true(told.rows_to_half == first_rows(&work, numbers[i], true));
        assert_true(told.rows_to_half >= told.rows_to_win || numbers[i] == 2);
    }
}

static void rows_that_take_no_time_never_pay(void **state)
{
    (void)state;
    const struct exchange_work work = {
        .rows = 10.0, .own_seconds = 1e-6, .sums = 1.0, .bytes = 8.0};
    struct exchange_prediction told = exchange_predict(&network, &work, 10);
    assert_true(isinf(told.rows_to_win) && isinf(told.rows_to_half));
    assert_true(told.efficiency < 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_samples_give_both_parameters),
        cmocka_unit_test(noise_moves_both_parameters_by_as_much_as_it_is),
        cmocka_unit_test(a_parameter_that_is_nothing_is_zero),
        cmocka_unit_test(what_cannot_be_fitted_says_why),
        cmocka_unit_test(samples_between_hosts_are_fitted_alone),
        cmocka_unit_test(ranks_alone_exchange_nothing),
        cmocka_unit_test(predictions_are_what_the_formula_says),
        cmocka_unit_test(rows_from_which_ranks_pay_are_found_by_a_search),
        cmocka_unit_test(rows_that_take_no_time_never_pay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
