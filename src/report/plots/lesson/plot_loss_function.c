/* SPDX-License-Identifier: MIT
 *
 * The three pictures that explain the loss. log x on (0, 10]: negative below 1, where probabilities
 * are. -log x on (0, 1]: nothing for certainty, and more without bound for what was thought
 * impossible. And the loss of one sample over p, the probability that the neuron gives to class 1:
 * -log p where that is the sample's class, -log (1 - p) where it is not.
 */
#include "report/plots/palette.h"
#include "report/plots/plot.h"

enum { PANELS = 3, WIDTH = 1080, HEIGHT = 400 };

/* All have the same axes of their own, whatever stands beside them. */
static void place(struct picture *picture, int panel)
{
    const double share = 1.0 / PANELS;
    fprintf(picture->script,
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\nset tmargin at screen "
            "0.88\nset bmargin at screen 0.15\n",
            panel * share + 0.06, (panel + 1) * share - 0.02);
}

static void plot_curve(struct picture *picture, const char *range, const char *curve,
                       const char *colour)
{
    fprintf(picture->script,
            "set trange [%s]\nplot %s with lines linewidth 2.5 linecolor rgb '%s'\n", range, curve,
            colour);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    (void)subject, (void)error;
    FILE *script = picture->script;
    const char *no = palette_classes[0], *yes = palette_classes[1];
    picture_size(picture, WIDTH, HEIGHT, 0);
    plot_set_looks(picture, 0);
    fprintf(script, "set multiplot\nset samples 200\nset parametric\nunset key\n"
                    "set title 'log x on (0, 10]'\nset xrange [0:10]\nset yrange [-5:3]\n"
                    "set xlabel 'x'\nset ylabel 'log x'\n");
    place(picture, 0);
    plot_curve(picture, "0.0067:10", "t, log(t)", yes);
    fprintf(script, "set title '-log x on (0, 1]'\nset xrange [0:1]\nset yrange [0:5]\n"
                    "set ylabel '-log x'\n");
    place(picture, 1);
    plot_curve(picture, "0.0067:1", "t, -log(t)", yes);
    fprintf(script, "set title 'loss of one sample'\nset xlabel 'p, the answer of the neuron'\n"
                    "set ylabel 'loss'\nset key inside center top\nset trange [0.0067:0.9933]\n");
    place(picture, 2);
    fprintf(script,
            "plot t, -log(t) with lines linewidth 2.5 linecolor rgb '%s' title "
            "'y = 1: -log p', t, -log(1 - t) with lines linewidth 2.5 linecolor rgb '%s' title "
            "'y = 0: -log (1 - p)'\nunset multiplot\n",
            yes, no);
    return true;
}

const struct plot_kind plot_loss_function = {
    .entry = {"loss-function", "log x, -log x, and the loss of one sample that is made of them"},
    .draw = draw,
};
