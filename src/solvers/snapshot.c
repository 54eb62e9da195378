/* SPDX-License-Identifier: MIT
 *
 * Snapshots as bytes: a record (data/cache/record.h), whose digest says whether it is whole. What
 * is read is looked at all the same before it is believed: a record may be whole and not a
 * snapshot.
 */
#include "solvers/snapshot.h"

#include "base/memory.h"
#include "data/cache/record.h"

#include <limits.h>
#include <string.h>

#define SIGNATURE "descent snapshot 1"

void snapshot_free(struct snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    memory_free(snapshot->w);
    memory_free(snapshot->state);
    memory_free(snapshot->trace.points);
    phase_totals_free(snapshot->phases);
    memory_free(snapshot);
}

double snapshot_bytes(size_t features, size_t kept)
{
    return (double)sizeof(struct snapshot) + sizeof(double) * ((double)features + (double)kept);
}

/* --- Writing ------------------------------------------------------------------------------- */

static void put_real(struct record_writer *writer, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    record_put_number(writer, bits);
}

static void put_point(struct record_writer *writer, const struct trace_point *point)
{
    record_put_number(writer, (uint64_t)point->epoch);
    for (size_t v = 0; v < TRACE_VALUE_COUNT; v++)
        put_real(writer, trace_value_of(point, v));
    record_put_number(writer, point->between);
}

static void put_trace(struct record_writer *writer, const struct trace *trace)
{
    record_put_number(writer, trace->count);
    for (size_t i = 0; i < trace->count; i++)
        put_point(writer, &trace->points[i]);
}

static void put_traffic(struct record_writer *writer, const struct ranks_traffic *traffic)
{
    put_real(writer, traffic->sums);
    put_real(writer, traffic->sum_bytes);
    put_real(writer, traffic->messages);
    put_real(writer, traffic->bytes);
}

static void put_phases(struct record_writer *writer, const struct phase_totals *totals)
{
    record_put_number(writer, totals != NULL);
    if (totals == NULL)
        return;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        put_real(writer, totals->seconds[phase]);
        put_real(writer, totals->cost[phase].flops);
        put_real(writer, totals->cost[phase].bytes);
    }
    put_real(writer, totals->wall);
    put_real(writer, totals->regions);
    put_traffic(writer, &totals->traffic);
    record_put_number(writer, (uint64_t)totals->threads);
    for (int t = 0; t < totals->threads; t++) {
        put_real(writer, totals->thread[t].work);
        put_real(writer, totals->thread[t].wait);
    }
}

void snapshot_write(const struct snapshot *snapshot, const struct snapshot_identity *identity,
                    FILE *file)
{
    struct record_writer writer;
    record_begin(&writer, file);
    record_put_text(&writer, SIGNATURE);
    record_put_text(&writer, identity->build);
    record_put_text(&writer, identity->data);
    record_put_text(&writer, identity->configuration);
    record_put_number(&writer, (uint64_t)snapshot->epoch);
    record_put_number(&writer, snapshot->features);
    record_put_array(&writer, snapshot->w, snapshot->features * sizeof *snapshot->w);
    put_real(&writer, snapshot->b);
    record_put_number(&writer, snapshot->kept);
    record_put_array(&writer, snapshot->state, snapshot->kept * sizeof *snapshot->state);
    record_put_number(&writer, snapshot->refined);
    put_real(&writer, snapshot->compare_below);
    put_real(&writer, snapshot->limit);
    record_put_number(&writer, snapshot->targets_met);
    record_put_number(&writer, (uint64_t)snapshot->next_record);
    put_point(&writer, &snapshot->before);
    put_point(&writer, &snapshot->point);
    put_real(&writer, snapshot->clocks.train);
    put_real(&writer, snapshot->clocks.evaluate);
    put_real(&writer, snapshot->clocks.record);
    put_real(&writer, snapshot->clocks.own);
    put_phases(&writer, snapshot->phases);
    put_trace(&writer, &snapshot->trace);
    record_end(&writer);
}

/* --- Reading ------------------------------------------------------------------------------- */

static double take_real(struct record_reader *reader)
{
    const uint64_t bits = record_take_number(reader);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

/* An epoch is not negative. */
static int64_t take_epoch(struct record_reader *reader)
{
    const uint64_t epoch = record_take_number(reader);
    reader->sound = reader->sound && epoch <= INT64_MAX;
    return reader->sound ? (int64_t)epoch : 0;
}

static struct trace_point take_point(struct record_reader *reader)
{
    struct trace_point point = {.epoch = take_epoch(reader)};
    for (size_t v = 0; v < TRACE_VALUE_COUNT; v++)
        *trace_value(&point, v) = take_real(reader);
    point.between = record_take_flag(reader);
    return point;
}

/* A copy of `count` numbers, which may be none. */
static double *take_reals(struct record_reader *reader, size_t *count)
{
    const uint64_t number = record_take_number(reader);
    const void *array = record_take_array(reader, number, sizeof(double));
    *count = array != NULL ? (size_t)number : 0;
    if (*count == 0)
        return NULL;
    double *copy = memory_allocate_untouched(*count, sizeof *copy);
    memcpy(copy, array, *count * sizeof *copy);
    return copy;
}

/* Epochs ascend, from the start on. */
static void take_trace(struct record_reader *reader, struct trace *trace)
{
    const uint64_t count = record_take_number(reader);
    reader->sound = reader->sound && count > 0;
    for (uint64_t i = 0; i < count && reader->sound; i++) {
        const struct trace_point point = take_point(reader);
        const bool follows = i == 0 ? point.epoch == 0 : point.epoch > trace->points[i - 1].epoch;
        reader->sound = reader->sound && follows;
        trace_append(trace, point);
    }
}

static struct ranks_traffic take_traffic(struct record_reader *reader)
{
    struct ranks_traffic traffic;
    traffic.sums = take_real(reader);
    traffic.sum_bytes = take_real(reader);
    traffic.messages = take_real(reader);
    traffic.bytes = take_real(reader);
    return traffic;
}

static void take_threads(struct record_reader *reader, struct phase_totals *totals)
{
    const uint64_t threads = record_take_number(reader);
    reader->sound = reader->sound && threads <= INT_MAX;
    if (!record_has(reader, threads, 2 * sizeof(double)))
        return;
    totals->threads = (int)threads;
    totals->thread = memory_allocate((size_t)threads, sizeof *totals->thread);
    for (uint64_t t = 0; t < threads; t++) {
        totals->thread[t].work = take_real(reader);
        totals->thread[t].wait = take_real(reader);
    }
}

static struct phase_totals *take_phases(struct record_reader *reader)
{
    if (!record_take_flag(reader))
        return NULL;
    struct phase_totals *totals = memory_allocate(1, sizeof *totals);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        totals->seconds[phase] = take_real(reader);
        totals->cost[phase].flops = take_real(reader);
        totals->cost[phase].bytes = take_real(reader);
    }
    totals->wall = take_real(reader);
    totals->regions = take_real(reader);
    totals->traffic = take_traffic(reader);
    take_threads(reader, totals);
    return totals;
}

static void take_all(struct record_reader *reader, struct snapshot *snapshot)
{
    snapshot->epoch = take_epoch(reader);
    snapshot->w = take_reals(reader, &snapshot->features);
    snapshot->b = take_real(reader);
    snapshot->state = take_reals(reader, &snapshot->kept);
    snapshot->refined = record_take_flag(reader);
    snapshot->compare_below = take_real(reader);
    snapshot->limit = take_real(reader);
    snapshot->targets_met = (size_t)record_take_number(reader);
    snapshot->next_record = take_epoch(reader);
    snapshot->before = take_point(reader);
    snapshot->point = take_point(reader);
    snapshot->clocks.train = take_real(reader);
    snapshot->clocks.evaluate = take_real(reader);
    snapshot->clocks.record = take_real(reader);
    snapshot->clocks.own = take_real(reader);
    snapshot->phases = take_phases(reader);
    take_trace(reader, &snapshot->trace);
    reader->sound = reader->sound && reader->at == reader->size &&
                    snapshot->targets_met <= GAP_TARGETS &&
                    snapshot->next_record > snapshot->epoch && snapshot->trace.count > 0 &&
                    snapshot->trace.points[snapshot->trace.count - 1].epoch <= snapshot->epoch;
}

/* Is the text that comes next this one? */
static bool is_next(struct record_reader *reader, const char *expected)
{
    char *text = record_take_text(reader);
    const bool same = text != NULL && strcmp(text, expected) == 0;
    memory_free(text);
    return same;
}

struct snapshot *snapshot_read(const void *bytes, size_t size,
                               const struct snapshot_identity *identity, struct error *error)
{
    struct record_reader reader = record_open(bytes, size);
    if (!record_is_whole(&reader) || !is_next(&reader, SIGNATURE))
        return error_failed(error, "is damaged"), NULL;
    if (!is_next(&reader, identity->build))
        return error_failed(error, "was written by another build of descent"), NULL;
    if (!is_next(&reader, identity->data))
        return error_failed(error, "is of other data"), NULL;
    if (!is_next(&reader, identity->configuration))
        return error_failed(error, "is of another configuration"), NULL;
    struct snapshot *snapshot = memory_allocate(1, sizeof *snapshot);
    take_all(&reader, snapshot);
    if (reader.sound)
        return snapshot;
    snapshot_free(snapshot);
    return error_failed(error, "is damaged"), NULL;
}
