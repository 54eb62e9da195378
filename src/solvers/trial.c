/* SPDX-License-Identifier: MIT
 *
 * Trials and their traces: names of statuses, growth, and the digest by which two trials are equal.
 */
#include "solvers/trial.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct {
    enum trial_status status;
    const char *name, *words;
} status_names[] = {
    {STATUS_GAP, "gap", "reached the gap"},
    {STATUS_LOSS, "loss", "reached the loss"},
    {STATUS_GRADIENT_NORM, "gradient-norm", "reached the gradient norm"},
    {STATUS_EPOCHS, "epochs", "reached the epoch limit"},
    {STATUS_OWN_RULE, "own-rule", "ended by their program's own rule"},
    {STATUS_TIME_LIMIT, "time-limit", "reached the time limit"},
    {STATUS_CUT, "cut", "were cut"},
    {STATUS_NEEDLESS, "needless", "were needless rungs"},
    {STATUS_WAITING, "waiting", "wait at a rung"},
    {STATUS_DIVERGED, "diverged", "diverged"},
    {STATUS_FAILED, "failed", "failed"},
    {STATUS_RUNNING, "running", "still running"},
    {STATUS_INTERRUPTED, "interrupted", "interrupted"},
    {STATUS_PAUSED, "paused", "paused"},
};

enum { STATUS_COUNT = sizeof status_names / sizeof *status_names };
const size_t trial_status_count = STATUS_COUNT;

enum trial_status trial_status_at(size_t i)
{
    assert(i < STATUS_COUNT);
    return status_names[i].status;
}

static size_t status_place(enum trial_status status)
{
    size_t i = 0;
    while (status_names[i].status != status) {
        i++;
        assert(i < STATUS_COUNT);
    }
    return i;
}

const char *trial_status_name(enum trial_status status)
{
    return status_names[status_place(status)].name;
}

const char *trial_status_words(enum trial_status status)
{
    return status_names[status_place(status)].words;
}

enum trial_status trial_status_find(const char *name)
{
    for (size_t i = 0; i < STATUS_COUNT; i++)
        if (strcmp(status_names[i].name, name) == 0)
            return status_names[i].status;
    return STATUS_RUNNING;
}

#define NAME(name_) #name_,
const char *const trace_value_names[TRACE_VALUE_COUNT] = {TRACE_VALUES(NAME)};
#undef NAME

#define OFFSET(name_) offsetof(struct trace_point, name_),
static const size_t offsets[TRACE_VALUE_COUNT] = {TRACE_VALUES(OFFSET)};
#undef OFFSET

double *trace_value(struct trace_point *point, size_t i)
{
    return (double *)(void *)((char *)point + offsets[i]);
}

double trace_value_of(const struct trace_point *point, size_t i)
{
    return *(const double *)(const void *)((const char *)point + offsets[i]);
}

const double gap_targets[GAP_TARGETS] = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6};

void trace_append(struct trace *trace, struct trace_point point)
{
    trace->points =
        memory_grow(trace->points, &trace->capacity, trace->count + 1, sizeof *trace->points);
    trace->points[trace->count++] = point;
}

const struct trace_point *trial_last(const struct trial *trial)
{
    assert(trial->trace.count > 0);
    return &trial->trace.points[trial->trace.count - 1];
}

/* Everything but seconds, field by field: what must be equal on any number of threads. Where no
 * rows are held out, a point has nothing of them, and nothing is added; a NaN anywhere else is one
 * that was computed, and its place counts. */
static void digest_point(struct digest *digest, const struct trace_point *point)
{
    static const double not_a_number = NAN; /* of many with other bits */
    const bool held_out = !isnan(point->heldout_loss) || !isnan(point->heldout_accuracy);
    digest_add(digest, &point->epoch, sizeof point->epoch);
    for (size_t v = 1; v < TRACE_VALUE_COUNT; v++) { /* without seconds */
        double value = trace_value_of(point, v);
        bool of_heldout = offsets[v] == offsetof(struct trace_point, heldout_loss) ||
                          offsets[v] == offsetof(struct trace_point, heldout_accuracy);
        if (!of_heldout || held_out)
            digest_add(digest, isnan(value) ? &not_a_number : &value, sizeof value);
    }
}

void trial_seal(struct trial *trial)
{
    struct digest *digest = digest_create();
    int64_t head[2] = {trial->status, trial->epochs};
    digest_add(digest, head, sizeof head);
    for (size_t i = 0; i < trial->trace.count; i++)
        if (!trial->trace.points[i].between)
            digest_point(digest, &trial->trace.points[i]);
    digest_add(digest, trial->w, trial->features * sizeof *trial->w);
    digest_add(digest, &trial->b, sizeof trial->b);
    digest_finish(digest, trial->digest);
}

void trial_clear(struct trial *trial)
{
    memory_free(trial->trace.points);
    memory_free(trial->w);
    phase_totals_free(trial->phases);
    *trial = (struct trial){0};
}
