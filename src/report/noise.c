/* SPDX-License-Identifier: MIT
 *
 * Trials that shared their time with others are not among them: they are not timed one by one, and
 * stand in each other's way by design.
 */
#include "report/noise.h"

#include "measure/machine/evidence.h"
#include "report/quantity.h"

#include <math.h>
#include <string.h>

/* Is `name` one of the limits in "steal, waiting"? */
static bool passed(const char *disturbed, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = disturbed; (at = strstr(at, name)) != NULL; at += length)
        if ((at == disturbed || at[-1] == ' ') && (at[length] == '\0' || at[length] == ','))
            return true;
    return false;
}

static void add_trial(struct noise *noise, const struct stored_trial *trial)
{
    const char *disturbed = trial->evidence.disturbed;
    if (!stored_trial_is_solo(trial))
        return;
    noise->trials++;
    noise->watched += isnan(trial->evidence.wall_seconds) ? 0 : 1;
    noise->disturbed += *disturbed != '\0';
    for (size_t i = 0; i < evidence_limit_table.count && i < NOISE_LIMITS; i++)
        noise->passed[i] += passed(disturbed, evidence_limit_table.entries[i]->name);
}

void noise_add(struct noise *noise, const struct results *results)
{
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        for (size_t j = 0; j < outcome->count; j++)
            add_trial(noise, &outcome->trials[j]);
        for (size_t j = 0; j < outcome->final_count; j++)
            add_trial(noise, &outcome->finals[j]);
    }
}

double noise_share(const struct noise *noise)
{
    return noise->trials > 0 ? (double)noise->disturbed / (double)noise->trials : 0.0;
}

char *noise_words(char text[static NOISE_TEXT], const struct noise *noise)
{
    char share[QUANTITY_TEXT];
    snprintf(text, NOISE_TEXT, "%s of the trials were disturbed by other programs",
             quantity_share(share, noise_share(noise), 0));
    return text;
}
