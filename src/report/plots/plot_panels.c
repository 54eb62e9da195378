/* SPDX-License-Identifier: MIT
 *
 * Panels side by side. gnuplot would place each by what its own legend and labels leave, so that
 * they differ; here all have the same axes, and the legend stands once.
 */
#include "report/plots/plot.h"

enum { TITLE_HEIGHT = 30, ENTRY_HEIGHT = 18, ABOVE_MOST = 4 }; /* in points of a screen; entries */

struct plot_panels plot_panels_of_curves(int entries)
{
    enum { LONGEST = 440 }; /* solver, rate, batch and schedule */
    int above = entries <= ABOVE_MOST ? ENTRY_HEIGHT * entries : 0;
    int needed = TITLE_HEIGHT + ENTRY_HEIGHT * entries + 20;
    return (struct plot_panels){
        .panels = 2,
        .width = 960,
        .height = needed > 400 + above ? needed : 400 + above,
        .entries = entries,
        .right = above > 0 ? 0 : LONGEST,
        .bottom = 60,
    };
}

static int width_of(const struct plot_panels *panels)
{
    return panels->width + panels->right;
}

void plot_panels_begin(struct picture *picture, const struct plot_panels *panels, const char *title)
{
    picture_size(picture, width_of(panels), panels->height, 0);
    plot_set_looks(picture, 0);
    fprintf(picture->script, "set multiplot title ");
    picture_text(picture, title);
    fprintf(picture->script, "%s\n", plot_width(title, 0) > width_of(panels) ? " font ',8'" : "");
}

static void place_legend(struct picture *picture, const struct plot_panels *panels)
{
    double top = 1.0 - (double)TITLE_HEIGHT / panels->height;
    if (panels->right == 0)
        fprintf(picture->script,
                "set key at screen 0.5,%.4f center top vertical maxcols 1 samplen 4\n", top);
    else
        fprintf(picture->script,
                "set key at screen %.4f,%.4f left top vertical Left reverse maxcols 1 samplen 4\n",
                (double)panels->width / width_of(panels), top);
}

/* The legend belongs to the first panel; the others have none. */
void plot_panels_place(struct picture *picture, const struct plot_panels *panels, int panel)
{
    const double left = 84.0, right = 40.0; /* for what stands beside an axis */
    double width = width_of(panels), share = (double)panels->width / panels->panels;
    int legend = panels->right == 0 ? ENTRY_HEIGHT * panels->entries : ENTRY_HEIGHT;
    double top = TITLE_HEIGHT + legend + panels->top + 12;
    fprintf(picture->script,
            "set lmargin at screen %.4f\nset rmargin at screen %.4f\nset tmargin at screen "
            "%.4f\nset bmargin at screen %.4f\n",
            (panel * share + left) / width, ((panel + 1) * share - right) / width,
            1.0 - top / panels->height, (double)panels->bottom / panels->height);
    if (panel > 0)
        fprintf(picture->script, "unset key\n");
    else
        place_legend(picture, panels);
}

void plot_panels_end(struct picture *picture)
{
    fprintf(picture->script, "unset multiplot\n");
}
