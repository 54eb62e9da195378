/* SPDX-License-Identifier: MIT
 *
 * Two explanations of a value x of a feature with offset c and factor f are compared: that it is as
 * those trained on were, (x - c) / f having the mean and spread of scaled values, or that x itself
 * has them. With normal densities, and v and u for the two in units of the spread, the logarithm of
 * their ratio is
 *
 *     v^2/2 + log f - u^2/2                                   (v^2/2 cut: an outlier proves little)
 *
 * Its expectation, if the rows were scaled, tells from c and f alone whether a feature can show
 * anything; one of mean 0 and deviation 1 cannot, and does no harm. Raw rows have a negative sum:
 * u is far from 0 where c or f are large, log f is negative where they are small. What only looks
 * like scaled values is left out: a feature that does not vary, or has whole numbers only.
 */
#include "data/preparation/scaling_again.h"

#include "base/memory.h"

#include <math.h>

static const double outlier = 8.0;       /* at most, of v^2/2 */
static const double telling = 1.5;       /* expectation from which a feature can show something */
static const double enough = 5.0;        /* logarithm of the ratio, of all rows together; ... */
static const double enough_alone = 15.0; /* ... where one feature alone can show something */
static const double share_shown = 0.5;   /* of what is expected of scaled rows, at least */
static const double share_agreed = 0.75; /* of the features that can show something */

/* What is known of a feature's values. */
struct scaled_evidence {
    double sum; /* of logarithms */
    double first;
    size_t count;
    bool varies, fractions;
};

static double unscaled(const struct scaling *scaling, size_t j, double x)
{
    const struct scale_spread *spread = scaling_spread(scaling);
    double offset = scaling->offset != NULL ? scaling->offset[j] : 0.0;
    return ((x - offset) / scaling->factor[j] - spread->mean) / spread->deviation;
}

/* log f, less what a skewed feature may have its values closer together than its range tells. */
static double stretch(const struct scaling *scaling, size_t j)
{
    return log(fabs(scaling->factor[j])) - log(scaling_spread(scaling)->skew);
}

static double ratio(const struct scaling *scaling, size_t j, double x)
{
    const struct scale_spread *spread = scaling_spread(scaling);
    double v = unscaled(scaling, j, x), u = (x - spread->mean) / spread->deviation;
    return fmin(0.5 * v * v, outlier) + stretch(scaling, j) - 0.5 * u * u;
}

/* What the logarithm of a value is expected to be, if the rows were scaled. */
static double expectation(const struct scaling *scaling, size_t j)
{
    double factor = fabs(scaling->factor[j]);
    double middle = unscaled(scaling, j, scaling_spread(scaling)->mean);
    double square = middle * middle + 1.0 / (factor * factor);
    return fmin(0.5 * square, outlier) + stretch(scaling, j) - 0.5;
}

/* Without offsets zeros stay what they are, and show nothing. */
static void value_add(const struct scaling *scaling, size_t j, double x,
                      struct scaled_evidence *evidence)
{
    if (scaling->offset == NULL && x == 0.0)
        return;
    if (evidence->count++ == 0)
        evidence->first = x;
    evidence->varies = evidence->varies || x != evidence->first;
    evidence->fractions = evidence->fractions || x != nearbyint(x);
    evidence->sum += ratio(scaling, j, x);
}

static bool shows(const struct scaling *scaling, size_t j, const struct scaled_evidence *evidence)
{
    return evidence->varies && evidence->fractions && expectation(scaling, j) >= telling;
}

/* Is there enough of it, in nearly all of the features that can show something? */
static size_t conclude(const struct scaling *scaling, const struct scaled_evidence *evidence)
{
    double sum = 0.0, expected = 0.0, best = 0.0;
    size_t features = 0, agreed = 0, most = scaling->features;
    for (size_t j = 0; j < scaling->features; j++) {
        if (!shows(scaling, j, &evidence[j]))
            continue;
        sum += evidence[j].sum;
        expected += (double)evidence[j].count * expectation(scaling, j);
        features++;
        agreed += evidence[j].sum > 0.0;
        if (evidence[j].sum > best) {
            best = evidence[j].sum;
            most = j;
        }
    }
    bool shown = sum >= (features > 1 ? enough : enough_alone) && sum >= share_shown * expected &&
                 (double)agreed >= share_agreed * (double)features;
    return shown ? most : scaling->features;
}

size_t scaling_again(const struct scaling *scaling, const struct dataset *data)
{
    if (scaling_spread(scaling) == NULL || data->rows < 2)
        return data->features;
    struct scaled_evidence *evidence = memory_allocate(data->features, sizeof *evidence);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++) {
            size_t j = sample_column(&x, t);
            value_add(scaling, j, sample_value(&x, t), &evidence[j]);
        }
    }
    size_t most = conclude(scaling, evidence);
    memory_free(evidence);
    return most;
}
