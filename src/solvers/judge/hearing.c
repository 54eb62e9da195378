/* SPDX-License-Identifier: MIT
 *
 * Passes over the data on one thread, sample by sample: a program is judged once, so they are
 * plain.
 */
#include "solvers/judge/hearing.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* --- Gradients ----------------------------------------------------------------------------- */

/* The weights of classes that a loss takes: those of the data, or what they are not. */
static void weights_of_classes(const struct dataset *data, bool other, double c[static 2])
{
    c[0] = data->class_weights[0];
    c[1] = data->class_weights[1];
    if (!other)
        return;
    double ones = 0.0;
    const double n = (double)data->rows;
    for (size_t i = 0; i < data->rows; i++)
        ones += data->y[i] > 0.5;
    const bool weighted = c[0] != 1.0 || c[1] != 1.0;
    c[0] = weighted || ones == n ? 1.0 : n / (2.0 * (n - ones));
    c[1] = weighted || ones == 0.0 ? 1.0 : n / (2.0 * ones);
}

static bool is_at_kink(const struct loss *loss, double z, double y)
{
    return loss->kinked && fabs((2.0 * y - 1.0) * z - 1.0) <= KINK_WIDTH;
}

static double norm_of_sample(const struct sample *x)
{
    double squares = 1.0; /* that of the bias */
    for (size_t t = 0; t < x->count; t++)
        squares += sample_value(x, t) * sample_value(x, t);
    return sqrt(squares);
}

/* kinks->rows (n) has room for all samples. */
static void note_kink(struct kinks *kinks, size_t row, double length)
{
    kinks->rows[kinks->count++] = row;
    kinks->reach += length;
}

/* g (d + 1): the mean of d loss / d(w, b) at v (d + 1). The mean of |d loss / dz| is returned. */
static double add_up(const struct dataset *data, const struct loss *loss, const double *v,
                     double *g, struct kinks *kinks)
{
    const size_t d = data->features;
    const double n = (double)data->rows;
    double c[2], size = 0.0;
    weights_of_classes(data, loss->other_classes, c);
    memset(g, 0, (d + 1) * sizeof *g);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        const double y = data->y[i], z = sample_dot(&x, v) + v[d];
        if (is_at_kink(loss, z, y)) {
            note_kink(kinks, i, c[y > 0.5] * norm_of_sample(&x) / n);
            continue;
        }
        const double slope = loss->slope(z, y, c[y > 0.5]);
        sample_add(&x, slope, g);
        g[d] += slope;
        size += fabs(slope);
    }
    for (size_t j = 0; j <= d; j++)
        g[j] /= n;
    return size / n;
}

const double *hearing_gradient(struct hearing *hearing, size_t rescaling, size_t loss)
{
    double **g = &hearing->gradient[rescaling][loss];
    const struct dataset *data = hearing->judged->data;
    if (*g == NULL) {
        struct kinks *kinks = &hearing->kinks[rescaling][loss];
        if (judge_losses[loss].kinked)
            kinks->rows = memory_allocate(data->rows, sizeof *kinks->rows);
        *g = memory_allocate(hearing->features + 1, sizeof **g);
        hearing->size[rescaling][loss] =
            add_up(data, &judge_losses[loss], hearing->v[rescaling], *g, kinks);
    }
    return *g;
}

double hearing_norm(const double *g, size_t length)
{
    double squares = 0.0;
    for (size_t j = 0; j < length; j++)
        squares += g[j] * g[j];
    return sqrt(squares);
}

/* --- Kinks --------------------------------------------------------------------------------- */

/* The change of a gradient (d + 1) by the whole slope of a sample at a kink is `scale` (x, 1), of
 * which only coordinates that count are looked at. */
struct bend {
    struct sample x;
    double scale;
    double squares; /* of that change */
    double taken;   /* the part of the slope, 0 to 1 */
};

static struct bend bend_of(const struct hearing *hearing, size_t loss, size_t row,
                           const double *counts)
{
    const struct dataset *data = hearing->judged->data;
    const bool one = data->y[row] > 0.5;
    double c[2], squares = counts[hearing->features];
    weights_of_classes(data, judge_losses[loss].other_classes, c);
    struct bend bend = {.x = dataset_sample(data, row),
                        .scale = (one ? -c[1] : c[0]) / (double)data->rows};
    for (size_t t = 0; t < bend.x.count; t++)
        squares += counts[sample_column(&bend.x, t)] * pow(sample_value(&bend.x, t), 2.0);
    bend.squares = bend.scale * bend.scale * squares;
    return bend;
}

/* Takes the part that leaves least of r; returns by how much it changed. */
static double take(struct bend *bend, const double *counts, size_t d, double *r)
{
    if (!(bend->squares > 0.0))
        return 0.0;
    const double along = bend->scale * (sample_dot(&bend->x, r) + r[d]);
    const double part = fmin(fmax(bend->taken - along / bend->squares, 0.0), 1.0);
    const double change = part - bend->taken;
    for (size_t t = 0; t < bend->x.count; t++) {
        const size_t j = sample_column(&bend->x, t);
        r[j] += change * bend->scale * counts[j] * sample_value(&bend->x, t);
    }
    r[d] += change * bend->scale * counts[d];
    bend->taken = part;
    return fabs(change);
}

void hearing_bend(const struct hearing *hearing, size_t rescaling, size_t loss,
                  const double *counts, double *r, double *g)
{
    enum { SWEEPS_MOST = 1000 };
    const struct kinks *kinks = &hearing->kinks[rescaling][loss];
    const size_t d = hearing->features;
    if (kinks->count == 0 || hearing_norm(r, d + 1) > 2.0 * kinks->reach)
        return;
    struct bend *bends = memory_allocate(kinks->count, sizeof *bends);
    for (size_t i = 0; i < kinks->count; i++)
        bends[i] = bend_of(hearing, loss, kinks->rows[i], counts);
    double change = 1.0;
    for (size_t sweep = 0; sweep < SWEEPS_MOST && change > 1e-12; sweep++) {
        change = 0.0;
        for (size_t i = 0; i < kinks->count; i++)
            change = fmax(change, take(&bends[i], counts, d, r));
    }
    for (size_t i = 0; i < kinks->count; i++) {
        sample_add(&bends[i].x, bends[i].taken * bends[i].scale, g);
        g[d] += bends[i].taken * bends[i].scale;
    }
    memory_free(bends);
}

/* --- All of it ----------------------------------------------------------------------------- */

/* Means and deviations (d) of the columns, zeros of sparse rows among them. Two passes, as sums of
 * squares would leave nothing of the deviation of a column far from 0. */
static void find_moments(const struct dataset *data, double *mean, double *deviation)
{
    const double n = (double)data->rows;
    double *stored = memory_allocate(data->features, sizeof *stored);
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        sample_add(&x, 1.0 / n, mean);
    }
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++) {
            const size_t j = sample_column(&x, t);
            const double distance = sample_value(&x, t) - mean[j];
            deviation[j] += distance * distance;
            stored[j] += 1.0;
        }
    }
    for (size_t j = 0; j < data->features; j++)
        deviation[j] = sqrt((deviation[j] + (n - stored[j]) * mean[j] * mean[j]) / n);
    memory_free(stored);
}

/* The columns that are constant have no scale that could have been taken away. */
static double unit_of(const struct hearing *hearing, size_t j)
{
    return hearing->deviation[j] > 0.0 ? hearing->deviation[j] : 1.0;
}

static double *weights_before(const struct hearing *hearing, const struct rescaling *rescaling)
{
    const struct judged *judged = hearing->judged;
    double *v = memory_allocate(hearing->features + 1, sizeof *v);
    v[hearing->features] = rescaling->bias * judged->b;
    for (size_t j = 0; j < hearing->features; j++) {
        v[j] = rescaling->weights * judged->w[j];
        if (rescaling->standardised) {
            v[j] /= unit_of(hearing, j);
            v[hearing->features] -= v[j] * hearing->mean[j];
        }
    }
    return v;
}

void hearing_open(struct hearing *hearing, const struct judged *judged)
{
    const size_t d = judged->data->features;
    *hearing = (struct hearing){.judged = judged, .features = d};
    hearing->mean = memory_allocate(d, sizeof(double));
    hearing->deviation = memory_allocate(d, sizeof(double));
    find_moments(judged->data, hearing->mean, hearing->deviation);
    for (size_t s = 0; s < RESCALINGS; s++)
        hearing->v[s] = weights_before(hearing, &judge_rescalings[s]);
}

void hearing_close(struct hearing *hearing)
{
    for (size_t s = 0; s < RESCALINGS; s++) {
        for (size_t l = 0; l < LOSSES; l++) {
            memory_free(hearing->gradient[s][l]);
            memory_free(hearing->kinks[s][l].rows);
        }
        memory_free(hearing->v[s]);
    }
    memory_free(hearing->mean);
    memory_free(hearing->deviation);
}
