/* SPDX-License-Identifier: MIT
 *
 * Where the levels of a fit are, and what features are called. A name that is taken (a column may
 * be called sex=male, a level (rare)) is given a suffix, as the readers of data do.
 */
#include "data/preparation/encoding.h"

#include "base/digest.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/name_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char rare_name[] = "(rare)", missing_name[] = "(missing)";

static const struct category_method *method_of(const struct encoding *encoding)
{
    return category_method_of(encoding->method);
}

static size_t bucket(const struct encoding *encoding, const char *level)
{
    return (size_t)(digest_hash(level, strlen(level)) % encoding->buckets);
}

/* --- Places --------------------------------------------------------------------------------- */

/* Kept levels in their order, then the rare ones together, then missing values. */
static size_t places_number(struct encoded_column *column)
{
    size_t next = 0;
    bool any = false;
    memory_free(column->places);
    column->places = memory_allocate(column->count, sizeof *column->places);
    for (size_t k = 0; k < column->count; k++) {
        bool rare = column->rare != NULL && column->rare[k];
        column->places[k] = rare ? ENCODING_NOWHERE : next++;
        any = any || rare;
    }
    column->rare_place = any ? next++ : ENCODING_NOWHERE;
    for (size_t k = 0; any && k < column->count; k++)
        if (column->rare[k])
            column->places[k] = column->rare_place;
    column->missing_place = column->marked ? next++ : ENCODING_NOWHERE;
    return next;
}

static void column_lay_out(const struct encoding *encoding, struct encoded_column *column)
{
    if (!column->category) {
        column->features = 1 + (size_t)column->marked;
        column->rare_place = ENCODING_NOWHERE;
        column->missing_place = column->marked ? 1 : ENCODING_NOWHERE;
        return;
    }
    size_t places = places_number(column);
    column->features = method_of(encoding)->numbered ? 1 : places;
    if (!method_of(encoding)->hashed)
        return;
    column->features = encoding->buckets;
    if (column->marked)
        column->missing_place = bucket(encoding, missing_name);
}

void encoding_lay_out(struct encoding *encoding)
{
    encoding->features = 0;
    for (size_t j = 0; j < encoding->count; j++) {
        struct encoded_column *column = &encoding->columns[j];
        column->first = encoding->features;
        column_lay_out(encoding, column);
        encoding->features += column->features;
    }
}

static int level_compare(const void *key, const void *element)
{
    return strcmp(key, *(char *const *)element);
}

static char *const *level_find(const struct encoded_column *column, const char *level)
{
    return column->count == 0 ? NULL
                              : bsearch(level, column->levels, column->count,
                                        sizeof *column->levels, level_compare);
}

bool encoding_knows(const struct encoded_column *column, const char *level)
{
    return level_find(column, level) != NULL;
}

size_t encoding_place(const struct encoding *encoding, const struct encoded_column *column,
                      const char *level)
{
    if (method_of(encoding)->hashed)
        return bucket(encoding, level);
    char *const *found = level_find(column, level);
    return found != NULL ? column->places[found - column->levels] : column->rare_place;
}

bool *encoding_flags(const struct encoding *encoding)
{
    bool *flags = memory_allocate(encoding->features, sizeof *flags);
    for (size_t j = 0; j < encoding->count; j++) {
        const struct encoded_column *column = &encoding->columns[j];
        bool number = !column->category || method_of(encoding)->numbered;
        for (size_t k = number; k < column->features; k++)
            flags[column->first + k] = true;
    }
    return flags;
}

/* --- Names ---------------------------------------------------------------------------------- */

/* COLUMN=LEVEL */
static char *joined(const char *column, const char *level)
{
    struct memory_stream stream;
    fprintf(memory_stream_open(&stream), "%s=%s", column, level);
    return memory_stream_close(&stream);
}

static void name_give(struct encoding *encoding, struct name_set *known, size_t feature, char *name)
{
    encoding->names[feature] = name_set_give(known, name, name);
    memory_free(name);
}

static void levels_name(struct encoding *encoding, struct name_set *known,
                        const struct encoded_column *column, const char *name)
{
    for (size_t k = 0; k < column->count; k++)
        if (column->places[k] != column->rare_place)
            name_give(encoding, known, column->first + column->places[k],
                      joined(name, column->levels[k]));
    if (column->rare_place != ENCODING_NOWHERE)
        name_give(encoding, known, column->first + column->rare_place, joined(name, rare_name));
    if (column->missing_place != ENCODING_NOWHERE)
        name_give(encoding, known, column->first + column->missing_place,
                  joined(name, missing_name));
}

static void buckets_name(struct encoding *encoding, struct name_set *known,
                         const struct encoded_column *column, const char *name)
{
    enum { BUCKET = 40 };
    for (size_t b = 0; b < encoding->buckets; b++) {
        char level[BUCKET];
        snprintf(level, sizeof level, "(hash %zu)", b);
        name_give(encoding, known, column->first + b, joined(name, level));
    }
}

static void column_name(struct encoding *encoding, struct name_set *known, size_t j)
{
    const struct encoded_column *column = &encoding->columns[j];
    char name[DATASET_NAME];
    snprintf(name, sizeof name, "x%zu", j + 1);
    const char *called = column->name != NULL && *column->name != '\0' ? column->name : name;
    if (column->category && method_of(encoding)->hashed)
        buckets_name(encoding, known, column, called);
    else if (column->category && !method_of(encoding)->numbered)
        levels_name(encoding, known, column, called);
    else
        name_give(encoding, known, column->first, memory_copy_text(called));
    if (!column->category && column->marked)
        name_give(encoding, known, column->first + 1, joined(called, missing_name));
}

void encoding_name(struct encoding *encoding)
{
    struct name_set known = {NULL};
    encoding->names = memory_allocate(encoding->features, sizeof *encoding->names);
    for (size_t j = 0; j < encoding->count; j++)
        column_name(encoding, &known, j);
    name_set_clear(&known);
}
