/* SPDX-License-Identifier: MIT
 *
 * The table of attributes, and the one order in which they are applied. A scale is fitted after the
 * split: rows held out must not be known to anything that is trained.
 */
#include "data/preparation.h"

#include "data/scaling.h"
#include "data/splitting.h"
#include "data/weighting.h"

#include <stdio.h>
#include <string.h>

/* --- Attributes ---------------------------------------------------------------------------- */

/* A row of a table by its name; `none` is NULL. */
static bool choice_set(const struct table *table, const struct entry *none, const char *text,
                       const struct entry **choice, char *reason, size_t size)
{
    const struct entry *entry = table_find(table, text);
    if (entry == NULL) {
        table_unknown(table, text, reason, size);
        return false;
    }
    *choice = entry != none ? entry : NULL;
    return true;
}

static bool choice_get(const struct entry *choice, char text[static TEXT_NUMBER])
{
    snprintf(text, TEXT_NUMBER, "%s", choice != NULL ? choice->name : "none");
    return choice != NULL;
}

static bool scale_set(struct source *source, const char *text, char *reason, size_t size)
{
    return choice_set(&scale_table, &scale_none.entry, text, &source->scale, reason, size);
}

static bool scale_get(const struct source *source, char text[static TEXT_NUMBER])
{
    return choice_get(source->scale, text);
}

static bool split_set(struct source *source, const char *text, char *reason, size_t size)
{
    if (text_to_real(text, &source->split) && source->split >= 0.0 && source->split < 1.0)
        return true;
    snprintf(reason, size, "'%s' is not a share to hold out: a number >= 0 and < 1, as 0.2", text);
    return false;
}

static bool split_get(const struct source *source, char text[static TEXT_NUMBER])
{
    text_from_real(text, source->split);
    return source->split > 0.0;
}

static bool split_seed_set(struct source *source, const char *text, char *reason, size_t size)
{
    int64_t seed;
    if (text_to_integer(text, &seed) && seed >= 0) {
        source->split_seed = (uint64_t)seed;
        return true;
    }
    snprintf(reason, size, "'%s' is not a seed: an integer >= 0", text);
    return false;
}

static bool split_seed_get(const struct source *source, char text[static TEXT_NUMBER])
{
    snprintf(text, TEXT_NUMBER, "%llu", (unsigned long long)source->split_seed);
    return source->split_seed != 0;
}

static bool weights_set(struct source *source, const char *text, char *reason, size_t size)
{
    return choice_set(&weighting_table, &weighting_none, text, &source->weights, reason, size);
}

static bool weights_get(const struct source *source, char text[static TEXT_NUMBER])
{
    return choice_get(source->weights, text);
}

const struct source_attribute source_attributes[] = {
    {{"scale", "scale features: none, standard, maxabs, minmax, unit"},
     "NAME",
     "none",
     NULL,
     scale_set,
     scale_get},
    {{"split", "share of the rows to hold out from training"},
     "SHARE",
     "0",
     NULL,
     split_set,
     split_get},
    {{"split_seed", "chooses the rows to hold out"},
     "INTEGER",
     "0",
     "split",
     split_seed_set,
     split_seed_get},
    {{"weights", "of the classes: none, or balanced: both count alike"},
     "NAME",
     "none",
     NULL,
     weights_set,
     weights_get},
};

const size_t source_attribute_count = sizeof source_attributes / sizeof *source_attributes;

const struct source_attribute *source_attribute_find(const char *name)
{
    for (size_t i = 0; i < source_attribute_count; i++)
        if (strcmp(source_attributes[i].entry.name, name) == 0)
            return &source_attributes[i];
    return NULL;
}

bool source_attribute_applies(const struct source_attribute *attribute, const struct source *source)
{
    char text[TEXT_NUMBER];
    return attribute->needs == NULL || source_attribute_find(attribute->needs)->get(source, text);
}

bool source_attribute_get(const struct source_attribute *attribute, const struct source *source,
                          char text[static TEXT_NUMBER])
{
    return attribute->get(source, text) && source_attribute_applies(attribute, source);
}

/* --- Applying ------------------------------------------------------------------------------ */

static bool split(const struct source *source, struct dataset **data, int threads,
                  struct error *error)
{
    if (source->split == 0.0)
        return true;
    struct dataset *training =
        splitting_create(*data, source->split, source->split_seed, threads, error);
    if (training == NULL)
        return false;
    dataset_free(*data);
    *data = training;
    return true;
}

static bool scale(const struct source *source, struct dataset *data, int threads,
                  struct error *error)
{
    if (source->scale == NULL)
        return true;
    struct scaling *scaling = scaling_fit(source->scale, data, threads, error);
    bool scaled = scaling != NULL && scaling_apply(scaling, data, threads, error) &&
                  (data->heldout == NULL || scaling_apply(scaling, data->heldout, threads, error));
    scaling_free(scaling);
    return scaled;
}

struct dataset *preparation_apply(const struct source *source, struct dataset *data, int threads,
                                  struct error *error)
{
    struct error plain = {.kind = ERROR_NONE};
    if (!split(source, &data, threads, &plain) || !scale(source, data, threads, &plain) ||
        (source->weights != NULL && !weighting_apply(source->weights, data, &plain))) {
        error_usage(error, "%s: %s", data->name, plain.message);
        dataset_free(data);
        return NULL;
    }
    if (data->heldout != NULL)
        dataset_seal(data->heldout);
    dataset_seal(data);
    return data;
}
