/* SPDX-License-Identifier: MIT
 *
 * Weights as people read them: by the name of the column, the largest effect first. With w the
 * weight that was trained, on columns scaled by x' = (x - offset) / factor, and s' the standard
 * deviation of x' over the rows trained on:
 *
 *     per unit                w / factor   what one unit of the column, as it is in the file, adds
 *                                          to z
 *     per standard deviation  w s'         the same for a standard deviation, whatever the unit
 *     odds ratio              exp(...)     what the odds p / (1 - p) of class 1 are multiplied by
 *
 * Columns are in the order of |w s'|, which no choice of units changes. Reference: Hosmer, Lemeshow
 * and Sturdivant, "Applied logistic regression", 2013, chapter 3.
 */
#ifndef DESCENT_COMMANDS_COEFFICIENTS_H
#define DESCENT_COMMANDS_COEFFICIENTS_H

#include "base/error.h"
#include "data/dataset.h"
#include "data/sources/describe.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define COEFFICIENTS_OPTION                                                                        \
    {                                                                                              \
        .entry = {"coefficients", "tell so many columns with their weights, the largest first"},   \
        .argument = "N", .fallback = "12"                                                          \
    }
bool coefficients_number(const char *text, size_t *number, struct error *error);

struct coefficient {
    size_t feature;
    double weight;                  /* as it was trained */
    double per_unit, odds_per_unit; /* NaN: rows were divided by their lengths, or no odds */
    double deviation;               /* s', or NaN: not known */
    double per_deviation, odds_per_deviation;
};

struct coefficients {
    size_t features, count;
    struct coefficient *rows; /* (count), the largest effect first */
    double bias_per_unit;     /* NaN: there is no such model */
    bool scaled;              /* columns were scaled */
    bool shifted; /* weights are not unique: the levels of a category may share a constant with the
                   * bias, which is penalised nowhere */
};

/* The `most` largest. `summaries` (features) of the data as they were trained on, or NULL: not
 * known, and the order is that of |w|. `odds`: z is the logarithm of the odds, so that there are
 * ratios. Free with coefficients_clear(). */
struct coefficients coefficients_of(const struct dataset *data,
                                    const struct feature_summary *summaries, const double *w,
                                    double b, bool odds, size_t most);
void coefficients_clear(struct coefficients *coefficients);

/* Are some features, the levels of one column or its hashes, 1 in exactly one of them for each row?
 * Then they add up to what the bias is a weight of. */
bool coefficients_repeat_bias(const struct dataset *data);

/* A table, with a blank line above; nothing where there are no rows. */
void coefficients_tell(const struct coefficients *coefficients, const struct dataset *data);

/* An array of objects; numbers that are not known, or too large for a double, are null. */
json_t *coefficients_to_json(const struct coefficients *coefficients, const struct dataset *data);

#endif
