/* SPDX-License-Identifier: MIT
 *
 * What plots share.
 */
#include "report/plots/plot.h"

#include "base/memory.h"
#include "report/comparison/comparison.h"

#include <string.h>

void plot_set_text(struct picture *picture, const char *what, const char *text)
{
    fprintf(picture->script, "set %s ", what);
    picture_text(picture, text);
    fprintf(picture->script, "\n");
}

void plot_set_looks(struct picture *picture, size_t entries)
{
    enum { WITHIN = 5 }; /* entries that a legend within the axes may have */
    fprintf(picture->script,
            "set grid linecolor rgb '#e0e0e0' linetype 1\nset border 3\nset tics nomirror\n"
            "set key samplen 2 %s\n",
            entries > WITHIN ? "outside right top" : "inside top right");
}

void plot_set_legend_above(struct picture *picture, int columns)
{
    fprintf(picture->script, "set key outside top center horizontal maxcols %d samplen 2\n",
            columns);
}

int plot_width(const char *title, int least)
{
    int needed = 60 + 8 * (int)strlen(title); /* pixels, with the font of all formats */
    return needed > least ? needed : least;
}

void plot_widen(struct plot_range *range, double value)
{
    if (!(value > 0.0) || !isfinite(value))
        return;
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

void plot_set_log(struct picture *picture, char axis, struct plot_range range, bool seconds)
{
    double low = 0.1, high = 1.0;
    if (range.low <= range.high) {
        low = pow(10.0, floor(log10(range.low) + 1e-9));
        high = pow(10.0, ceil(log10(range.high) - 1e-9));
    }
    if (!(high > low))
        high = 10.0 * low;
    fprintf(picture->script,
            "set logscale %c\nset %crange [%.6g:%.6g]\nset format %c '%s'\nset m%ctics 10\n", axis,
            axis, low, high, axis,
            seconds                          ? "%.0s %cs"
            : high / low > 1e5 || low < 1e-3 ? "%.0e"
                                             : "%g",
            axis);
}

void plot_set_axis(struct picture *picture, char axis, struct plot_range range, bool seconds)
{
    const double decade = 20.0; /* or so */
    if (!(range.low <= range.high) || range.high / range.low > decade) {
        plot_set_log(picture, axis, range, seconds);
        return;
    }
    fprintf(picture->script,
            "unset logscale %c\nunset m%ctics\nset %crange [0:%.6g]\nset format %c '%s'\n", axis,
            axis, axis, 1.02 * range.high, axis, seconds ? "%.1s %cs" : "%g");
}

void plot_set_seconds(struct picture *picture, struct plot_range range)
{
    bool timed = range.low <= range.high;
    fprintf(picture->script, "set xlabel 'seconds of training%s'\n",
            timed ? "" : ": no trial was timed alone");
    plot_set_axis(picture, 'x', range, true);
}

void plot_ink(struct picture *picture, struct ink ink)
{
    fprintf(picture->script, " linecolor rgb '%s' dashtype %d", ink.colour, ink.dash);
}

char *plot_name(const struct configuration *values, char text[static PLOT_NAME])
{
    static const char *const told[] = {"rate", "batch", "schedule"};
    static const char *const spoken[] = {"rate ", "batch ", ""}; /* a schedule's name is enough */
    size_t used = (size_t)snprintf(text, PLOT_NAME, "%s", values->solver->name);
    const struct configuration usual = configuration_default();
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const struct hyperparameter *row = hyperparameter_find(told[i]);
        char value[QUANTITY_TEXT];
        bool named = row->type != TYPE_CHOICE || !hyperparameter_equal(row, values, &usual);
        if (named && hyperparameter_applies(row, values) && used < PLOT_NAME)
            used += (size_t)snprintf(text + used, PLOT_NAME - used, ", %s%s", spoken[i],
                                     quantity_hyperparameter(value, row, values));
    }
    return text;
}

bool plot_shows(int64_t epoch, bool last, double *next)
{
    const double growth = 1.04;
    if ((double)epoch < *next && !last)
        return false;
    *next = fmax((double)epoch + 1.0, growth * (double)epoch);
    return true;
}

/* --- One of several data sets --------------------------------------------------------------- */

char *plot_set_name(const struct plot_set *set, char text[static PLOT_SET_TEXT])
{
    if (isnan(set->lambda))
        snprintf(text, PLOT_SET_TEXT, "%.200s", set->name);
    else
        snprintf(text, PLOT_SET_TEXT, "%.200s lambda=%.4g", set->name, set->lambda);
    return text;
}

int plot_choose_set(const struct plot_set *sets, size_t count, const char *set, struct error *error)
{
    int chosen = -1;
    char text[PLOT_SET_TEXT], names[1024] = "";
    for (size_t i = 0; i < count; i++) {
        plot_set_name(&sets[i], text);
        bool fits = set == NULL
                        ? chosen < 0 || sets[i].size > sets[chosen].size
                        : strcmp(set, text) == 0 || (chosen < 0 && strcmp(set, sets[i].name) == 0);
        if (fits)
            chosen = (int)i;
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s'%s'", i > 0 ? ", " : "", text);
    }
    if (chosen < 0 && set != NULL)
        error_usage(error, "--set: no data set '%s' here; known: %s", set, names);
    else if (chosen < 0)
        error_usage(error, "nothing that can be drawn is recorded here yet");
    return chosen;
}

/* Likewise; its name goes to `text`, and the sets are freed. */
static int choose_and_name(struct plot_set *sets, size_t count, const char *set,
                           char text[static PLOT_SET_TEXT], struct error *error)
{
    int chosen = plot_choose_set(sets, count, set, error);
    if (chosen >= 0)
        plot_set_name(&sets[chosen], text);
    memory_free(sets);
    return chosen;
}

int plot_choose_problem(const struct contenders *contenders, const char *set,
                        char text[static PLOT_SET_TEXT], struct error *error)
{
    struct plot_set *sets = memory_allocate(contenders->count, sizeof *sets);
    for (size_t p = 0; p < contenders->count; p++) {
        const struct problem *problem = &contenders->problems[p];
        sets[p] = (struct plot_set){problem->data, problem->regularised ? problem->lambda : NAN,
                                    (double)problem->rows * (double)problem->features};
    }
    return choose_and_name(sets, contenders->count, set, text, error);
}

int plot_choose_section(const struct results *results, const char *set,
                        char text[static PLOT_SET_TEXT], struct error *error)
{
    struct plot_set *sets = memory_allocate(results->section_count, sizeof *sets);
    for (size_t s = 0; s < results->section_count; s++) {
        const struct section *section = &results->sections[s];
        sets[s] = (struct plot_set){section->data, section->regularised ? section->lambda : NAN,
                                    (double)section->rows * (double)section->features};
    }
    return choose_and_name(sets, results->section_count, set, text, error);
}

int plot_compare(const struct plot_subject *subject, struct comparison *comparison,
                 char name[static PLOT_SET_TEXT], struct error *error)
{
    if (!comparison_create(comparison, subject->by, subject->opened, subject->opened_count, error))
        return -1;
    return plot_choose_problem(&comparison->contenders, subject->set, name, error);
}
