/* SPDX-License-Identifier: MIT
 *
 * Affinity is OpenMP's count of processors, which is the whole process's also where OpenMP has
 * bound this thread to one of them. /sys/devices/system/cpu/online lists the system's as "0-3,8".
 *
 * Whether OMP_THREAD_LIMIT bites is seen in a region, not read from the environment: what counts is
 * how many threads come. Affinity and a quota (base/parallel/quota.h) are no limit for regions;
 * they make more threads than they allow wait for each other.
 *
 * A program built by clang has two runtimes (src/libraries.cmake). With OMP_PROC_BIND or OMP_PLACES
 * set, that of gcc binds the process to one place before clang's looks where it may run: what is
 * left is one place, and here it shows as affinity.
 *
 * References: OpenMP 5.2, "Environment Variables"; sysfs-devices-system-cpu in the documentation of
 * Linux
 */
#include "measure/machine/grant.h"

#include "base/parallel/quota.h"
#include "base/parallel/threads.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* --- What is granted ----------------------------------------------------------------------- */

/* How many processors "0-3,8" lists; 0 where the file does not. */
static int count_online(const char *root)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/sys/devices/system/cpu/online", root);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "r") : NULL;
    if (file == NULL)
        return 0;
    int count = 0, first, last;
    while (fscanf(file, "%d", &first) == 1) {
        if (fscanf(file, "-%d", &last) != 1)
            last = first;
        count += last >= first ? last - first + 1 : 0;
        if (fgetc(file) != ',')
            break;
    }
    fclose(file);
    return count;
}

static int count_team(int asked)
{
    int came = 0;
#pragma omp parallel num_threads(asked) reduction(+ : came)
    {
        threads_enter();
        came++;
    }
    return came;
}

void grant_read(const char *root, struct grant *grant)
{
    *grant = (struct grant){
        .processors = threads_processors(),
        .online = count_online(root),
        .quota = quota_processors(root),
    };
    grant->team = count_team(grant->processors);
}

bool grant_lacks_processors(const struct grant *grant)
{
    return grant->processors < grant->online;
}

bool grant_lacks_time(const struct grant *grant)
{
    return grant->quota < grant->processors;
}

bool grant_lacks_threads(const struct grant *grant)
{
    return grant->team < grant->processors;
}

/* --- Variables ------------------------------------------------------------------------------ */

static const struct entry num_threads = {"OMP_NUM_THREADS",
                                         "the default of threads, where it is less than all"};
static const struct entry thread_limit = {"OMP_THREAD_LIMIT",
                                          "no trial gets more threads, whatever it asks for"};
static const struct entry proc_bind = {
    "OMP_PROC_BIND", "no effect except with 'binding: none', where OpenMP binds threads; where "
                     "clang built descent, processors are lost by it: unset it"};
static const struct entry places = {
    "OMP_PLACES", "threads are bound to processors that it lists, and to no others"};
static const struct entry affinity = {
    "GOMP_CPU_AFFINITY", "threads are bound to processors that it lists, and to no others"};
static const struct entry wait_policy = {
    "OMP_WAIT_POLICY", "whether waiting threads spin (active) or sleep (passive)"};
static const struct entry dynamic = {"OMP_DYNAMIC",
                                     "no effect: each region gets the threads that it asks for"};
static const struct entry blas_threads = {"OPENBLAS_NUM_THREADS",
                                          "no effect: BLAS is called with one thread"};

static const struct entry *const rows[] = {
    &num_threads, &thread_limit, &proc_bind, &places,
    &affinity,    &wait_policy,  &dynamic,   &blas_threads,
};

const struct table grant_variable_table = TABLE("variable", rows);

const char *grant_variable_value(const struct entry *row)
{
    return getenv(row->name);
}
