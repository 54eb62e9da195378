/* SPDX-License-Identifier: MIT
 *
 * What is recorded is found by the machine's JSON, whole: another build or another number of
 * processors has not been tuned.
 */
#include "sweep/workload/placement.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "measure/machine/blas_threads.h"
#include "measure/machine/machine_record.h"
#include "solvers/solver.h"
#include "store/store.h"

#include <inttypes.h>
#include <stdio.h>

struct placement placement_of(const struct sweep_file *file)
{
    struct placement placement = file->placement;
    if (!sweep_file_is_batched(file))
        return (struct placement){1, 0, 1};
    int64_t share = threads_default() / placement.side_by_side;
    if (placement.side_by_side > 1 && placement.threads == 0)
        placement.threads = share > 1 ? share : 1;
    return placement;
}

int placement_threads(const struct sweep_file *file, const struct placement *placement,
                      const struct configuration *configuration)
{
    bool given = configuration_is_threaded(configuration) && sweep_file_gives(file, "threads");
    return given || solver_of(configuration->solver)->racy ? 0 : (int)placement->threads;
}

int placement_threads_used(const struct sweep_file *file, const struct placement *placement,
                           const struct configuration *configuration)
{
    int threads = placement_threads(file, placement, configuration);
    if (threads > 0)
        return threads;
    if (configuration_is_threaded(configuration))
        return (int)configuration->threads;
    return sweep_file_is_batched(file) ? threads_default() : 1;
}

int placement_threads_alone(const struct sweep_file *file, const struct placement *placement,
                            const struct configuration *configuration)
{
    int threads = placement_threads(file, placement, configuration);
    if (!configuration_is_threaded(configuration))
        return 1;
    return threads > 0 ? threads : (int)configuration->threads;
}

bool placement_find(const struct sweep_file *file, const char *results,
                    struct placement_record *record, bool *found, struct error *error)
{
    char *folder = sweep_file_folder(file, results);
    *found = false;
    if (store_exists(folder)) {
        char *machine = machine_json();
        struct store *store = store_open(folder, error);
        if (store != NULL)
            store_find_placement(store, machine, record, found, error);
        store_close(store);
        memory_free(machine);
    }
    memory_free(folder);
    return error->kind == ERROR_NONE;
}

bool placement_resolve(struct sweep_file *file, const char *results, struct error *error)
{
    bool found = false;
    if (file->execution != &execution_placed)
        return true;
    if (file->path_axis != NULL)
        return error_usage(error,
                           "%s: path: %s, and execution: placed: what is placed begins as usual; "
                           "leave path out, or give batched or solo (--execution batched)",
                           file->path, file->path_key);
    blas_threads_probe();
    if (!placement_find(file, results, &file->placed, &found, error))
        return false;
    file->placement = file->placed.placement;
    if (found)
        return true;
    char *operand = text_operand(file->path);
    error_usage(error,
                "%s: execution: placed, and no placement is recorded for this machine and build in "
                "%s/%s; run `descent tune-placement %s` first",
                file->path, results, file->name, operand);
    memory_free(operand);
    return false;
}

char *placement_describe(const struct placement *placement, char text[static PLACEMENT_TEXT])
{
    snprintf(text, PLACEMENT_TEXT, "%" PRId64 " %s per pass, %" PRId64 " %s, %" PRId64 " %s",
             placement->models, placement->models == 1 ? "model" : "models", placement->threads,
             placement->threads == 1 ? "thread" : "threads", placement->side_by_side,
             placement->side_by_side == 1 ? "pass at a time" : "passes side by side");
    return text;
}
