/* SPDX-License-Identifier: MIT
 *
 * A model that bends is several smooth curves, one for each choice of the numbers of threads that
 * lie beyond the bend. Each of these pieces has bounds within which it is the model, and is fitted
 * within them; the best is the fit, and an interval reaches from the least to the largest value
 * that any piece allows. So every minimum is found, also one at a bend, where the model has no
 * slope. A model without bends is one piece.
 *
 * Times without noise leave sums of squares that are rounding only, and a logarithm of them would
 * tell models apart by that. No clock tells a billionth of a time, so no deviation counts as less.
 */
#include "measure/statistics/speedup_fit.h"

#include "base/memory.h"
#include "measure/statistics/f_distribution.h"

#include <math.h>
#include <stdio.h>

static const double alpha = 0.05, resolution = 1e-9;

/* A piece counts as better only by more than rounding: of equals, the first stands. */
static const double equal = 1e-9;

/* Where a minimum is searched from: shares of a finite range, and what is added to the low end of
 * others (coefficients per thread). */
enum { STARTS = 4 };
static const double starts_finite[STARTS] = {0.0, 0.3, 0.7, 1.0};
static const double starts_open[STARTS] = {0.0, 1e-4, 1e-2, 1.0};

struct fit_piece {
    struct least_squares problem;
    struct least_squares_box box;
    double x[SPEEDUP_PARAMETERS]; /* the minimum */
    double sum;
};

struct speedup_points speedup_points_of(const struct speedup_sample *samples, size_t count,
                                        const struct speedup_counts *counts)
{
    double *columns = memory_allocate(3 * counts->count, sizeof *columns);
    struct speedup_points points = {.count = counts->count,
                                    .threads = columns,
                                    .log_seconds = columns + counts->count,
                                    .samples = columns + 2 * counts->count,
                                    .total = (double)count};
    for (size_t i = 0; i < counts->count; i++) {
        const struct speedup_count *row = &counts->rows[i];
        points.threads[i] = (double)row->threads;
        points.samples[i] = (double)row->samples;
        for (size_t j = 0; j < count; j++)
            if (samples[j].threads == row->threads)
                points.log_seconds[i] += log(samples[j].seconds) / points.samples[i];
        for (size_t j = 0; j < count; j++)
            if (samples[j].threads == row->threads)
                points.within += pow(log(samples[j].seconds) - points.log_seconds[i], 2.0);
    }
    return points;
}

void speedup_points_free(struct speedup_points *points)
{
    memory_free(points->threads);
    *points = (struct speedup_points){0};
}

static size_t count_pieces(const struct speedup_model *model, const struct speedup_points *points)
{
    return model->bends ? points->count + 1 : 1;
}

/* Piece i of a model that bends at 1 / x[1] threads: the i largest numbers lie beyond. */
static void bound_piece(struct fit_piece *piece, const struct speedup_points *points, size_t i)
{
    size_t below = points->count - i; /* numbers of threads before the bend */
    piece->box.low[1] = i > 0 ? 1.0 / points->threads[below] : 0.0;
    piece->box.high[1] = below > 0 ? 1.0 / points->threads[below - 1] : 1.0;
    piece->problem.regime = i > 0 ? points->threads[below] : INFINITY;
}

static struct fit_piece open_piece(const struct speedup_model *model,
                                   const struct speedup_points *points, size_t i)
{
    struct fit_piece piece = {.problem = {.curve = model->curve,
                                          .parameters = model->parameters,
                                          .points = points->count,
                                          .at = points->threads,
                                          .value = points->log_seconds,
                                          .weight = points->samples,
                                          .within = points->within}};
    for (size_t j = 0; j < model->parameters; j++) {
        piece.box.low[j] = model->parameter[j].low;
        piece.box.high[j] = model->parameter[j].high;
    }
    if (model->bends)
        bound_piece(&piece, points, i);
    return piece;
}

/* log t1 for which the residuals have mean 0, which is the best for the other parameters. */
static double best_scale(const struct least_squares *problem, double *x)
{
    double sum = 0.0, samples = 0.0, slope[SPEEDUP_PARAMETERS];
    x[0] = 0.0;
    for (size_t i = 0; i < problem->points; i++) {
        double curve = problem->curve(problem->at[i], x, problem->regime, slope);
        sum += problem->weight[i] * (problem->value[i] - curve);
        samples += problem->weight[i];
    }
    return sum / samples;
}

static double start_value(const struct fit_piece *piece, size_t i, size_t which)
{
    double low = piece->box.low[i], high = piece->box.high[i];
    return isfinite(high) ? low + starts_finite[which] * (high - low) : low + starts_open[which];
}

/* The best of a grid over all parameters but the scale. */
static void find_start(struct fit_piece *piece)
{
    piece->sum = INFINITY;
    size_t cells = piece->problem.parameters > 2 ? STARTS * STARTS : STARTS;
    for (size_t j = 0; j < cells; j++) {
        double x[SPEEDUP_PARAMETERS] = {0.0, start_value(piece, 1, j % STARTS)};
        if (piece->problem.parameters > 2)
            x[2] = start_value(piece, 2, j / STARTS);
        x[0] = best_scale(&piece->problem, x);
        double sum = least_squares_sum(&piece->problem, x);
        if (!(sum < piece->sum))
            continue;
        piece->sum = sum;
        for (size_t k = 0; k < SPEEDUP_PARAMETERS; k++)
            piece->x[k] = x[k];
    }
}

/* Minimises within each piece; returns the best of them. */
static size_t minimise_pieces(struct fit_piece *pieces, const struct speedup_model *model,
                              const struct speedup_points *points)
{
    size_t best = 0, count = count_pieces(model, points);
    for (size_t i = 0; i < count; i++) {
        pieces[i] = open_piece(model, points, i);
        find_start(&pieces[i]);
        pieces[i].sum = least_squares_minimise(&pieces[i].problem, &pieces[i].box, pieces[i].x);
        if (pieces[i].sum < pieces[best].sum * (1.0 - equal))
            best = i;
    }
    return best;
}

static void widen(struct speedup_interval *interval, double value)
{
    interval->low = fmin(interval->low, value);
    interval->high = fmax(interval->high, value);
}

/* Both ends of coordinate i within a piece, as values of what `parameter` says. */
static void widen_by_piece(struct speedup_interval *interval, const struct fit_piece *piece,
                           double limit, size_t i, const struct speedup_parameter *parameter)
{
    for (int direction = -1; direction <= 1; direction += 2) {
        double end =
            least_squares_reach(&piece->problem, &piece->box, piece->x, limit, i, direction);
        widen(interval, speedup_parameter_value(parameter, end));
    }
}

static void find_intervals(struct speedup_fit *fit, const struct fit_piece *pieces, size_t count,
                           double limit)
{
    for (size_t i = 0; i < fit->model->parameters; i++)
        for (size_t j = 0; j < count; j++)
            if (pieces[j].sum <= limit)
                widen_by_piece(&fit->parameters[i], &pieces[j], limit, i,
                               &fit->model->parameter[i]);
}

/* The interval of p* as a parameter in place of the last one. A model whose best is below one
 * thread has it at one, which may be no better than the limit. */
static void reach_best(struct speedup_fit *fit, struct fit_piece piece, double limit)
{
    static const struct speedup_parameter reciprocal = {.coordinate = SPEEDUP_RECIPROCAL};
    size_t last = fit->model->parameters - 1;
    piece.problem.curve = fit->model->curve_by_best;
    for (size_t i = 1; i <= last; i++) {
        piece.box.low[i] = 0.0;
        piece.box.high[i] = 1.0;
        piece.x[i] = fmin(piece.x[i], 1.0);
    }
    piece.x[last] = 1.0 / fit->best.value;
    struct least_squares_box held = piece.box;
    held.low[last] = held.high[last] = piece.x[last];
    if (least_squares_minimise(&piece.problem, &held, piece.x) <= limit)
        widen_by_piece(&fit->best, &piece, limit, last, &reciprocal);
}

static size_t whole_best(const struct speedup_model *model, double best, size_t maximum)
{
    double most = (double)maximum;
    return best >= most ? maximum : (size_t)fmin(model->whole(best), most);
}

static void find_best(struct speedup_fit *fit, const struct fit_piece *piece, double limit,
                      size_t maximum)
{
    const struct speedup_model *model = fit->model;
    double values[SPEEDUP_PARAMETERS], last[2];
    for (size_t i = 0; i < model->parameters; i++)
        values[i] = fit->parameters[i].value;
    double best = model->best(values);
    fit->best = (struct speedup_interval){best, best, best};
    if (model->curve_by_best != NULL) {
        reach_best(fit, *piece, limit);
    } else {
        last[0] = fit->parameters[model->parameters - 1].low;
        last[1] = fit->parameters[model->parameters - 1].high;
        for (size_t i = 0; i < 2; i++) {
            values[model->parameters - 1] = last[i];
            widen(&fit->best, model->best(values));
        }
    }
    fit->best_count = whole_best(model, fit->best.value, maximum);
    fit->best_count_low = whole_best(model, fit->best.low, maximum);
    fit->best_count_high = whole_best(model, fit->best.high, maximum);
}

/* The F test of lack of fit: squares of means about the curve against those of samples about their
 * means (Draper and Smith, "Applied regression analysis", chapter 2). */
static double misfit_of(const struct speedup_points *points, double sum, double parameters)
{
    double means = (double)points->count, repeats = points->total - means;
    if (repeats < 1.0 || points->within < repeats * resolution * resolution)
        return NAN;
    double lack = fmax(sum - points->within, 0.0) / (means - parameters);
    return f_tail(lack / (points->within / repeats), means - parameters, repeats);
}

/* Akaike's criterion; see speedup.h. */
static double corrected_criterion(double samples, double sum, double parameters)
{
    double k = parameters + 1.0, spare = samples - k - 1.0;
    if (spare < 1.0)
        return NAN;
    return samples * log(sum / samples) + 2.0 * k + 2.0 * k * (k + 1.0) / spare;
}

static bool has_enough_counts(struct speedup_fit *fit, const struct speedup_points *points)
{
    size_t needed = fit->model->parameters + 1;
    if (points->count >= needed)
        return true;
    snprintf(fit->reason, sizeof fit->reason,
             "%zu thread count%s: a model with %zu free parameters needs %zu", points->count,
             points->count == 1 ? "" : "s", fit->model->parameters, needed);
    return false;
}

struct speedup_fit speedup_fit_model(const struct speedup_model *model,
                                     const struct speedup_points *points, size_t maximum)
{
    struct speedup_fit fit = {.model = model, .deviation = NAN, .misfit = NAN, .aicc = NAN};
    if (!has_enough_counts(&fit, points))
        return fit;
    fit.fitted = true;
    size_t count = count_pieces(model, points);
    struct fit_piece *pieces = memory_allocate(count, sizeof *pieces);
    const struct fit_piece *best = &pieces[minimise_pieces(pieces, model, points)];
    double parameters = (double)model->parameters, spare = points->total - parameters;
    double sum = fmax(best->sum, points->total * resolution * resolution);
    double limit = sum * (1.0 + f_critical(alpha, 1.0, spare) / spare);
    for (size_t i = 0; i < model->parameters; i++) {
        double value = speedup_parameter_value(&model->parameter[i], best->x[i]);
        fit.parameters[i] = (struct speedup_interval){value, value, value};
    }
    find_intervals(&fit, pieces, count, limit);
    find_best(&fit, best, limit, maximum);
    fit.deviation = sqrt(best->sum / spare);
    fit.misfit = misfit_of(points, best->sum, parameters);
    fit.aicc = corrected_criterion(points->total, sum, parameters);
    memory_free(pieces);
    return fit;
}
