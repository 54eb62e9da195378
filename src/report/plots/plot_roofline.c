/* SPDX-License-Identifier: MIT
 *
 * The roofline (report/scaling/roofline.h) of a profiled store: for each number of threads the
 * roofs, grey, the darker the more threads; under them the phases, each in its colour, of each
 * solver and kernel, each with its shape of point, and their epochs, black. What is under a slope
 * waits for memory or a cache, what is under the flat end for arithmetic.
 */
#include "report/scaling/roofline.h"

#include "base/memory.h"
#include "report/plots/plot_labels.h"
#include "report/plots/plot_studies.h"

#include <inttypes.h>
#include <string.h>

static const double giga = 1e9;

/* A mark of a study on a number of threads. */
struct spot {
    size_t study;
    int64_t threads;
    struct roofline_mark mark;
};

/* The roofs of a number of threads. */
struct house {
    int64_t threads;
    size_t count;
    struct roof roofs[ROOFS_MOST];
    double gemm; /* operations per second */
};

struct chart {
    const struct plot_studies *studies;
    size_t count, capacity;
    struct spot *spots; /* (count) */
    size_t house_count;
    struct house houses[PLOT_THREADS]; /* (house_count), by ascending threads */
    struct plot_sheet sheet;
    struct plot_range x, y; /* operations a byte, and 10^9 operations per second */
};

/* --- What is drawn --------------------------------------------------------------------------- */

static void add_spots(struct chart *chart, size_t study, const struct study_point *point)
{
    struct roofline_mark marks[ROOFLINE_MARKS];
    size_t count = roofline_marks(point, marks);
    for (size_t i = 0; i < count; i++) {
        chart->spots =
            memory_grow(chart->spots, &chart->capacity, chart->count + 1, sizeof *chart->spots);
        chart->spots[chart->count++] = (struct spot){study, point->place, marks[i]};
        plot_widen(&chart->x, marks[i].intensity);
        plot_widen(&chart->y, marks[i].rate / giga);
    }
}

/* The point of a study at so many threads; NULL: there is none. */
static const struct study_point *point_at(const struct study *study, int64_t threads)
{
    for (size_t p = 0; p < study->count; p++)
        if (study->points[p].place == threads)
            return &study->points[p];
    return NULL;
}

/* The roofs are those of the study that has most of them: all have the same data. */
static void add_house(struct chart *chart, int64_t threads)
{
    struct house house = {.threads = threads};
    for (size_t s = 0; s < chart->studies->count; s++) {
        const struct study_point *point = point_at(chart->studies->studies[s], threads);
        struct roof roofs[ROOFS_MOST];
        size_t count = point != NULL ? roofline_roofs(point, roofs) : 0;
        if (count <= house.count)
            continue;
        memcpy(house.roofs, roofs, sizeof roofs);
        house.count = count;
        house.gemm = point->ceilings->gemm_rate;
    }
    if (house.count == 0)
        return;
    for (size_t r = 0; r < house.count; r++) {
        plot_widen(&chart->x, house.gemm / house.roofs[r].rate);
        plot_widen(&chart->y, house.gemm / giga);
    }
    chart->houses[chart->house_count++] = house;
}

static void fill(struct chart *chart)
{
    const struct plot_studies *studies = chart->studies;
    for (size_t s = 0; s < studies->count; s++)
        for (size_t p = 0; p < studies->studies[s]->count; p++)
            add_spots(chart, s, &studies->studies[s]->points[p]);
    for (size_t t = 0; t < studies->threads.count; t++)
        add_house(chart, studies->threads.values[t]);
    const double left = 2.2, beside = 1.5; /* there are labels left of points, too */
    chart->x = (struct plot_range){chart->x.low / left, chart->x.high * beside};
    chart->y = (struct plot_range){chart->y.low / beside, chart->y.high * beside};
}

/* --- Roofs ----------------------------------------------------------------------------------- */

/* From light to dark. */
static void plot_shade(const struct chart *chart, size_t house, int dash, struct picture *picture)
{
    const int light = 0x94; /* contrast 3 with white */
    int grey = chart->house_count > 1
                   ? light - (int)((size_t)light * house / (chart->house_count - 1))
                   : 0;
    fprintf(picture->script, " with lines linewidth 2 linecolor rgb '#%02x%02x%02x' dashtype %d",
            (unsigned)grey, (unsigned)grey, (unsigned)grey, dash);
}

static const char *threads_text(char text[static QUANTITY_TEXT], int64_t threads)
{
    return quantity_count(text, (size_t)threads, "thread");
}

/* Up to the flat roof, or where there is none to the end. */
static void write_slope(const struct chart *chart, const struct house *house, double rate,
                        struct picture *picture)
{
    double end = house->gemm > 0.0 ? house->gemm / rate : chart->x.high;
    fprintf(picture->script, "%.6g %.6g\n%.6g %.6g\n", chart->x.low, chart->x.low * rate / giga,
            end, end * rate / giga);
}

static void write_houses(const struct chart *chart, struct picture *picture)
{
    for (size_t h = 0; h < chart->house_count; h++) {
        const struct house *house = &chart->houses[h];
        double fastest = 0.0;
        for (size_t r = 0; r < house->count; r++) {
            fprintf(picture->script, "$roof%zu_%zu << END\n", h, r);
            write_slope(chart, house, house->roofs[r].rate, picture);
            fprintf(picture->script, "END\n");
            fastest = fmax(fastest, house->roofs[r].rate);
        }
        fprintf(picture->script, "$flat%zu << END\n%.6g %.6g\n%.6g %.6g\nEND\n", h,
                house->gemm / fastest, house->gemm / giga, chart->x.high, house->gemm / giga);
    }
}

static void add_line(const struct chart *chart, double x0, double y0, double x1, double y1,
                     struct plot_obstacles *obstacles)
{
    const struct plot_box box = plot_sheet_box(&chart->sheet, 0);
    plot_obstacles_add(obstacles, plot_place(chart->x, x0, box.left, box.right),
                       plot_place(chart->y, y0 / giga, box.bottom, box.top),
                       plot_place(chart->x, x1, box.left, box.right),
                       plot_place(chart->y, y1 / giga, box.bottom, box.top));
}

/* What labels keep clear of. */
static void add_roofs(const struct chart *chart, struct plot_obstacles *obstacles)
{
    for (size_t h = 0; h < chart->house_count; h++) {
        const struct house *house = &chart->houses[h];
        for (size_t r = 0; r < house->count; r++) {
            double rate = house->roofs[r].rate,
                   end = house->gemm > 0.0 ? house->gemm / rate : chart->x.high;
            add_line(chart, chart->x.low, chart->x.low * rate, end, end * rate, obstacles);
        }
    }
}

/* "L3 8 threads 180.0 GB/s", or of the flat roof "GEMM 8 threads 400.0 GFLOP/s". Returns `text`. */
enum { ROOF_NAME = 2 * QUANTITY_TEXT };
static char *roof_name(const struct house *house, size_t roof, char text[static ROOF_NAME])
{
    char threads[QUANTITY_TEXT];
    bool flat = roof == house->count;
    snprintf(text, ROOF_NAME, "%s %s %.1f %s", flat ? "GEMM" : house->roofs[roof].level,
             threads_text(threads, house->threads),
             (flat ? house->gemm : house->roofs[roof].rate) / giga, flat ? "GFLOP/s" : "GB/s");
    return text;
}

/* With the flat one, where there is one. */
static size_t roofs_of(const struct house *house)
{
    return house->count + (house->gemm > 0.0);
}

static void plot_house(const struct chart *chart, size_t h, struct picture *picture)
{
    const struct house *house = &chart->houses[h];
    char text[ROOF_NAME];
    for (size_t r = 0; r < roofs_of(house); r++) {
        if (r < house->count)
            fprintf(picture->script, "$roof%zu_%zu using 1:2", h, r);
        else
            fprintf(picture->script, "$flat%zu using 1:2", h);
        plot_shade(chart, h, r == house->count ? 3 : r == 0 ? 1 : 2, picture);
        plot_sheet_entry(picture, &chart->sheet, roof_name(house, r, text));
        fprintf(picture->script, ", ");
    }
}

/* --- Points ---------------------------------------------------------------------------------- */

/* What a point is of: a phase, or PHASE_COUNT: an epoch. */
static enum phase phase_of(const struct spot *spot)
{
    return phase_find(spot->mark.name);
}

/* Is there such a point, of a study or (studies->count) of any? */
static bool is_there(const struct chart *chart, size_t study, size_t phase)
{
    for (size_t i = 0; i < chart->count; i++)
        if ((size_t)phase_of(&chart->spots[i]) == phase &&
            (study == chart->studies->count || chart->spots[i].study == study))
            return true;
    return false;
}

static const char *phase_name(size_t phase)
{
    return phase < PHASE_COUNT ? phases[phase].name : "epoch";
}

/* $markS_P: "operations-a-byte rate". */
static void write_marks(const struct chart *chart, size_t study, size_t phase,
                        struct picture *picture)
{
    fprintf(picture->script, "$mark%zu_%zu << END\n", study, phase);
    for (size_t i = 0; i < chart->count; i++) {
        const struct spot *spot = &chart->spots[i];
        if (spot->study == study && (size_t)phase_of(spot) == phase)
            fprintf(picture->script, "%.6g %.6g\n", spot->mark.intensity, spot->mark.rate / giga);
    }
    fprintf(picture->script, "END\n");
}

/* The points themselves are not in the legend: their shapes and their colours are. */
static void plot_marks(const struct chart *chart, struct picture *picture)
{
    const struct plot_studies *studies = chart->studies;
    for (size_t phase = PHASE_COUNT + 1; phase-- > 0;) /* epochs, which are large, first */
        for (size_t s = 0; s < studies->count; s++)
            if (is_there(chart, s, phase))
                fprintf(picture->script,
                        "$mark%zu_%zu using 1:2 with points pointtype %d pointsize %.1f linecolor "
                        "rgb '%s' notitle, ",
                        s, phase, plot_study_point(s), phase == PHASE_COUNT ? 1.6 : 0.9,
                        palette_phase(phase_name(phase)));
}

static void plot_legend(const struct chart *chart, struct picture *picture)
{
    const struct plot_studies *studies = chart->studies;
    const char *between = "";
    for (size_t s = 0; s < studies->count; s++) {
        char name[PLOT_STUDY_NAME];
        fprintf(picture->script,
                "%skeyentry with points pointtype %d pointsize 1.2 linecolor rgb '%s'", between,
                plot_study_point(s), palette_boundary);
        plot_sheet_entry(picture, &chart->sheet, plot_study_name(studies->studies[s], name));
        between = ", ";
    }
    for (size_t phase = 0; phase <= PHASE_COUNT; phase++) {
        if (!is_there(chart, studies->count, phase))
            continue;
        fprintf(picture->script,
                ", keyentry with points pointtype 7 pointsize %.1f linecolor rgb '%s'",
                phase == PHASE_COUNT ? 1.6 : 0.9, palette_phase(phase_name(phase)));
        plot_sheet_entry(picture, &chart->sheet, phase_name(phase));
    }
}

static void count_legend(struct chart *chart)
{
    const struct plot_studies *studies = chart->studies;
    char roof[ROOF_NAME], name[PLOT_STUDY_NAME];
    for (size_t h = 0; h < chart->house_count; h++)
        for (size_t r = 0; r < roofs_of(&chart->houses[h]); r++)
            plot_sheet_count(&chart->sheet, roof_name(&chart->houses[h], r, roof));
    for (size_t s = 0; s < studies->count; s++)
        plot_sheet_count(&chart->sheet, plot_study_name(studies->studies[s], name));
    for (size_t phase = 0; phase <= PHASE_COUNT; phase++)
        if (is_there(chart, studies->count, phase))
            plot_sheet_count(&chart->sheet, phase_name(phase));
}

/* --- Labels ---------------------------------------------------------------------------------- */

/* Is it the last of its study and phase, the one that bears the name? */
static bool is_named(const struct chart *chart, size_t i)
{
    for (size_t j = i + 1; j < chart->count; j++)
        if (chart->spots[j].study == chart->spots[i].study &&
            strcmp(chart->spots[j].mark.name, chart->spots[i].mark.name) == 0)
            return false;
    return true;
}

static struct plot_label label_of(const struct chart *chart, const struct spot *spot, bool named)
{
    const struct plot_box box = plot_sheet_box(&chart->sheet, 0);
    struct plot_label label = {
        .point_x = plot_place(chart->x, spot->mark.intensity, box.left, box.right),
        .point_y = plot_place(chart->y, spot->mark.rate / giga, box.bottom, box.top),
        .radius = phase_of(spot) == PHASE_COUNT ? 9.0 : 5.0,
        .colour = palette_phase(spot->mark.name),
    };
    snprintf(label.text, PLOT_LABEL, "%s%s%" PRId64, named ? spot->mark.name : "", named ? " " : "",
             spot->threads);
    return label;
}

/* "forward 8" at the most threads, and at fewer the number alone; clear of the roofs. */
static void set_labels(const struct chart *chart, struct picture *picture)
{
    size_t count = 0;
    struct plot_label *labels = memory_allocate(chart->count, sizeof *labels);
    struct plot_obstacles obstacles = {.within = plot_sheet_box(&chart->sheet, 0), .reach = 30.0};
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < chart->count; i++)
            if (is_named(chart, i) == (named == 1))
                labels[count++] = label_of(chart, &chart->spots[i], named == 1);
    add_roofs(chart, &obstacles);
    plot_labels_place(labels, count, &obstacles);
    plot_labels_set(picture, labels, count, chart->sheet.all);
    plot_obstacles_clear(&obstacles);
    memory_free(labels);
}

/* --- Words ----------------------------------------------------------------------------------- */

/* Is there a point with the phase that is drawn, or one where it is left out? */
static bool is_somewhere(const struct plot_studies *studies, enum phase phase, bool drawn)
{
    for (size_t s = 0; s < studies->count; s++)
        for (size_t p = 0; p < studies->studies[s]->count; p++) {
            const struct study_phase *one = &studies->studies[s]->points[p].phases[phase];
            if (one->seconds > 0.0 && roofline_lacks(one) != drawn)
                return true;
        }
    return false;
}

/* "", or what is left out and why. */
static void lack_note(const struct plot_studies *studies, char *text, size_t size)
{
    static const char *const why = "Left out, for no operations or no bytes are declared: ";
    size_t used = 0;
    text[0] = '\0';
    for (enum phase phase = 0; phase < PHASE_COUNT && used < size; phase++)
        if (is_somewhere(studies, phase, false))
            used += (size_t)snprintf(text + used, size - used, "%s%s%s", used == 0 ? why : ", ",
                                     phases[phase].name,
                                     is_somewhere(studies, phase, true) ? " (of some)" : "");
}

static void draw_chart(struct chart *chart, const struct plot_subject *subject,
                       struct picture *picture)
{
    char title[PLOT_SET_TEXT + 32], lack[PLOT_SET_TEXT], note[PLOT_SET_TEXT],
        question[PLOT_QUESTION];
    snprintf(title, sizeof title, "Roofline: %s", chart->studies->set);
    lack_note(chart->studies, lack, sizeof lack);
    chart->sheet = (struct plot_sheet){
        .title = title,
        .panels = 1,
        .width = 960,
        .height = 560,
        .notes = {"Numbers beside points are threads; the larger points are epochs as a whole.",
                  lack, plot_studies_note(chart->studies, note), plot_question(subject, question)}};
    count_legend(chart);
    plot_sheet_begin(picture, &chart->sheet);
    plot_sheet_label(picture, &chart->sheet, 'x', "operations per byte");
    plot_sheet_label(picture, &chart->sheet, 'y', "GFLOP/s");
    plot_set_close(picture, &chart->sheet, "x", chart->x, false);
    plot_set_close(picture, &chart->sheet, "y", chart->y, false);
    set_labels(chart, picture);
    write_houses(chart, picture);
    for (size_t s = 0; s < chart->studies->count; s++)
        for (size_t phase = 0; phase <= PHASE_COUNT; phase++)
            if (is_there(chart, s, phase))
                write_marks(chart, s, phase, picture);
    plot_sheet_place(picture, &chart->sheet, 0);
    fprintf(picture->script, "plot ");
    for (size_t h = 0; h < chart->house_count; h++)
        plot_house(chart, h, picture);
    plot_marks(chart, picture);
    plot_legend(chart, picture);
    fprintf(picture->script, "\n");
    plot_sheet_end(picture);
}

static bool draw_studies(const struct plot_studies *studies, const struct plot_subject *subject,
                         struct picture *picture, struct error *error)
{
    if (studies->count == 0)
        return error_usage(error,
                           "%s: nothing was profiled here; 'profile: on' in the sweep file has "
                           "phases and ceilings recorded, and 'descent profile' does that for one "
                           "configuration",
                           studies->set);
    struct chart chart = {.studies = studies, .x = PLOT_EMPTY, .y = PLOT_EMPTY};
    fill(&chart);
    bool done =
        chart.count > 0 ||
        error_usage(error, "%s: no phase of what was profiled declares operations and bytes",
                    studies->set);
    if (done)
        draw_chart(&chart, subject, picture);
    memory_free(chart.spots);
    return done;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct plot_studies studies;
    bool done = plot_studies_read(subject, 1, &studies, error) &&
                draw_studies(&studies, subject, picture, error);
    plot_studies_clear(&studies);
    return done;
}

const struct plot_kind plot_roofline = {
    .entry = {"roofline", "RESULTS with a profile: phases under the ceilings of the machine"},
    .uses = PLOT_RESULTS | PLOT_SET,
    .draw = draw,
};
