/* SPDX-License-Identifier: MIT
 *
 * Reading, checking and writing single values, whatever table their row is in.
 */
#include "base/setting.h"

#include "base/memory.h"
#include "base/words.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* --- What is allowed ----------------------------------------------------------------------- */

static int allowed_integer(const struct setting *row, char *text, size_t size)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    return snprintf(text, size, "an integer from %s to %s", text_from_real(low, row->minimum),
                    text_from_real(high, row->maximum));
}

static int allowed_real(const struct setting *row, char *text, size_t size)
{
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    int used = snprintf(text, size, "a number %s %s",
                        row->above_minimum ? ">" : ">=", text_from_real(low, row->minimum));
    if (row->maximum < DBL_MAX)
        used += snprintf(text + used, size - (size_t)used, " and %s %s",
                         row->below_maximum ? "<" : "<=", text_from_real(high, row->maximum));
    if (row->unit != NULL)
        used += snprintf(text + used, size - (size_t)used, " in %s", row->unit);
    return used;
}

char *setting_allowed(const struct setting *row, char *text, size_t size)
{
    int used = 0;
    switch (row->type) {
    case TYPE_REAL:
        used = allowed_real(row, text, size);
        break;
    case TYPE_INTEGER:
        used = allowed_integer(row, text, size);
        break;
    case TYPE_CHOICE:
        used = snprintf(text, size, row->choices->open ? "a name" : "one of ");
        table_names(row->choices, text + used, size - (size_t)used);
        break;
    case TYPE_TEXT:
        snprintf(text, size, "a text");
        break;
    }
    if (row->keyword != NULL)
        snprintf(text + used, size - (size_t)used, ", or '%s'", row->keyword);
    return text;
}

/* As integers: rounded to doubles, the first one too large is in range. */
static bool integer_in_range(const struct setting *row, int64_t number)
{
    return number >= (int64_t)row->minimum && number <= (int64_t)row->maximum;
}

static bool in_range(const struct setting *row, double number)
{
    bool high_enough = row->above_minimum ? number > row->minimum : number >= row->minimum;
    bool low_enough = row->below_maximum ? number < row->maximum : number <= row->maximum;
    return high_enough && low_enough;
}

/* What every refused number gets: its name, its text and what is allowed. */
static bool refuse(const struct setting *row, const char *text, char *reason, size_t size)
{
    char allowed[256];
    setting_allowed(row, allowed, sizeof allowed);
    snprintf(reason, size, "'%s' is not allowed for %s%s; give %s", text, row->entry.name,
             row->type == TYPE_REAL ? text_real_fault(text) : "", allowed);
    return false;
}

/* --- Reading ------------------------------------------------------------------------------- */

/* A table of yes and no takes what YAML has for them: true, off, Yes. */
static const struct entry *find_truth(const struct table *choices, const char *text)
{
    static const char *const words[][2] = {{"yes", "no"}, {"true", "false"}, {"on", "off"}};
    const struct entry *truth[2] = {table_find(choices, "yes"), table_find(choices, "no")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t k = 0; k < 2 && truth[0] != NULL; k++)
            if (strcasecmp(words[i][k], text) == 0)
                return truth[k];
    return NULL;
}

static bool parse_choice(const struct setting *row, const char *text, struct value *value,
                         char *reason, size_t size)
{
    value->choice = table_find(row->choices, text);
    if (value->choice == NULL)
        value->choice = find_truth(row->choices, text);
    if (value->choice == NULL)
        table_unknown(row->choices, text, reason, size);
    return value->choice != NULL;
}

static bool parse_integer(const struct setting *row, const char *text, struct value *value)
{
    return text_to_integer(text, &value->integer) && integer_in_range(row, value->integer);
}

/* The text without the unit that it may end in, in `number`. */
static const char *without_unit(const struct setting *row, const char *text,
                                char number[static TEXT_NUMBER])
{
    const size_t length = strlen(text), unit = row->unit != NULL ? strlen(row->unit) : 0;
    if (unit == 0 || length <= unit || length >= TEXT_NUMBER ||
        strcmp(text + length - unit, row->unit) != 0)
        return text;
    size_t end = length - unit;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    snprintf(number, TEXT_NUMBER, "%.*s", (int)end, text);
    return number;
}

/* -0 is 0: a configuration has one key. */
static bool parse_real(const struct setting *row, const char *text, struct value *value)
{
    char number[TEXT_NUMBER];
    bool read =
        text_to_real(without_unit(row, text, number), &value->real) && in_range(row, value->real);
    value->real = value->real == 0.0 ? 0.0 : value->real;
    return read;
}

static struct value value_of(const struct setting *row, double number)
{
    return row->type == TYPE_INTEGER ? (struct value){.integer = (int64_t)number}
                                     : (struct value){.real = number};
}

bool setting_parse(const struct setting *row, const char *text, struct value *value, char *reason,
                   size_t size)
{
    if (row->keyword != NULL && strcmp(text, row->keyword) == 0) {
        *value = value_of(row, row->keyword_value());
        return true;
    }
    switch (row->type) {
    case TYPE_REAL:
        return parse_real(row, text, value) || refuse(row, text, reason, size);
    case TYPE_INTEGER:
        return parse_integer(row, text, value) || refuse(row, text, reason, size);
    case TYPE_CHOICE:
        return parse_choice(row, text, value, reason, size);
    case TYPE_TEXT:
        break;
    }
    *value = (struct value){.text = text};
    return true;
}

bool setting_from_real(const struct setting *row, double number, struct value *value, char *reason,
                       size_t size)
{
    char text[TEXT_NUMBER];
    assert(row->type == TYPE_REAL || row->type == TYPE_INTEGER);
    if (row->type == TYPE_INTEGER)
        number = round(number);
    if (!in_range(row, number))
        return refuse(row, text_from_real(text, number), reason, size);
    *value = value_of(row, number);
    return true;
}

struct value setting_fallback(const struct setting *row)
{
    struct value value = {.integer = 0};
    char reason[256];
    if (row->type == TYPE_TEXT)
        return (struct value){.text = NULL}; /* its default is told in words */
    if (row->fallback_value != NULL)
        return value_of(row, row->fallback_value());
    bool valid =
        row->fallback == NULL || setting_parse(row, row->fallback, &value, reason, sizeof reason);
    assert(valid);
    (void)valid;
    return value;
}

/* --- Fields -------------------------------------------------------------------------------- */

_Static_assert(sizeof(struct value) == sizeof(double) && sizeof(struct value) == sizeof(void *) &&
                   sizeof(struct value) == sizeof(size_t),
               "a value has the size of every field");

struct value setting_get(const struct setting *row, const void *owner)
{
    struct value value;
    memcpy(&value, (const char *)owner + row->offset, sizeof value);
    return value;
}

void setting_set(const struct setting *row, void *owner, struct value value)
{
    if (row->type == TYPE_TEXT) {
        char *copy = value.text != NULL ? memory_copy_text(value.text) : NULL;
        memory_free((char *)setting_get(row, owner).text);
        value.text = copy;
    }
    memcpy((char *)owner + row->offset, &value, sizeof value);
}

/* --- Values -------------------------------------------------------------------------------- */

bool setting_is_keyword(const struct setting *row, struct value value)
{
    return row->type == TYPE_REAL && row->keyword != NULL && value.real == row->keyword_value();
}

bool setting_equal(const struct setting *row, struct value a, struct value b)
{
    if (row->type == TYPE_TEXT && a.text != NULL && b.text != NULL)
        return strcmp(a.text, b.text) == 0;
    return row->type == TYPE_REAL ? a.real == b.real : a.integer == b.integer;
}

double setting_number(const struct setting *row, struct value value)
{
    size_t place = 0;
    if (row->type != TYPE_CHOICE)
        return row->type == TYPE_REAL ? value.real : (double)value.integer;
    if (row->choices->open)
        return (double)word_number(value.choice);
    while (place < row->choices->count && row->choices->entries[place] != value.choice)
        place++;
    return (double)place;
}

const char *setting_text(const struct setting *row, struct value value,
                         char number[static TEXT_NUMBER])
{
    switch (row->type) {
    case TYPE_REAL:
        return setting_is_keyword(row, value) ? row->keyword : text_from_real(number, value.real);
    case TYPE_INTEGER:
        snprintf(number, TEXT_NUMBER, "%" PRId64, value.integer);
        return number;
    case TYPE_CHOICE:
        return value.choice != NULL ? value.choice->name : NULL;
    case TYPE_TEXT:
        break;
    }
    return value.text;
}
