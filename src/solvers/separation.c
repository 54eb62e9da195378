/* SPDX-License-Identifier: MIT
 *
 * Looking for proofs that data are separable, each in one reading of the data; ranks read theirs.
 */
#include "solvers/separation.h"

#include "base/memory.h"

#include <math.h>
#include <stdio.h>

enum { UP = 1, DOWN = 2, SHOWN = 3 };

/* What each feature does (d): UP and DOWN, or both, when it pushes some sample to its own side
 * with a positive, or a negative, weight. */
static unsigned char *pushes_of_features(const struct dataset *data)
{
    unsigned char *pushes = memory_allocate(data->features, sizeof *pushes);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double sign = data->y[i] > 0.5 ? 1.0 : -1.0;
        for (size_t t = 0; t < x.count; t++) {
            double push = sign * x.values[t];
            if (push != 0.0)
                pushes[sample_column(&x, t)] |= push > 0.0 ? UP : DOWN;
        }
    }
    ranks_any(data->ranks, pushes, data->features);
    return pushes;
}

bool separation_by_feature(const struct dataset *data, char *reason, size_t size)
{
    unsigned char *pushes = pushes_of_features(data);
    size_t count = 0;
    int used = 0;
    char list[128] = "", name[DATASET_NAME];
    for (size_t j = 0; j < data->features; j++) {
        if (pushes[j] != UP && pushes[j] != DOWN)
            continue;
        if (count++ < SHOWN && (size_t)used < sizeof list)
            used += snprintf(list + used, sizeof list - (size_t)used, "%s%.24s",
                             used > 0 ? ", " : "", dataset_feature_name(data, j, name));
    }
    memory_free(pushes);
    if (count == 0)
        return false;
    snprintf(reason, size, "%zu feature%s separable on %s own (%s%s)", count,
             count == 1 ? " is" : "s are", count == 1 ? "its" : "their", list,
             count > SHOWN ? ", ..." : "");
    return true;
}

/* Newton's steps reach the direction only in the limit, and a sample that stays where it is comes
 * out as rounding: 1e-7 of the largest push is nothing. All > 0 needs no such allowance. */
bool separation_along(const struct dataset *data, const double *direction, char *reason,
                      size_t size)
{
    double least = INFINITY, most = -INFINITY;
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        double push = sample_dot(&x, direction) + direction[data->features];
        push = data->y[i] > 0.5 ? push : -push;
        least = fmin(least, push);
        most = fmax(most, push);
    }
    least = ranks_smallest(data->ranks, least);
    most = ranks_largest(data->ranks, most);
    if (!(most > 0.0) || least < -1e-7 * most)
        return false;
    snprintf(reason, size, "the data are %s separable: F falls for ever along a direction",
             least > 0.0 ? "completely" : "quasi-completely");
    return true;
}
