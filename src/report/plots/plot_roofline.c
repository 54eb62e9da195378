/* SPDX-License-Identifier: MIT
 *
 * The roofline (report/scaling/roofline.h) of a profiled store: for each number of threads the
 * roofs, grey, the darker the more threads; under them the phases of each solver and kernel, and
 * their epochs. What is under a slope waits for memory or a cache, what is under the flat end for
 * arithmetic.
 */
#include "report/scaling/roofline.h"

#include "base/memory.h"
#include "report/plots/plot_labels.h"
#include "report/plots/plot_studies.h"

#include <inttypes.h>
#include <string.h>

/* Places in the picture, in points of a screen. */
enum { LEGEND = 320, HEIGHT = 660, LEFT = 78, RIGHT = 770, BOTTOM = 116, TOP = 620, NOTE = 17 };

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
    int width;
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

/* The width of the picture, with room for the legend. */
static int width_of(const struct plot_studies *studies)
{
    const int letter = 8, sample = 70;
    int legend = LEGEND;
    for (size_t s = 0; s < studies->count; s++) {
        char name[PLOT_STUDY_NAME];
        int needed = sample + letter * (int)strlen(plot_study_name(studies->studies[s], name));
        legend = needed > legend ? needed : legend;
    }
    return RIGHT + legend;
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
    const int light = 0xb4;
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

static void plot_house(const struct chart *chart, size_t h, struct picture *picture)
{
    const struct house *house = &chart->houses[h];
    char threads[QUANTITY_TEXT], text[2 * QUANTITY_TEXT];
    threads_text(threads, house->threads);
    for (size_t r = 0; r < house->count; r++) {
        fprintf(picture->script, "$roof%zu_%zu using 1:2", h, r);
        plot_shade(chart, h, r == 0 ? 1 : 2, picture);
        snprintf(text, sizeof text, "%s %s %.1f GB/s", house->roofs[r].level, threads,
                 house->roofs[r].rate / giga);
        fprintf(picture->script, " title ");
        picture_text(picture, text);
        fprintf(picture->script, ", ");
    }
    if (!(house->gemm > 0.0))
        return;
    fprintf(picture->script, "$flat%zu using 1:2", h);
    plot_shade(chart, h, 3, picture);
    snprintf(text, sizeof text, "GEMM %s %.1f GFLOP/s", threads, house->gemm / giga);
    fprintf(picture->script, " title ");
    picture_text(picture, text);
    fprintf(picture->script, ", ");
}

/* --- Marks ----------------------------------------------------------------------------------- */

static bool is_epoch(const struct spot *spot)
{
    return strcmp(spot->mark.name, "epoch") == 0;
}

/* $markS: phases, and after two blank lines epochs. */
static void write_marks(const struct chart *chart, size_t study, struct picture *picture)
{
    fprintf(picture->script, "$mark%zu << END\n", study);
    for (int epoch = 0; epoch < 2; epoch++) {
        for (size_t i = 0; i < chart->count; i++) {
            const struct spot *spot = &chart->spots[i];
            if (spot->study == study && is_epoch(spot) == (epoch == 1))
                fprintf(picture->script, "%.6g %.6g\n", spot->mark.intensity,
                        spot->mark.rate / giga);
        }
        fprintf(picture->script, epoch == 0 ? "\n\n" : "END\n");
    }
}

static void plot_marks(const struct chart *chart, size_t study, struct picture *picture)
{
    static const double sizes[] = {0.9, 1.6};
    char name[PLOT_STUDY_NAME];
    for (int epoch = 0; epoch < 2; epoch++) {
        fprintf(picture->script,
                "%s$mark%zu index %d using 1:2 with points pointtype %d pointsize %.1f linecolor "
                "rgb '%s' title ",
                epoch == 0 ? "" : ", ", study, epoch, plot_study_point(study), sizes[epoch],
                plot_study_ink(chart->studies, study).colour);
        picture_text(picture,
                     epoch == 0 ? plot_study_name(chart->studies->studies[study], name) : "");
    }
}

/* Where a value lies between the ends of a range, on the screen. */
static double position(struct plot_range range, double value, int from, int to)
{
    return from + (to - from) * log(value / range.low) / log(range.high / range.low);
}

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
    struct plot_label label = {
        .point_x = position(chart->x, spot->mark.intensity, LEFT, RIGHT),
        .point_y = position(chart->y, spot->mark.rate / giga, BOTTOM, TOP),
        .colour = plot_study_ink(chart->studies, spot->study).colour,
    };
    snprintf(label.text, PLOT_LABEL, "%s%s%" PRId64, named ? spot->mark.name : "", named ? " " : "",
             spot->threads);
    return label;
}

/* "forward 8" at the most threads, and at fewer the number alone. */
static void set_labels(const struct chart *chart, struct picture *picture)
{
    size_t count = 0;
    struct plot_label *labels = memory_allocate(chart->count, sizeof *labels);
    for (int named = 1; named >= 0; named--)
        for (size_t i = 0; i < chart->count; i++)
            if (is_named(chart, i) == (named == 1))
                labels[count++] = label_of(chart, &chart->spots[i], named == 1);
    plot_labels_place(labels, count);
    plot_labels_set(picture, labels, count, chart->width, HEIGHT);
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
    static const char *const why = "left out, for no operations or no bytes are declared: ";
    size_t used = 0;
    text[0] = '\0';
    for (enum phase phase = 0; phase < PHASE_COUNT && used < size; phase++)
        if (is_somewhere(studies, phase, false))
            used += (size_t)snprintf(text + used, size - used, "%s%s%s", used == 0 ? why : ", ",
                                     phases[phase].name,
                                     is_somewhere(studies, phase, true) ? " (of some)" : "");
}

static void set_notes(const struct chart *chart, struct picture *picture)
{
    enum { NOTES = 3 };
    char notes[NOTES][256] = {
        "numbers beside points are threads; the larger points are epochs as a whole"};
    lack_note(chart->studies, notes[1], sizeof notes[1]);
    plot_studies_note(chart->studies, notes[2]);
    for (size_t i = 0; i < NOTES; i++) {
        fprintf(picture->script, "set label %zu ", chart->count + i + 1);
        picture_text(picture, notes[i]);
        fprintf(picture->script, " at screen %.4f,%.4f left font ',9' textcolor rgb '#595f69'\n",
                (double)LEFT / chart->width,
                (double)(NOTE * (int)(NOTES - i) - 8) / (double)HEIGHT);
    }
}

/* A logarithmic axis of just that range; not whole decades, for points are close together. */
static void set_axis(char axis, struct plot_range range, struct picture *picture)
{
    static const int marks[] = {1, 2, 5};
    const bool wide = range.high / range.low > 1e4;
    const char *between = "";
    fprintf(picture->script,
            "set logscale %c\nset %crange [%.6g:%.6g]\nset m%ctics 10\nset %ctics (", axis, axis,
            range.low, range.high, axis, axis);
    for (int decade = (int)floor(log10(range.low)); decade < log10(range.high); decade++)
        for (int i = 0; i < (wide ? 1 : 3); i++) {
            double mark = marks[i] * pow(10.0, decade);
            if (mark < range.low || mark > range.high)
                continue;
            fprintf(picture->script, "%s'%g' %.6g", between, mark, mark);
            between = ", ";
        }
    fprintf(picture->script, ")\n");
}

static void draw_chart(const struct chart *chart, struct picture *picture)
{
    char title[PLOT_SET_TEXT + 32];
    snprintf(title, sizeof title, "%s: roofline", chart->studies->set);
    picture_size(picture, chart->width, HEIGHT, 0);
    plot_set_looks(picture, 0);
    plot_set_text(picture, "title", title);
    fprintf(picture->script,
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\nset tmargin at screen "
            "%.4f\nset bmargin at screen %.4f\nset key at screen %.4f,%.4f left top vertical Left "
            "reverse maxcols 1 samplen 3\nset xlabel 'operations per byte'\nset ylabel 'GFLOP/s'\n",
            (double)LEFT / chart->width, (double)RIGHT / chart->width, (double)TOP / (double)HEIGHT,
            (double)BOTTOM / (double)HEIGHT, (double)(RIGHT + 12) / chart->width,
            (double)TOP / (double)HEIGHT);
    set_axis('x', chart->x, picture);
    set_axis('y', chart->y, picture);
    set_labels(chart, picture);
    set_notes(chart, picture);
    write_houses(chart, picture);
    for (size_t s = 0; s < chart->studies->count; s++)
        write_marks(chart, s, picture);
    fprintf(picture->script, "plot ");
    for (size_t h = 0; h < chart->house_count; h++)
        plot_house(chart, h, picture);
    for (size_t s = 0; s < chart->studies->count; s++) {
        fprintf(picture->script, "%s", s > 0 ? ", " : "");
        plot_marks(chart, s, picture);
    }
    fprintf(picture->script, "\n");
}

static bool draw_studies(const struct plot_studies *studies, struct picture *picture,
                         struct error *error)
{
    if (studies->count == 0)
        return error_usage(error,
                           "%s: nothing was profiled here; 'profile: on' in the sweep file has "
                           "phases and ceilings recorded, and 'descent profile' does that for one "
                           "configuration",
                           studies->set);
    struct chart chart = {
        .studies = studies, .width = width_of(studies), .x = PLOT_EMPTY, .y = PLOT_EMPTY};
    fill(&chart);
    bool done =
        chart.count > 0 ||
        error_usage(error, "%s: no phase of what was profiled declares operations and bytes",
                    studies->set);
    if (done)
        draw_chart(&chart, picture);
    memory_free(chart.spots);
    return done;
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    struct plot_studies studies;
    bool done =
        plot_studies_read(subject, 1, &studies, error) && draw_studies(&studies, picture, error);
    plot_studies_clear(&studies);
    return done;
}

const struct plot_kind plot_roofline = {
    .entry = {"roofline", "RESULTS with a profile: phases under the ceilings of the machine"},
    .uses = PLOT_RESULTS | PLOT_SET,
    .draw = draw,
};
