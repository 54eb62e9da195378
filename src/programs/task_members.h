/* SPDX-License-Identifier: MIT
 *
 * Hyper-parameters that a task of the trial protocol has members for, beside its `parameters`
 * (docs/protocol.md): who writes a task leaves them out of those, and so does a worker where it
 * says what can be set.
 */
#ifndef DESCENT_PROGRAMS_TASK_MEMBERS_H
#define DESCENT_PROGRAMS_TASK_MEMBERS_H

#include <stdbool.h>

struct task_member {
    const char *hyperparameter; /* its name in the table of hyper-parameters */
    bool optional;              /* a worker takes it as a parameter too */
};

/* NULL: a task has no member for it. */
const struct task_member *task_member_find(const char *hyperparameter);

#endif
