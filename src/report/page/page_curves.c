/* SPDX-License-Identifier: MIT
 *
 * Which curves are drawn, and which of their points.
 *
 * A picture holds some hundred curves. Where there are more configurations, each solver gives as
 * many as any other, if it has them: those at even steps down its ranking by the objective, so that
 * the best is there and so is every region that a filter may leave. A configuration is drawn by its
 * first trial.
 *
 * Half of the points of a curve are at even steps, half at even ratios: either axis, linear or
 * logarithmic, has enough of them. First and last are always there.
 */
#include "report/page/page_data.h"

#include "base/memory.h"
#include "store/json_value.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_indices(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* Sorts and leaves each index once. */
static size_t unique(size_t *indices, size_t count)
{
    size_t kept = 0;
    qsort(indices, count, sizeof *indices, compare_indices);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || indices[kept - 1] != indices[i])
            indices[kept++] = indices[i];
    return kept;
}

size_t page_thin(size_t count, size_t chosen[static PAGE_CURVE_POINTS])
{
    const size_t half = PAGE_CURVE_POINTS / 2;
    if (count <= PAGE_CURVE_POINTS) {
        for (size_t i = 0; i < count; i++)
            chosen[i] = i;
        return count;
    }
    for (size_t i = 0; i < half; i++) {
        double share = (double)i / (double)(half - 1);
        chosen[i] = i * (count - 1) / (half - 1);
        chosen[half + i] = (size_t)lround(pow((double)(count - 1), share));
    }
    return unique(chosen, 2 * half);
}

/* --- Which configurations ------------------------------------------------------------------ */

struct curve_candidate {
    const struct entry *solver;
    double objective;
    size_t row;
};

/* Solvers together, the best of each first; what is not finite comes last, equals in order. */
static int compare_candidates(const void *a, const void *b)
{
    const struct curve_candidate *x = a, *y = b;
    int order = strcmp(x->solver->name, y->solver->name);
    if (order != 0)
        return order;
    double left = isfinite(x->objective) ? x->objective : INFINITY;
    double right = isfinite(y->objective) ? y->objective : INFINITY;
    if (left != right)
        return left < right ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static size_t solver_end(const struct curve_candidate *list, size_t count, size_t first)
{
    size_t end = first;
    while (end < count && list[end].solver == list[first].solver)
        end++;
    return end;
}

/* The most that every solver may give, so that all together give no more than PAGE_CURVES. */
static size_t quota(const struct curve_candidate *list, size_t count)
{
    size_t most = PAGE_CURVES;
    for (size_t total = PAGE_CURVES + 1; total > PAGE_CURVES && most > 1; most--) {
        total = 0;
        for (size_t first = 0, end; first < count; first = end) {
            end = solver_end(list, count, first);
            total += end - first < most ? end - first : most;
        }
        if (total <= PAGE_CURVES)
            break;
    }
    return most;
}

/* Fills `rows` (PAGE_CURVES), ascending. */
static size_t choose_rows(const struct results *results, size_t *rows, size_t *recorded)
{
    struct curve_candidate *list = memory_allocate(results->count, sizeof *list);
    size_t count = 0, chosen = 0;
    for (size_t i = 0; i < results->count; i++)
        if (results->outcomes[i].count > 0)
            list[count++] = (struct curve_candidate){outcome_values(&results->outcomes[i])->solver,
                                                     results->outcomes[i].objective, i};
    qsort(list, count, sizeof *list, compare_candidates);
    const size_t most = quota(list, count);
    for (size_t first = 0, end; first < count; first = end) {
        end = solver_end(list, count, first);
        size_t size = end - first, taken = size < most ? size : most;
        for (size_t i = 0; i < taken && chosen < PAGE_CURVES; i++)
            rows[chosen++] = list[first + i * size / taken].row;
    }
    memory_free(list);
    *recorded = count;
    return unique(rows, chosen);
}

/* --- Their points -------------------------------------------------------------------------- */

static json_t *curve_json(size_t row, const struct stored_trial *trial, const struct trace *trace)
{
    size_t chosen[PAGE_CURVE_POINTS], count = page_thin(trace->count, chosen);
    json_t *object = json_value_object(), *epoch = json_value_array(), *loss = json_value_array();
    json_t *seconds = json_value_array(), *gap = json_value_array();
    json_t *heldout = json_value_array();
    for (size_t i = 0; i < count; i++) {
        const struct trace_point *point = &trace->points[chosen[i]];
        json_value_append(epoch, json_value_integer(point->epoch));
        json_value_append(seconds, json_value_real(point->seconds));
        json_value_append(loss, json_value_real(point->loss));
        json_value_append(gap, json_value_real(point->objective - trial->optimum));
        json_value_append(heldout, json_value_real(point->heldout_loss));
    }
    json_value_set(object, "row", json_value_integer((int64_t)row));
    json_value_set(object, "solo", json_boolean(stored_trial_is_timed(trial)));
    json_value_set(object, "epochs", epoch);
    json_value_set(object, "seconds", seconds);
    json_value_set(object, "loss", loss);
    json_value_set(object, "gap", gap);
    if (trace->count > 0 && isfinite(trace->points[0].heldout_loss))
        json_value_set(object, "heldout_loss", heldout);
    else
        json_decref(heldout);
    return object;
}

bool page_curves(const struct opened_store *opened, json_t **curves, struct error *error)
{
    const struct results *results = &opened->results;
    size_t rows[PAGE_CURVES], recorded, count = choose_rows(results, rows, &recorded);
    json_t *list = json_value_array();
    *curves = json_value_object();
    json_value_set(*curves, "curves", list);
    json_value_set(*curves, "left_out", json_value_integer((int64_t)(recorded - count)));
    for (size_t i = 0; i < count; i++) {
        const struct stored_trial *trial = results->outcomes[rows[i]].trials;
        struct trace trace;
        if (!store_read_trace(opened->store, trial->id, &trace, error))
            return false;
        json_value_append(list, curve_json(rows[i], trial, &trace));
        memory_free(trace.points);
    }
    return true;
}
