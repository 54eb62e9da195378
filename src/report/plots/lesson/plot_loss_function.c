/* SPDX-License-Identifier: MIT
 *
 * The three pictures that explain the loss. log x on (0, 10]: negative below 1, where probabilities
 * are. -log x on (0, 1]: nothing for certainty, and more without bound for what was thought
 * impossible. And the loss of one sample over p, the probability that the neuron gives to class 1:
 * -log p where that is the sample's class, -log (1 - p) where it is not.
 */
#include "report/plots/palette.h"
#include "report/plots/plot.h"

static const char *const yes_legend = "y = 1: -log p", *const no_legend = "y = 0: -log (1 - p)";

/* A panel whose axes have these ranges and labels; its curves follow. */
struct panel {
    const char *title, *x_range, *y_range, *x_label, *y_label, *range; /* of the parameter */
};

static void begin_panel(struct picture *picture, const struct plot_sheet *sheet, int index,
                        const struct panel *panel)
{
    fprintf(picture->script,
            "set title '%s' offset 0,-0.6\nset xrange [%s]\nset yrange [%s]\nset trange [%s]\n",
            panel->title, panel->x_range, panel->y_range, panel->range);
    plot_sheet_label(picture, sheet, 'x', panel->x_label);
    plot_sheet_label(picture, sheet, 'y', panel->y_label);
    plot_sheet_place(picture, sheet, index);
}

static void plot_curve(struct picture *picture, const char *curve, const char *colour)
{
    fprintf(picture->script, "%s with lines linewidth 2.5 linecolor rgb '%s' notitle", curve,
            colour);
}

/* The legend, which is of the last panel, stands above all of them. */
static void plot_legend(struct picture *picture, const struct plot_sheet *sheet, const char *name,
                        const char *colour)
{
    fprintf(picture->script, ", keyentry with lines linewidth 2.5 linecolor rgb '%s'", colour);
    plot_sheet_entry(picture, sheet, name);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    (void)subject, (void)error;
    static const struct panel panels[] = {
        {"log x on (0, 10]", "0:10", "-5:3", "x", "log x", "0.0067:10"},
        {"-log x on (0, 1]", "0:1", "0:5", "x", "-log x", "0.0067:1"},
        {"loss of one sample", "0:1", "0:5", "p, the answer of the neuron", "loss",
         "0.0067:0.9933"},
    };
    FILE *script = picture->script;
    const char *no = palette_classes[0], *yes = palette_classes[1];
    struct plot_sheet sheet = {.title = "The logarithm, and the loss that is made of it",
                               .panels = 3,
                               .width = 1080,
                               .height = 360,
                               .left = 62,
                               .top = 26};
    plot_sheet_count(&sheet, yes_legend);
    plot_sheet_count(&sheet, no_legend);
    plot_sheet_begin(picture, &sheet);
    const struct plot_box box = plot_sheet_box(&sheet, 0);
    const bool narrow = box.right - box.left < 150.0; /* with room for three marks */
    fprintf(script, "set samples 200\nset parametric\nset xtics %s\n", narrow ? "5" : "autofreq");
    begin_panel(picture, &sheet, 0, &panels[0]);
    fprintf(script, "plot ");
    plot_curve(picture, "t, log(t)", yes);
    plot_legend(picture, &sheet, yes_legend, yes);
    plot_legend(picture, &sheet, no_legend, no);
    fprintf(script, "\n");
    fprintf(script, "set xtics %s\n", narrow ? "0.5" : "autofreq");
    begin_panel(picture, &sheet, 1, &panels[1]);
    fprintf(script, "plot ");
    plot_curve(picture, "t, -log(t)", yes);
    fprintf(script, "\n");
    begin_panel(picture, &sheet, 2, &panels[2]);
    fprintf(script, "plot ");
    plot_curve(picture, "t, -log(t)", yes);
    fprintf(script, ", ");
    plot_curve(picture, "t, -log(1 - t)", no);
    fprintf(script, "\n");
    plot_sheet_end(picture);
    return true;
}

const struct plot_kind plot_loss_function = {
    .entry = {"loss-function", "log x, -log x, and the loss of one sample that is made of them"},
    .draw = draw,
};
