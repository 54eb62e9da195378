/* SPDX-License-Identifier: MIT
 *
 * Training loss over epochs and over seconds of training: of a model trained now, or of the trials
 * of a store on one data set, all of them pale and the best of each solver in full colour. At most
 * a thousand are drawn, evenly chosen from the plan; the best are always there. With --value
 * heldout_loss, and where the sweep ranks by what is held out, it is the loss on those rows, also
 * for who is the best.
 */
#include "base/memory.h"
#include "report/plots/plot.h"
#include "report/ranking.h"

#include <inttypes.h>
#include <string.h>

enum { CURVES_MOST = 1000, SOLVERS_MOST = 24 };

/* What is common to all curves of a solver. */
struct group {
    const char *solver;
    const struct outcome *best; /* NULL: none ended well */
};

struct sheet {
    bool heldout; /* the loss is that on the rows held out */
    struct plot_range epochs, seconds, loss;
    double highest; /* of the losses that trials start with */
    size_t count, shown;
    struct group groups[SOLVERS_MOST];
    size_t group_count;
};

#define EMPTY_SHEET                                                                                \
    {                                                                                              \
        .epochs = PLOT_EMPTY, .seconds = PLOT_EMPTY, .loss = PLOT_EMPTY                            \
    }

/* Which loss it is: what --value says, else what the sweep ranks by (`sweep` NULL: there is none),
 * as far as rows are held out. */
static bool choose_value(struct sheet *sheet, const char *value, bool heldout,
                         const struct stored_sweep *sweep, struct error *error)
{
    if (value == NULL) {
        sheet->heldout = heldout && sweep != NULL && strncmp(sweep->metric, "heldout", 7) == 0;
        return true;
    }
    sheet->heldout = strcmp(value, "heldout_loss") == 0;
    if (!sheet->heldout && strcmp(value, "loss") != 0)
        return error_usage(error, "--value: unknown value '%s'; known: loss, heldout_loss", value);
    return heldout || !sheet->heldout ||
           error_usage(error, "--value heldout_loss: no rows are held out here; give split: 0.2");
}

static void write_title(const struct sheet *sheet, const char *name,
                        char title[static PLOT_SET_TEXT + 64])
{
    snprintf(title, PLOT_SET_TEXT + 64, "%s loss over epochs and training time: %s",
             sheet->heldout ? "Held-out" : "Training", name);
}

/* A line "epoch seconds loss" for each point that is shown, and a blank line. What is beyond any
 * use (a trial that diverges) is left out by the range of the axis. */
static double loss_of(const struct sheet *sheet, const struct trace_point *point)
{
    return sheet->heldout ? point->heldout_loss : point->loss;
}

/* Between recorded epochs, rows that are held out are not always looked at. */
static bool is_missing(const struct sheet *sheet, const struct trace_point *point)
{
    return sheet->heldout && isnan(point->heldout_loss);
}

static void write_trace(struct sheet *sheet, const struct trace *trace, bool solo, FILE *script)
{
    double next = 0.0;
    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_point *point = &trace->points[i];
        const double loss = loss_of(sheet, point);
        if (i == 0)
            sheet->highest = fmax(sheet->highest, isfinite(loss) ? loss : 0.0);
        if (i == 0 || is_missing(sheet, point) ||
            !plot_shows(point->epoch, i + 1 == trace->count, &next))
            continue; /* neither epoch 0 nor second 0 is on a logarithmic axis */
        plot_widen(&sheet->epochs, (double)point->epoch);
        plot_widen(&sheet->loss, loss);
        if (solo)
            plot_widen(&sheet->seconds, point->seconds);
        fprintf(script, "%" PRId64 " %.6g %.6g\n", point->epoch, solo ? point->seconds : NAN,
                isfinite(loss) ? loss : NAN);
    }
    if (trace->count < 2)
        fprintf(script, "NaN NaN NaN\n");
    fprintf(script, "\n");
}

static bool write_outcome(struct sheet *sheet, struct store *store, const struct outcome *outcome,
                          struct picture *picture, struct error *error)
{
    const struct stored_trial *trial = &outcome->trials[0];
    struct trace trace;
    if (!store_read_trace(store, trial->id, &trace, error))
        return false;
    write_trace(sheet, &trace, stored_trial_is_timed(trial), picture->script);
    memory_free(trace.points);
    return true;
}

/* --- Of a store ----------------------------------------------------------------------------- */

static bool belongs(const struct outcome *outcome, int section)
{
    return (int)outcome->section == section && outcome->count > 0;
}

/* By the solver; NULL when there are too many, which no table of solvers has. */
static struct group *find_group(struct sheet *sheet, const struct outcome *outcome)
{
    const char *solver = outcome_values(outcome)->solver->name;
    for (size_t g = 0; g < sheet->group_count; g++)
        if (strcmp(sheet->groups[g].solver, solver) == 0)
            return &sheet->groups[g];
    if (sheet->group_count == SOLVERS_MOST)
        return NULL;
    sheet->groups[sheet->group_count] = (struct group){.solver = solver};
    return &sheet->groups[sheet->group_count++];
}

/* Lower or, where threads alone differ, sooner. */
static bool is_better(const struct metric *metric, const struct outcome *outcome,
                      const struct outcome *best)
{
    if (best == NULL)
        return true;
    const double value = ranking_value(outcome, metric), least = ranking_value(best, metric);
    return value < least || (value == least && outcome->seconds < best->seconds);
}

/* Are rows held out? A trial that ended well has a loss on them then. */
static bool holds_out(const struct results *results, int section)
{
    for (size_t i = 0; i < results->count; i++)
        if (belongs(&results->outcomes[i], section) && results->outcomes[i].sound &&
            isfinite(ranking_value(&results->outcomes[i], &metric_heldout_loss)))
            return true;
    return false;
}

static void find_groups(struct sheet *sheet, const struct results *results, int section)
{
    const struct metric *metric = sheet->heldout ? &metric_heldout_loss : &metric_objective;
    for (size_t i = 0; i < results->count; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        struct group *group = belongs(outcome, section) ? find_group(sheet, outcome) : NULL;
        if (group == NULL)
            continue;
        sheet->count++;
        if (outcome->sound && is_better(metric, outcome, group->best))
            group->best = outcome;
    }
}

/* Is this the best of its solver? */
static bool is_best(const struct sheet *sheet, const struct outcome *outcome)
{
    for (size_t g = 0; g < sheet->group_count; g++)
        if (sheet->groups[g].best == outcome)
            return true;
    return false;
}

/* Is the curve drawn that has this place among all of them? */
static bool is_chosen(const struct sheet *sheet, size_t place, const struct outcome *outcome)
{
    size_t most = CURVES_MOST - SOLVERS_MOST; /* the best come on top */
    size_t stride = (sheet->count + most - 1) / most;
    return place % stride == 0 || is_best(sheet, outcome);
}

static size_t shown_of(const struct sheet *sheet, const struct results *results, int section)
{
    size_t place = 0, shown = 0;
    for (size_t i = 0; i < results->count; i++)
        if (belongs(&results->outcomes[i], section))
            shown += is_chosen(sheet, place++, &results->outcomes[i]);
    return shown;
}

/* $paleG: all curves of a solver but the best; $bestG: that. */
static bool write_group(struct sheet *sheet, size_t g, const struct opened_store *opened,
                        int section, struct picture *picture, struct error *error)
{
    const struct group *group = &sheet->groups[g];
    const struct results *results = &opened->results;
    size_t place = 0;
    bool done = true;
    fprintf(picture->script, "$pale%zu << END\nNaN NaN NaN\n\n", g);
    for (size_t i = 0; i < results->count && done; i++) {
        const struct outcome *outcome = &results->outcomes[i];
        if (!belongs(outcome, section) || !is_chosen(sheet, place++, outcome) ||
            outcome == group->best ||
            strcmp(outcome_values(outcome)->solver->name, group->solver) != 0)
            continue;
        done = write_outcome(sheet, opened->store, outcome, picture, error);
    }
    fprintf(picture->script, "END\n$best%zu << END\n", g);
    if (done && group->best != NULL)
        done = write_outcome(sheet, opened->store, group->best, picture, error);
    else
        fprintf(picture->script, "NaN NaN NaN\n");
    fprintf(picture->script, "END\n");
    return done;
}

static const char *name_of(const struct group *group, char name[static PLOT_NAME])
{
    return group->best != NULL ? plot_name(outcome_values(group->best), name) : group->solver;
}

/* One of the two panels; `column` is that of x. */
static void plot_groups(const struct sheet *sheet, const struct plot_sheet *layout, int column,
                        struct picture *picture)
{
    int transparency = sheet->shown > 200 ? 0xdc : sheet->shown > 20 ? 0xc0 : 0x90;
    fprintf(picture->script, "plot ");
    for (size_t g = 0; g < sheet->group_count; g++)
        fprintf(picture->script, "$pale%zu using %d:3 with lines linecolor rgb '#%02x%s' notitle, ",
                g, column, (unsigned)transparency,
                palette_ink(sheet->groups[g].solver, g).colour + 1);
    for (size_t g = 0; g < sheet->group_count; g++) {
        const struct group *group = &sheet->groups[g];
        char name[PLOT_NAME];
        fprintf(picture->script, "%s$best%zu using %d:3 with lines linewidth 2.5",
                g > 0 ? ", " : "", g, column);
        plot_ink(picture, palette_ink(group->solver, g));
        plot_sheet_entry(picture, layout, name_of(group, name));
    }
    fprintf(picture->script, "\n");
}

/* Losses far above where trials start are those of trials that diverge. */
static void set_axes(const struct sheet *sheet, const struct plot_sheet *layout,
                     struct picture *picture)
{
    double low = sheet->loss.low, high = fmax(1.05 * sheet->highest, 1.01 * low);
    plot_sheet_label(picture, layout, 'y', sheet->heldout ? "held-out loss" : "training loss");
    if (!(low <= sheet->loss.high))
        fprintf(picture->script, "set yrange [0:1]\n");
    else if (high > 20.0 * low)
        plot_set_log(picture, layout, "y", (struct plot_range){low, high}, false);
    else
        fprintf(picture->script, "set yrange [%.6g:%.6g]\n", low - 0.04 * (high - low), high);
}

/* The data are written. */
static void plot_both(struct sheet *sheet, const char *title, const char *note,
                      const char *question, struct picture *picture)
{
    struct plot_sheet layout = {
        .title = title, .panels = 2, .width = 960, .height = 400, .notes = {note, question}};
    for (size_t g = 0; g < sheet->group_count; g++) {
        char name[PLOT_NAME];
        plot_sheet_count(&layout, name_of(&sheet->groups[g], name));
    }
    plot_sheet_begin(picture, &layout);
    set_axes(sheet, &layout, picture);
    plot_sheet_label(picture, &layout, 'x', "epochs");
    plot_set_axis(picture, &layout, "x", sheet->epochs, false);
    plot_sheet_place(picture, &layout, 0);
    plot_groups(sheet, &layout, 1, picture);
    plot_set_seconds(picture, &layout, sheet->seconds);
    plot_sheet_place(picture, &layout, 1);
    plot_groups(sheet, &layout, 2, picture);
    plot_sheet_end(picture);
}

static bool draw_store(const struct plot_subject *subject, struct picture *picture,
                       struct error *error)
{
    const struct opened_store *opened = &subject->opened[0];
    struct sheet sheet = EMPTY_SHEET;
    char name[PLOT_SET_TEXT], title[PLOT_SET_TEXT + 64], note[128], question[PLOT_QUESTION];
    int section = plot_choose_section(&opened->results, subject->set, name, error);
    if (section < 0 || !choose_value(&sheet, subject->value, holds_out(&opened->results, section),
                                     &opened->results.sweep, error))
        return false;
    find_groups(&sheet, &opened->results, section);
    if (sheet.count == 0)
        return error_usage(error, "%s: no trial on %s is recorded yet", opened->name, name);
    sheet.shown = shown_of(&sheet, &opened->results, section);
    write_title(&sheet, name, title);
    if (sheet.shown < sheet.count)
        snprintf(note, sizeof note,
                 "Full colour: the best of each solver; pale: %zu of %zu configurations tried.",
                 sheet.shown, sheet.count);
    else
        snprintf(note, sizeof note,
                 "Full colour: the best of each solver; pale: every configuration tried (%zu).",
                 sheet.count);
    for (size_t g = 0; g < sheet.group_count; g++)
        if (!write_group(&sheet, g, opened, section, picture, error))
            return false;
    plot_both(&sheet, title, note, plot_question(subject, question), picture);
    return true;
}

/* --- Of a trial ----------------------------------------------------------------------------- */

static bool draw_trial(const struct plot_subject *subject, struct picture *picture,
                       struct error *error)
{
    struct sheet sheet = EMPTY_SHEET;
    if (!choose_value(&sheet, subject->value, subject->data->heldout != NULL, NULL, error))
        return false;
    const struct stored_trial values = {.values = *subject->configuration};
    const struct outcome outcome = {.trials = &values};
    sheet.groups[0] = (struct group){subject->configuration->solver->name, &outcome};
    sheet.group_count = sheet.count = sheet.shown = 1;
    const struct dataset *data = subject->data;
    char name[PLOT_SET_TEXT], title[PLOT_SET_TEXT + 64];
    plot_data_words(data->name, (int64_t)data->rows, (int64_t)data->features, name);
    write_title(&sheet, name, title);
    fprintf(picture->script, "$pale0 << END\nNaN NaN NaN\nEND\n$best0 << END\n");
    write_trace(&sheet, &subject->trial->trace, true, picture->script);
    fprintf(picture->script, "END\n");
    plot_both(&sheet, title, "", "", picture);
    return true;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    return subject->opened_count > 0 ? draw_store(subject, picture, error)
                                     : draw_trial(subject, picture, error);
}

const struct plot_kind plot_loss = {
    .entry = {"loss", "DATA or RESULTS: training or held-out loss over epochs and over seconds"},
    .uses = PLOT_DATA | PLOT_TRAINS | PLOT_RESULTS | PLOT_SET | PLOT_VALUE,
    .draw = draw,
};
