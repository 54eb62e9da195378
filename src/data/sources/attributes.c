/* SPDX-License-Identifier: MIT
 *
 * The table of attributes. A source is all zero at first, and so is an attribute that is its
 * default.
 */
#include "data/sources/attributes.h"

#include "data/cache/cache_table.h"
#include "data/formats/csv/csv.h"
#include "data/formats/format.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/generators/generator.h"
#include "data/precision.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling.h"
#include "data/preparation/weighting.h"

#include <stdio.h>
#include <string.h>

/* --- What holds of another file ------------------------------------------------------------ */

static bool lines_follow(const struct source *source, const char *trained_on)
{
    (void)trained_on;
    return source_format(source)->lines;
}

static bool columns_follow(const struct source *source, const char *trained_on)
{
    (void)trained_on;
    return source_format(source)->columns;
}

/* A format that was named for one ending is meant for that, and for endings that say nothing. */
static bool format_follows(const struct source *source, const char *trained_on)
{
    return !format_is_told(source->path) || format_same_ending(source->path, trained_on);
}

static bool first_index_follows(const struct source *source, const char *trained_on)
{
    (void)trained_on;
    return source_format(source)->indexed;
}

static bool categories_check(const char *text, char *reason, size_t size)
{
    struct encoding_wish wish;
    return categories_parse(text, &wish, reason, size);
}

static bool columns_check(const char *text, char *reason, size_t size)
{
    return csv_list_check(text, false, reason, size);
}

static bool tokens_check(const char *text, char *reason, size_t size)
{
    if (*text == '\0') {
        snprintf(reason, size,
                 "an empty list names no mark; an empty cell is missing in any case, and nothing "
                 "else is with '='");
        return false;
    }
    return csv_list_check(text + (*text == '='), true, reason, size);
}

/* --- The table ----------------------------------------------------------------------------- */

#define FIELD(name_) .offset = offsetof(struct source, name_)

const struct source_attribute source_attributes[] = {
    {
        .entry = {"label", "label column: name, position from 1, or none"},
        .type = TYPE_TEXT,
        FIELD(label),
        .fallback = "the last",
        .about = ATTRIBUTE_FILE,
        .argument = "COLUMN",
    },
    {
        .entry = {"array", "which array of an .npz archive has the features"},
        .type = TYPE_TEXT,
        FIELD(array),
        .fallback = "X, or what goes with the label",
        .about = ATTRIBUTE_ARRAYS,
        .argument = "NAME",
    },
    {
        .entry = {"format", "format of the data file"},
        .type = TYPE_CHOICE,
        FIELD(format),
        .choices = &format_table,
        .fallback = "by the file's extension",
        .about = ATTRIBUTE_FILE,
        .argument = "NAME",
        .follows = format_follows,
    },
    {
        .entry = {"header", "whether a CSV file begins with a line of names"},
        .type = TYPE_CHOICE,
        FIELD(header),
        .choices = &header_table,
        .fallback = "auto",
        .about = ATTRIBUTE_LINES,
        .argument = "NAME",
        .follows = lines_follow,
    },
    {
        .entry = {"columns", "which columns to read: names, positions, 3-7, x*"},
        .type = TYPE_TEXT,
        FIELD(columns),
        .list = true,
        .check = columns_check,
        .fallback = "all",
        .about = ATTRIBUTE_COLUMNS,
        .argument = "LIST",
        .follows = columns_follow,
    },
    {
        .entry = {"drop", "which columns to leave out: names, positions, 3-7, x*"},
        .type = TYPE_TEXT,
        FIELD(drop),
        .list = true,
        .check = columns_check,
        .fallback = "none",
        .about = ATTRIBUTE_COLUMNS,
        .argument = "LIST",
        .follows = columns_follow,
    },
    {
        .entry = {"category", "which columns of a CSV file are categories, even if of numbers"},
        .type = TYPE_TEXT,
        FIELD(category),
        .list = true,
        .check = columns_check,
        .fallback = "those of texts",
        .about = ATTRIBUTE_LINES,
        .argument = "LIST",
        .follows = lines_follow,
    },
    {
        .entry = {"missing_tokens", "what more marks a missing value in a CSV file; =LIST: nothing "
                                    "else but empty does"},
        .type = TYPE_TEXT,
        FIELD(missing_tokens),
        .list = true,
        .check = tokens_check,
        .fallback = "?, NA, N/A, NaN, null, \\N, empty",
        .about = ATTRIBUTE_LINES,
        .argument = "LIST",
        .follows = lines_follow,
    },
    {
        .entry = {"decimal", "what stands before the decimals of numbers in a CSV file"},
        .type = TYPE_CHOICE,
        FIELD(decimal),
        .choices = &decimal_table,
        .fallback = "auto",
        .about = ATTRIBUTE_LINES,
        .argument = "NAME",
        .follows = lines_follow,
    },
    {
        .entry = {"first_index", "number of the first column in a LIBSVM file: 0 or 1"},
        .type = TYPE_CHOICE,
        FIELD(first_index),
        .choices = &first_index_table,
        .fallback = "1",
        .about = ATTRIBUTE_INDEXED,
        .argument = "N",
        .follows = first_index_follows,
    },
    {
        .entry = {"features", "how many features to generate, or that a LIBSVM file has"},
        .type = TYPE_INTEGER,
        FIELD(features),
        .minimum = 1,
        .maximum = UINT32_MAX - 1,
        .fallback = "its largest index",
        .about = ATTRIBUTE_INDEXED,
        .argument = "N",
    },
    {
        .entry = {"cache", "keep what was read of a text, so that the next run begins at once"},
        .type = TYPE_CHOICE,
        FIELD(cache),
        .choices = &cache_table,
        .fallback = "no",
        .about = ATTRIBUTE_CACHE,
        .argument = "NAME",
    },
    {
        .entry = {"scale", "how features are scaled before training"},
        .type = TYPE_CHOICE,
        FIELD(scale),
        .other_rows = "",
        .sides = true,
        .choices = &scale_table,
        .fallback = "none",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
    },
    {
        .entry = {"split", "share of the rows to hold out from training"},
        .type = TYPE_REAL,
        FIELD(split),
        .maximum = 1,
        .below_maximum = true,
        .fallback = "0",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "SHARE",
    },
    {
        .entry = {"split_seed", "chooses the rows to hold out"},
        .type = TYPE_INTEGER,
        FIELD(split_seed),
        .maximum = LARGEST_INTEGER,
        .fallback = "0",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "INTEGER",
        .needs = "split",
    },
    {
        .entry = {"weights", "class weights; balanced: both classes count alike"},
        .type = TYPE_CHOICE,
        FIELD(weights),
        .choices = &weighting_table,
        .fallback = "none",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
    },
    {
        .entry = {"positive", "the class that is 1, whose probability is predicted"},
        .type = TYPE_TEXT,
        FIELD(positive),
        .fallback = "the larger number, or the last text",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "CLASS",
    },
    {
        .entry = {"categories", "how they are encoded: onehot, ordinal, hash:N or refuse"},
        .type = TYPE_TEXT,
        FIELD(categories),
        .other_rows = "",
        .sides = true,
        .fallback = "onehot",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
        .check = categories_check,
    },
    {
        .entry = {"rare", "levels of a category that fewer rows have are one; 0: none is rare"},
        .type = TYPE_INTEGER,
        FIELD(rare),
        .other_rows = "",
        .sides = true,
        .maximum = LARGEST_INTEGER,
        .fallback = "0",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "ROWS",
    },
    {
        .entry = {"missing", "what becomes of missing values"},
        .type = TYPE_CHOICE,
        FIELD(missing),
        .other_rows = "drop",
        .sides = true,
        .choices = &missing_table,
        .fallback = "refuse",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
    },
    {
        .entry = {"precision", "in how many bits training reads features"},
        .type = TYPE_CHOICE,
        FIELD(precision),
        .other_rows = "",
        .sides = true,
        .choices = &precision_table,
        .fallback = "float64",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
    },
    {
        .entry = {"refine", "end training with passes over the features as they are given"},
        .type = TYPE_CHOICE,
        FIELD(refine),
        .other_rows = "",
        .choices = &refine_table,
        .fallback = "no",
        .about = ATTRIBUTE_PREPARATION,
        .argument = "NAME",
        .needs = "precision",
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

const struct source_attribute *source_attribute_of_sides(const char *name)
{
    const struct source_attribute *attribute = source_attribute_find(name);
    return attribute != NULL && attribute->sides ? attribute : NULL;
}

/* Does a generator take this in place of a file? */
static bool is_setting(const struct source_attribute *attribute, const struct source *source)
{
    return source->generator != NULL && generator_setting_find(attribute->entry.name) != NULL;
}

bool source_attribute_adds(const struct source_attribute *attribute, const char *text)
{
    return attribute->list && !(attribute->about == ATTRIBUTE_LINES && *text == '=');
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
    struct value value;
    if (!setting_parse(&attribute->setting, text, &value, reason, size))
        return false;
    if (attribute->check != NULL && !attribute->check(value.text, reason, size))
        return false;
    const char *name = attribute->type == TYPE_CHOICE                 ? value.choice->name
                       : attribute->check != NULL && !attribute->list ? value.text
                                                                      : "";
    bool usual = strcmp(name, attribute->fallback) == 0;
    setting_set(&attribute->setting, source, usual ? (struct value){.choice = NULL} : value);
    return true;
}

/* The value as text, NULL where it is the default. */
static const char *text_of(const struct source_attribute *attribute, const struct source *source,
                           char number[static TEXT_NUMBER])
{
    const struct value value = setting_get(&attribute->setting, source), none = {.integer = 0};
    bool usual = setting_equal(&attribute->setting, value, none);
    return usual ? NULL : setting_text(&attribute->setting, value, number);
}

bool source_attribute_applies(const struct source_attribute *attribute, const struct source *source)
{
    char number[TEXT_NUMBER];
    return attribute->needs == NULL ||
           text_of(source_attribute_find(attribute->needs), source, number) != NULL;
}

const char *source_attribute_get(const struct source_attribute *attribute,
                                 const struct source *source, char number[static TEXT_NUMBER])
{
    return source_attribute_applies(attribute, source) ? text_of(attribute, source, number) : NULL;
}

/* Attributes that only some formats know, and which these are. */
static const struct {
    unsigned about;
    const char *formats;
} partial[] = {{ATTRIBUTE_INDEXED, "LIBSVM"},
               {ATTRIBUTE_LINES, "CSV"},
               {ATTRIBUTE_COLUMNS, "CSV and ARFF"},
               {ATTRIBUTE_ARRAYS, "NumPy"}};

static bool format_knows(const struct format *format, unsigned about)
{
    return about == ATTRIBUTE_INDEXED  ? format->indexed
           : about == ATTRIBUTE_LINES  ? format->lines
           : about == ATTRIBUTE_ARRAYS ? format->arrays
                                       : format->columns;
}

bool source_attributes_check(const struct source *source, char *reason, size_t size)
{
    const struct format *format = source->path != NULL ? source_format(source) : NULL;
    for (size_t i = 0; format != NULL && i < source_attribute_count; i++)
        for (size_t k = 0; k < sizeof partial / sizeof *partial; k++) {
            const struct source_attribute *attribute = &source_attributes[i];
            char number[TEXT_NUMBER];
            if (attribute->about != partial[k].about || format_knows(format, partial[k].about) ||
                text_of(attribute, source, number) == NULL)
                continue;
            snprintf(reason, size,
                     "'%s' is for %s files, and this is read as %s; 'format' says otherwise",
                     attribute->entry.name, partial[k].formats, format->entry.name);
            return false;
        }
    return true;
}
