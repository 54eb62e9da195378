/* SPDX-License-Identifier: MIT
 *
 * Grids around the best (sweep/zoom/zoom.h): those that are decided by what is recorded are in the
 * plan as all else; of the others it is known how many configurations they have at most.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "store/store.h"
#include "sweep/plan/plan_parts.h"
#include "sweep/run/recording.h"
#include "sweep/zoom/zoom.h"

bool plan_extend(struct workload *workload, const char *results, char **told, bool *open,
                 struct error *error)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    char *folder = sweep_file_folder(workload->file, results);
    const bool recorded = workload->file->zoom.rounds > 0 && store_exists(folder);
    struct store *store = recorded ? store_open(folder, error) : NULL;
    bool done = (store != NULL || !recorded) &&
                zoom_extend(workload, store, recording_is_settled, out, open, error);
    store_close(store);
    memory_free(folder);
    *told = memory_stream_close(&stream);
    return done;
}

void plan_print_zoom(const struct plan *plan, FILE *out)
{
    const size_t count = zoom_bound(plan->workload);
    const size_t trials = count * (size_t)plan->workload->file->repeats;
    if (plan->zoom)
        fprintf(out,
                "zoom:   around the best of these, in addition: at most %zu configuration%s, %zu "
                "trial%s\n",
                count, count == 1 ? "" : "s", trials, trials == 1 ? "" : "s");
}
