/* SPDX-License-Identifier: MIT
 *
 * /proc/self/cgroup names the group in each hierarchy, a line each:
 *
 *     0::/a/b                version 2: /sys/fs/cgroup/a/b/cpu.max has "150000 100000" or "max
 * 100000" 4:cpu,cpuacct:/a/b     version 1: /sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us has
 * 150000 or -1, and cpu.cfs_period_us 100000; /sys/fs/cgroup/cpu is the same folder
 *
 * Numbers are microseconds, and their quotient is the quota. A group has no more than those around
 * it, so all folders up to the hierarchy's root are read. A container often sees its own group as
 * that root, while the path is the one outside, or one with "..": folders that are not there are
 * passed over, and a path that leaves the root is not followed.
 *
 * References: cgroups(7); https://docs.kernel.org/admin-guide/cgroup-v2.html, "CPU Interface
 * Files"; https://docs.kernel.org/scheduler/sched-bwc.html
 */
#include "base/quota.h"

#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

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

/* Of one group alone. */
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

/* Of the group `path` of a hierarchy and of those around it. */
static double quota_up_from(const char *hierarchy, const char *path)
{
    char folder[2 * PATH_MAX];
    size_t top = strlen(hierarchy);
    snprintf(folder, sizeof folder, "%s%s", hierarchy, strstr(path, "/..") == NULL ? path : "");
    double least = quota_of_group(folder);
    while (strlen(folder) > top) {
        *strrchr(folder, '/') = '\0';
        least = fmin(least, quota_of_group(folder));
    }
    return least;
}

/* Whether a list "a,b" has the controller. */
static bool has_controller(const char *list, const char *controller)
{
    size_t length = strlen(controller);
    for (; list != NULL; list = strchr(list, ',')) {
        list += *list == ',';
        if (strncmp(list, controller, length) == 0 && (list[length] == ',' || list[length] == '\0'))
            return true;
    }
    return false;
}

/* Where the hierarchy of a line of /proc/self/cgroup is; false: it has no say in processors. */
static bool find_hierarchy(const char *root, const char *controllers, char folder[static PATH_MAX])
{
    if (controllers[0] == '\0')
        return snprintf(folder, PATH_MAX, "%s/sys/fs/cgroup", root) < PATH_MAX;
    if (!has_controller(controllers, "cpu"))
        return false;
    return snprintf(folder, PATH_MAX, "%s/sys/fs/cgroup/cpu", root) < PATH_MAX;
}

/* Of "4:cpu,cpuacct:/a/b", which is cut up. */
static double quota_of_line(const char *root, char *line)
{
    char folder[PATH_MAX];
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL || path[1] != '/')
        return INFINITY;
    *path = '\0';
    bool found = find_hierarchy(root, controllers + 1, folder);
    return found ? quota_up_from(folder, strcmp(path + 1, "/") == 0 ? "" : path + 1) : INFINITY;
}

double quota_processors(const char *root)
{
    char name[PATH_MAX], line[PATH_MAX];
    snprintf(name, sizeof name, "%s/proc/self/cgroup", root);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return NAN;
    double least = INFINITY;
    while (fgets(line, sizeof line, file) != NULL)
        least = fmin(least, quota_of_line(root, line));
    fclose(file);
    return least;
}
