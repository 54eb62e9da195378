/* SPDX-License-Identifier: MIT
 *
 * Measures of a classifier against scikit-learn 1.2.1 (NumPy 1.24.2), with ties, weights and one
 * class absent, and against their definitions by pairs on made rows. The constants were printed by
 *
 *     from sklearn import metrics as m
 *     p = 1 / (1 + np.exp(-z)); said = (p > threshold).astype(int)
 *     m.accuracy_score(y, said, sample_weight=v)
 *     m.balanced_accuracy_score(y, said, sample_weight=v)
 *     m.precision_score(y, said, sample_weight=v), m.recall_score(...), m.f1_score(...)
 *     m.roc_auc_score(y, z, sample_weight=v)
 *     m.average_precision_score(y, z, sample_weight=v)
 *     m.brier_score_loss(y, p, sample_weight=v)
 *     m.log_loss(y, p, sample_weight=v, labels=[0, 1])
 *     m.confusion_matrix(y, said, labels=[0, 1])
 *     sklearn.calibration.calibration_curve(y, p, n_bins=10)
 *
 * with repr(float(...)). Where scikit-learn warns or refuses (UndefinedMetricWarning, ValueError),
 * the measure is not defined, and NaN is expected.
 */
#include "base/random.h"
#include "measure/statistics/classification.h"
#include "testing.h"

#include <math.h>

enum { ROWS = 20 };

static const double margins[ROWS] = {-3.5, -2.25, -1.5, -1.5, -1.0, -0.75, -0.75, -0.5, -0.25, 0.0,
                                     0.25, 0.25,  0.25, 0.5,  0.75, 1.0,   1.25,  1.25, 2.0,   4.5};
static const double labels[ROWS] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1};
static const double weights[ROWS] = {1, 2,    0.5, 3, 1, 0.25, 1,   1.5,  2, 1,
                                     4, 0.75, 1,   0, 2, 1,    0.5, 1.25, 3, 1};
static const double zeros[ROWS] = {0.0};
static const double ones[ROWS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

static const struct {
    const char *what;
    const double *labels, *weights;
    double threshold;
    double values[9]; /* in the order of classification_measures */
    size_t counts[2][2];
} expected[] = {
    {"ties",
     labels,
     NULL,
     0.5,
     {0.7, 0.7, 0.7, 0.7, 0.7, 0.755, 0.7547113997113997, 0.19880577866737878, 0.570340633677693},
     {{7, 3}, {3, 7}}},
    {"ties and weights",
     labels,
     weights,
     0.5,
     {0.7027027027027027, 0.7297008547008547, 0.5517241379310345, 0.8205128205128205,
      0.6597938144329897, 0.8600427350427351, 0.81277537479544, 0.16548533203967614,
      0.4894401796460784},
     {{7, 3}, {3, 7}}},
    {"another threshold",
     labels,
     weights,
     0.6,
     {0.7837837837837838, 0.7510683760683761, 0.7142857142857143, 0.6410256410256411,
      0.6756756756756757, 0.8600427350427351, 0.81277537479544, 0.16548533203967614,
      0.4894401796460784},
     {{8, 2}, {5, 5}}},
    {"class 1 is absent",
     zeros,
     weights,
     0.5,
     {0.4774774774774775, NAN, 0.0, NAN, 0.0, NAN, NAN, 0.3178683706026239, 0.9421428823487811},
     {{10, 10}, {0, 0}}},
    {"class 0 is absent",
     ones,
     weights,
     0.5,
     {0.5225225225225225, NAN, 1.0, 0.5225225225225225, 0.6863905325443787, NAN, 1.0,
      0.3244243022688515, 0.9353861255920244},
     {{0, 0}, {10, 10}}},
};

static void check_values(const char *what, const struct classification *measured,
                         const double *values)
{
    for (size_t i = 0; i < classification_measure_count; i++) {
        double value = classification_value(&classification_measures[i], measured);
        bool same = isnan(values[i]) ? isnan(value) : fabs(value - values[i]) <= 1e-12;
        if (!same)
            fail_msg("%s: %s is %.17g, not %.17g", what, classification_measures[i].key, value,
                     values[i]);
    }
}

static void measures_are_those_of_scikit_learn(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct classification measured = classification_measure(
            margins, expected[i].labels, expected[i].weights, ROWS, expected[i].threshold);
        assert_int_equal(measured.rows, ROWS);
        check_values(expected[i].what, &measured, expected[i].values);
        assert_memory_equal(measured.counts, expected[i].counts, sizeof measured.counts);
    }
}

static void what_no_row_says_is_not_defined(void **state)
{
    (void)state;
    const double z[] = {-2.0, -1.0, -3.0}, y[] = {0.0, 1.0, 0.0};
    const struct classification none = classification_measure(NULL, NULL, NULL, 0, 0.5);
    for (size_t i = 0; i < classification_measure_count; i++)
        assert_true(isnan(classification_value(&classification_measures[i], &none)));
    const struct classification never = classification_measure(z, y, NULL, 3, 0.5);
    assert_true(isnan(never.precision)); /* class 1 is never said */
    assert_true(never.recall == 0.0 && never.f1 == 0.0 && never.auc == 1.0);
    const double weightless[] = {0.0, 0.0, 0.0};
    const struct classification nothing = classification_measure(z, y, weightless, 3, 0.5);
    assert_true(isnan(nothing.accuracy) && isnan(nothing.auc) && isnan(nothing.log_loss));
}

/* --- By definition ------------------------------------------------------------------------- */

/* Every pair is looked at, and every value of z taken for a threshold. */
static double auc_by_pairs(const double *z, const double *y, const double *v, size_t rows)
{
    double right = 0.0, all = 0.0;
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < rows; j++) {
            double weight = y[i] > y[j] ? v[i] * v[j] : 0.0;
            right += weight * (z[i] > z[j] ? 1.0 : z[i] == z[j] ? 0.5 : 0.0);
            all += weight;
        }
    return right / all;
}

/* A row of class 1 adds its share of recall times the precision of "1 from its z on". */
static double precision_by_rows(const double *z, const double *y, const double *v, size_t rows)
{
    double sum = 0.0, positive = 0.0;
    for (size_t i = 0; i < rows; i++) {
        double said[2] = {0.0, 0.0};
        for (size_t j = 0; j < rows; j++)
            said[y[j] > 0.5] += z[j] >= z[i] ? v[j] : 0.0;
        positive += y[i] * v[i];
        sum += y[i] * v[i] > 0.0 ? y[i] * v[i] * said[1] / (said[0] + said[1]) : 0.0;
    }
    return sum / positive;
}

static void order_is_that_of_pairs(void **state)
{
    (void)state;
    enum { MADE = 211 };
    double z[MADE], y[MADE], v[MADE];
    for (size_t i = 0; i < MADE; i++) { /* many ties, and a weight of 0 */
        z[i] = floor(30.0 * fabs(sin(12.9898 * (double)(i + 1)))) / 8.0 - 2.0;
        y[i] = fabs(sin(78.233 * (double)(i + 1))) > 0.4 ? 1.0 : 0.0;
        v[i] = (double)(i % 5) / 4.0;
    }
    const struct classification measured = classification_measure(z, y, v, MADE, 0.5);
    assert_true(fabs(measured.auc - auc_by_pairs(z, y, v, MADE)) <= 1e-12);
    assert_true(fabs(measured.average_precision - precision_by_rows(z, y, v, MADE)) <= 1e-12);

    for (size_t i = 0; i < MADE; i++)
        z[i] = -z[i];
    const struct classification turned = classification_measure(z, y, v, MADE, 0.5);
    assert_true(fabs(measured.auc + turned.auc - 1.0) <= 1e-12);
}

/* Beyond z = 37 p is 1: rows that it does not tell apart are told apart by z. */
static void large_margins_are_no_ties(void **state)
{
    (void)state;
    const double z[] = {60.0, 50.0, 40.0, 1e308}, y[] = {1.0, 0.0, 0.0, 1.0};
    const struct classification measured = classification_measure(z, y, NULL, 4, 0.5);
    assert_true(measured.auc == 1.0 && measured.average_precision == 1.0);
    assert_true(isfinite(measured.log_loss) && measured.log_loss == 22.5);
    assert_true(classification_says_one(1e-300, 0.5) && !classification_says_one(0.0, 0.5));
    assert_true(classification_says_one(0.0, 0.49) && !classification_says_one(60.0, 1.0));
}

/* --- Calibration --------------------------------------------------------------------------- */

static void calibration_is_that_of_scikit_learn(void **state)
{
    (void)state;
    static const double share[] = {0.0,       0.5, 0.0,       1.0 / 3.0, 0.5,
                                   2.0 / 3.0, 0.5, 2.0 / 3.0, 1.0,       1.0};
    static const double probability[] = {0.06233085, 0.18242552, 0.26894142, 0.33972776,
                                         0.46891175, 0.5621765,  0.65081902, 0.7618861,
                                         0.88079708, 0.98901306};
    static const double turned[] = {1.0, 0.0};
    struct calibration_bin bins[CALIBRATION_BINS];
    size_t rows = 0;
    classification_calibrate(margins, labels, ROWS, bins);
    for (int k = 0; k < CALIBRATION_BINS; k++) {
        rows += bins[k].rows;
        assert_true(fabs(bins[k].share - share[k]) <= 1e-12);
        assert_true(fabs(bins[k].probability - probability[k]) <= 5e-9);
        assert_true(bins[k].low <= bins[k].share && bins[k].share <= bins[k].high);
        assert_true(bins[k].low >= 0.0 && bins[k].high <= 1.0);
    }
    assert_int_equal(rows, ROWS);

    const double z[] = {0.0, 0.0};
    classification_calibrate(z, turned, 2, bins);
    assert_true(bins[4].rows == 2 && bins[4].share == 0.5 && calibration_error(bins) == 0.0);
    assert_true(isnan(bins[0].share) && isnan(bins[0].low));
    const double square = 1.959963984540054 * 1.959963984540054 / 2.0; /* Wilson at a half of two */
    assert_true(fabs(bins[4].low - (1.0 - sqrt(square / (1.0 + square))) / 2.0) <= 1e-12);
    classification_calibrate(NULL, NULL, 0, bins);
    assert_true(isnan(calibration_error(bins)));
}

/* Bit for bit, also where margins are equal, negative, zeros of either sign, or of any size. */
static void auc_alone_is_the_same(void **unused)
{
    enum { MANY = 700 };
    double z[MANY], y[MANY];
    (void)unused;
    for (size_t set = 0; set < 60; set++) {
        const size_t rows = set < 20 ? set : MANY - set;
        struct random_stream stream = random_open(5, RANDOM_FEATURES, set);
        for (size_t i = 0; i < rows; i++) {
            const double normal = random_normal(&stream);
            y[i] = normal + random_normal(&stream) > 0.3;
            z[i] = set % 3 == 0   ? normal
                   : set % 3 == 1 ? rint(4.0 * normal) / 4.0
                                  : ldexp(normal, (int)(i % 1900) - 950);
            z[i] = i % 7 == 3 ? -0.0 : i % 7 == 5 ? 0.0 : z[i];
        }
        const double alone = classification_auc(z, y, rows);
        const double among = classification_measure(z, y, NULL, rows, 0.5).auc;
        assert_true(alone == among || (isnan(alone) && isnan(among)));
    }
    assert_true(isnan(classification_auc(z, zeros, ROWS)) &&
                isnan(classification_auc(z, ones, ROWS)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_are_those_of_scikit_learn),
        cmocka_unit_test(what_no_row_says_is_not_defined),
        cmocka_unit_test(order_is_that_of_pairs),
        cmocka_unit_test(large_margins_are_no_ties),
        cmocka_unit_test(auc_alone_is_the_same),
        cmocka_unit_test(calibration_is_that_of_scikit_learn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
