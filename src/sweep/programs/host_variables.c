/* SPDX-License-Identifier: MIT
 *
 * A variable is "NAME=VALUE", or "NAME" for one that is taken away.
 */
#include "sweep/programs/host_variables.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const char loader_variable[] = "LD_LIBRARY_PATH";

static bool is_loader_variable(const char *variable)
{
    const size_t length = strlen(loader_variable);
    return strcspn(variable, "=") == length && strncmp(variable, loader_variable, length) == 0;
}

const char *host_variables_folders(const struct environment *environment)
{
    for (size_t i = 0; environment != NULL && i < environment->count; i++) {
        const char *variable = environment->variables[i], *end = strchr(variable, '=');
        if (is_loader_variable(variable))
            return end != NULL ? end + 1 : NULL;
    }
    return getenv(loader_variable);
}

const char **host_variables(const struct environment *environment, const char *blas, bool tuned)
{
    const size_t count = environment != NULL ? environment->count : 0;
    const char **variables = memory_allocate(count + 3, sizeof *variables);
    size_t set = 0;
    if (!tuned)
        variables[set++] = "DESCENT_TUNING=no";
    if (blas != NULL)
        variables[set++] = blas;
    for (size_t i = 0; i < count; i++)
        if (blas == NULL || !is_loader_variable(environment->variables[i]))
            variables[set++] = environment->variables[i];
    return variables;
}
