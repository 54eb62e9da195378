/* SPDX-License-Identifier: MIT
 *
 * Points are measured, and the line between them only leads the eye; the thin grey lines are where
 * perfect scaling would be. The models that are drawn are those that the data do not reject, or
 * all where they cannot be compared, on to the number of threads that they were asked about. A star
 * is the best number by the first of them.
 */
#include "report/plots/plot_speedup.h"

#include "report/scaling/study_threads.h"

#include <string.h>

/* --- Models ---------------------------------------------------------------------------------- */

static bool is_drawn_somewhere(const struct plot_studies *studies, size_t model)
{
    for (size_t s = 0; s < studies->count; s++)
        if (study_shows_fit(studies->studies[s], model))
            return true;
    return false;
}

/* A dash of its own for each, none of them solid. */
static int dash_of(size_t model)
{
    return 2 + (int)model;
}

/* The most threads that anything is said about. */
static double most_threads(const struct plot_studies *studies)
{
    double most = 0.0;
    for (size_t s = 0; s < studies->count; s++) {
        const struct study *study = studies->studies[s];
        most = fmax(most, (double)study->points[study->count - 1].place);
        if (study_first_fit(study) != NULL)
            most = fmax(most, (double)study->speedup.maximum);
    }
    return most;
}

/* --- Data ------------------------------------------------------------------------------------ */

/* $studyS: "threads seconds perfect-seconds speedup". */
static void write_points(const struct study *study, size_t s, struct plot_range *range,
                         struct picture *picture)
{
    const double first = (double)study->points[0].place * study->points[0].seconds;
    fprintf(picture->script, "$study%zu << END\n", s);
    for (size_t p = 0; p < study->count; p++) {
        const struct study_point *point = &study->points[p];
        double perfect = first / (double)point->place;
        plot_widen(range, point->seconds);
        plot_widen(range, perfect);
        fprintf(picture->script, "%g %.6g %.6g %.6g\n", (double)point->place, point->seconds,
                perfect, study_speedup(study, point->seconds));
    }
    fprintf(picture->script, "END\n");
}

/* $fitS_M: "threads speedup", from the least number that was measured to `most`. */
static void write_fit(const struct study *study, size_t s, size_t m, double most,
                      struct plot_range *range, struct picture *picture)
{
    enum { STEPS = 100 };
    const double least = (double)study->points[0].place;
    fprintf(picture->script, "$fit%zu_%zu << END\n", s, m);
    for (int i = 0; i <= STEPS; i++) {
        double threads = least * pow(most / least, (double)i / (double)STEPS),
               speedup = study_speedup(study, speedup_predict(&study->speedup.fits[m], threads));
        plot_widen(range, speedup);
        fprintf(picture->script, "%.6g %.6g\n", threads, speedup);
    }
    fprintf(picture->script, "END\n");
}

static void write_best(const struct study *study, size_t s, struct picture *picture)
{
    const struct speedup_fit *fit = study_first_fit(study);
    if (fit != NULL)
        fprintf(picture->script, "$best%zu << END\n%zu %.6g\nEND\n", s, fit->best_count,
                study_speedup(study, speedup_predict(fit, (double)fit->best_count)));
}

/* --- Panels ---------------------------------------------------------------------------------- */

/* "gd, rate 0.1, kernel blas: best 6 of 16 (usl)". Returns `title`. */
enum { TITLE = PLOT_STUDY_NAME + 96 };
static char *title_of(const struct study *study, char title[static TITLE])
{
    char name[PLOT_STUDY_NAME];
    const struct speedup_fit *fit = study_first_fit(study);
    size_t used = (size_t)snprintf(title, TITLE, "%s", plot_study_name(study, name));
    if (fit != NULL)
        snprintf(title + used, TITLE - used, ": best %zu of %zu (%s)", fit->best_count,
                 study->speedup.maximum, fit->model->entry.name);
    return title;
}

static void plot_points_of(const struct plot_studies *studies, const struct plot_sheet *sheet,
                           size_t s, int column, struct picture *picture)
{
    char title[TITLE];
    fprintf(picture->script,
            "$study%zu using 1:%d with linespoints pointtype %d pointsize 1.1 linewidth 2.5 "
            "linecolor rgb '%s'",
            s, column, plot_study_point(s), plot_study_ink(studies, s).colour);
    plot_sheet_entry(picture, sheet, title_of(studies->studies[s], title));
    fprintf(picture->script, ", ");
}

static const char *const best_legend = "best number of threads by the model",
                         *const perfect_legend = "perfect scaling";

/* What the legend says beside the studies. */
static void plot_legend(const struct plot_studies *studies, const struct plot_sheet *sheet,
                        struct picture *picture)
{
    bool fitted = false;
    for (size_t m = 0; m < SPEEDUP_MODELS; m++) {
        if (!is_drawn_somewhere(studies, m))
            continue;
        fitted = true;
        fprintf(picture->script, "NaN with lines linewidth 2 linecolor rgb '%s' dashtype %d",
                palette_boundary, dash_of(m));
        plot_sheet_entry(picture, sheet, speedup_table.entries[m]->name);
        fprintf(picture->script, ", ");
    }
    if (fitted) {
        fprintf(picture->script,
                "NaN with points pointtype 3 pointsize 1.8 linewidth 1.5 linecolor rgb '%s'",
                palette_boundary);
        plot_sheet_entry(picture, sheet, best_legend);
        fprintf(picture->script, ", ");
    }
    fprintf(picture->script, "NaN with lines linewidth 1 linecolor rgb '%s'", palette_grey);
    plot_sheet_entry(picture, sheet, perfect_legend);
    fprintf(picture->script, "\n");
}

static void count_legend(const struct plot_studies *studies, struct plot_sheet *sheet)
{
    char title[TITLE];
    bool fitted = false;
    for (size_t s = 0; s < studies->count; s++)
        plot_sheet_count(sheet, title_of(studies->studies[s], title));
    for (size_t m = 0; m < SPEEDUP_MODELS; m++)
        if (is_drawn_somewhere(studies, m)) {
            plot_sheet_count(sheet, speedup_table.entries[m]->name);
            fitted = true;
        }
    if (fitted)
        plot_sheet_count(sheet, best_legend);
    plot_sheet_count(sheet, perfect_legend);
}

static void draw_times(const struct plot_studies *studies, const struct plot_sheet *sheet,
                       struct plot_range range, struct picture *picture)
{
    plot_set_threads(picture, &studies->threads, 0.0);
    plot_sheet_label(picture, sheet, 'y', "time per epoch");
    plot_set_axis(picture, sheet, "y", range, true);
    fprintf(picture->script, "plot ");
    for (size_t s = 0; s < studies->count; s++) {
        fprintf(picture->script,
                "$study%zu using 1:3 with lines linewidth 1 linecolor rgb '%s' notitle, ", s,
                palette_grey);
        plot_points_of(studies, sheet, s, 2, picture);
    }
    plot_legend(studies, sheet, picture);
}

static void plot_models(const struct plot_studies *studies, size_t s, struct picture *picture)
{
    const char *colour = plot_study_ink(studies, s).colour;
    for (size_t m = 0; m < SPEEDUP_MODELS; m++)
        if (study_shows_fit(studies->studies[s], m))
            fprintf(picture->script,
                    "$fit%zu_%zu with lines linewidth 2 linecolor rgb '%s' dashtype %d notitle, ",
                    s, m, colour, dash_of(m));
    if (study_first_fit(studies->studies[s]) != NULL)
        fprintf(picture->script,
                "$best%zu with points pointtype 3 pointsize 1.8 linewidth 2 linecolor rgb '%s' "
                "notitle, ",
                s, colour);
}

/* Speed-ups are relative to the least number of threads, which studies may differ in; the perfect
 * line is that of the least of all. */
static void draw_speedups(const struct plot_studies *studies, const struct plot_sheet *sheet,
                          struct plot_range range, double most, struct picture *picture)
{
    const double least = (double)studies->threads.values[0];
    plot_set_threads(picture, &studies->threads, most);
    plot_sheet_label(picture, sheet, 'y', "speed-up over the fewest threads");
    fprintf(picture->script,
            "set logscale y 2\nset ytics 2\nunset "
            "mytics\nset format y '%%g'\nset yrange "
            "[%.6g:%.6g]\nplot x / %g with lines linewidth 1 linecolor rgb '%s' notitle, ",
            fmin(range.low, 1.0) / 1.1, 1.1 * fmax(range.high, most / least), least, palette_grey);
    for (size_t s = 0; s < studies->count; s++) {
        plot_models(studies, s, picture);
        fprintf(
            picture->script,
            "$study%zu using 1:4 with %s pointtype %d pointsize 1.1 linewidth 1.5 linecolor rgb "
            "'%s' notitle%s",
            s, study_first_fit(studies->studies[s]) != NULL ? "points" : "linespoints",
            plot_study_point(s), plot_study_ink(studies, s).colour,
            s + 1 < studies->count ? ", " : "\n");
    }
}

/* Writes the data, and widens the ranges by them. */
static void write_studies(const struct plot_studies *studies, double most,
                          struct plot_range *seconds, struct plot_range *speedups,
                          struct picture *picture)
{
    for (size_t s = 0; s < studies->count; s++) {
        const struct study *study = studies->studies[s];
        write_points(study, s, seconds, picture);
        for (size_t p = 0; p < study->count; p++)
            plot_widen(speedups, study_speedup(study, study->points[p].seconds));
        for (size_t m = 0; m < SPEEDUP_MODELS; m++)
            if (study_shows_fit(study, m))
                write_fit(study, s, m, most, speedups, picture);
        write_best(study, s, picture);
    }
}

void plot_speedup(const struct plot_studies *studies, const struct plot_subject *subject,
                  struct picture *picture)
{
    char title[PLOT_SET_TEXT + 64], note[PLOT_SET_TEXT], question[PLOT_QUESTION];
    struct plot_range seconds = PLOT_EMPTY, speedups = PLOT_EMPTY;
    const double most = most_threads(studies);
    snprintf(title, sizeof title, "Scaling over threads: %s", studies->set);
    struct plot_sheet sheet = {
        .title = title,
        .panels = 2,
        .width = 960,
        .height = 400,
        .notes = {plot_studies_note(studies, note), plot_question(subject, question)}};
    count_legend(studies, &sheet);
    plot_sheet_begin(picture, &sheet);
    write_studies(studies, most, &seconds, &speedups, picture);
    plot_sheet_place(picture, &sheet, 0);
    draw_times(studies, &sheet, seconds, picture);
    plot_sheet_place(picture, &sheet, 1);
    draw_speedups(studies, &sheet, speedups, most, picture);
    plot_sheet_end(picture);
}
