/* SPDX-License-Identifier: MIT
 *
 * Names of rows for Google Benchmark's readers: DATA/solver:NAME/rate:NUMBER/..., in the order of
 * hyperparameters[], with what applies and differs from its default; solver, rate and threads
 * always, threads because their default is the machine's. So two stores of one sweep file have the
 * same names, which is how compare.py finds what to compare, and no two configurations share one.
 *
 * What regular expressions or paths would trip over in the description of data becomes "_"; where
 * two data sets would be called the same, the later one is called by its digest as well. The
 * library's suffix "/real_time" is left out: compare.py does not look for it, and no row has
 * another kind of time.
 */
#include "store/export/export_gbench.h"

#include "base/memory.h"
#include "base/memory_stream.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool stands_in_names(unsigned char byte)
{
    return isalnum(byte) || byte >= 0x80 || strchr("._-:=,", byte) != NULL;
}

/* "my data/pets.csv (scale standard)" -> "my_data_pets.csv_scale_standard" */
static void write_plain(const char *description, FILE *out)
{
    bool gap = false;
    for (const char *byte = description; *byte != '\0'; byte++) {
        bool stands = stands_in_names((unsigned char)*byte);
        if (stands && gap)
            fputc('_', out);
        if (stands)
            fputc(*byte, out);
        gap = !stands;
    }
}

static char *plain_name(const char *description, const char *digest)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    write_plain(description, out);
    if (digest != NULL)
        fprintf(out, "_%s", digest);
    return memory_stream_close(&stream);
}

/* Description and digest of a data set, as one key. Free with memory_free(). */
static char *set_key(const struct stored_trial *row)
{
    char *key;
    if (asprintf(&key, "%s %s", row->set_digest, row->data) < 0)
        memory_exhausted(1, 1);
    return key;
}

/* The same configuration of data of the same digest is the same: these may share a name. Whoever
 * has a name first keeps it. */
static bool name_is_taken(struct gbench_data_names *names, const char *text, const char *digest)
{
    size_t known = names->texts.count, number = lookup_number(&names->texts, text, strlen(text));
    if (number < known)
        return strcmp(names->rows[names->first[number]].digest, digest) != 0;
    names->first =
        memory_grow(names->first, &names->first_capacity, number + 1, sizeof *names->first);
    names->first[number] = names->count;
    return false;
}

static const char *data_name_of(const struct gbench_data_names *names,
                                const struct stored_trial *row)
{
    char *key = set_key(row);
    size_t number = lookup_find(&names->sets, key, strlen(key));
    memory_free(key);
    return number < names->count ? names->rows[number].text : NULL;
}

static void add_name(struct gbench_data_names *names, const struct stored_trial *row)
{
    char *text = plain_name(row->data, NULL);
    if (name_is_taken(names, text, row->set_digest)) {
        memory_free(text);
        text = plain_name(row->data, row->set_digest);
    }
    names->rows = memory_grow(names->rows, &names->capacity, names->count + 1, sizeof *names->rows);
    names->rows[names->count++] = (struct gbench_data_name){row->data, row->set_digest, text};
}

/* What is planned counts, also before it is trained: a name does not change when more is recorded.
 */
void gbench_data_names_read(struct gbench_data_names *names, const struct stored_trials *list)
{
    *names = (struct gbench_data_names){0};
    for (size_t i = 0; i < list->count; i++) {
        char *key = set_key(&list->rows[i]);
        size_t number = lookup_number(&names->sets, key, strlen(key));
        memory_free(key);
        if (number == names->count)
            add_name(names, &list->rows[i]);
    }
}

void gbench_data_names_clear(struct gbench_data_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        memory_free(names->rows[i].text);
    memory_free(names->rows);
    memory_free(names->first);
    lookup_clear(&names->sets);
    lookup_clear(&names->texts);
}

/* What one looks for first, and what has no default but the machine's. */
static bool is_always_named(const struct hyperparameter *row)
{
    static const char *const names[] = {"solver", "rate", "threads"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(row->entry.name, names[i]) == 0)
            return true;
    return false;
}

/* "/rate:1e20": a "+" says nothing in a number, and something else in a regular expression. */
static void write_part(const struct hyperparameter *row, const struct configuration *configuration,
                       FILE *out)
{
    char name[HYPERPARAMETER_TEXT], number[TEXT_NUMBER];
    fprintf(out, "/%s:", hyperparameter_column(row, name, sizeof name));
    const char *value = setting_text(&row->setting, hyperparameter_get(row, configuration), number);
    for (const char *byte = value; *byte != '\0'; byte++)
        if (*byte != '+')
            fputc(*byte, out);
}

char *gbench_configuration_name(const struct gbench_data_names *names,
                                const struct stored_trial *trial)
{
    const struct configuration defaults = configuration_default();
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    fputs(data_name_of(names, trial), out);
    for (size_t i = 0; i < hyperparameter_count; i++) {
        const struct hyperparameter *row = &hyperparameters[i];
        if (hyperparameter_applies(row, &trial->values) &&
            (is_always_named(row) || !hyperparameter_equal(row, &trial->values, &defaults)))
            write_part(row, &trial->values, out);
    }
    return memory_stream_close(&stream);
}
