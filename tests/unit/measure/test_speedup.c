/* SPDX-License-Identifier: MIT
 *
 * Models of scaling: their formulas against each other, fits against computations made apart and
 * against a search of all parameters, what too few times say, and which model the data speak for.
 */
#include "measure/statistics/speedup.h"

#include "speedup_fixture.h"

#include <string.h>

enum { AMDAHL, USL, BANDWIDTH };

static const size_t many[] = {1, 2, 3, 4, 6, 8, 12, 16, 0};

static const struct speedup_model *model_at(size_t i)
{
    return (const struct speedup_model *)speedup_table.entries[i];
}

/* What a fit works with is the logarithm of what is read, with its derivatives. */
static void curves_are_the_logarithms_of_the_formulas(void **state)
{
    (void)state;
    static const double coordinates[SPEEDUP_MODELS][SPEEDUP_PARAMETERS] = {
        {0.7, 0.2}, {0.7, 0.05, 0.003}, {0.7, 0.17}};
    for (size_t i = 0; i < SPEEDUP_MODELS; i++)
        for (size_t k = 0; many[k] != 0; k++) {
            double p = (double)many[k];
            const struct speedup_model *model = model_at(i);
            double values[SPEEDUP_PARAMETERS] = {0.0}, slope[SPEEDUP_PARAMETERS],
                   ignored[SPEEDUP_PARAMETERS], moved[SPEEDUP_PARAMETERS];
            for (size_t j = 0; j < model->parameters; j++)
                values[j] = speedup_parameter_value(&model->parameter[j], coordinates[i][j]);
            double regime = 1.0 / coordinates[i][1];
            double curve = model->curve(p, coordinates[i], regime, slope);
            assert_true(fabs(curve - log(model->seconds(p, values))) < 1e-14);
            for (size_t j = 0; j < model->parameters; j++) {
                memcpy(moved, coordinates[i], sizeof moved);
                moved[j] += 1e-7;
                double change = model->curve(p, moved, regime, ignored) - curve;
                assert_true(fabs(change / 1e-7 - slope[j]) < 1e-4 * (1.0 + fabs(slope[j])));
            }
        }
}

static void the_best_is_a_parameter_of_the_usl(void **state)
{
    (void)state;
    const double values[] = {2.0, 0.05, 0.002}, best = speedup_usl.best(values),
                 x[] = {log(2.0), 0.05, 1.0 / best};
    double slope[SPEEDUP_PARAMETERS], ignored[SPEEDUP_PARAMETERS];
    assert_true(near_to(best, sqrt(0.95 / 0.002), 1e-14));
    for (size_t i = 0; many[i] != 0; i++) {
        double p = (double)many[i];
        double curve = speedup_usl.curve_by_best(p, x, 0.0, slope);
        assert_true(fabs(curve - log(speedup_usl.seconds(p, values))) < 1e-13);
        for (size_t j = 0; j < 3; j++) {
            double moved[] = {x[0], x[1], x[2]};
            moved[j] += 1e-7;
            double change = speedup_usl.curve_by_best(p, moved, 0.0, ignored) - curve;
            assert_true(fabs(change / 1e-7 - slope[j]) < 1e-4 * (1.0 + fabs(slope[j])));
        }
    }
}

/* The fastest whole number from the real one, against a look at all of them. */
static void whole_numbers_are_the_fastest(void **state)
{
    (void)state;
    for (size_t i = 0; i < 200; i++) {
        double real = 1.0 + 0.137 * (double)i;
        const double usl[] = {1.0, 0.1, 0.9 / (real * real)}, bandwidth[] = {1.0, real};
        size_t fastest[] = {1, 1};
        for (size_t p = 2; p <= 64; p++) {
            if (speedup_usl.seconds((double)p, usl) < speedup_usl.seconds((double)fastest[0], usl))
                fastest[0] = p;
            if (speedup_bandwidth.seconds((double)p, bandwidth) <
                speedup_bandwidth.seconds((double)fastest[1], bandwidth))
                fastest[1] = p;
        }
        assert_true(speedup_usl.whole(real) == (double)fastest[0]);
        assert_true(speedup_bandwidth.whole(real) == (double)fastest[1]);
    }
}

static bool is_interval(const struct speedup_interval *interval, double value, double low,
                        double high)
{
    return near_to(interval->value, value, 1e-6) && near_to(interval->low, low, 1e-6) &&
           near_to(interval->high, high, 1e-6);
}

/* SPEC SDM91 on a SPARCcenter 2000, by load, a data set of Gunther's (his book, and specsdm91 of
 * the R package usl, which fits alpha = 0.0277 and beta = 0.000104 to the throughputs themselves;
 * relative errors give the first and slowest more weight). The times are their reciprocals. What is
 * expected was computed with SciPy 1.10: least_squares on the logarithms with xtol = 1e-15, and
 * brentq on sums of squares that were minimised with one parameter held. */
static void a_published_data_set(void **state)
{
    (void)state;
    struct made_times made = {.samples = {{1, 1.0 / 64.9},
                                          {18, 1.0 / 995.9},
                                          {36, 1.0 / 1652.4},
                                          {72, 1.0 / 1853.2},
                                          {108, 1.0 / 1828.9},
                                          {144, 1.0 / 1775.0},
                                          {216, 1.0 / 1702.2}},
                              .count = 7};
    struct speedup speedup = analyse_times(&made, 80);
    const struct speedup_fit *usl = &speedup.fits[USL], *amdahl = &speedup.fits[AMDAHL],
                             *bandwidth = &speedup.fits[BANDWIDTH];
    assert_true(is_interval(&usl->parameters[0], 0.014718366, 0.0122332231, 0.0176188612));
    assert_true(is_interval(&usl->parameters[1], 0.013452473, 0.00342504793, 0.0260122924));
    assert_true(is_interval(&usl->parameters[2], 1.1511007e-4, 5.28183112e-5, 1.77532808e-4));
    assert_true(is_interval(&usl->best, 92.576836, 74.7818855, 136.016033));
    assert_true(usl->best_count == 80 && usl->best_count_low == 75 && usl->best_count_high == 80);
    assert_true(near_to(usl->deviation, 0.0746276008, 1e-8));
    assert_true(near_to(usl->aicc, -12.2507385, 1e-8));
    assert_true(is_interval(&amdahl->parameters[1], 0.033097654, 0.0183975829, 0.0575017207));
    assert_true(near_to(amdahl->parameters[0].value, 0.0129177109, 1e-6));
    assert_true(near_to(amdahl->aicc, -12.4242823, 1e-8));
    assert_true(is_interval(&bandwidth->parameters[1], 29.3828089, 25.4734125, 33.8921797));
    assert_true(near_to(bandwidth->deviation, sqrt(0.022034870818 / 5.0), 1e-9));
    assert_true(isnan(usl->misfit)); /* no repeats */
    assert_int_equal(speedup.first, BANDWIDTH);
    speedup_free(&speedup);
}

static const double truths[][SPEEDUP_PARAMETERS] = {{2.0, 0.1}, {2.0, 0.05, 0.002}, {2.0, 4.5}};

static void times_without_noise_give_their_model(void **state)
{
    (void)state;
    char text[128];
    for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
        struct made_times made = make_times(model_at(i), truths[i], many, 2, 0.0, 0);
        struct speedup speedup = analyse_times(&made, 64);
        const struct speedup_fit *fit = &speedup.fits[i];
        assert_true(speedup.verdict == SPEEDUP_SEPARATE && speedup.first == i && fit->likely);
        for (size_t j = 0; j < SPEEDUP_PARAMETERS; j++) /* those it has not are 0 */
            assert_true(is_interval(&fit->parameters[j], truths[i][j], truths[i][j], truths[i][j]));
        for (size_t p = 1; p <= 100; p += 9)
            assert_true(near_to(speedup_predict(fit, (double)p),
                                fit->model->seconds((double)p, truths[i]), 1e-9));
        assert_non_null(
            strstr(speedup_describe_verdict(&speedup, text, sizeof text), fit->model->entry.name));
        speedup_free(&speedup);
    }
}

/* The model behind the times is the first in how many of 100 experiments, and not unlikely in how
 * many? */
static void noise_hides_the_model_seldom(void **state)
{
    (void)state;
    static const size_t first[] = {98, 100, 100}, likely[] = {99, 100, 100};
    for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
        size_t found_first = 0, found_likely = 0;
        for (uint64_t seed = 0; seed < 100; seed++) {
            struct made_times made = make_times(model_at(i), truths[i], many, 3, 0.03, seed);
            struct speedup speedup = analyse_times(&made, 64);
            found_first += speedup.first == i;
            found_likely += speedup.fits[i].likely;
            speedup_free(&speedup);
        }
        assert_int_equal(found_first, first[i]);
        assert_int_equal(found_likely, likely[i]);
    }
}

/* The least sum of squares over a grid of the last parameters, with t1 the best for each. */
static double least_of_grid(const struct speedup_model *model, const struct made_times *made)
{
    double least = INFINITY;
    for (size_t cell = 0; cell < 10000; cell++) {
        size_t row = cell / 100, column = cell % 100;
        double first = (double)column / 100.0, second = (double)row / 100.0;
        double values[] = {1.0, first, second * second}, sum = 0.0, squares = 0.0;
        if (model->bends)
            values[1] = 1.0 + 0.002 * (double)cell;
        for (size_t i = 0; i < made->count; i++) {
            double p = (double)made->samples[i].threads;
            double off = log(made->samples[i].seconds / model->seconds(p, values));
            sum += off;
            squares += off * off;
        }
        least = fmin(least, squares - sum * sum / (double)made->count);
    }
    return least;
}

/* Times that no model made: whatever they are, no parameters on a grid fit better. */
static void nothing_on_a_grid_fits_better(void **state)
{
    (void)state;
    const double none[] = {1.0, 0.2, 0.02};
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct made_times made = make_times(&speedup_usl, none, many, 1, 0.5, seed);
        struct speedup speedup = analyse_times(&made, 64);
        for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
            const struct speedup_fit *fit = &speedup.fits[i];
            double spare = (double)(made.count - fit->model->parameters);
            double squares = fit->deviation * fit->deviation * spare;
            assert_true(squares <= least_of_grid(fit->model, &made) * (1.0 + 1e-9));
        }
        speedup_free(&speedup);
    }
}

static void too_few_counts_are_not_fitted(void **state)
{
    (void)state;
    const double truth[] = {2.0, 0.1};
    const size_t counts[] = {1, 2, 4, 8, 0};
    for (size_t distinct = 1; distinct <= 4; distinct++) {
        struct made_times made = make_times(&speedup_amdahl, truth, counts, 5, 0.02, 1);
        made.count = 5 * distinct;
        struct speedup speedup = analyse_times(&made, 64);
        for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
            const struct speedup_fit *fit = &speedup.fits[i];
            assert_int_equal(fit->fitted, distinct > fit->model->parameters);
            assert_int_equal(fit->reason[0] == '\0', fit->fitted);
            assert_int_equal(isnan(speedup_predict(fit, 2.0)), !fit->fitted);
        }
        assert_int_equal(speedup.counts.count, distinct);
        assert_int_equal(speedup.verdict == SPEEDUP_NONE, distinct < 3);
        assert_int_equal(speedup.first == SPEEDUP_MODELS, distinct < 3);
        speedup_free(&speedup);
    }
}

static void what_is_not_fitted_says_why(void **state)
{
    (void)state;
    char text[128];
    struct made_times made = {.samples = {{1, 2.0}, {2, 1.2}}, .count = 2};
    struct speedup speedup = analyse_times(&made, 2);
    assert_string_equal(speedup.fits[AMDAHL].reason,
                        "2 thread counts: a model with 2 free parameters needs 3");
    assert_string_equal(speedup.fits[USL].reason,
                        "2 thread counts: a model with 3 free parameters needs 4");
    assert_true(near_to(speedup.counts.rows[1].serial, 0.2, 1e-14));
    assert_string_equal(speedup_describe_verdict(&speedup, text, sizeof text),
                        "too few times to compare models");
    speedup_free(&speedup);
    made.count = 1;
    speedup = analyse_times(&made, 2);
    assert_string_equal(speedup.fits[BANDWIDTH].reason,
                        "1 thread count: a model with 2 free parameters needs 3");
    speedup_free(&speedup);
}

/* AICc wants more samples than a fit does. */
static void a_fit_may_not_be_comparable(void **state)
{
    (void)state;
    char text[128];
    struct made_times made = make_times(&speedup_usl, truths[USL], many, 1, 0.01, 3);
    made.count = 4;
    struct speedup speedup = analyse_times(&made, 8);
    assert_true(speedup.fits[USL].fitted && isnan(speedup.fits[USL].aicc));
    assert_int_equal(speedup.verdict, SPEEDUP_NONE);
    speedup_free(&speedup);
    made.count = 5;
    speedup = analyse_times(&made, 8);
    assert_true(isnan(speedup.fits[USL].aicc) && !speedup.fits[USL].likely);
    assert_true(isfinite(speedup.fits[AMDAHL].aicc));
    speedup_describe_verdict(&speedup, text, sizeof text);
    assert_null(strstr(text, "usl"));
    speedup_free(&speedup);
}

/* Perfect scaling is both a serial share of 0 and a memory that is not saturated. */
static void perfect_scaling_does_not_tell_models_apart(void **state)
{
    (void)state;
    const double truth[] = {2.0, 0.0};
    char text[128];
    struct made_times made = make_times(&speedup_amdahl, truth, many, 2, 0.0, 0);
    struct speedup speedup = analyse_times(&made, 64);
    assert_string_equal(speedup_describe_verdict(&speedup, text, sizeof text),
                        "not statistically separable: amdahl, bandwidth");
    const struct speedup_fit *fit = &speedup.fits[BANDWIDTH];
    assert_true(fit->parameters[1].value == INFINITY && fit->parameters[1].high == INFINITY);
    assert_true(near_to(fit->parameters[1].low, 16.0, 1e-6));
    assert_true(fit->best_count == 64 && fit->best_count_low == 16 && fit->best_count_high == 64);
    assert_true(near_to(speedup_predict(fit, 64.0), 2.0 / 64.0, 1e-9));
    speedup_free(&speedup);
}

/* On twice the threads it takes twice as long: alpha = beta = 1. */
static void negative_scaling(void **state)
{
    (void)state;
    struct made_times made = {.count = 0};
    for (size_t i = 0; many[i] != 0; i++)
        made.samples[made.count++] = (struct speedup_sample){many[i], 3.0 * (double)many[i]};
    struct speedup speedup = analyse_times(&made, 64);
    const struct speedup_fit *usl = &speedup.fits[USL];
    assert_true(is_interval(&usl->parameters[1], 1.0, 1.0, 1.0));
    assert_true(is_interval(&usl->parameters[2], 1.0, 1.0, 1.0));
    assert_true(is_interval(&usl->best, 1.0, 1.0, 1.0) && usl->best_count == 1);
    assert_true(speedup.fits[AMDAHL].parameters[1].value == 1.0);
    assert_true(speedup.fits[AMDAHL].best_count == 1);
    assert_true(speedup.fits[BANDWIDTH].parameters[1].value == 1.0);
    assert_true(speedup.counts.rows[1].speedup == 0.5 && speedup.counts.rows[1].serial == 3.0);
    assert_int_equal(speedup.first, USL);
    speedup_free(&speedup);
}

/* Without coherency more threads always help, up to those that there are. */
static void without_beta_the_best_is_the_maximum(void **state)
{
    (void)state;
    struct made_times made = make_times(&speedup_amdahl, truths[AMDAHL], many, 3, 0.02, 4);
    struct speedup speedup = analyse_times(&made, 24);
    const struct speedup_fit *usl = &speedup.fits[USL], *amdahl = &speedup.fits[AMDAHL];
    assert_true(usl->parameters[2].value == 0.0 && usl->parameters[2].low == 0.0);
    assert_true(usl->best.value == INFINITY && usl->best.high == INFINITY);
    assert_true(usl->best.low > 24.0 && usl->best.low < INFINITY);
    assert_true(usl->best_count == 24 && amdahl->best_count == 24);
    assert_true(amdahl->best.low == INFINITY && amdahl->best_count_low == 24);
    speedup_free(&speedup);
}

/* Repeats agree with each other and not with a model: that is no noise. */
static void misfit_tells_a_wrong_model(void **state)
{
    (void)state;
    struct made_times made = make_times(&speedup_bandwidth, truths[BANDWIDTH], many, 4, 0.01, 6);
    struct speedup speedup = analyse_times(&made, 64);
    assert_true(speedup.fits[AMDAHL].misfit < 1e-6);
    assert_true(speedup.fits[USL].misfit < 1e-6);
    assert_true(speedup.fits[BANDWIDTH].misfit > 0.05);
    speedup_free(&speedup);
}

/* Another unit of time moves t1 and nothing else; the order of samples moves nothing. */
static void units_and_order_pass_through(void **state)
{
    (void)state;
    struct made_times made = make_times(&speedup_usl, truths[USL], many, 2, 0.03, 6), turned = made;
    for (size_t i = 0; i < made.count; i++) {
        turned.samples[i] = made.samples[made.count - 1 - i];
        turned.samples[i].seconds *= 1000.0;
    }
    struct speedup one = analyse_times(&made, 64), other = analyse_times(&turned, 64);
    assert_true(one.first == other.first && one.verdict == other.verdict);
    for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
        const struct speedup_fit *fit = &one.fits[i], *same = &other.fits[i];
        for (size_t j = 0; j < fit->model->parameters; j++) {
            const struct speedup_interval *expected = &fit->parameters[j];
            double unit = j == 0 ? 1000.0 : 1.0;
            assert_true(is_interval(&same->parameters[j], unit * expected->value,
                                    unit * expected->low, unit * expected->high));
        }
        assert_true(near_to(same->aicc, fit->aicc, 1e-9));
    }
    speedup_free(&one);
    speedup_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(curves_are_the_logarithms_of_the_formulas),
        cmocka_unit_test(the_best_is_a_parameter_of_the_usl),
        cmocka_unit_test(whole_numbers_are_the_fastest),
        cmocka_unit_test(a_published_data_set),
        cmocka_unit_test(times_without_noise_give_their_model),
        cmocka_unit_test(noise_hides_the_model_seldom),
        cmocka_unit_test(nothing_on_a_grid_fits_better),
        cmocka_unit_test(too_few_counts_are_not_fitted),
        cmocka_unit_test(what_is_not_fitted_says_why),
        cmocka_unit_test(a_fit_may_not_be_comparable),
        cmocka_unit_test(perfect_scaling_does_not_tell_models_apart),
        cmocka_unit_test(negative_scaling),
        cmocka_unit_test(without_beta_the_best_is_the_maximum),
        cmocka_unit_test(misfit_tells_a_wrong_model),
        cmocka_unit_test(units_and_order_pass_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
