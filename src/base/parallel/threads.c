/* SPDX-License-Identifier: MIT
 *
 * OpenBLAS (OpenMP flavour) asks OpenMP how many threads to use: one inside a parallel region, the
 * default outside. With a default of one it never forks by itself, so that a block of rows is
 * computed by one thread, in one order, whatever the number of threads: the base of "same bits".
 */
#include "base/parallel/threads.h"

#include "base/parallel/quota.h"
#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <omp.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*placing)(int thread); /* written between regions, read in them */
static int placing_number;          /* of the last threads_place_with(): a thread obeys each once */
static _Atomic int64_t migrations;

/* What a thread knows of itself. */
static _Thread_local struct {
    int placed;    /* number of the call that it has obeyed */
    int thread;    /* as which it has */
    int processor; /* on which it entered last, plus 1; 0: never */
} self;

void threads_initialise(void)
{
    omp_set_dynamic(0); /* a region gets the threads that it asked for */
    omp_set_max_active_levels(1);
    omp_set_num_threads(1);
}

void threads_lend(int threads)
{
    omp_set_num_threads(threads);
}

/* Asked once: later, this thread may be bound to a processor of its own. */
int threads_processors(void)
{
    static int processors;
    if (processors == 0)
        processors = omp_get_num_procs();
    return processors;
}

static int available; /* 0: not asked for yet */

/* A quota below one processor is enough for one thread, if a slow one. */
int threads_available(void)
{
    if (available == 0) {
        double quota = ceil(quota_processors(""));
        int limit = omp_get_thread_limit();
        available = threads_processors();
        available = quota < available ? (int)quota : available; /* NaN is above every number */
        available = limit < available ? limit : available;
    }
    return available;
}

void threads_limit(int most)
{
    if (threads_available() > most)
        available = most;
}

/* --- OMP_NUM_THREADS ------------------------------------------------------------------------ */

/* One number of a list, with blanks around it; NULL where it is none. */
static const char *read_count(const char *text, int *count)
{
    const int most = 1 << 20; /* beyond, all numbers mean "as many as there are" */
    text += strspn(text, " \t");
    if (!isdigit((unsigned char)*text))
        return NULL;
    for (*count = 0; isdigit((unsigned char)*text); text++)
        *count = *count < most ? 10 * *count + (*text - '0') : *count;
    return *count > 0 ? text + strspn(text, " \t") : NULL;
}

/* The numbers that follow are of regions within regions, which there are none of here. */
int threads_of_list(const char *list)
{
    int first = 0, other;
    const char *end = read_count(list, &first);
    while (end != NULL && *end == ',')
        end = read_count(end + 1, &other);
    return end != NULL && *end == '\0' ? first : 0;
}

static int standard; /* 0: not asked for yet */

int threads_default(void)
{
    if (standard == 0) {
        const char *list = getenv("OMP_NUM_THREADS");
        int wished = list != NULL ? threads_of_list(list) : 0;
        standard = threads_available();
        standard = wished > 0 && wished < standard ? wished : standard;
    }
    return standard;
}

void threads_default_limit(int most)
{
    if (threads_default() > most)
        standard = most;
}

const char *threads_default_words(void)
{
    static char words[192];
    const char *list = getenv("OMP_NUM_THREADS");
    if (list == NULL || *list == '\0')
        return NULL;
    int wished = threads_of_list(list);
    list = text_shown(list); /* also of line breaks: it is one line */
    if (wished == 0)
        snprintf(words, sizeof words,
                 "OMP_NUM_THREADS='%.32s' is not a number of threads, and is ignored", list);
    else if (wished > threads_available())
        snprintf(
            words, sizeof words,
            "OMP_NUM_THREADS=%.32s is more than this process may use: by default, threads is %d",
            list, threads_default());
    else
        snprintf(words, sizeof words, "OMP_NUM_THREADS=%.32s: by default, threads is %d", list,
                 threads_default());
    return words;
}

/* --- Regions -------------------------------------------------------------------------------- */

/* Where no thread is bound, clang's runtime has one place all the same, of all processors. */
int threads_places(int *processors, int most)
{
    bool bound = omp_get_proc_bind() != omp_proc_bind_false;
    int places = bound ? omp_get_num_places() : 0, count = 0;
    for (int i = 0; i < places; i++) {
        int size = omp_get_place_num_procs(i);
        if (size > most - count)
            return count;
        omp_get_place_proc_ids(i, processors + count);
        count += size;
    }
    return count;
}

int threads_current(void)
{
    return omp_get_thread_num();
}

int threads_together(void)
{
    return omp_get_num_threads();
}

void threads_release(void)
{
    omp_pause_resource_all(omp_pause_soft);
}

void threads_place_with(void (*place)(int thread))
{
    placing = place;
    placing_number++;
}

void threads_enter(void)
{
    int thread = omp_get_thread_num();
    if (placing != NULL && (self.placed != placing_number || self.thread != thread)) {
        placing(thread);
        self.placed = placing_number;
        self.thread = thread;
        self.processor = 0; /* it was moved on purpose */
    }
    int processor = sched_getcpu() + 1;
    if (self.processor != 0 && processor != self.processor)
        atomic_fetch_add_explicit(&migrations, 1, memory_order_relaxed);
    self.processor = processor;
}

int64_t threads_migrations(void)
{
    return atomic_load_explicit(&migrations, memory_order_relaxed);
}
