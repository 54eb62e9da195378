/* SPDX-License-Identifier: MIT
 *
 * Each solver is a run of its own, with those of the axes that it looks at. Models side by side
 * differ in their rates, which change nothing of what a pass costs.
 */
#include "sweep/workload/profile_plan.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "kernels/phases/phase_totals.h"
#include "solvers/hyperparameter.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Operations of a trial on one thread: about a second of them, at the rate of memory. */
static const double trial_flops = 2e9;
static const int64_t epochs_least = 3, epochs_most = 1000;

int64_t profile_plan_epochs(double rows, double entries)
{
    double epochs = ceil(trial_flops / (4.0 * entries + 16.0 * rows));
    return (int64_t)fmin(fmax(epochs, (double)epochs_least), (double)epochs_most);
}

char *profile_plan_threads(int available, char text[static PROFILE_THREADS_TEXT])
{
    size_t used = 0;
    for (int threads = 1; threads < available && used + 16 < PROFILE_THREADS_TEXT; threads *= 2)
        used += (size_t)snprintf(text + used, PROFILE_THREADS_TEXT - used, "%d,", threads);
    snprintf(text + used, PROFILE_THREADS_TEXT - used, "%d", available);
    return text;
}

static const struct profile_axis *axis_find(const struct profile_plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->axis_count; i++)
        if (strcmp(plan->axes[i].name, name) == 0 && plan->axes[i].values != NULL)
            return &plan->axes[i];
    return NULL;
}

/* --- Checking -------------------------------------------------------------------------------- */

static bool check_value(const struct profile_axis *axis, const char *text, struct error *error)
{
    const struct hyperparameter *row = hyperparameter_find(axis->name);
    struct value value;
    char reason[512];
    return setting_parse(&row->setting, text, &value, reason, sizeof reason) ||
           error_usage(error, "--%s: %s", axis->name, reason);
}

/* Calls `each` for the items of a list; false when one of them does. */
static bool for_each(const char *list, bool (*each)(void *context, const char *item), void *context)
{
    char *copy = memory_copy_text(list), *rest = copy;
    bool done = true;
    for (char *item; done && (item = strsep(&rest, ",")) != NULL;)
        done = each(context, item);
    memory_free(copy);
    return done;
}

struct check {
    const struct profile_axis *axis;
    struct error *error;
};

static bool check_item(void *context, const char *item)
{
    const struct check *check = context;
    return check_value(check->axis, item, check->error);
}

static bool check_axes(const struct profile_plan *plan, struct error *error)
{
    for (size_t i = 0; i < plan->axis_count; i++) {
        struct check check = {&plan->axes[i], error};
        if (plan->axes[i].values != NULL && !for_each(plan->axes[i].values, check_item, &check))
            return false;
    }
    return true;
}

/* --- Data ------------------------------------------------------------------------------------ */

/* A generator and its settings, however they were given, where they are not its own. */
static void write_generator(const struct source *source, size_t times, FILE *out)
{
    const struct generator *generator = source->generator;
    struct generator_settings settings = source->settings;
    settings.rows *= times;
    fprintf(out, "  - {generate: %s", generator->entry.name);
    for (size_t i = 0; i < generator_settings_count; i++) {
        const struct generator_setting *setting = &generator_settings_table[i];
        char number[TEXT_NUMBER];
        const char *value = generator_setting_text(setting, generator, &settings, number);
        if (value != NULL)
            fprintf(out, ", %s: %s", setting->entry.name, value);
    }
}

/* The set with `times` the rows. */
static void write_source(const struct profile_plan *plan, size_t times, FILE *out)
{
    const struct source *source = plan->source;
    char number[TEXT_NUMBER];
    if (source->generator == NULL) {
        fputs("  - {file: ", out);
        text_write_yaml(plan->operand, out);
    } else {
        write_generator(source, times, out);
    }
    for (size_t i = 0; i < source_attribute_count; i++) {
        const char *value = source_attribute_get(&source_attributes[i], source, number);
        bool setting =
            source->generator != NULL && (source_attributes[i].about & ATTRIBUTE_PREPARATION) == 0;
        if (value != NULL && !setting) {
            fprintf(out, ", %s: ", source_attributes[i].entry.name);
            text_write_yaml(value, out);
        }
    }
    fputs("}\n", out);
}

struct writing {
    const struct profile_plan *plan;
    FILE *out;
};

/* What rows grow with. */
static const struct profile_axis *scaling_axis(const struct profile_plan *plan)
{
    const struct profile_axis *ranks = axis_find(plan, "ranks");
    return ranks != NULL ? ranks : axis_find(plan, "threads");
}

static bool write_weak_source(void *context, const char *item)
{
    const struct writing *writing = context;
    const struct profile_axis *axis = scaling_axis(writing->plan);
    struct value value;
    char reason[512];
    if (setting_parse(&hyperparameter_find(axis->name)->setting, item, &value, reason,
                      sizeof reason) &&
        value.integer > 1)
        write_source(writing->plan, (size_t)value.integer, writing->out);
    return true;
}

/* --- Runs ------------------------------------------------------------------------------------ */

static const char *const rate_default = "auto";
static const char *const rates_side_by_side =
    "{min: 0.001, max: 0.01, steps: %" PRId64 ", scale: log}";

static void write_rates(const struct profile_plan *plan, FILE *out)
{
    const struct profile_axis *given = axis_find(plan, "rate");
    fputs(", rate: ", out);
    if (plan->models > 1)
        fprintf(out, rates_side_by_side, plan->models);
    else
        fprintf(out, "[%s]", given != NULL ? given->values : rate_default);
}

static bool write_run(void *context, const char *solver)
{
    const struct writing *writing = context;
    const struct profile_plan *plan = writing->plan;
    struct configuration configuration = configuration_default();
    configuration.solver = table_find(hyperparameter_find("solver")->choices, solver);
    fprintf(writing->out, "  - {solver: %s", solver);
    if (hyperparameter_applies(hyperparameter_find("rate"), &configuration))
        write_rates(plan, writing->out);
    for (size_t i = 0; i < plan->axis_count; i++) {
        const struct profile_axis *axis = &plan->axes[i];
        if (axis->values != NULL && strcmp(axis->name, "solver") != 0 &&
            strcmp(axis->name, "rate") != 0 &&
            hyperparameter_applies(hyperparameter_find(axis->name), &configuration))
            fprintf(writing->out, ", %s: [%s]", axis->name, axis->values);
    }
    fputs("}\n", writing->out);
    return true;
}

/* --- The whole ------------------------------------------------------------------------------- */

/* In quotes only where it needs them: names that are plain stay as one would write them. */
static void write_name(const char *name, FILE *out)
{
    bool plain = isalpha((unsigned char)*name);
    for (const char *c = name; *c != '\0'; c++)
        plain = plain && (isalnum((unsigned char)*c) || *c == '-' || *c == '_');
    if (plain)
        fputs(name, out);
    else
        text_write_yaml(name, out);
}

static void write_plan(const struct profile_plan *plan, FILE *out)
{
    struct writing writing = {plan, out};
    fprintf(out, "# " PHASES_QUESTION ", and how does it scale with %s?\nname: ",
            scaling_axis(plan)->name);
    write_name(plan->name, out);
    if (plan->source->generator == NULL && plan->data_folder != NULL) {
        fputs("\ndata_folder: ", out);
        text_write_yaml(plan->data_folder, out);
    }
    fputs("\nprofile: on\n"
          "data:\n",
          out);
    write_source(plan, 1, out);
    if (plan->weak)
        for_each(scaling_axis(plan)->values, write_weak_source, &writing);
    fputs("runs:\n", out);
    for_each(axis_find(plan, "solver")->values, write_run, &writing);
    fprintf(out, "stop: {epochs: %" PRId64 "}\nrepeats: %" PRId64 "\noptimum: never\n",
            plan->epochs, plan->repeats);
    if (plan->models > 1)
        fputs("execution: batched\nfinals: 0\n", out);
}

char *profile_plan_text(const struct profile_plan *plan, struct error *error)
{
    if (!check_axes(plan, error))
        return NULL;
    if (plan->weak && plan->source->generator == NULL) {
        error_usage(error,
                    "--weak: %s has a fixed number of rows; give a generator, whose rows can grow "
                    "with threads or ranks",
                    plan->operand);
        return NULL;
    }
    struct memory_stream stream;
    write_plan(plan, memory_stream_open(&stream));
    return memory_stream_close(&stream);
}
