/* SPDX-License-Identifier: MIT
 *
 * Looking for proofs that data are separable; ranks look at their rows, and know what all have
 * seen.
 */
#include "solvers/optimum/separation.h"

#include "base/memory.h"
#include "solvers/optimum/exact_sign.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN = 3 };

static double side(const struct normalised *problem, size_t i)
{
    return problem->data->y[i] > 0.5 ? 1.0 : -1.0;
}

/* Counts of what all ranks have seen. */
static enum separation conclude(const struct normalised *problem, double against, double with,
                                double touching)
{
    double counts[] = {against, with, touching};
    ranks_allreduce(problem->data->ranks, counts, 3);
    if (counts[0] > 0.0 || counts[1] == 0.0)
        return SEPARATION_UNPROVEN;
    return counts[2] > 0.0 ? SEPARATION_TOUCHING : SEPARATION_COMPLETE;
}

/* --- One feature ----------------------------------------------------------------------------- */

static bool is_one_sided(const struct ranges *ranges, size_t j)
{
    const struct range *zero = &ranges->of[0][j], *one = &ranges->of[1][j];
    const bool moves = fmin(zero->least, one->least) < 0.0 || fmax(zero->most, one->most) > 0.0;
    return moves &&
           ((zero->most <= 0.0 && one->least >= 0.0) || (zero->least >= 0.0 && one->most <= 0.0));
}

/* Samples in which all these features are 0. */
static enum separation touch_features(const struct normalised *problem,
                                      const unsigned char *one_sided, unsigned char *touched)
{
    double with = 0.0, touching = 0.0;
    for (size_t i = 0; i < problem->data->rows; i++) {
        const struct sample x = dataset_sample(problem->data, i);
        bool pushed = false;
        for (size_t t = 0; t < x.count; t++)
            pushed = pushed || (sample_value(&x, t) != 0.0 && one_sided[sample_column(&x, t)]);
        const bool here = normalised_has(problem, i);
        with += here && pushed;
        touching += here && !pushed;
        if (touched != NULL)
            touched[i] = here && !pushed;
    }
    return conclude(problem, 0.0, with, touching);
}

enum separation separation_by_feature(const struct normalised *problem, const struct ranges *ranges,
                                      unsigned char *touched, char *reason, size_t size)
{
    const struct dataset *data = problem->data;
    unsigned char *one_sided = memory_allocate(data->features, sizeof *one_sided);
    size_t count = 0;
    int used = 0;
    char list[128] = "", name[DATASET_NAME];
    for (size_t j = 0; j < data->features; j++) {
        one_sided[j] = is_one_sided(ranges, j);
        if (!one_sided[j])
            continue;
        if (count++ < SHOWN && (size_t)used < sizeof list)
            used += snprintf(list + used, sizeof list - (size_t)used, "%s%.24s",
                             used > 0 ? ", " : "", dataset_feature_name(data, j, name));
    }
    enum separation answer = SEPARATION_UNPROVEN;
    if (count > 0) {
        answer = touch_features(problem, one_sided, touched);
        snprintf(reason, size, "%zu feature%s separable on %s own (%s%s)", count,
                 count == 1 ? " is" : "s are", count == 1 ? "its" : "their", list,
                 count > SHOWN ? ", ..." : "");
    }
    memory_free(one_sided);
    return answer;
}

/* The value at which the classes meet, lower <= upper; NaN: they overlap, or are constant. */
static double meeting(const struct range *lower, const struct range *upper)
{
    const bool apart = lower->most <= upper->least && lower->least < upper->most;
    return apart ? lower->most : NAN;
}

static enum separation touch_value(const struct normalised *problem, size_t j, double value,
                                   unsigned char *touched)
{
    double with = 0.0, touching = 0.0;
    for (size_t i = 0; i < problem->data->rows; i++) {
        const struct sample x = dataset_sample(problem->data, i);
        double own = 0.0;
        for (size_t t = 0; t < x.count; t++)
            own = sample_column(&x, t) == j ? sample_value(&x, t) : own;
        const bool here = normalised_has(problem, i);
        with += here && own != value;
        touching += here && own == value;
        if (touched != NULL)
            touched[i] = here && own == value;
    }
    return conclude(problem, 0.0, with, touching);
}

enum separation separation_by_threshold(const struct normalised *problem,
                                        const struct ranges *ranges, unsigned char *touched)
{
    enum separation answer = SEPARATION_UNPROVEN;
    size_t feature = 0;
    double value = NAN;
    if (ranges->rows[0] == 0.0 || ranges->rows[1] == 0.0)
        return SEPARATION_COMPLETE;
    for (size_t j = 0; j < problem->data->features; j++) {
        const struct range *zero = &ranges->of[0][j], *one = &ranges->of[1][j];
        if (zero->most < one->least || one->most < zero->least)
            return SEPARATION_COMPLETE;
        const double up = meeting(zero, one), down = meeting(one, zero);
        if (isnan(value) && !(isnan(up) && isnan(down))) {
            value = isnan(up) ? down : up;
            feature = j;
        }
    }
    if (!isnan(value))
        answer = touch_value(problem, feature, value, touched);
    return answer;
}

/* --- Any direction --------------------------------------------------------------------------- */

enum separation separation_strictly(const struct normalised *problem, const double *v,
                                    const double *products)
{
    const size_t rows = problem->data->rows;
    double against = 0.0, with = 0.0;
    for (size_t i = 0; i < rows && against == 0.0; i++)
        if (normalised_has(problem, i))
            against += !(side(problem, i) * products[i] > 0.0);
    against = ranks_allreduce_max(problem->data->ranks, against);
    if (against > 0.0)
        return SEPARATION_UNPROVEN;
    double *buffer = memory_allocate(problem->length, sizeof *buffer);
    for (size_t i = 0; i < rows && against == 0.0; i++) {
        if (!normalised_has(problem, i))
            continue;
        const struct sample x = normalised_row(problem, i, buffer);
        const double doubt = normalised_rounding(&x, normalised_size(problem, &x, v));
        against += !(fabs(products[i]) > doubt);
        with += 1.0;
    }
    memory_free(buffer);
    return conclude(problem, against, with, 0.0);
}

/* Is x~ what it should be? What a column of 1e300 makes of 1e-300 is not. */
static bool is_exact(const struct normalised *problem, const struct sample *raw,
                     const struct sample *x)
{
    for (size_t t = 0; t < x->count; t++) {
        const double shift = problem->shift[sample_column(x, t)];
        if (sample_value(raw, t) != shift && fabs(sample_value(x, t)) < 0x1p-1000)
            return false;
    }
    return true;
}

/* What a push is made of. */
struct push {
    const struct normalised *problem;
    const double *v, *anchor;
    double at_anchor, anchor_size; /* its product, and the size of its terms */
    double *buffer, *parts;
};

static int exact_sign_of(const struct push *push, const struct sample *raw, const struct sample *x)
{
    const size_t d = push->problem->length - 1;
    struct exact_sum exact_sum = {.parts = push->parts,
                                  .unknown = !is_exact(push->problem, raw, x)};
    for (size_t t = 0; t < x->count; t++)
        exact_sum_add(&exact_sum, sample_value(x, t), push->v[sample_column(x, t)]);
    for (size_t j = 0; push->anchor != NULL && j < d; j++)
        exact_sum_add(&exact_sum, -push->anchor[j], push->v[j]);
    if (push->anchor == NULL)
        exact_sum_add(&exact_sum, push->v[d], 1.0);
    return exact_sum_sign(&exact_sum);
}

/* 1, 0, or -1, also where it is not known. */
static int push_of(const struct push *push, size_t i)
{
    const struct normalised *problem = push->problem;
    const struct sample raw = dataset_sample(problem->data, i);
    const struct sample x = normalised_row(problem, i, push->buffer);
    const double product = normalised_dot(problem, &x, push->v) - push->at_anchor;
    const double size = normalised_size(problem, &x, push->v) + push->anchor_size;
    const double sign = side(problem, i);
    if (fabs(product) > 4.0 * normalised_rounding(&x, size))
        return sign * product > 0.0 ? 1 : -1;
    const int exact = exact_sign_of(push, &raw, &x);
    return exact == EXACT_SIGN_UNKNOWN ? -1 : (int)sign * exact;
}

enum separation separation_exactly(const struct normalised *problem, const double *v,
                                   const double *anchor, unsigned char *touched)
{
    double *buffer = memory_allocate(5 * problem->length + 1, sizeof *buffer);
    struct push push = {.problem = problem, .v = v, .anchor = anchor, .buffer = buffer};
    double against = 0.0, with = 0.0, touching = 0.0;
    push.parts = buffer + problem->length;
    if (anchor != NULL) {
        const struct sample x = {.count = problem->length - 1, .values = anchor};
        push.at_anchor = normalised_dot(problem, &x, v);
        push.anchor_size = normalised_size(problem, &x, v);
        push.anchor_size *= ((double)problem->length + 3.0) / 3.0; /* a sparse row is shorter */
    }
    for (size_t i = 0; i < problem->data->rows && against == 0.0; i++) {
        const bool here = normalised_has(problem, i);
        const int sign = here ? push_of(&push, i) : 1;
        against += here && sign < 0;
        with += here && sign > 0;
        touching += here && sign == 0;
        if (touched != NULL)
            touched[i] = here && sign == 0;
    }
    memory_free(buffer);
    return conclude(problem, against, with, touching);
}
