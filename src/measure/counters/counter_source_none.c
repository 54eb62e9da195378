/* SPDX-License-Identifier: MIT
 *
 * The source of counts of a build without PAPI: it has none, and says how to come by one. CMake
 * takes this file or counter_source_papi.c.
 */
#include "measure/counters/counter_source.h"

#include <stdio.h>

static void tell_version(char text[static COUNTER_VERSION])
{
    snprintf(text, COUNTER_VERSION, "not built in");
}

static bool permitted(char reason[static COUNTER_REASON])
{
    snprintf(reason, COUNTER_REASON,
             "descent was built without PAPI: install libpapi-dev and build again");
    return false;
}

const struct counter_source counter_source_built_in = {
    .version = tell_version,
    .permitted = permitted,
};
