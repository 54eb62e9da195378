/* SPDX-License-Identifier: MIT
 *
 * The sweep file as it was last run is in the store, and says how its data were read and prepared.
 */
#include "commands/training/train_from.h"

#include "base/memory.h"
#include "base/system/path.h"
#include "base/text.h"
#include "data/sources/source_text.h"
#include "report/cross_validation.h"
#include "report/opened_store.h"
#include "report/ranking.h"
#include "solvers/solver.h"
#include "sweep/file/sweep_file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- What may be said beside it -------------------------------------------------------------- */

static bool given(const struct arguments *arguments, const char *name)
{
    return arguments->given[hyperparameter_find(name) - hyperparameters];
}

static bool check_given(const struct arguments *arguments, struct error *error)
{
    char name[OPTION_NAME];
    for (size_t i = 0; i < hyperparameter_count; i++) {
        option_name(hyperparameters[i].entry.name, name);
        if (arguments->given[i] && strcmp(name, "lambda") != 0 && strcmp(name, "threads") != 0)
            return error_usage(error, "--%s is not used with --from, which takes it from the sweep",
                               name);
    }
    for (size_t i = 0; i < source_attribute_count && arguments->count == 0; i++) {
        attribute_option(arguments->command, &source_attributes[i], name);
        if (arguments->attributes[i] != NULL)
            return error_usage(error,
                               "--%s is not used with --from without DATA: the data are those of "
                               "the sweep",
                               name);
    }
    return true;
}

/* --- The best of a sweep ---------------------------------------------------------------------- */

static const char *data_of(const struct results *results, const struct outcome *outcome)
{
    return results->sections[outcome->section].data;
}

/* The data set that --set names, or the largest; NULL, with an error, where there is none. */
static const char *choose_data(const struct results *results, const char *set, struct error *error)
{
    if (results->section_count == 0) {
        error_usage(error, "the sweep has recorded nothing; run it with 'descent sweep'");
        return NULL;
    }
    if (set == NULL)
        return results->sections[results_largest_section(results)].data;
    for (size_t i = 0; i < results->section_count; i++)
        if (strcmp(set, results->sections[i].data) == 0)
            return results->sections[i].data;
    error_usage(error, "--set: no data set of the sweep is called '%s'; one is '%s'", set,
                results->sections[0].data);
    return NULL;
}

/* Who may be taken. */
struct field {
    const struct results *results;
    const char *data;
    bool alone;           /* no other set, though it be prepared from the same rows */
    const double *lambda; /* NULL: any */
};

static bool is_in(const struct field *field, const struct outcome *outcome,
                  const struct metric *metric)
{
    const struct results *results = field->results;
    const size_t largest = results_largest_section(results);
    const bool taken =
        strcmp(data_of(results, outcome), field->data) == 0 ||
        (!field->alone && ranking_comparable(results, largest, outcome->section, metric));
    const bool ours = !solver_of(outcome_values(outcome)->solver)->outside;
    return outcome->sound && ours && taken &&
           (field->lambda == NULL || outcome_values(outcome)->lambda == *field->lambda);
}

/* The one of which this is least; NULL: it is known of none. */
static const struct outcome *least(const struct field *field, const struct metric *metric,
                                   size_t *count)
{
    const struct outcome *best = NULL;
    *count = 0;
    for (size_t i = 0; i < field->results->count; i++) {
        const struct outcome *outcome = &field->results->outcomes[i];
        if (!is_in(field, outcome, metric) || !isfinite(ranking_value(outcome, metric)))
            continue;
        (*count)++;
        if (best == NULL || ranking_value(outcome, metric) < ranking_value(best, metric))
            best = outcome;
    }
    return best;
}

static bool lambda_differs(const struct field *field, const struct outcome *best)
{
    for (size_t i = 0; i < field->results->count; i++)
        if (is_in(field, &field->results->outcomes[i], &metric_objective) &&
            field->results->outcomes[i].section != best->section)
            return true;
    return false;
}

/* The best by cross-validation, of which the first outcome stands for all; with folds a single one
 * tells how lucky it was. */
static const struct outcome *choose_by_folds(const struct field *field, const char *folder,
                                             struct train_origin *origin, struct error *error)
{
    struct cross_validation validation = cross_validation_of(field->results);
    const struct validated *best = NULL;
    size_t count = 0;
    for (size_t i = 0; i < validation.count; i++) {
        const struct validated *of = &validation.items[i];
        if (!validated_is_whole(of) || !is_in(field, of->first, &metric_heldout_loss))
            continue;
        best = best == NULL ? of : best;
        count++;
    }
    const struct outcome *outcome = best != NULL ? best->first : NULL;
    if (outcome == NULL)
        error_failed(error, "%s: no configuration ended well without each of its folds on '%s'%s",
                     folder, field->data, field->lambda != NULL ? " with that lambda" : "");
    else
        snprintf(origin->words, sizeof origin->words,
                 "the best of %zu configuration%s of %.200s on '%.200s', by its mean loss on the "
                 "rows held out of %zu folds: %.6g, standard error %.2g",
                 count, count == 1 ? "" : "s", folder, data_of(field->results, outcome),
                 best->planned, best->means.heldout_loss.mean, best->means.heldout_loss.error);
    cross_validation_clear(&validation);
    return outcome;
}

static const struct outcome *choose(const struct field *field, const char *folder,
                                    struct train_origin *origin, struct error *error)
{
    if (results_have_folds(field->results))
        return choose_by_folds(field, folder, origin, error);
    size_t count;
    const struct outcome *best = least(field, &metric_heldout_loss, &count);
    const bool held_out = best != NULL;
    if (!held_out)
        best = least(field, &metric_objective, &count);
    if (best == NULL) {
        error_failed(error, "%s: no configuration ended well on '%s'%s", folder, field->data,
                     field->lambda != NULL ? " with that lambda" : "");
        return NULL;
    }
    if (!held_out && lambda_differs(field, best)) {
        error_usage(error,
                    "%s: lambda differs, so objectives cannot be compared, and no rows were held "
                    "out; choose one with --lambda, or sweep with 'split: 0.2'",
                    folder);
        return NULL;
    }
    snprintf(origin->words, sizeof origin->words,
             "the best of %zu configuration%s of %.200s on '%.200s', by its %s: %.6g", count,
             count == 1 ? "" : "s", folder, data_of(field->results, best),
             held_out ? "loss on the rows held out" : "objective, as no rows were held out",
             ranking_value(best, held_out ? &metric_heldout_loss : &metric_objective));
    return best;
}

/* --- Its data --------------------------------------------------------------------------------- */

static const struct source *source_find(const struct sweep_file *file, const char *data)
{
    const struct source *found = NULL;
    for (size_t i = 0; i < file->source_count && found == NULL; i++) {
        char *description = source_describe(&file->sources[i]);
        if (strcmp(description, data) == 0)
            found = &file->sources[i];
        memory_free(description);
    }
    return found;
}

/* Says of a source what was said of another, where `wanted` holds and the command line does not. */
static bool follow(const struct arguments *arguments, const struct source *from, unsigned wanted,
                   struct source *source, struct error *error)
{
    for (size_t i = 0; i < source_attribute_count; i++) {
        const struct source_attribute *attribute = &source_attributes[i];
        char number[TEXT_NUMBER], reason[512];
        const char *text = source_attribute_get(attribute, from, number);
        if (text == NULL || arguments->attributes[i] != NULL || (attribute->about & wanted) == 0 ||
            !source_attribute_suits(attribute, source))
            continue;
        if (!source_attribute_set(attribute, source, text, reason, sizeof reason))
            return error_usage(error, "--from: %s: %s", attribute->entry.name, reason);
    }
    return true;
}

/* The sweep's own set again. */
static bool copy_source(const struct arguments *arguments, const struct source *from,
                        struct source *source, struct error *error)
{
    *source = (struct source){.generator = from->generator, .settings = from->settings};
    if (from->path != NULL)
        source_set_path(source, from->written != NULL ? from->written : from->path,
                        from->folder != NULL ? from->folder : "");
    return follow(arguments, from, ATTRIBUTES_ALL, source, error);
}

static bool find_source(const struct arguments *arguments, const struct stored_sweep *sweep,
                        const char *data, struct source *source, struct error *error)
{
    char *folder = path_near(sweep->folder); /* "", recorded by earlier versions, is this one */
    struct sweep_file *file = sweep_file_parse_in(folder, sweep->path, sweep->text, error);
    memory_free(folder);
    const struct source *from = file != NULL ? source_find(file, data) : NULL;
    bool done = from != NULL;
    if (file != NULL && from == NULL)
        error_failed(error, "--from: the sweep file as recorded has no data set '%s'", data);
    if (done && arguments->count == 0)
        done = copy_source(arguments, from, source, error);
    else if (done)
        done = arguments_source(arguments, 0, source, error) &&
               follow(arguments, from, ATTRIBUTE_PREPARATION, source, error);
    sweep_file_free(file);
    return done;
}

/* --- Both ------------------------------------------------------------------------------------- */

static bool take(struct arguments *arguments, const char *folder, const struct results *results,
                 struct source *source, struct train_origin *origin, struct error *error)
{
    const struct configuration asked = arguments->configuration;
    const char *set = arguments_value(arguments, "set");
    const char *data = choose_data(results, set, error);
    if (data == NULL)
        return false;
    const struct field field = {results, data, set != NULL,
                                given(arguments, "lambda") ? &asked.lambda : NULL};
    const struct outcome *best = choose(&field, folder, origin, error);
    if (best == NULL ||
        !find_source(arguments, &results->sweep, data_of(results, best), source, error))
        return false;
    origin->of = *outcome_values(best);
    arguments->configuration = origin->of;
    arguments->configuration.folds = arguments->configuration.fold = 0; /* on all rows */
    configuration_canonicalise(&arguments->configuration);
    if (given(arguments, "threads"))
        arguments->configuration.threads = asked.threads;
    if (arguments->count == 0)
        snprintf(origin->digest, sizeof origin->digest, "%s", best->trials[0].data_digest);
    return true;
}

bool train_from_changed(const struct train_origin *origin, const struct dataset *data)
{
    char digest[DIGEST_TEXT];
    configuration_data_digest(&origin->of, data->digest, digest);
    return *origin->digest != '\0' && strcmp(origin->digest, digest) != 0;
}

bool train_from(struct arguments *arguments, struct source *source, struct train_origin *origin,
                struct error *error)
{
    const char *folder = arguments_value(arguments, "from");
    struct opened_store opened;
    *source = (struct source){0};
    *origin = (struct train_origin){.words = ""};
    if (!check_given(arguments, error))
        return false;
    bool done = opened_store_open(&opened, folder, error) &&
                take(arguments, folder, &opened.results, source, origin, error);
    opened_store_close(&opened);
    if (!done)
        source_clear(source);
    return done;
}
