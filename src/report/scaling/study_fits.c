/* SPDX-License-Identifier: MIT
 *
 * Which of the models of a study's speed-up are drawn.
 */
#include "report/scaling/study_fits.h"

bool study_shows_fit(const struct study *study, size_t fit)
{
    if (!study->fitted)
        return false;
    const struct speedup *speedup = &study->speedup;
    return speedup->fits[fit].fitted &&
           (speedup->verdict == SPEEDUP_NONE || speedup->fits[fit].likely);
}

const struct speedup_fit *study_first_fit(const struct study *study)
{
    if (study->fitted && study->speedup.first < SPEEDUP_MODELS)
        return &study->speedup.fits[study->speedup.first];
    for (size_t i = 0; i < SPEEDUP_MODELS; i++)
        if (study_shows_fit(study, i))
            return &study->speedup.fits[i];
    return NULL;
}

double study_speedup(const struct study *study, double seconds)
{
    return study->points[0].seconds / seconds;
}
