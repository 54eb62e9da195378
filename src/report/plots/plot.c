/* SPDX-License-Identifier: MIT
 *
 * What plots share.
 */
#include "report/plots/plot.h"

#include "base/memory.h"
#include "data/generators/generator.h"
#include "report/comparison/comparison.h"

#include <inttypes.h>
#include <string.h>

void plot_set_text(struct picture *picture, const char *what, const char *text)
{
    bool asked = strcmp(what, "title") == 0 && picture->look.title != NULL;
    fprintf(picture->script, "set %s ", what);
    picture_text(picture, asked ? picture->look.title : text);
    fprintf(picture->script, "\n");
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

/* --- Axes ----------------------------------------------------------------------------------- */

/* "5 ms", "0.05" or, where numbers are not to be plain, "5e-02". */
static char *mark_of(char text[static QUANTITY_TEXT], double value, bool seconds, bool plain)
{
    static const struct {
        double size;
        const char *name;
    } units[] = {{1.0, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
    size_t u = 0;
    while (seconds && u < 3 && value < 0.999 * units[u].size)
        u++;
    if (value == 0.0)
        snprintf(text, QUANTITY_TEXT, "0");
    else if (seconds)
        snprintf(text, QUANTITY_TEXT, "%.3g %s", value / units[u].size, units[u].name);
    else if (plain)
        snprintf(text, QUANTITY_TEXT, "%.4g", value);
    else
        snprintf(text, QUANTITY_TEXT, "%.0e", value);
    return text;
}

/* Length of an axis, and what a mark needs of it. */
static double length_of(const struct plot_sheet *sheet, const char *axis)
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    return *axis == 'x' ? box.right - box.left : box.top - box.bottom;
}

static double mark_room(const char *axis, bool seconds)
{
    return *axis != 'x' ? 20.0 : seconds ? 62.0 : 46.0;
}

/* Marks of a logarithmic axis: `each` of a decade, in every so many decades. */
static void write_marks(struct picture *picture, struct plot_range range, int each, int every,
                        bool seconds)
{
    static const int marks[] = {1, 2, 5};
    const bool plain = range.low >= 5e-3 && range.high <= 1e5;
    char text[QUANTITY_TEXT];
    size_t count = 0;
    for (int decade = (int)floor(log10(range.low)); decade <= log10(range.high) + 1e-9; decade++)
        for (int i = 0; i < each && decade % every == 0; i++) {
            double mark = marks[i] * pow(10.0, decade);
            if (mark >= range.low / 1.0001 && mark <= range.high * 1.0001)
                fprintf(picture->script, "%s'%s' %.6g", count++ > 0 ? ", " : "",
                        mark_of(text, mark, seconds, plain), mark);
        }
    if (count == 0)
        fprintf(picture->script, "'%s' %.6g", mark_of(text, range.low, seconds, plain), range.low);
}

void plot_set_close(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                    struct plot_range range, bool seconds)
{
    const double decades = log10(range.high / range.low), room = mark_room(axis, seconds),
                 decade = length_of(sheet, axis) / decades;
    const int each = decades < 4.0 && 0.3 * decade >= room ? 3 : 1;
    fprintf(picture->script,
            "set logscale %s\nset %srange [%.6g:%.6g]\nset m%stics 10\nset %stics (", axis, axis,
            range.low, range.high, axis, axis);
    write_marks(picture, range, each, (int)fmax(ceil(room / decade), 1.0), seconds);
    fprintf(picture->script, ")\n");
}

void plot_set_log(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                  struct plot_range range, bool seconds)
{
    struct plot_range whole = {0.1, 1.0};
    if (range.low <= range.high) {
        whole.low = pow(10.0, floor(log10(range.low) + 1e-9));
        whole.high = pow(10.0, ceil(log10(range.high) - 1e-9));
    }
    if (!(whole.high > whole.low))
        whole.high = 10.0 * whole.low;
    plot_set_close(picture, sheet, axis, whole, seconds);
}

double plot_place(struct plot_range range, double value, double from, double to)
{
    return from + (to - from) * log(value / range.low) / log(range.high / range.low);
}

/* From 0, with a mark at every 1, 2 or 5 times a power of ten, whichever has room. */
static void set_linear(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                       double high, bool seconds)
{
    static const double steps[] = {1.0, 2.0, 5.0, 10.0};
    const double most = fmax(length_of(sheet, axis) / (1.3 * mark_room(axis, seconds)), 1.0);
    const double decade = pow(10.0, floor(log10(high / most)));
    size_t i = 0;
    while (i < 3 && high / (steps[i] * decade) > most)
        i++;
    fprintf(picture->script, "unset logscale %s\nunset m%stics\nset %srange [0:%.6g]\nset %stics (",
            axis, axis, axis, 1.02 * high, axis);
    for (int mark = 0; mark * steps[i] * decade <= 1.02 * high; mark++) {
        char text[QUANTITY_TEXT];
        fprintf(picture->script, "%s'%s' %.6g", mark > 0 ? ", " : "",
                mark_of(text, mark * steps[i] * decade, seconds, true), mark * steps[i] * decade);
    }
    fprintf(picture->script, ")\n");
}

void plot_set_axis(struct picture *picture, const struct plot_sheet *sheet, const char *axis,
                   struct plot_range range, bool seconds)
{
    const double decade = 20.0; /* or so */
    if (!(range.low <= range.high) || range.high / range.low > decade)
        plot_set_log(picture, sheet, axis, range, seconds);
    else
        set_linear(picture, sheet, axis, range.high, seconds);
}

void plot_set_seconds(struct picture *picture, const struct plot_sheet *sheet,
                      struct plot_range range)
{
    bool timed = range.low <= range.high;
    plot_sheet_label(picture, sheet, 'x',
                     timed ? "training time" : "training time: no trial was timed alone");
    plot_set_axis(picture, sheet, "x", range, true);
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
    size_t used = (size_t)snprintf(text, PLOT_SET_TEXT, "%.180s", set->name);
    if (!isnan(set->lambda))
        used += (size_t)snprintf(text + used, PLOT_SET_TEXT - used, " lambda=%.4g", set->lambda);
    if (set->fold > 0)
        snprintf(text + used, PLOT_SET_TEXT - used, " fold=%" PRId64, set->fold);
    return text;
}

static double entries_of(const struct plot_set *set)
{
    return (double)set->rows * (double)set->features;
}

int plot_choose_set(const struct plot_set *sets, size_t count, const char *set, struct error *error)
{
    int chosen = -1;
    char text[PLOT_SET_TEXT], names[1024] = "";
    for (size_t i = 0; i < count; i++) {
        plot_set_name(&sets[i], text);
        bool fits = set == NULL
                        ? chosen < 0 || entries_of(&sets[i]) > entries_of(&sets[chosen])
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

char *plot_data_name(const char *name, char text[static PLOT_SET_TEXT])
{
    enum { LETTERS = 60 };
    char generator[64], whole[1024];
    const char *colon = strchr(name, ':'), *slash = strrchr(name, '/');
    size_t length = colon != NULL ? (size_t)(colon - name) : sizeof generator;
    snprintf(generator, sizeof generator, "%.*s", (int)(length < sizeof generator ? length : 0),
             name);
    if (table_find(&generator_table, generator) == NULL) {
        name = slash != NULL ? slash + 1 : name;
        length = strlen(name);
    }
    snprintf(whole, sizeof whole, "%.*s", (int)length, name);
    return plot_shorten(whole, LETTERS, text, PLOT_SET_TEXT);
}

char *plot_data_words(const char *name, int64_t rows, int64_t features,
                      char text[static PLOT_SET_TEXT])
{
    plot_data_name(name, text);
    size_t used = strlen(text);
    snprintf(text + used, PLOT_SET_TEXT - used, " (%" PRId64 " rows, %" PRId64 " %s)", rows,
             features, features == 1 ? "feature" : "features");
    return text;
}

/* Do two of the sets that are told apart by nothing but lambda have this name? */
static bool needs_lambda(const struct plot_set *sets, size_t count, size_t chosen)
{
    for (size_t i = 0; i < count; i++)
        if (i != chosen && strcmp(sets[i].name, sets[chosen].name) == 0)
            return !isnan(sets[chosen].lambda);
    return false;
}

/* One fold stands for the others only where it is asked for by its number. */
static bool check_fold(const struct plot_set *chosen, const char *set, struct error *error)
{
    char text[PLOT_SET_TEXT];
    plot_set_name(chosen, text);
    return chosen->fold == 0 || (set != NULL && strcmp(set, text) == 0) ||
           error_usage(error,
                       "all was trained without a fold here, and this plot is of one of them: name "
                       "it, as in --set '%s'; over all folds, 'descent plot validation' and "
                       "'descent plot heatmap' draw the mean held-out loss",
                       text);
}

/* Likewise; what it is in words goes to `text`, and the sets are freed. */
static int choose_and_name(struct plot_set *sets, size_t count, const char *set,
                           char text[static PLOT_SET_TEXT], struct error *error)
{
    int chosen = plot_choose_set(sets, count, set, error);
    if (chosen >= 0 && !check_fold(&sets[chosen], set, error))
        chosen = -1;
    if (chosen >= 0) {
        plot_data_words(sets[chosen].name, sets[chosen].rows, sets[chosen].features, text);
        size_t used = strlen(text);
        if (needs_lambda(sets, count, (size_t)chosen))
            used += (size_t)snprintf(text + used, PLOT_SET_TEXT - used, ", lambda %.4g",
                                     sets[chosen].lambda);
        if (sets[chosen].fold > 0)
            snprintf(text + used, PLOT_SET_TEXT - used, ", without fold %" PRId64,
                     sets[chosen].fold);
    }
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
                                    problem->rows, problem->features, problem_fold(problem)};
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
                                    section->rows, section->features, section->fold};
    }
    return choose_and_name(sets, results->section_count, set, text, error);
}

/* --- Sides and sweeps ------------------------------------------------------------------------ */

/* The last part of a path, of `length` bytes; a slash at its end is none of it. */
static const char *last_part(const char *path, size_t *length)
{
    size_t end = strlen(path);
    while (end > 1 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    *length = end - start;
    return path + start;
}

char *plot_side(const struct contenders *contenders, size_t side, char text[static PLOT_NAME])
{
    const struct sides *sides = &contenders->sides;
    if (strcmp(sides->by, "store") != 0) {
        snprintf(text, PLOT_NAME, "%s", sides->names[side]);
        return text;
    }
    size_t length, other;
    const char *name = last_part(contenders->opened[side].name, &length);
    bool alone = true;
    for (size_t s = 0; s < sides->count; s++) {
        const char *part = last_part(contenders->opened[s].name, &other);
        alone = alone && (s == side || other != length || memcmp(part, name, length) != 0);
    }
    if (alone)
        snprintf(text, PLOT_NAME, "%.*s", (int)length, name);
    else
        snprintf(text, PLOT_NAME, "%.*s (store %zu)", (int)length, name, side + 1);
    return text;
}

char *plot_question(const struct plot_subject *subject, char text[static PLOT_QUESTION])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t s = 0; s < subject->opened_count && used < PLOT_QUESTION; s++) {
        const struct stored_sweep *sweep = &subject->opened[s].results.sweep;
        bool asks = *sweep->question != '\0' && subject->opened_count == 1;
        used += (size_t)snprintf(text + used, PLOT_QUESTION - used, "%s%s%s%s",
                                 s > 0 ? " and " : "sweep ", sweep->name, asks ? ": " : "",
                                 asks ? sweep->question : "");
    }
    for (char *line = strchr(text, '\n'); line != NULL; line = strchr(line, '\n'))
        *line = ' '; /* a question may have several lines in the sweep file */
    return text;
}

int plot_compare(const struct plot_subject *subject, struct comparison *comparison,
                 char name[static PLOT_SET_TEXT], struct error *error)
{
    if (!comparison_create(comparison, subject->by, subject->opened, subject->opened_count, error))
        return -1;
    return plot_choose_problem(&comparison->contenders, subject->set, name, error);
}
