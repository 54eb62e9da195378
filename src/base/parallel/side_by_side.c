/* SPDX-License-Identifier: MIT
 *
 * The settings of OpenMP belong to the thread that made them, so that each of these makes them
 * again. OpenBLAS looks at them in every call: a thread that has not made them would change for all
 * others with how many threads it works (common_thread.h, num_cpu_avail), where one that has shares
 * nothing with them but the pool of buffers, which is locked. The threads of the caller's last
 * region would spin beside the new ones: they are ended first.
 */
#include "base/parallel/side_by_side.h"

#include "base/memory.h"
#include "base/parallel/threads.h"

#include <pthread.h>

struct place_beside {
    pthread_t thread;
    void (*work)(void *context, int index);
    void *context;
    int index;
};

static void *begin(void *argument)
{
    struct place_beside *place = argument;
    threads_initialise();
    place->work(place->context, place->index);
    return NULL;
}

void side_by_side(int count, void (*work)(void *context, int index), void *context)
{
    struct place_beside *places = memory_allocate((size_t)count, sizeof *places);
    if (count > 1)
        threads_release();
    int last = 1; /* of those that are there */
    for (; last < count; last++) {
        places[last] = (struct place_beside){.work = work, .context = context, .index = last};
        if (pthread_create(&places[last].thread, NULL, begin, &places[last]) != 0)
            break;
    }
    work(context, 0);
    for (int i = 1; i < last; i++)
        pthread_join(places[i].thread, NULL);
    memory_free(places);
}
