/* SPDX-License-Identifier: MIT
 *
 * The ranks of a job are of the job that asks, and of no task: a worker has none.
 */
#include "programs/task_members.h"

#include <stddef.h>
#include <string.h>

static const struct task_member members[] = {
    {"lambda", false}, {"seed", false}, {"threads", false}, {"ranks", false}, {"seconds", true},
};

const struct task_member *task_member_find(const char *hyperparameter)
{
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(members[i].hyperparameter, hyperparameter) == 0)
            return &members[i];
    return NULL;
}
