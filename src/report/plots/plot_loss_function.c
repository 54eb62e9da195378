/* SPDX-License-Identifier: MIT
 *
 * The two pictures that explain the loss: log x on (0, 1], which is never positive, and -log x,
 * which is what a point costs when the class it has was given the probability x: nothing for
 * certainty, and more without bound for what was thought impossible.
 */
#include "report/plots/palette.h"
#include "report/plots/plot.h"

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    (void)subject, (void)error;
    picture_size(picture, 900, 380, 0);
    plot_set_looks(picture, 0);
    fprintf(picture->script,
            "set multiplot layout 1,2\nset samples 400\nunset key\nset xrange [0:1]\n"
            "set trange [0.005:1]\nset parametric\n"
            "set xlabel 'x'\nset ylabel 'log x'\nset yrange [-5:1]\nset title 'log x'\n"
            "plot t, log(t) with lines linewidth 2.5 linecolor rgb '%s'\n"
            "set xlabel 'probability x given to the class that a point has'\n"
            "set ylabel 'loss of the point'\nset yrange [0:5]\nset title '-log x'\n"
            "plot t, -log(t) with lines linewidth 2.5 linecolor rgb '%s'\nunset multiplot\n",
            palette_classes[1], palette_classes[0]);
    return true;
}

const struct plot_kind plot_loss_function = {
    .entry = {"loss-function", "log x and -log x on (0, 1], of which the loss is made"},
    .draw = draw,
};
