/* SPDX-License-Identifier: MIT
 *
 * Version 2 has a file cpu.max with "150000 100000" or "max 100000"; version 1 a file
 * cpu.cfs_quota_us with 150000 or -1, and cpu.cfs_period_us with 100000. Numbers are microseconds,
 * and their quotient is the quota. Which groups are looked at: control_group.h.
 *
 * References: https://docs.kernel.org/admin-guide/cgroup-v2.html, "CPU Interface Files";
 * https://docs.kernel.org/scheduler/sched-bwc.html
 */
#include "base/parallel/quota.h"

#include "base/control_group.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

/* The first two numbers of a file as far as it has them; "max" is none. */
static int read_numbers(const char *folder, const char *name, double numbers[static 2])
{
    char path[2 * PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length > 0 && (size_t)length < sizeof path ? fopen(path, "r") : NULL;
    if (file == NULL)
        return 0;
    int count = fscanf(file, "%lf %lf", &numbers[0], &numbers[1]);
    fclose(file);
    return count > 0 ? count : 0;
}

/* The quota of one group alone. */
static double quota_of_group(const char *folder)
{
    double quota[2], period[2];
    if (read_numbers(folder, "cpu.max", quota) == 2)
        period[0] = quota[1];
    else if (read_numbers(folder, "cpu.cfs_quota_us", quota) == 0 ||
             read_numbers(folder, "cpu.cfs_period_us", period) == 0)
        return INFINITY;
    return quota[0] > 0.0 && period[0] > 0.0 ? quota[0] / period[0] : INFINITY;
}

static void take_least(const char *folder, void *context)
{
    double *least = context;
    *least = fmin(*least, quota_of_group(folder));
}

double quota_processors(const char *root)
{
    double least = INFINITY;
    return control_groups_visit(root, "cpu", take_least, &least) ? least : NAN;
}
