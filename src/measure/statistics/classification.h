/* SPDX-License-Identifier: MIT
 *
 * How good a classifier is on rows whose classes are known. Row i has the margin z, the probability
 * p = 1 / (1 + exp(-z)) of class 1, the label y in {0, 1} and a weight v (1 where none are given).
 * Class 1 is said where p > threshold; at 0.5 where z > 0, which is the same but for rounding.
 *
 * With TP, FP, TN, FN the weights of rows said 1 rightly, 1 wrongly, 0 rightly, 0 wrongly, and P =
 * TP + FN, N = TN + FP those of the two classes:
 *
 *     accuracy           (TP + TN) / (P + N)
 *     balanced accuracy  (TP / P + TN / N) / 2
 *     precision          TP / (TP + FP)
 *     recall             TP / P
 *     F1                 2 TP / (2 TP + FP + FN)
 *     AUC                sum over pairs of a row of class 1 and one of class 0 of their weights'
 *                        product, where the first has the larger z (half of it where z are equal),
 *                        / (P N): the statistic of Mann and Whitney, with midranks for ties
 *     average precision  sum of (R_k - R_(k-1)) precision_k over the values of z from the largest
 *                        down, with recall R_k and precision of "1 from this z on"
 *     Brier score        sum v (p - y)^2 / (P + N)
 *     log loss           sum v (-y log p - (1 - y) log(1 - p)) / (P + N), from z (activation.h)
 *
 * The last four do not depend on the threshold. What has a zero below its line is not defined, and
 * is NaN here: "-" in texts and null in JSON. AUC and balanced accuracy need both classes; recall
 * and average precision need class 1; precision needs a row that is said to be of it. AUC and
 * average precision order rows by z and not by p, which is 1 from z = 37 on: rows that p cannot
 * tell apart are no ties. One sort is what it costs, O(n log n).
 *
 * References: Hanley and McNeil, "The meaning and use of the area under a receiver operating
 * characteristic (ROC) curve", Radiology 1982 (AUC); Brodersen, Ong, Stephan and Buhmann, "The
 * balanced accuracy and its posterior distribution", ICPR 2010; van Rijsbergen, "Information
 * retrieval", 1979 (precision, recall, F1); Manning, Raghavan and Schütze, "Introduction to
 * information retrieval", 2008, 8.4 (average precision, not interpolated); Brier, "Verification of
 * forecasts expressed in terms of probability", Monthly Weather Review 1950, halved, as is usual
 * for two classes; Good, "Rational decisions", JRSS B 1952 (log loss).
 */
#ifndef DESCENT_MEASURE_STATISTICS_CLASSIFICATION_H
#define DESCENT_MEASURE_STATISTICS_CLASSIFICATION_H

#include <stdbool.h>
#include <stddef.h>

struct classification {
    size_t rows;
    double threshold;
    size_t counts[2][2]; /* rows, whatever they weigh: [y][class that is said] */
    double accuracy, balanced_accuracy, precision, recall, f1;
    double auc, average_precision, brier_score, log_loss;
};

/* A measure, as texts and JSON call it. */
struct classification_measure {
    const char *key, *words;
    size_t offset; /* of a double in struct classification */
};
extern const struct classification_measure classification_measures[];
extern const size_t classification_measure_count;

double classification_value(const struct classification_measure *measure,
                            const struct classification *measured);

/* Is class 1 said of a row with this margin? */
bool classification_says_one(double z, double threshold);

/* Measures rows with margins z (rows), of which none is NaN, labels y (rows) in {0, 1} and weights
 * (rows), which are finite and not negative; NULL: each is 1. */
struct classification classification_measure(const double *z, const double *y,
                                             const double *weights, size_t rows, double threshold);

/* AUC alone, of rows that weigh alike: the same number, sooner. */
double classification_auc(const double *z, const double *y, size_t rows);

/* Bytes that a measurement takes for so many rows, beside what it is given; AUC takes as many. */
double classification_bytes(size_t rows);

/* --- Calibration ---------------------------------------------------------------------------- */

enum { CALIBRATION_BINS = 10 };

/* The rows whose probability lies in one bin, (k / 10, (k + 1) / 10]; 0 lies in the first. */
struct calibration_bin {
    size_t rows;
    double probability; /* mean of p; NaN: no rows */
    double share;       /* of them that are of class 1; NaN: no rows */
    double low, high;   /* the share's interval of 95 % (Wilson); NaN: no rows */
};

/* Is the probability what it says? Among rows with p near 0.7, seven of ten should be of class 1
 * (reliability diagram). Wilson's interval is from "Probable inference, the law of succession, and
 * statistical inference", JASA 1927; DeGroot and Fienberg, "The comparison and evaluation of
 * forecasters", The Statistician 1983, have the diagram. */
void classification_calibrate(const double *z, const double *y, size_t rows,
                              struct calibration_bin bins[static CALIBRATION_BINS]);

/* The mean distance of share and probability over all rows: the expected calibration error. NaN
 * where there are no rows. */
double calibration_error(const struct calibration_bin bins[static CALIBRATION_BINS]);

#endif
