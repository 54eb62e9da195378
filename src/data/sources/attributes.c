/* SPDX-License-Identifier: MIT
 *
 * The table of attributes: of each how it is set from text and told as text.
 */
#include "data/sources/attributes.h"

#include "base/memory.h"
#include "data/formats/format.h"
#include "data/formats/format_csv.h"
#include "data/generators/generator.h"
#include "data/preparation/scaling.h"
#include "data/preparation/weighting.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* --- How a file is read -------------------------------------------------------------------- */

static bool label_set(struct source *source, const char *text, char *reason, size_t size)
{
    (void)reason, (void)size; /* whether there is such a column, only the file can say */
    memory_free(source->label);
    source->label = memory_copy_text(text);
    return true;
}

static const char *label_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->label;
}

static bool format_set(struct source *source, const char *text, char *reason, size_t size)
{
    source->format = (const struct format *)(const void *)table_find(&format_table, text);
    if (source->format == NULL)
        table_unknown(&format_table, text, reason, size);
    return source->format != NULL;
}

static const char *format_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->format != NULL ? source->format->entry.name : NULL;
}

static bool first_line_set(struct source *source, const char *text, char *reason, size_t size)
{
    return choice_set(&first_line_table, &first_line_auto, text, &source->first_line, reason, size);
}

static const char *first_line_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->first_line != NULL ? source->first_line->name : NULL;
}

static bool first_line_follows(const struct source *source, const char *trained_on)
{
    (void)trained_on;
    return source_format(source)->lines;
}

/* A format that was named for one ending is meant for that, and for endings that say nothing. */
static bool format_follows(const struct source *source, const char *trained_on)
{
    return !format_is_told(source->path) || format_same_ending(source->path, trained_on);
}

static bool first_index_set(struct source *source, const char *text, char *reason, size_t size)
{
    source->from_zero = strcmp(text, "0") == 0;
    if (source->from_zero || strcmp(text, "1") == 0)
        return true;
    snprintf(reason, size, "'%s' is not a first index; give 0 or 1", text);
    return false;
}

static const char *first_index_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->from_zero ? "0" : NULL;
}

static bool first_index_follows(const struct source *source, const char *trained_on)
{
    (void)trained_on;
    return source_format(source)->indexed;
}

static bool features_set(struct source *source, const char *text, char *reason, size_t size)
{
    int64_t count;
    if (text_to_integer(text, &count) && count >= 1 && count < UINT32_MAX) {
        source->features = (size_t)count;
        return true;
    }
    snprintf(reason, size, "'%s' is not a number of features; give an integer from 1 to %lu", text,
             (unsigned long)UINT32_MAX - 1);
    return false;
}

static const char *features_get(const struct source *source, char number[static TEXT_NUMBER])
{
    return source->features > 0 ? text_from_real(number, (double)source->features) : NULL;
}

/* --- How a set is prepared ----------------------------------------------------------------- */

static bool scale_set(struct source *source, const char *text, char *reason, size_t size)
{
    return choice_set(&scale_table, &scale_none.entry, text, &source->scale, reason, size);
}

static const char *scale_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->scale != NULL ? source->scale->name : NULL;
}

static bool split_set(struct source *source, const char *text, char *reason, size_t size)
{
    if (text_to_real(text, &source->split) && source->split >= 0.0 && source->split < 1.0)
        return true;
    snprintf(reason, size, "'%s'%s is not a share to hold out: a number >= 0 and < 1, as 0.2", text,
             text_real_fault(text));
    return false;
}

static const char *split_get(const struct source *source, char number[static TEXT_NUMBER])
{
    return source->split > 0.0 ? text_from_real(number, source->split) : NULL;
}

static const int64_t LARGEST_SEED = INT64_C(1) << 53; /* exact as a double, in JSON too */

static bool split_seed_set(struct source *source, const char *text, char *reason, size_t size)
{
    int64_t seed;
    if (text_to_integer(text, &seed) && seed >= 0 && seed <= LARGEST_SEED) {
        source->split_seed = (uint64_t)seed;
        return true;
    }
    snprintf(reason, size, "'%s' is not a seed: an integer from 0 to %" PRId64, text, LARGEST_SEED);
    return false;
}

static const char *split_seed_get(const struct source *source, char number[static TEXT_NUMBER])
{
    snprintf(number, TEXT_NUMBER, "%llu", (unsigned long long)source->split_seed);
    return source->split_seed != 0 ? number : NULL;
}

static bool weights_set(struct source *source, const char *text, char *reason, size_t size)
{
    return choice_set(&weighting_table, &weighting_none, text, &source->weights, reason, size);
}

static const char *weights_get(const struct source *source, char number[static TEXT_NUMBER])
{
    (void)number;
    return source->weights != NULL ? source->weights->name : NULL;
}

/* --- The table ----------------------------------------------------------------------------- */

const struct source_attribute source_attributes[] = {
    {
        .entry = {"label", "label column: name, position from 1, or none"},
        .about = ATTRIBUTE_FILE,
        .argument = "COLUMN",
        .fallback = "the last",
        .set = label_set,
        .get = label_get,
    },
    {
        .entry = {"format", "format of the data file"},
        .about = ATTRIBUTE_FILE,
        .argument = "NAME",
        .fallback = "by the file's extension",
        .choices = &format_table,
        .set = format_set,
        .get = format_get,
        .follows = format_follows,
    },
    {
        .entry = {"first_line", "what the first line of a CSV file is"},
        .about = ATTRIBUTE_LINES,
        .argument = "NAME",
        .fallback = "auto",
        .choices = &first_line_table,
        .set = first_line_set,
        .get = first_line_get,
        .follows = first_line_follows,
    },
    {
        .entry = {"first_index", "number of the first column in a LIBSVM file: 0 or 1"},
        .about = ATTRIBUTE_INDEXED,
        .argument = "N",
        .fallback = "1",
        .set = first_index_set,
        .get = first_index_get,
        .follows = first_index_follows,
    },
    {
        .entry = {"features", "how many features to generate, or that a LIBSVM file has"},
        .about = ATTRIBUTE_INDEXED,
        .argument = "N",
        .fallback = "its largest index",
        .set = features_set,
        .get = features_get,
    },
    {
        .entry = {"scale", "how features are scaled before training"},
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
        .fallback = "none",
        .choices = &scale_table,
        .set = scale_set,
        .get = scale_get,
    },
    {
        .entry = {"split", "share of the rows to hold out from training"},
        .about = ATTRIBUTE_PREPARATION,
        .argument = "SHARE",
        .fallback = "0",
        .set = split_set,
        .get = split_get,
    },
    {
        .entry = {"split_seed", "chooses the rows to hold out"},
        .about = ATTRIBUTE_PREPARATION,
        .argument = "INTEGER",
        .fallback = "0",
        .needs = "split",
        .set = split_seed_set,
        .get = split_seed_get,
    },
    {
        .entry = {"weights", "class weights; balanced: both classes count alike"},
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
        .fallback = "none",
        .choices = &weighting_table,
        .set = weights_set,
        .get = weights_get,
    },
};

const size_t source_attribute_count = sizeof source_attributes / sizeof *source_attributes;

const struct source_attribute *source_attribute_find(const char *name)
{
    for (size_t i = 0; i < source_attribute_count; i++)
        if (strcmp(source_attributes[i].entry.name, name) == 0)
            return &source_attributes[i];
    return NULL;
}

/* Does a generator take this in place of a file? */
static bool is_setting(const struct source_attribute *attribute, const struct source *source)
{
    return source->generator != NULL && generator_setting_find(attribute->entry.name) != NULL;
}

bool source_attribute_suits(const struct source_attribute *attribute, const struct source *source)
{
    return attribute->about == ATTRIBUTE_PREPARATION || source->generator == NULL ||
           is_setting(attribute, source);
}

bool source_attribute_set(const struct source_attribute *attribute, struct source *source,
                          const char *text, char *reason, size_t size)
{
    if (is_setting(attribute, source))
        return generator_set(source->generator, &source->settings, attribute->entry.name, text,
                             reason, size);
    return attribute->set(source, text, reason, size);
}

bool source_attribute_applies(const struct source_attribute *attribute, const struct source *source)
{
    char number[TEXT_NUMBER];
    return attribute->needs == NULL ||
           source_attribute_find(attribute->needs)->get(source, number) != NULL;
}

const char *source_attribute_get(const struct source_attribute *attribute,
                                 const struct source *source, char number[static TEXT_NUMBER])
{
    return source_attribute_applies(attribute, source) ? attribute->get(source, number) : NULL;
}

/* Attributes that only some formats know, and which these are. */
static const struct {
    unsigned about;
    const char *formats;
} partial[] = {{ATTRIBUTE_INDEXED, "LIBSVM"}, {ATTRIBUTE_LINES, "CSV"}};

static bool format_knows(const struct format *format, unsigned about)
{
    return about == ATTRIBUTE_INDEXED ? format->indexed : format->lines;
}

bool source_attributes_check(const struct source *source, char *reason, size_t size)
{
    const struct format *format = source->path != NULL ? source_format(source) : NULL;
    for (size_t i = 0; format != NULL && i < source_attribute_count; i++)
        for (size_t k = 0; k < sizeof partial / sizeof *partial; k++) {
            const struct source_attribute *attribute = &source_attributes[i];
            char number[TEXT_NUMBER];
            if (attribute->about != partial[k].about || format_knows(format, partial[k].about) ||
                attribute->get(source, number) == NULL)
                continue;
            snprintf(reason, size,
                     "'%s' is for %s files, and this is read as %s; 'format' says otherwise",
                     attribute->entry.name, partial[k].formats, format->entry.name);
            return false;
        }
    return true;
}
