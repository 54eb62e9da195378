/* SPDX-License-Identifier: MIT
 *
 * Which kind of source a path is, and what both have in common.
 */
#include "history/batch.h"

#include "base/memory.h"
#include "store/store.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

struct history_run *batch_add_run(struct history_batch *batch, const struct history_run *run)
{
    batch->runs = memory_grow(batch->runs, &batch->capacity, batch->count + 1, sizeof *batch->runs);
    batch->runs[batch->count] = *run;
    return &batch->runs[batch->count++];
}

bool batch_add_point(struct history_run *run, char *series, const char *unit, double value,
                     double low, double high, int64_t n)
{
    if (!(value > 0.0 && isfinite(value))) {
        memory_free(series);
        return false;
    }
    const bool bounded = low > 0.0 && low <= high && isfinite(high);
    run->points = memory_grow(run->points, &run->capacity, run->count + 1, sizeof *run->points);
    run->points[run->count++] = (struct history_point){.series = series,
                                                       .unit = memory_copy_text(unit),
                                                       .value = value,
                                                       .low = bounded ? low : (double)NAN,
                                                       .high = bounded ? high : (double)NAN,
                                                       .n = n};
    return true;
}

/* A folder is a sweep's; so is the file in it, if that was named, and what is missing was meant to
 * be one unless it has the ending of JSON. */
static bool is_store(const char *path)
{
    struct stat facts;
    const size_t length = strlen(path), ending = strlen(".json");
    if (stat(path, &facts) != 0)
        return length < ending || strcmp(path + length - ending, ".json") != 0;
    return store_exists(path) || S_ISDIR(facts.st_mode);
}

bool batch_read(struct history_batch *batch, const char *path, const struct batch_options *options,
                struct error *error)
{
    *batch = (struct history_batch){0};
    if (is_store(path))
        return batch_read_store(batch, path, options, error);
    return batch_read_race(batch, path, options, error);
}

void batch_clear(struct history_batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        history_run_clear(&batch->runs[i]);
    memory_free(batch->runs);
    *batch = (struct history_batch){0};
}
