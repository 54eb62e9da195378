/* SPDX-License-Identifier: MIT
 *
 * Rows, fits, and which of the fits the data speak for.
 */
#include "measure/statistics/speedup.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Differences of AICc up to which a model has substantial support; Burnham and Anderson, 2.6. */
static const double substantial = 2.0;

static void judge(struct speedup *speedup)
{
    struct speedup_fit *fits = speedup->fits;
    size_t compared = 0, likely = 0;
    speedup->first = SPEEDUP_MODELS;
    for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
        if (isnan(fits[i].aicc))
            continue;
        if (compared++ == 0 || fits[i].aicc < fits[speedup->first].aicc)
            speedup->first = i;
    }
    for (size_t i = 0; i < SPEEDUP_MODELS && compared > 0; i++) {
        fits[i].likely = fits[i].aicc <= fits[speedup->first].aicc + substantial; /* NaN is not */
        likely += fits[i].likely;
    }
    if (compared < 2)
        speedup->verdict = compared == 0 ? SPEEDUP_NONE : SPEEDUP_ONLY_ONE;
    else
        speedup->verdict = likely > 1 ? SPEEDUP_NOT_SEPARATE : SPEEDUP_SEPARATE;
}

bool speedup_analyse(const struct speedup_sample *samples, size_t count, size_t maximum,
                     struct speedup *speedup, struct error *error)
{
    assert(maximum >= 1 && speedup_table.count == SPEEDUP_MODELS);
    *speedup = (struct speedup){.samples = count, .maximum = maximum};
    if (!speedup_counts_strong(samples, count, &speedup->counts, error))
        return false;
    struct speedup_points points = speedup_points_of(samples, count, &speedup->counts);
    for (size_t i = 0; i < SPEEDUP_MODELS; i++) {
        const struct speedup_model *model = (const struct speedup_model *)speedup_table.entries[i];
        speedup->fits[i] = speedup_fit_model(model, &points, maximum);
    }
    speedup_points_free(&points);
    judge(speedup);
    return true;
}

void speedup_free(struct speedup *speedup)
{
    speedup_counts_free(&speedup->counts);
}

double speedup_predict(const struct speedup_fit *fit, double p)
{
    assert(p >= 1.0);
    if (!fit->fitted)
        return NAN;
    double values[SPEEDUP_PARAMETERS];
    for (size_t i = 0; i < fit->model->parameters; i++)
        values[i] = fit->parameters[i].value;
    return fit->model->seconds(p, values);
}

/* The names of the likely models: "amdahl, usl". */
static void likely_names(const struct speedup *speedup, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < SPEEDUP_MODELS && used < size; i++)
        if (speedup->fits[i].likely)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     speedup->fits[i].model->entry.name);
}

char *speedup_describe_verdict(const struct speedup *speedup, char *text, size_t size)
{
    char names[128];
    likely_names(speedup, names, sizeof names);
    switch (speedup->verdict) {
    case SPEEDUP_NONE:
        snprintf(text, size, "too few times to compare models");
        break;
    case SPEEDUP_ONLY_ONE:
        snprintf(text, size, "too few times to compare %s with another model", names);
        break;
    case SPEEDUP_NOT_SEPARATE:
        snprintf(text, size, "not statistically separable: %s", names);
        break;
    case SPEEDUP_SEPARATE:
        snprintf(text, size, "among these models, the times favour %s", names);
        break;
    }
    return text;
}
