/* SPDX-License-Identifier: MIT
 *
 * The cause is looked for in this order: another run, an earlier draw, an axis of several values
 * that does not apply, and else the same values again.
 */
#include "sweep/workload/duplicates.h"

/* The first axis of several values that does not apply to a configuration, or NULL. */
static const struct hyperparameter *find_unused(const struct run *run,
                                                const struct configuration *configuration)
{
    for (size_t i = 0; i < run->count; i++)
        if (run->axes[i].count > 1 &&
            !hyperparameter_applies(run->axes[i].hyperparameter, configuration))
            return run->axes[i].hyperparameter;
    return NULL;
}

/* The first axis that has the value of a configuration more than once, or NULL. */
static const struct hyperparameter *find_repeated(const struct run *run,
                                                  const struct configuration *configuration)
{
    for (size_t i = 0; i < run->count; i++) {
        const struct hyperparameter *row = run->axes[i].hyperparameter;
        size_t times = 0;
        for (size_t v = 0; v < run->axes[i].count; v++)
            times += setting_equal(&row->setting, run->axes[i].values[v],
                                   hyperparameter_get(row, configuration));
        if (times > 1)
            return row;
    }
    return NULL;
}

static enum duplicate_cause cause_of(const struct sweep_file *file, const struct run *run,
                                     const struct configuration *given, size_t line)
{
    if (line > 0)
        return DUPLICATE_RUN;
    if (sweep_file_draws(file))
        return DUPLICATE_DRAW;
    return find_unused(run, given) != NULL ? DUPLICATE_UNUSED : DUPLICATE_VALUE;
}

void duplicates_add(struct duplicates *duplicates, const struct sweep_file *file,
                    const struct run *run, const struct configuration *given,
                    const struct configuration *canonical, size_t line)
{
    enum duplicate_cause cause = cause_of(file, run, given, line);
    struct duplicate *duplicate = &duplicates->causes[cause];
    if (duplicate->count++ > 0)
        return;
    duplicate->example = *canonical;
    duplicate->line = line;
    if (cause == DUPLICATE_UNUSED)
        duplicate->axis = find_unused(run, given);
    if (cause == DUPLICATE_VALUE)
        duplicate->axis = find_repeated(run, given);
}

static void tell_cause(enum duplicate_cause cause, const struct duplicate *duplicate, FILE *out)
{
    char example[512];
    const char *axis = duplicate->axis != NULL ? duplicate->axis->entry.name : "";
    configuration_describe(&duplicate->example, example, sizeof example);
    switch (cause) {
    case DUPLICATE_UNUSED:
        fprintf(out, "%zu differ%s only in what is not used (%s, by %s)", duplicate->count,
                duplicate->count == 1 ? "s" : "", axis, example);
        break;
    case DUPLICATE_VALUE:
        fprintf(out, "%zu %s a value that is given twice (%s, in %s)", duplicate->count,
                duplicate->count == 1 ? "has" : "have", axis, example);
        break;
    case DUPLICATE_DRAW:
        fprintf(out, "%zu %s drawn before, and another in place of each (%s)", duplicate->count,
                duplicate->count == 1 ? "was" : "were", example);
        break;
    case DUPLICATE_RUN:
        fprintf(out, "%zu %s in the run on line %zu too (%s)", duplicate->count,
                duplicate->count == 1 ? "is" : "are", duplicate->line, example);
        break;
    case DUPLICATE_CAUSES:
        break;
    }
}

void duplicates_tell(const struct duplicates *duplicates, const struct sweep_file *file, FILE *out)
{
    size_t all = 0, told = 0;
    for (size_t i = 0; i < DUPLICATE_CAUSES; i++)
        all += duplicates->causes[i].count;
    if (all == 0)
        return;
    fprintf(out,
            "duplicates: %zu of %zu %s %s to a configuration that is there already, and %s "
            "not trained again: ",
            all, duplicates->combinations, sweep_file_draws(file) ? "draws" : "combinations",
            all == 1 ? "comes" : "come", all == 1 ? "is" : "are");
    for (size_t i = 0; i < DUPLICATE_CAUSES; i++) {
        if (duplicates->causes[i].count == 0)
            continue;
        fputs(told++ > 0 ? "; " : "", out);
        tell_cause((enum duplicate_cause)i, &duplicates->causes[i], out);
    }
    fputc('\n', out);
}
