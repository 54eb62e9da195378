/* SPDX-License-Identifier: MIT
 *
 * /proc/self/cgroup names the group in each hierarchy, a line each:
 *
 *     0::/a/b                version 2: the folder /sys/fs/cgroup/a/b
 *     4:cpu,cpuacct:/a/b     version 1: the folder /sys/fs/cgroup/cpu,cpuacct/a/b, of which
 *                            /sys/fs/cgroup/cpu/a/b is another name
 *
 * A group has no more than those around it, so all folders up to the hierarchy's root are visited.
 * A container often sees its own group as that root, while the path is the one outside, or one with
 * "..": folders that are not there are for the visitor to pass over, and a path that leaves the
 * root is not followed.
 *
 * Reference: cgroups(7)
 */
#include "base/control_group.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

struct visitor {
    const char *root, *controller;
    void (*visit)(const char *folder, void *context);
    void *context;
};

/* The group `path` of a hierarchy and those around it. */
static void visit_up_from(const struct visitor *visitor, const char *hierarchy, const char *path)
{
    char folder[2 * PATH_MAX];
    size_t top = strlen(hierarchy);
    snprintf(folder, sizeof folder, "%s%s", hierarchy, strstr(path, "/..") == NULL ? path : "");
    visitor->visit(folder, visitor->context);
    while (strlen(folder) > top) {
        *strrchr(folder, '/') = '\0';
        visitor->visit(folder, visitor->context);
    }
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

/* Where the hierarchy of a line of /proc/self/cgroup is; false: it has no say. */
static bool find_hierarchy(const struct visitor *visitor, const char *controllers,
                           char folder[static PATH_MAX])
{
    if (controllers[0] == '\0')
        return snprintf(folder, PATH_MAX, "%s/sys/fs/cgroup", visitor->root) < PATH_MAX;
    return has_controller(controllers, visitor->controller) &&
           snprintf(folder, PATH_MAX, "%s/sys/fs/cgroup/%s", visitor->root, visitor->controller) <
               PATH_MAX;
}

/* Of "4:cpu,cpuacct:/a/b", which is cut up. */
static void visit_line(const struct visitor *visitor, char *line)
{
    char folder[PATH_MAX];
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    if (path == NULL || path[1] != '/')
        return;
    *path = '\0';
    if (find_hierarchy(visitor, controllers + 1, folder))
        visit_up_from(visitor, folder, strcmp(path + 1, "/") == 0 ? "" : path + 1);
}

bool control_groups_visit(const char *root, const char *controller,
                          void (*visit)(const char *folder, void *context), void *context)
{
    const struct visitor visitor = {root, controller, visit, context};
    char name[PATH_MAX], line[PATH_MAX];
    snprintf(name, sizeof name, "%s/proc/self/cgroup", root);
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL)
        visit_line(&visitor, line);
    fclose(file);
    return true;
}
