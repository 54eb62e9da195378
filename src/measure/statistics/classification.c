/* SPDX-License-Identifier: MIT
 *
 * Sums are of long doubles: a mean over 1e8 rows then has all digits of a double. For the two
 * measures that depend on the order of rows, these are sorted once, with the label kept in the sign
 * of the weight, and then looked at value by value of z: all rows that share one are taken
 * together.
 */
#include "measure/statistics/classification.h"

#include "base/memory.h"
#include "neuron/activation.h"

#include <math.h>
#include <stdlib.h>

#define MEASURE(key_, words_)                                                                      \
    {                                                                                              \
#key_, words_, offsetof(struct classification, key_)                                       \
    }

const struct classification_measure classification_measures[] = {
    MEASURE(accuracy, "accuracy"),
    MEASURE(balanced_accuracy, "balanced accuracy"),
    MEASURE(precision, "precision"),
    MEASURE(recall, "recall"),
    MEASURE(f1, "F1"),
    MEASURE(auc, "AUC"),
    MEASURE(average_precision, "average precision"),
    MEASURE(brier_score, "Brier score"),
    MEASURE(log_loss, "log loss"),
};

const size_t classification_measure_count =
    sizeof classification_measures / sizeof *classification_measures;

double classification_value(const struct classification_measure *measure,
                            const struct classification *measured)
{
    return *(const double *)(const void *)((const char *)measured + measure->offset);
}

bool classification_says_one(double z, double threshold)
{
    return threshold == 0.5 ? z > 0.0 : neuron_sigmoid(z) > threshold;
}

static double ratio(long double part, long double whole)
{
    return whole > 0.0L ? (double)(part / whole) : (double)NAN;
}

/* --- What needs no order -------------------------------------------------------------------- */

struct sums {
    long double weight[2][2]; /* [y][class that is said] */
    long double square, loss; /* of all rows */
};

static void sums_add(struct sums *sums, struct classification *measured, double z, bool y,
                     double weight)
{
    bool said = classification_says_one(z, measured->threshold);
    const struct neuron_point point = neuron_point(z, y);
    measured->counts[y][said]++;
    sums->weight[y][said] += weight;
    sums->square += (long double)weight * point.residual * point.residual;
    sums->loss += (long double)weight * point.loss;
}

static void conclude(const struct sums *sums, struct classification *measured)
{
    const long double tp = sums->weight[1][1], fp = sums->weight[0][1], tn = sums->weight[0][0],
                      fn = sums->weight[1][0], all = tp + fp + tn + fn;
    measured->accuracy = ratio(tp + tn, all);
    measured->precision = ratio(tp, tp + fp);
    measured->recall = ratio(tp, tp + fn);
    measured->f1 = ratio(2.0L * tp, 2.0L * tp + fp + fn);
    measured->balanced_accuracy =
        (measured->recall + ratio(tn, tn + fp)) / 2.0; /* NaN: one class */
    measured->brier_score = ratio(sums->square, all);
    measured->log_loss = ratio(sums->loss, all);
}

/* --- What needs their order ----------------------------------------------------------------- */

struct ranked {
    double z;
    double weight; /* negative: of class 0 */
};

static int larger_first(const void *a, const void *b)
{
    double first = ((const struct ranked *)a)->z, second = ((const struct ranked *)b)->z;
    return (second > first) - (second < first);
}

/* Goes down the values of z. Of the rows of class 1 at one value, those of class 0 below are in the
 * right order and those at it half so; and their share of class 1 is the gain of recall. */
static void measure_order(const struct ranked *rows, size_t count, const long double total[2],
                          struct classification *measured)
{
    long double above[2] = {0.0L, 0.0L}, pairs = 0.0L, precision = 0.0L;
    for (size_t i = 0; i < count;) {
        long double here[2] = {0.0L, 0.0L};
        const double z = rows[i].z;
        for (; i < count && rows[i].z == z; i++)
            here[!signbit(rows[i].weight)] += fabs(rows[i].weight);
        above[0] += here[0];
        above[1] += here[1];
        pairs += here[1] * (total[0] - above[0] + here[0] / 2.0L);
        if (here[1] > 0.0L)
            precision += here[1] * above[1] / (above[0] + above[1]);
    }
    measured->auc = ratio(pairs, total[0] * total[1]);
    measured->average_precision = ratio(precision, total[1]);
}

double classification_bytes(size_t rows)
{
    return (double)rows * (double)sizeof(struct ranked);
}

struct classification classification_measure(const double *z, const double *y,
                                             const double *weights, size_t rows, double threshold)
{
    struct classification measured = {.rows = rows, .threshold = threshold};
    struct sums sums = {.loss = 0.0L};
    struct ranked *ranked = memory_allocate_untouched(rows, sizeof *ranked);
    for (size_t i = 0; i < rows; i++) {
        double weight = weights != NULL ? weights[i] : 1.0;
        bool one = y[i] > 0.5;
        sums_add(&sums, &measured, z[i], one, weight);
        ranked[i] = (struct ranked){z[i], one ? weight : -weight};
    }
    conclude(&sums, &measured);
    qsort(ranked, rows, sizeof *ranked, larger_first);
    const long double total[2] = {sums.weight[0][0] + sums.weight[0][1],
                                  sums.weight[1][0] + sums.weight[1][1]};
    measure_order(ranked, rows, total, &measured);
    memory_free(ranked);
    return measured;
}

/* --- Calibration ---------------------------------------------------------------------------- */

static int bin_of(double probability)
{
    int bin = 0;
    while (bin + 1 < CALIBRATION_BINS && probability > (bin + 1) / (double)CALIBRATION_BINS)
        bin++;
    return bin;
}

/* Wilson's interval: the shares s for which |share - s| <= z sqrt(s (1 - s) / n). */
static void bin_interval(struct calibration_bin *bin)
{
    const double quantile = 1.959963984540054; /* of 0.975, of the normal distribution */
    double n = (double)bin->rows, square = quantile * quantile / n, share = bin->share;
    double middle = share + square / 2.0;
    double reach = sqrt(square * (share * (1.0 - share) + square / 4.0));
    bin->low = fmax((middle - reach) / (1.0 + square), 0.0);
    bin->high = fmin((middle + reach) / (1.0 + square), 1.0);
}

void classification_calibrate(const double *z, const double *y, size_t rows,
                              struct calibration_bin bins[static CALIBRATION_BINS])
{
    long double sum[CALIBRATION_BINS] = {0.0L};
    size_t ones[CALIBRATION_BINS] = {0};
    for (int k = 0; k < CALIBRATION_BINS; k++)
        bins[k] = (struct calibration_bin){0, NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < rows; i++) {
        double probability = neuron_sigmoid(z[i]);
        int k = bin_of(probability);
        bins[k].rows++;
        sum[k] += probability;
        ones[k] += y[i] > 0.5;
    }
    for (int k = 0; k < CALIBRATION_BINS; k++) {
        if (bins[k].rows == 0)
            continue;
        bins[k].probability = (double)(sum[k] / bins[k].rows);
        bins[k].share = (double)ones[k] / (double)bins[k].rows;
        bin_interval(&bins[k]);
    }
}

double calibration_error(const struct calibration_bin bins[static CALIBRATION_BINS])
{
    long double sum = 0.0L, rows = 0.0L;
    for (int k = 0; k < CALIBRATION_BINS; k++) {
        if (bins[k].rows > 0)
            sum += (long double)bins[k].rows * fabs(bins[k].share - bins[k].probability);
        rows += bins[k].rows;
    }
    return ratio(sum, rows);
}
