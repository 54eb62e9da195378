/* SPDX-License-Identifier: MIT
 *
 * What separates the columns of a CSV file, from its first two lines; csv.h says how.
 */
#include "data/formats/csv/csv.h"

#include "data/formats/number_parse.h"

#include <string.h>
#include <strings.h>

enum { DELIMITERS = 3, TAB = 2 };

static const char delimiters[DELIMITERS] = {',', ';', '\t'};

/* The fields of the line at `p`, or 0 when they cannot be told apart. */
static size_t fields_count(const char *p, char delimiter)
{
    for (size_t count = 1;; count++) {
        struct csv_field field;
        p = csv_field_read(p, delimiter, &field);
        if (p == NULL || *p != delimiter)
            return p != NULL ? count : 0;
        p++;
    }
}

/* How often each delimiter stands outside quotes in a line. */
static void delimiters_count(const char *line, size_t counts[DELIMITERS])
{
    bool quoted = false;
    for (const char *p = line; *p != '\n' && *p != '\0'; p++) {
        quoted = quoted != (*p == '"');
        for (size_t i = 0; i < DELIMITERS && !quoted; i++)
            counts[i] += *p == delimiters[i];
    }
}

static bool has_ending(const char *path, const char *ending)
{
    size_t length = strlen(path), tail = strlen(ending);
    return length >= tail && strcasecmp(path + length - tail, ending) == 0;
}

/* Is a line, split by a delimiter, one of numbers with a comma, perhaps beside other fields without
 * any? */
static bool fields_have_decimals(const char *p, char delimiter)
{
    size_t commas = 0;
    for (;;) {
        double value;
        struct csv_field field;
        p = csv_field_read(p, delimiter, &field);
        if (p == NULL)
            return false;
        bool comma = memchr(field.text, ',', field.length) != NULL;
        if (comma && number_parse_comma(field.text, &value) != field.text + field.length)
            return false;
        commas += comma;
        if (*p != delimiter)
            return commas > 0;
        p++;
    }
}

/* Commas also stand in names and decimals, so that of equals it is the last here, and one that does
 * not split the second line alike gives way to one that does. */
char csv_delimiter_detect(const char *path, const char *line)
{
    size_t counts[DELIMITERS] = {0}, best = 0, alike = DELIMITERS;
    const char *second = line + strcspn(line, "\n");
    delimiters_count(line, counts);
    if (counts[TAB] > 0 && has_ending(path, ".tsv"))
        return delimiters[TAB];
    for (size_t i = 1; i < DELIMITERS; i++)
        best = counts[i] > 0 && counts[i] >= counts[best] ? i : best;
    for (size_t i = 0; i < DELIMITERS && *second == '\n'; i++) {
        size_t fields = counts[i] > 0 ? fields_count(line, delimiters[i]) : 0;
        bool same = fields > 1 && fields == fields_count(second + 1, delimiters[i]);
        if (same && (alike == DELIMITERS || counts[i] >= counts[alike] || i == best))
            alike = i;
        if (same && i == best)
            break;
    }
    for (size_t i = 1; i < DELIMITERS && *second == '\n'; i++)
        if (counts[i] > 0 &&
            fields_count(line, delimiters[i]) == fields_count(second + 1, delimiters[i]) &&
            fields_have_decimals(second + 1, delimiters[i]))
            return delimiters[i];
    return delimiters[alike < DELIMITERS ? alike : best];
}
