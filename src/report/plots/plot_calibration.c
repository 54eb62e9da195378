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

enum { WIDTH = 560, HEIGHT = 640 };

static void write_bins(const struct calibration_bin *bins, struct picture *picture)
{
    fprintf(picture->script, "$bins << EOD\n");
    for (int k = 0; k < CALIBRATION_BINS; k++)
        if (bins[k].rows > 0)
            fprintf(picture->script, "%.9g %.9g %.9g %.9g %.9g %zu\n", bins[k].probability,
                    bins[k].share, bins[k].low, bins[k].high, (k + 0.5) / CALIBRATION_BINS,
                    bins[k].rows);
    fprintf(picture->script, "EOD\n");
}

static void place(struct picture *picture, double bottom, double top)
{
    fprintf(picture->script,
            "set lmargin at screen 0.14\nset rmargin at screen 0.96\nset bmargin at screen "
            "%.4f\nset tmargin at screen %.4f\n",
            bottom, top);
}

/* "share of rows that are 'dog'" */
static void set_label(struct picture *picture, char axis, const char *before, const char *class)
{
    char label[160], what[16];
    snprintf(label, sizeof label, "%s '%.80s'", before, text_shown(class));
    snprintf(what, sizeof what, "%clabel", axis);
    plot_set_text(picture, what, label);
}

static void plot_shares(const struct plot_subject *subject, struct picture *picture)
{
    place(picture, 0.34, 0.88);
    set_label(picture, 'y', "share of rows that are", subject->model->class_names[1]);
    fprintf(picture->script,
            "set xrange [0:1]\nset yrange [0:1]\nset xtics 0.2\nset ytics 0.2\nset format x "
            "''\nset key at screen 0.55,0.95 center top vertical maxcols 1 samplen 3\nplot x "
            "with lines dashtype 2 linewidth 1.5 linecolor rgb '%s' title 'perfect calibration', "
            "$bins using 1:2:3:4 with yerrorbars pointtype 7 pointsize 0.9 linewidth 1.5 linecolor "
            "rgb '%s' title 'this model, 95 %% interval', $bins using 1:2 with lines linewidth 1.5 "
            "linecolor rgb '%s' notitle\n",
            palette_grey, palette_classes[1], palette_classes[1]);
}

static void plot_counts(const struct plot_subject *subject, struct picture *picture)
{
    place(picture, 0.10, 0.30);
    set_label(picture, 'x', "probability that the model gives", subject->model->class_names[1]);
    plot_set_text(picture, "ylabel", "rows");
    fprintf(picture->script,
            "unset key\nset format x '%%g'\nset yrange [0:*]\nunset ytics\nset offsets "
            "0,0,graph 0.25,0\nset boxwidth %.9g\nset style fill solid 0.6 noborder\nplot $bins "
            "using 5:6 with boxes linecolor rgb '%s', $bins using 5:6:6 with labels offset "
            "0,0.6\n",
            0.9 / CALIBRATION_BINS, palette_classes[1]);
}

static void draw_bins(const struct plot_subject *subject, const struct calibration_bin *bins,
                      struct picture *picture)
{
    char title[256];
    snprintf(title, sizeof title, "Calibration on %.80s: %zu rows, mean error %.3g",
             text_shown(subject->data->name), subject->data->rows, calibration_error(bins));
    picture_size(picture, plot_width(title, WIDTH), HEIGHT, 0);
    plot_set_looks(picture, 0);
    write_bins(bins, picture);
    fprintf(picture->script, "set samples 2\nset multiplot title ");
    picture_text(picture, title);
    putc('\n', picture->script);
    plot_shares(subject, picture);
    plot_counts(subject, picture);
    fprintf(picture->script, "unset multiplot\n");
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
