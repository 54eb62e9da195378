/* SPDX-License-Identifier: MIT
 *
 * The model of a sum over ranks. It is linear in its two parameters, so that the fit needs no
 * search: with x = steps / t and y = bytes / t, minimise the sum of (alpha x + beta y - 1)^2 over
 * alpha, beta >= 0. Where the minimum of the plane has one of them negative, it is 0, and the other
 * is that of a line.
 */
#include "measure/ceilings/exchange.h"

#include <math.h>
#include <stdio.h>

/* --- The fit --------------------------------------------------------------------------------- */

static bool went_between_hosts(const struct exchange_sample *sample)
{
    return sample->ranks > sample->per_host;
}

/* The samples to be fitted: those between hosts, where there are any. */
struct fit {
    const struct exchange_sample *samples; /* (count) */
    size_t count;
    bool between_hosts;
};

static bool is_fitted(const struct fit *fit, size_t i)
{
    const struct exchange_sample *sample = &fit->samples[i];
    return sample->ranks > 1 && sample->seconds > 0.0 &&
           (!fit->between_hosts || went_between_hosts(sample));
}

/* Sums of products over the samples. */
struct moments {
    double x, y, xx, xy, yy;
};

/* y is measured in bytes of the largest sample, so that both have like sizes. */
static struct moments moments_of(const struct fit *fit, double unit)
{
    struct moments sums = {0};
    for (size_t i = 0; i < fit->count; i++) {
        const struct exchange_sample *sample = &fit->samples[i];
        if (!is_fitted(fit, i))
            continue;
        const struct ranks_cost cost =
            ranks_allreduce_cost((int)sample->ranks, sample->bytes / sizeof(double));
        double x = cost.steps / sample->seconds;
        double y = cost.step_bytes / unit / sample->seconds;
        sums.x += x;
        sums.y += y;
        sums.xx += x * x;
        sums.xy += x * y;
        sums.yy += y * y;
    }
    return sums;
}

static void solve(const struct moments *sums, double unit, struct exchange_model *model)
{
    double determinant = sums->xx * sums->yy - sums->xy * sums->xy;
    double alpha = (sums->x * sums->yy - sums->y * sums->xy) / determinant;
    double beta = (sums->y * sums->xx - sums->x * sums->xy) / determinant;
    if (!(alpha >= 0.0)) {
        alpha = 0.0;
        beta = sums->y / sums->yy;
    } else if (!(beta >= 0.0)) {
        alpha = sums->x / sums->xx;
        beta = 0.0;
    }
    model->alpha = alpha;
    model->beta = beta / unit;
}

static void judge(const struct fit *fit, struct exchange_model *model)
{
    for (size_t i = 0; i < fit->count; i++) {
        const struct exchange_sample *sample = &fit->samples[i];
        if (!is_fitted(fit, i))
            continue;
        double told = exchange_seconds(model, (int)sample->ranks, sample->bytes);
        double deviation = fabs(told / sample->seconds - 1.0);
        if (deviation >= model->deviation) {
            model->deviation = deviation;
            model->farthest = *sample;
        }
    }
}

/* Counts what there is to fit, and finds its range. */
static void survey(const struct fit *fit, struct exchange_model *model, double *smallest,
                   double *largest)
{
    *smallest = INFINITY;
    *largest = 0.0;
    for (size_t i = 0; i < fit->count; i++) {
        const struct exchange_sample *sample = &fit->samples[i];
        if (!is_fitted(fit, i))
            continue;
        *smallest = fmin(*smallest, sample->bytes);
        *largest = fmax(*largest, sample->bytes);
        if (model->samples++ == 0)
            model->fewest = model->most = sample->ranks;
        if (sample->ranks < model->fewest)
            model->fewest = sample->ranks;
        if (sample->ranks > model->most)
            model->most = sample->ranks;
    }
}

void exchange_fit(const struct exchange_sample *samples, size_t count, struct exchange_model *model)
{
    struct fit fit = {samples, count, false};
    double smallest, largest;
    *model = (struct exchange_model){0};
    for (size_t i = 0; i < count; i++)
        fit.between_hosts = fit.between_hosts || went_between_hosts(&samples[i]);
    model->between_hosts = fit.between_hosts;
    survey(&fit, model, &smallest, &largest);
    if (model->samples == 0)
        snprintf(model->reason, EXCHANGE_REASON, "no sum over several ranks was measured");
    else if (smallest == largest)
        snprintf(model->reason, EXCHANGE_REASON,
                 "sums of one size only, %.0f bytes, were measured; two are needed", largest);
    if (*model->reason != '\0')
        return;
    struct moments sums = moments_of(&fit, largest);
    solve(&sums, largest, model);
    model->fitted = true;
    judge(&fit, model);
}

/* --- Predictions ----------------------------------------------------------------------------- */

double exchange_seconds(const struct exchange_model *model, int ranks, double bytes)
{
    const struct ranks_cost cost = ranks_allreduce_cost(ranks, bytes / sizeof(double));
    return ranks > 1 ? model->alpha * cost.steps + model->beta * cost.step_bytes : 0.0;
}

struct exchange_prediction exchange_predict(const struct exchange_model *model,
                                            const struct exchange_work *work, int ranks)
{
    const double P = ranks, alone = work->own_seconds + work->rows_seconds;
    const double exchange = work->sums * exchange_seconds(model, ranks, work->bytes);
    const double a_row = work->rows_seconds / work->rows;
    struct exchange_prediction prediction = {
        .ranks = ranks,
        .seconds = work->own_seconds + work->rows_seconds / P + exchange,
        .exchange = exchange,
        .rows_to_win = INFINITY,
        .rows_to_half = INFINITY,
    };
    prediction.efficiency = alone / (P * prediction.seconds);
    if (ranks > 1 && a_row > 0.0) {
        prediction.rows_to_win = floor(exchange * P / (P - 1.0) / a_row) + 1.0;
        prediction.rows_to_half =
            fmax(1.0, ceil(((P - 2.0) * work->own_seconds + P * exchange) / a_row));
    }
    return prediction;
}
