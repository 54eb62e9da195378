/* SPDX-License-Identifier: MIT
 *
 * The list of hyper-parameters, and reading, checking and writing single values. What concerns
 * whole configurations is in configuration.c.
 */
#include "solvers/hyperparameter.h"

#include "base/text.h"
#include "base/threads.h"
#include "kernels/choice.h"
#include "solvers/schedule.h"
#include "solvers/solver.h"

#include <assert.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct entry shuffle_none = {"none", "samples in the order of the data, every epoch"};
const struct entry shuffle_once = {"once", "one random order, drawn before the first epoch"};
const struct entry shuffle_epoch = {"epoch", "a new random order every epoch"};
static const struct entry *const shuffle_rows[] = {&shuffle_none, &shuffle_once, &shuffle_epoch};
const struct table shuffle_table = TABLE("shuffle", shuffle_rows);

const struct entry record_every = {"every", "record every epoch"};
const struct entry record_geometric = {
    "geometric", "record epochs 0 1 2 3 4 6 9 13 ... and the last; limits are looked at there"};
static const struct entry *const record_rows[] = {&record_every, &record_geometric};
const struct table record_table = TABLE("record", record_rows);

static double all_threads(void)
{
    return (double)threads_available();
}

static double infinite(void)
{
    return INFINITY;
}

static double zero(void)
{
    return 0.0;
}

#define FIELD(name_) .offset = offsetof(struct configuration, name_)
#define LARGEST_INTEGER 9007199254740992.0 /* 2^53: exact as a double, in JSON too */

const struct hyperparameter hyperparameters[] = {
    {
        .entry = {"solver", "how the objective is minimised"},
        .type = TYPE_CHOICE,
        FIELD(solver),
        .choices = &solver_table,
        .fallback = "gd",
    },
    {
        .entry = {"kernel", "the loops over the data that the solver runs on"},
        .type = TYPE_CHOICE,
        FIELD(kernel),
        .choices = &kernel_choice_table,
        .fallback = "auto",
    },
    {
        .entry = {"rate", "learning rate at the start"},
        .type = TYPE_REAL,
        FIELD(rate),
        .own = true,
        .above_minimum = true,
        .maximum = DBL_MAX,
        .fallback = "0.1",
        .needs = USES_RATE,
    },
    {
        .entry = {"schedule", "how the learning rate changes from epoch to epoch"},
        .type = TYPE_CHOICE,
        FIELD(schedule),
        .own = true,
        .choices = &schedule_table,
        .fallback = "constant",
        .needs = USES_RATE,
    },
    {
        .entry = {"decay",
                  "speed of the inverse, inverse-sqrt and exponential schedules, per epoch"},
        .type = TYPE_REAL,
        FIELD(decay),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "0.1",
        .needs = USES_DECAY,
    },
    {
        .entry = {"period", "epochs between two steps of the step schedule"},
        .type = TYPE_INTEGER,
        FIELD(period),
        .own = true,
        .minimum = 1,
        .maximum = LARGEST_INTEGER,
        .fallback = "10",
        .needs = USES_STEPS,
    },
    {
        .entry = {"factor", "what a step of the step schedule multiplies the rate by"},
        .type = TYPE_REAL,
        FIELD(factor),
        .own = true,
        .above_minimum = true,
        .maximum = 1,
        .fallback = "0.5",
        .needs = USES_STEPS,
    },
    {
        .entry = {"floor", "last rate of the cosine schedule, as a share of the first"},
        .type = TYPE_REAL,
        FIELD(floor),
        .own = true,
        .maximum = 1,
        .fallback = "0",
        .needs = USES_FLOOR,
    },
    {
        .entry = {"batch", "samples in a mini-batch"},
        .type = TYPE_INTEGER,
        FIELD(batch),
        .minimum = 1,
        .maximum = UINT32_MAX,
        .fallback = "32",
        .needs = USES_BATCH,
    },
    {
        .entry = {"shuffle", "order in which samples are visited"},
        .type = TYPE_CHOICE,
        FIELD(shuffle),
        .choices = &shuffle_table,
        .fallback = "epoch",
        .needs = USES_ORDER,
    },
    {
        .entry = {"lambda", "L2 regularisation of the weights (the bias is not regularised)"},
        .type = TYPE_REAL,
        FIELD(lambda),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "0",
        .needs = USES_LAMBDA,
    },
    {
        .entry = {"seed", "of the initial weights and of the sample order"},
        .type = TYPE_INTEGER,
        FIELD(seed),
        .maximum = LARGEST_INTEGER,
        .fallback = "0",
    },
    {
        .entry = {"threads", "processors used by one trial"},
        .type = TYPE_INTEGER,
        FIELD(threads),
        .minimum = 1,
        .maximum = 4096,
        .fallback = "all",
        .keyword = "all",
        .keyword_value = all_threads,
        .needs = USES_THREADS,
    },
    {
        .entry = {"epochs", "stop after this many passes over the data"},
        .section = "stop",
        .type = TYPE_INTEGER,
        FIELD(epochs),
        .own = true,
        .minimum = 1,
        .maximum = LARGEST_INTEGER,
        .fallback = "100",
    },
    {
        .entry = {"seconds", "stop when training has taken this long"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(seconds),
        .own = true,
        .above_minimum = true,
        .maximum = INFINITY,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = infinite,
    },
    {
        .entry = {"gradient_norm", "stop when the norm of the gradient is at most this"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(gradient_norm),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = zero,
    },
    {
        .entry = {"loss", "stop when the objective (loss and regularisation) is at most this"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(loss),
        .own = true,
        .maximum = DBL_MAX,
        .fallback = "never",
        .keyword = "never",
        .keyword_value = zero,
    },
    {
        .entry = {"divergence", "diverged when the objective exceeds this times its start (or 1)"},
        .section = "stop",
        .type = TYPE_REAL,
        FIELD(divergence),
        .own = true,
        .minimum = 1,
        .above_minimum = true,
        .maximum = INFINITY,
        .fallback = "100000",
    },
    {
        .entry = {"record", "which epochs the trace keeps"},
        .type = TYPE_CHOICE,
        FIELD(record),
        .choices = &record_table,
        .fallback = "every",
    },
};

const size_t hyperparameter_count = sizeof hyperparameters / sizeof *hyperparameters;

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

char *hyperparameter_text(const struct hyperparameter *row, struct value value,
                          char text[static HYPERPARAMETER_TEXT])
{
    if (row->type == TYPE_CHOICE)
        snprintf(text, HYPERPARAMETER_TEXT, "%s", value.choice->name);
    else if (row->type == TYPE_INTEGER)
        snprintf(text, HYPERPARAMETER_TEXT, "%" PRId64, value.integer);
    else if (row->keyword != NULL && value.real == row->keyword_value())
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

/* What a configuration's solver and schedule use between them; the schedule counts only where the
 * solver has a rate to schedule. */
static unsigned used_by(const struct configuration *configuration)
{
    unsigned uses = solver_of(configuration->solver)->uses;
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
        if ((solver_of(solver_table.entries[i])->uses & row->needs) != 0)
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "",
                                     solver_table.entries[i]->name);
    for (size_t i = 0; i < schedule_table.count && used < size; i++)
        if ((schedule_of(schedule_table.entries[i])->uses & row->needs) != 0)
            used += (size_t)snprintf(text + used, size - used, "%sschedule %s",
                                     used > 0 ? ", " : "", schedule_table.entries[i]->name);
    return text;
}
