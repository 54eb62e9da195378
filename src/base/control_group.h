/* SPDX-License-Identifier: MIT
 *
 * The control groups that this process is in, of both versions: for those who read what a group
 * allows (quota.h, memory.h).
 */
#ifndef DESCENT_BASE_CONTROL_GROUP_H
#define DESCENT_BASE_CONTROL_GROUP_H

#include <stdbool.h>

/* Calls visit() with the folder of every group that has a say in what a controller ("cpu",
 * "memory") divides: that of this process in each hierarchy, then those around it, up to the root.
 * A folder may not be there. `root`: the folder in which proc/ and sys/ are, "" on the machine
 * itself. False: the system does not tell. */
bool control_groups_visit(const char *root, const char *controller,
                          void (*visit)(const char *folder, void *context), void *context);

#endif
