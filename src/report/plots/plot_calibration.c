/* SPDX-License-Identifier: MIT
 *
 * The reliability diagram of a model: in ten bins of the probability that it gives, the share of
 * rows that are of class 1, with Wilson's interval of 95 %. Where the model is right about its own
 * certainty, points lie on the diagonal. Below it is how many rows each bin has: a point of few
 * rows says little. The numbers are those of measure/statistics/classification.h.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/margins.h"
#include "measure/statistics/classification.h"
#include "report/plots/palette.h"
#include "report/plots/plot.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 560, HEIGHT = 560 };
enum { BETWEEN = 16 }; /* points between the two plots */

enum { COUNT_TYPE = 10 };

/* A number of rows in at most four letters: "120", "9999", "12k", "3M". */
static char *count_text(size_t rows, char text[static 24])
{
    const size_t thousand = 1000, million = 1000000, plain = 10000;
    if (rows < plain)
        snprintf(text, 24, "%zu", rows);
    else if (rows < million)
        snprintf(text, 24, "%zuk", (rows + thousand / 2) / thousand);
    else
        snprintf(text, 24, "%zuM", (rows + million / 2) / million);
    return text;
}

static void write_bins(const struct calibration_bin *bins, struct picture *picture)
{
    char count[24];
    fprintf(picture->script, "$bins << EOD\n");
    for (int k = 0; k < CALIBRATION_BINS; k++)
        if (bins[k].rows > 0)
            fprintf(picture->script, "%.9g %.9g %.9g %.9g %.9g %zu %s\n", bins[k].probability,
                    bins[k].share, bins[k].low, bins[k].high, (k + 0.5) / (double)CALIBRATION_BINS,
                    bins[k].rows, count_text(bins[k].rows, count));
    fprintf(picture->script, "EOD\n");
}

/* The plots, one above the other, within the axes of the sheet. */
static struct plot_box box_of(const struct plot_sheet *sheet, bool counts)
{
    struct plot_box box = plot_sheet_box(sheet, 0);
    const double bottom = box.bottom, share = 0.25 * (box.top - bottom - (double)BETWEEN);
    if (counts)
        box.top = bottom + share;
    else
        box.bottom = bottom + share + (double)BETWEEN;
    return box;
}

/* "share of rows that are 'dog'" */
static void set_label(struct picture *picture, struct plot_box box, char axis, const char *before,
                      const char *class)
{
    char label[160];
    snprintf(label, sizeof label, "%s '%.80s'", before, text_shown(class));
    plot_sheet_label_in(picture, box, axis, label);
}

static const char *const perfect_legend = "perfect calibration",
                         *const model_legend = "this model, with 95 % interval";

static void plot_shares(const struct plot_subject *subject, const struct plot_sheet *sheet,
                        struct picture *picture)
{
    const struct plot_box box = box_of(sheet, false);
    plot_sheet_place_in(picture, sheet, box, true);
    set_label(picture, box, 'y', box.top - box.bottom > 220.0 ? "share of rows that are" : "share",
              subject->model->class_names[1]);
    fprintf(picture->script,
            "set xrange [0:1]\nset yrange [0:1]\nset xtics 0.2\nset ytics 0.2\nset format x "
            "''\nplot x with lines dashtype 2 linewidth 1.5 linecolor rgb '%s'",
            palette_grey);
    plot_sheet_entry(picture, sheet, perfect_legend);
    fprintf(picture->script,
            ", $bins using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.9 linewidth 1.5 "
            "linecolor rgb '%s'",
            palette_classes[1]);
    plot_sheet_entry(picture, sheet, model_legend);
    fprintf(picture->script,
            ", $bins using 1:2 with lines linewidth 1.5 linecolor rgb '%s' notitle\n",
            palette_classes[1]);
}

static void plot_counts(const struct plot_subject *subject, const struct plot_sheet *sheet,
                        struct picture *picture)
{
    const struct plot_box box = box_of(sheet, true);
    plot_sheet_place_in(picture, sheet, box, false);
    set_label(picture, box, 'x', "probability that the model gives",
              subject->model->class_names[1]);
    plot_sheet_label_in(picture, box, 'y', "rows");
    fprintf(picture->script,
            "set format x '%%g'\nset yrange [0:*]\nunset ytics\nset offsets "
            "0,0,graph 0.6,0\nset boxwidth %.9g\nset style fill solid 0.6 noborder\nplot $bins "
            "using 5:6 with boxes linecolor rgb '%s', $bins using 5:6:7 with labels offset "
            "0,0.5 textcolor rgb '#000000'",
            0.9 / (double)CALIBRATION_BINS, palette_classes[1]);
    picture_font(picture, COUNT_TYPE);
    fprintf(picture->script, "\n");
}

static void draw_bins(const struct plot_subject *subject, const struct calibration_bin *bins,
                      struct picture *picture)
{
    char title[256];
    snprintf(title, sizeof title, "Calibration on %.80s: %zu rows, mean error %.3g",
             text_shown(subject->data->name), subject->data->rows, calibration_error(bins));
    struct plot_sheet sheet = {.title = title, .panels = 1, .width = WIDTH, .height = HEIGHT};
    plot_sheet_count(&sheet, perfect_legend);
    plot_sheet_count(&sheet, model_legend);
    plot_sheet_begin(picture, &sheet);
    write_bins(bins, picture);
    fprintf(picture->script, "set samples 2\n");
    plot_shares(subject, &sheet, picture);
    plot_counts(subject, &sheet, picture);
    plot_sheet_end(picture);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    const struct dataset *data = subject->data;
    const struct model_file *model = subject->model;
    if (model == NULL)
        return error_usage(error, "--model FILE is missing: the model whose probabilities are "
                                  "looked at, from 'descent train --save'");
    if (data->y == NULL)
        return error_usage(error, "%s: calibration needs labels, and there are none", data->name);
    double bytes = (double)data->rows * sizeof(double);
    if (!memory_check(bytes, "calibration", error))
        return false;
    struct calibration_bin bins[CALIBRATION_BINS];
    double *z = memory_allocate_untouched(data->rows, sizeof *z);
    dataset_margins(data, model->w, model->b, threads_default(), z);
    classification_calibrate(z, data->y, data->rows, bins);
    memory_free(z);
    draw_bins(subject, bins, picture);
    return true;
}

const struct plot_kind plot_calibration = {
    .entry = {"calibration", "DATA: is the probability that --model gives what it says?"},
    .uses = PLOT_DATA | PLOT_MODEL | PLOT_LABELS,
    .draw = draw,
};
