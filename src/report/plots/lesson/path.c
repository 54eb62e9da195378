/* SPDX-License-Identifier: MIT
 *
 * Keeping the points of a path.
 */
#include "report/plots/lesson/path.h"

#include "base/memory.h"
#include "solvers/replay.h"

#include <string.h>

void path_create(struct path *path, const struct configuration *configuration)
{
    *path = (struct path){
        .configuration = *configuration,
        .by_update = replay_knows(solver_of(configuration->solver)),
        .at = memory_allocate(PATH_POINTS, sizeof *path->at),
        .stride = 1,
    };
}

void path_clear(struct path *path)
{
    memory_free(path->at);
    *path = (struct path){0};
}

static void thin(struct path *path)
{
    size_t kept = 0;
    for (size_t i = 0; i < path->count; i += 2)
        memcpy(path->at[kept++], path->at[i], sizeof *path->at);
    path->count = kept;
    path->stride *= 2;
}

static void keep(struct path *path, const double at[static 2])
{
    if (path->count == PATH_POINTS)
        thin(path);
    memcpy(path->at[path->count++], at, sizeof *path->at);
}

static void add(struct path *path, const double at[static 2])
{
    memcpy(path->last, at, sizeof path->last);
    if (path->seen++ % path->stride == 0)
        keep(path, at);
}

static bool see(void *context, const struct update *update)
{
    add(context, update->moved_w);
    return true;
}

/* The end of an epoch is where its last update came to, and is not seen twice. */
void path_observe(void *context, const struct observation *seen)
{
    struct path *path = context;
    double w[2];
    models_copy_weights(seen->models, seen->column, w);
    if (!path->by_update || seen->point->epoch == 0)
        add(path, w);
}

void path_step(void *context, const struct step *step)
{
    struct path *path = context;
    if (path->by_update)
        replay_epoch(step, see, path);
}

void path_end(struct path *path)
{
    const double *kept = path->at[path->count - 1];
    if (kept[0] != path->last[0] || kept[1] != path->last[1])
        keep(path, path->last);
}
