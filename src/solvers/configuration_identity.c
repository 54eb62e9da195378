/* SPDX-License-Identifier: MIT
 *
 * Whole configurations: defaults, canonical form and identity. Two configurations are the same when
 * they would do the same: a row that the solver and the schedule do not use keeps its default, so
 * it neither multiplies runs nor changes the key.
 */
#include "solvers/hyperparameter.h"

#include "base/text.h"
#include "solvers/solver.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct configuration configuration_default(void)
{
    struct configuration configuration = {0};
    for (size_t i = 0; i < hyperparameter_count; i++)
        hyperparameter_set(&hyperparameters[i], &configuration,
                           setting_fallback(&hyperparameters[i].setting));
    return configuration;
}

bool configuration_stops_by_gap(const struct configuration *configuration)
{
    return configuration->gap != -INFINITY;
}

bool configuration_rate_is_auto(const struct configuration *configuration)
{
    return configuration->rate == -INFINITY;
}

bool configuration_is_outside(const struct configuration *configuration)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].of_workers &&
            strcmp(hyperparameter_get(&hyperparameters[i], configuration).choice->name, "") != 0)
            return true;
    return solver_of(configuration->solver)->outside;
}

bool configuration_is_threaded(const struct configuration *configuration)
{
    return (solver_of(configuration->solver)->uses & USES_THREADS) != 0;
}

int64_t configuration_threads(const struct configuration *configuration)
{
    return configuration_is_threaded(configuration) ? configuration->threads : 1;
}

void configuration_canonicalise(struct configuration *configuration)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (!hyperparameter_applies(&hyperparameters[i], configuration))
            hyperparameter_set(&hyperparameters[i], configuration,
                               setting_fallback(&hyperparameters[i].setting));
    if (configuration->folds == 0)
        configuration->fold_seed = 0; /* it deals nothing */
}

struct fold configuration_fold(const struct configuration *configuration)
{
    return (struct fold){
        .folds = (size_t)configuration->folds,
        .seed = (uint64_t)configuration->fold_seed,
        .number = (size_t)configuration->fold,
    };
}

int64_t configuration_repeat(const struct configuration *configuration)
{
    return configuration->fold > 0 ? (configuration->fold - 1) / configuration->folds : 0;
}

bool configuration_same_rows(const struct configuration *a, const struct configuration *b)
{
    return a->fold == b->fold &&
           (a->fold == 0 || (a->folds == b->folds && a->fold_seed == b->fold_seed));
}

void configuration_data_digest(const struct configuration *configuration, const char *data_digest,
                               char digest[static DIGEST_TEXT])
{
    const int64_t fold[] = {configuration->folds, configuration->fold, configuration->fold_seed};
    if (configuration->fold == 0) {
        snprintf(digest, DIGEST_TEXT, "%s", data_digest);
        return;
    }
    struct digest *both = digest_create();
    digest_add_text(both, data_digest);
    digest_add(both, fold, sizeof fold);
    digest_finish(both, digest);
}

void configuration_share(struct configuration *configuration)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (hyperparameters[i].own)
            hyperparameter_set(&hyperparameters[i], configuration,
                               setting_fallback(&hyperparameters[i].setting));
}

/* Only what applies enters the key: a hyper-parameter added later, or a default that depends on the
 * machine (threads), leaves the identity of those that do not use it as it was. */
void configuration_key(const struct configuration *configuration, const char *data_digest,
                       char key[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_add_text(digest, data_digest);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (!hyperparameter_applies(row, configuration))
            continue;
        char number[TEXT_NUMBER];
        const char *text =
            setting_text(&row->setting, hyperparameter_get(row, configuration), number);
        if (row->was != NULL && strcmp(text, row->was) == 0)
            continue;
        digest_add_text(digest, row->entry.name);
        digest_add_text(digest, text);
    }
    if (configuration->start != 0) {
        digest_add_text(digest, "start");
        digest_add(digest, &configuration->start, sizeof configuration->start);
    }
    digest_finish(digest, key);
}

void configuration_fingerprint(const struct configuration *configuration, const char *beside,
                               char key[static DIGEST_TEXT])
{
    struct digest *digest = digest_create();
    digest_add_text(digest, beside);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        struct value value = hyperparameter_get(row, configuration);
        if (!hyperparameter_applies(row, configuration))
            continue;
        digest_add(digest, &i, sizeof i);
        if (row->type == TYPE_CHOICE)
            digest_add_text(digest, value.choice->name);
        else
            digest_add(digest, &value, sizeof value);
    }
    digest_finish(digest, key);
}

char *configuration_describe(const struct configuration *configuration, char *text, size_t size)
{
    struct configuration defaults = configuration_default();
    size_t used = 0;
    for (size_t i = 0; i < hyperparameter_count && used < size; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        bool shown = i == 0 || (hyperparameter_applies(row, configuration) &&
                                !hyperparameter_equal(row, configuration, &defaults));
        char number[TEXT_NUMBER];
        if (shown)
            used += (size_t)snprintf(
                text + used, size - used, "%s%s=%s", used > 0 ? " " : "", row->entry.name,
                setting_text(&row->setting, hyperparameter_get(row, configuration), number));
    }
    return text;
}
