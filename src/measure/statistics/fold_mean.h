/* SPDX-License-Identifier: MIT
 *
 * The mean of a measure over the K folds of a cross-validation, and its standard error: s /
 * sqrt(K), where s is the standard deviation of the folds (Hastie, Tibshirani, Friedman, "The
 * Elements of Statistical Learning", 2nd edition 2009, section 7.10). Where rows are dealt into
 * folds several times, s is that of all of them, and K stays: to deal anew averages out the luck of
 * dealing, and brings no new rows. The folds share rows that they are trained on, so that the error
 * is a rough one (Bengio and Grandvalet, JMLR 5, 2004).
 */
#ifndef DESCENT_MEASURE_STATISTICS_FOLD_MEAN_H
#define DESCENT_MEASURE_STATISTICS_FOLD_MEAN_H

#include <stddef.h>

struct fold_mean {
    double mean;  /* NaN: a fold has no value, or there is none */
    double error; /* NaN also below two folds */
};

/* What a cross-validation says of a configuration. */
struct fold_means {
    struct fold_mean heldout_loss, heldout_accuracy, heldout_auc; /* on the rows held out */
    struct fold_mean loss;                                        /* on those trained on */
};

/* Each of them by its name. */
struct fold_measure {
    const char *key;
    size_t offset; /* in struct fold_means */
};
extern const struct fold_measure fold_measures[];
extern const size_t fold_measure_count;

static inline struct fold_mean *fold_mean_find(const struct fold_measure *measure,
                                               struct fold_means *means)
{
    return (struct fold_mean *)(void *)((char *)means + measure->offset);
}

/* Of values (count), `folds` of each repeat. */
struct fold_mean fold_mean_of(const double *values, size_t count, size_t folds);

#endif
