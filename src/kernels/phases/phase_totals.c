/* SPDX-License-Identifier: MIT
 *
 * The names of phases, and what belongs to a run's totals.
 */
#include "kernels/phases/phase_totals.h"

#include "base/memory.h"

#include <string.h>

const struct entry phases[PHASE_COUNT] = {
#define ROW(id_, name_, summary_) {name_, summary_},
    PHASES(ROW)
#undef ROW
};

enum phase phase_find(const char *name)
{
    enum phase phase = 0;
    while (phase < PHASE_COUNT && strcmp(phases[phase].name, name) != 0)
        phase++;
    return phase;
}

void phase_totals_free(struct phase_totals *totals)
{
    if (totals == NULL)
        return;
    memory_free(totals->thread);
    memory_free(totals);
}
