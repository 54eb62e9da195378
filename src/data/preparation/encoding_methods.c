/* SPDX-License-Identifier: MIT
 *
 * The tables: what becomes of categories, and of values that are missing.
 */
#include "data/preparation/encoding.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- Categories ----------------------------------------------------------------------------- */

static const struct category_method onehot = {
    .entry = {"onehot", "a 0/1 feature for each level, called column=level"}};
static const struct category_method ordinal = {
    .entry = {"ordinal", "one feature: levels are 0, 1, ... in the order of their texts"},
    .numbered = true};
static const struct category_method hashed = {
    .entry = {"hash", "hash:N is N 0/1 features, of which the hash of a level (XXH3) chooses one"},
    .hashed = true};
static const struct category_method refused = {
    .entry = {"refuse", "a column of categories is an error"}, .refused = true};

static const struct entry *const categories_rows[] = {&onehot.entry, &ordinal.entry, &hashed.entry,
                                                      &refused.entry};
const struct table categories_table = TABLE("way to encode categories", categories_rows);

static bool buckets_parse(const char *text, size_t *buckets, char *reason, size_t size)
{
    int64_t number;
    bool sound = text_to_integer(text, &number) && number >= 1 && number <= ENCODING_BUCKETS_MAX;
    *buckets = sound ? (size_t)number : 0;
    if (!sound)
        snprintf(reason, size, "hash:%.40s: N is the number of features, from 1 to %d", text,
                 (int)ENCODING_BUCKETS_MAX);
    return sound;
}

bool categories_parse(const char *text, struct encoding_wish *wish, char *reason, size_t size)
{
    static const char prefix[] = "hash:";
    wish->buckets = 0;
    wish->method = &onehot.entry;
    if (text == NULL)
        return true;
    if (strncmp(text, prefix, sizeof prefix - 1) == 0) {
        wish->method = &hashed.entry;
        return buckets_parse(text + sizeof prefix - 1, &wish->buckets, reason, size);
    }
    wish->method = table_find(&categories_table, text);
    if (wish->method == NULL)
        table_unknown(&categories_table, text, reason, size);
    else if (wish->method == &hashed.entry)
        snprintf(reason, size, "hash needs a number of features for each column, as in hash:64");
    else
        return true;
    return false;
}

/* --- Missing values ------------------------------------------------------------------------- */

static double fill_mean(const struct column_values *values)
{
    return (double)(values->sum / (long double)(values->count + values->zeros));
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value at a place among those in ascending order (count) and zeros, of which `negative` of
 * those come before. */
static double ranked(const double *values, size_t negative, size_t zeros, size_t place)
{
    if (place >= negative && place < negative + zeros)
        return 0.0;
    return values[place < negative ? place : place - zeros];
}

/* That of an even number is the mean of the two in the middle. */
static double fill_median(const struct column_values *column)
{
    double *values = column->kept;
    size_t count = column->count, zeros = column->zeros, all = count + zeros, negative = 0;
    if (count > 0)
        qsort(values, count, sizeof *values, ascending);
    while (zeros > 0 && negative < count && values[negative] < 0.0)
        negative++;
    long double low = ranked(values, negative, zeros, (all - 1) / 2);
    long double high = ranked(values, negative, zeros, all / 2);
    return (double)((low + high) / 2.0L);
}

const struct missing_method missing_refuse = {
    .entry = {"refuse", "a missing value is an error, which names the columns"}};
static const struct missing_method missing_drop = {
    .entry = {"drop", "rows with a missing value are left out, before the split"}, .drops = true};
static const struct missing_method missing_mean = {
    .entry = {"mean", "the mean of the column; of categories the most frequent"},
    .fill = fill_mean};
static const struct missing_method missing_median = {
    .entry = {"median", "the median of the column; of categories the most frequent"},
    .keeps = true,
    .fill = fill_median};
static const struct missing_method missing_indicator = {
    .entry = {"indicator", "the mean, and a 0/1 feature column=(missing); of categories a level"},
    .marks = true,
    .fill = fill_mean};

static const struct entry *const missing_rows[] = {&missing_refuse.entry, &missing_drop.entry,
                                                   &missing_mean.entry, &missing_median.entry,
                                                   &missing_indicator.entry};
const struct table missing_table = TABLE("way to treat missing values", missing_rows);

const struct category_method *category_method_of(const struct entry *entry)
{
    return (const struct category_method *)(const void *)entry;
}

const struct missing_method *missing_method_of(const struct entry *entry)
{
    return (const struct missing_method *)(const void *)entry;
}
