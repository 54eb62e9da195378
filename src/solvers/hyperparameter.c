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
#include <float.h>
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
    int used;
    if (row->type == TYPE_INTEGER)
        used = snprintf(text, size, "an integer from %s to %s", text_from_real(low, row->minimum),
                        text_from_real(high, row->maximum));
    else
        used = snprintf(text, size, "a number %s %s",
                        row->above_minimum ? ">" : ">=", text_from_real(low, row->minimum));
    if (row->type == TYPE_REAL && row->maximum < LARGEST_INTEGER)
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
    snprintf(reason, size, "'%s' is not allowed for %s%s; give %s", text, row->entry.name,
             row->type == TYPE_REAL ? text_real_fault(text) : "", allowed);
    return false;
}

/* As integers: rounded to doubles, the first one too large is in range. */
static bool integer_in_range(const struct hyperparameter *row, int64_t number)
{
    return number >= (int64_t)row->minimum && number <= (int64_t)row->maximum;
}

static bool in_range(const struct hyperparameter *row, double number)
{
    bool high_enough = row->above_minimum ? number > row->minimum : number >= row->minimum;
    return high_enough && number <= row->maximum;
}

static bool parse_integer(const struct hyperparameter *row, const char *text, struct value *value)
{
    return text_to_integer(text, &value->integer) && integer_in_range(row, value->integer);
}

/* -0 is 0: a configuration has one key. */
static bool parse_real(const struct hyperparameter *row, const char *text, struct value *value)
{
    bool read = text_to_real(text, &value->real) && in_range(row, value->real);
    value->real = value->real == 0.0 ? 0.0 : value->real;
    return read;
}

static struct value keyword_value(const struct hyperparameter *row)
{
    double number = row->keyword_value();
    return row->type == TYPE_INTEGER ? (struct value){.integer = (int64_t)number}
                                     : (struct value){.real = number};
}

bool hyperparameter_parse(const struct hyperparameter *row, const char *text, struct value *value,
                          char *reason, size_t size)
{
    if (row->type == TYPE_CHOICE)
        return parse_choice(row, text, value, reason, size);
    if (row->keyword != NULL && strcmp(text, row->keyword) == 0) {
        *value = keyword_value(row);
        return true;
    }
    bool read =
        row->type == TYPE_INTEGER ? parse_integer(row, text, value) : parse_real(row, text, value);
    return read || refuse(row, text, reason, size);
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

/* Is what the keyword stands for below every number? */
static bool is_floor(const struct hyperparameter *row)
{
    return row->type == TYPE_REAL && row->keyword != NULL && row->keyword_value() == -INFINITY;
}

double hyperparameter_stored(const struct hyperparameter *row, double number)
{
    if (!is_floor(row))
        return number;
    if (number == -INFINITY)
        return 0.0;
    return number == 0.0 ? DBL_TRUE_MIN : number; /* 0 is a limit like others */
}

double hyperparameter_restored(const struct hyperparameter *row, double stored)
{
    if (!is_floor(row))
        return stored;
    if (stored == 0.0)
        return -INFINITY;
    return stored == DBL_TRUE_MIN && !row->above_minimum ? 0.0 : stored;
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

/* Is it of schedules, and no solver's own? */
static bool is_of_schedules(const struct hyperparameter *row)
{
    unsigned solvers = 0, schedules = 0;
    for (size_t i = 0; i < solver_table.count; i++)
        solvers |= solver_uses(solver_of(solver_table.entries[i]));
    for (size_t i = 0; i < schedule_table.count; i++)
        schedules |= schedule_of(schedule_table.entries[i])->uses;
    return (row->needs & schedules & ~solvers) != 0;
}

bool hyperparameter_can_be_ignored(const struct hyperparameter *row,
                                   const struct configuration *configuration)
{
    bool has_rate = (solver_uses(solver_of(configuration->solver)) & USES_RATE) != 0;
    return row->tunes || (!has_rate && is_of_schedules(row));
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
