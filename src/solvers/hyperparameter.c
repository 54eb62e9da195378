/* SPDX-License-Identifier: MIT
 *
 * Reading, checking and writing single values of hyper-parameters. Their list is in
 * hyperparameter_table.c; what concerns whole configurations, in configuration.c.
 */
#include "solvers/hyperparameter.h"

#include "base/text.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct hyperparameter *hyperparameter_find(const char *name)
{
    for (size_t i = 0; i < hyperparameter_count; i++)
        if (strcmp(hyperparameters[i].entry.name, name) == 0)
            return &hyperparameters[i];
    return NULL;
}

char *hyperparameter_column(const struct hyperparameter *row, char *text, size_t size)
{
    if (row->section != NULL)
        snprintf(text, size, "%s_%s", row->section, row->entry.name);
    else
        snprintf(text, size, "%s", row->entry.name);
    return text;
}

char *hyperparameter_allowed(const struct hyperparameter *row, char *text, size_t size)
{
    if (row->type == TYPE_CHOICE) {
        int used = snprintf(text, size, "one of ");
        table_names(row->choices, text + used, size - (size_t)used);
        return text;
    }
    char low[TEXT_NUMBER], high[TEXT_NUMBER];
    int used = snprintf(text, size, "%s %s %s", row->type == TYPE_REAL ? "a number" : "an integer",
                        row->above_minimum ? ">" : ">=", text_from_real(low, row->minimum));
    if (row->maximum < LARGEST_INTEGER)
        used += snprintf(text + used, size - (size_t)used, " and <= %s",
                         text_from_real(high, row->maximum));
    if (row->keyword != NULL)
        snprintf(text + used, size - (size_t)used, ", or '%s'", row->keyword);
    return text;
}

static bool parse_choice(const struct hyperparameter *row, const char *text, struct value *value,
                         char *reason, size_t size)
{
    value->choice = table_find(row->choices, text);
    if (value->choice == NULL)
        table_unknown(row->choices, text, reason, size);
    return value->choice != NULL;
}

/* What every refused number gets: its name, its text and what is allowed. */
static bool refuse(const struct hyperparameter *row, const char *text, char *reason, size_t size)
{
    char allowed[256];
    hyperparameter_allowed(row, allowed, sizeof allowed);
    snprintf(reason, size, "'%s' is not allowed for %s; give %s", text, row->entry.name, allowed);
    return false;
}

static bool in_range(const struct hyperparameter *row, double number)
{
    bool high_enough = row->above_minimum ? number > row->minimum : number >= row->minimum;
    return high_enough && number <= row->maximum;
}

bool hyperparameter_parse(const struct hyperparameter *row, const char *text, struct value *value,
                          char *reason, size_t size)
{
    if (row->type == TYPE_CHOICE)
        return parse_choice(row, text, value, reason, size);
    bool keyword = row->keyword != NULL && strcmp(text, row->keyword) == 0;
    double number = 0.0;
    if (row->type == TYPE_INTEGER) {
        if (keyword)
            value->integer = (int64_t)row->keyword_value();
        else if (!text_to_integer(text, &value->integer))
            return refuse(row, text, reason, size);
        number = (double)value->integer;
    } else {
        if (keyword)
            number = row->keyword_value();
        else if (!text_to_real(text, &number))
            return refuse(row, text, reason, size);
        value->real = number;
    }
    return keyword || in_range(row, number) || refuse(row, text, reason, size);
}

bool hyperparameter_from_real(const struct hyperparameter *row, double number, struct value *value,
                              char *reason, size_t size)
{
    assert(row->type != TYPE_CHOICE);
    if (row->type == TYPE_INTEGER)
        number = round(number);
    if (!in_range(row, number)) {
        char text[TEXT_NUMBER];
        return refuse(row, text_from_real(text, number), reason, size);
    }
    if (row->type == TYPE_INTEGER)
        value->integer = (int64_t)number;
    else
        value->real = number;
    return true;
}

/* Every field is a double, an int64_t or a pointer, and is copied as a whole value. */
_Static_assert(sizeof(struct value) == sizeof(double) && sizeof(struct value) == sizeof(void *),
               "a value has the size of every field");

struct value hyperparameter_get(const struct hyperparameter *row,
                                const struct configuration *configuration)
{
    const char *field = (const char *)configuration + row->offset;
    struct value value;
    memcpy(&value, field, sizeof value);
    return value;
}

void hyperparameter_set(const struct hyperparameter *row, struct configuration *configuration,
                        struct value value)
{
    memcpy((char *)configuration + row->offset, &value, sizeof value);
}

bool hyperparameter_is_keyword(const struct hyperparameter *row, struct value value)
{
    return row->type == TYPE_REAL && row->keyword != NULL && value.real == row->keyword_value();
}

char *hyperparameter_text(const struct hyperparameter *row, struct value value,
                          char text[static HYPERPARAMETER_TEXT])
{
    if (row->type == TYPE_CHOICE)
        snprintf(text, HYPERPARAMETER_TEXT, "%s", value.choice->name);
    else if (row->type == TYPE_INTEGER)
        snprintf(text, HYPERPARAMETER_TEXT, "%" PRId64, value.integer);
    else if (hyperparameter_is_keyword(row, value))
        snprintf(text, HYPERPARAMETER_TEXT, "%s", row->keyword);
    else
        text_from_real(text, value.real);
    return text;
}

bool hyperparameter_equal(const struct hyperparameter *row, const struct configuration *a,
                          const struct configuration *b)
{
    struct value left = hyperparameter_get(row, a), right = hyperparameter_get(row, b);
    return row->type == TYPE_REAL ? left.real == right.real : left.integer == right.integer;
}

static unsigned solver_uses(const struct solver *solver)
{
    return solver->uses | (solver->minimises_objective ? USES_OPTIMUM : 0);
}

/* What a configuration's solver and schedule use between them; the schedule counts only where the
 * solver has a rate to schedule. */
static unsigned used_by(const struct configuration *configuration)
{
    unsigned uses = solver_uses(solver_of(configuration->solver));
    return (uses & USES_RATE) != 0 ? uses | schedule_of(configuration->schedule)->uses : uses;
}

bool hyperparameter_applies(const struct hyperparameter *row,
                            const struct configuration *configuration)
{
    return (row->needs & ~used_by(configuration)) == 0;
}

char *hyperparameter_users(const struct hyperparameter *row, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < solver_table.count && used < size; i++)
        if ((solver_uses(solver_of(solver_table.entries[i])) & row->needs) != 0)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     solver_table.entries[i]->name);
    for (size_t i = 0; i < schedule_table.count && used < size; i++)
        if ((schedule_of(schedule_table.entries[i])->uses & row->needs) != 0)
            used += (size_t)snprintf(text + used, size - used, "%sschedule %s",
                                     used > 0 ? ", " : "", schedule_table.entries[i]->name);
    return text;
}
