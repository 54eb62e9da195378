/* SPDX-License-Identifier: MIT
 *
 * What a neuron makes of its sum z = w . x + b: the perceptron's step, which decides, and the
 * sigmoid p = 1 / (1 + exp(-z)), which says how sure it is. The step has no slope to descend along;
 * the sigmoid has one everywhere.
 */
#include "report/plots/palette.h"
#include "report/plots/plot.h"

static const char *const step_legend = "perceptron: 1 if z > 0, else 0",
                         *const sigmoid_legend = "sigmoid: p = 1 / (1 + exp(-z))";

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    (void)subject, (void)error;
    const char *step = palette_classes[0], *sigmoid = palette_classes[1];
    struct plot_sheet sheet = {.title = "What a neuron makes of its sum z = w1 x1 + w2 x2 + b",
                               .panels = 1,
                               .width = 760,
                               .height = 400};
    plot_sheet_count(&sheet, step_legend);
    plot_sheet_count(&sheet, sigmoid_legend);
    plot_sheet_begin(picture, &sheet);
    plot_sheet_label(picture, &sheet, 'x', "z, the sum");
    plot_sheet_label(picture, &sheet, 'y', "answer");
    plot_sheet_place(picture, &sheet, 0);
    fprintf(picture->script,
            "set samples 200\nset xrange [-8:8]\nset yrange [-0.06:1.06]\nset ytics 0.25\n"
            "set arrow 1 from 0,graph 0 to 0,graph 1 nohead back dashtype 2 linecolor rgb '%s'\n"
            "set arrow 2 from graph 0,first 0.5 to graph 1,first 0.5 nohead back dashtype 2 "
            "linecolor rgb '%s'\n",
            palette_grey, palette_grey);
    /* The step is drawn in two halves; at z = 0 it still is 0. */
    fprintf(picture->script,
            "$below << END\n-8 0\n0 0\nEND\n$above << END\n0 1\n8 1\nEND\n"
            "plot $below with lines linewidth 2.5 linecolor rgb '%s'",
            step);
    plot_sheet_entry(picture, &sheet, step_legend);
    fprintf(picture->script,
            ", $above with lines linewidth 2.5 linecolor rgb '%s' notitle, "
            "'+' using (0):(0) every ::0::0 with points pointtype 7 pointsize 0.9 linecolor rgb "
            "'%s' notitle, "
            "'+' using (0):(1) every ::0::0 with points pointtype 6 pointsize 0.9 linecolor rgb "
            "'%s' notitle, "
            "1 / (1 + exp(-x)) with lines linewidth 2.5 linecolor rgb '%s'",
            step, step, step, sigmoid);
    plot_sheet_entry(picture, &sheet, sigmoid_legend);
    fprintf(picture->script, "\n");
    plot_sheet_end(picture);
    return true;
}

const struct plot_kind plot_activation = {
    .entry = {"activation", "the perceptron's step and the sigmoid, over the sum z"},
    .draw = draw,
};
