/* SPDX-License-Identifier: MIT
 *
 * What would make timings on this machine better. A piece of advice is a row: what it is about,
 * what to do, and when it applies. All of it is advice: nothing here refuses to run.
 */
#ifndef DESCENT_MEASURE_MACHINE_ADVICE_H
#define DESCENT_MEASURE_MACHINE_ADVICE_H

#include "base/table.h"
#include "measure/machine/machine.h"

#include <stdbool.h>

struct advice {
    struct entry entry; /* what it is about; what is so, and what to do */
    bool (*applies)(const struct machine *machine, const struct machine_moment *moment);
};

extern const struct table advice_table;

/* Whether a row of the table applies. */
bool advice_applies(const struct entry *row, const struct machine *machine,
                    const struct machine_moment *moment);

#endif
