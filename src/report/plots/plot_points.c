/* SPDX-License-Identifier: MIT
 *
 * The plots of a data set: its points with the boundary of a saved model, and the boundary of a
 * model trained now, still and moving.
 */
#include "report/plots/animation.h"
#include "report/plots/palette.h"
#include "report/plots/plot.h"

static void plot_model(const struct projection *projection, const struct model_file *model,
                       struct picture *picture)
{
    double line[3], ends[4];
    char equation[PROJECTION_EQUATION], title[PROJECTION_EQUATION + 32];
    projection_line(projection, model->w, model->b, line);
    bool seen = projection_clip(projection, line, ends);
    snprintf(title, sizeof title, "boundary%s: %s", seen ? "" : " (out of sight)",
             projection_equation(projection, line, equation));
    fprintf(picture->script, ", ");
    if (seen)
        fprintf(picture->script,
                "'+' using (%.9g):(%.9g):(%.9g):(%.9g) every ::0::0 with vectors nohead linewidth "
                "2.5 linecolor rgb '%s' notitle, ",
                ends[0], ends[1], ends[2] - ends[0], ends[3] - ends[1], palette_boundary);
    fprintf(picture->script, "NaN with lines linewidth 2.5 linecolor rgb '%s' title ",
            palette_boundary);
    picture_text(picture, title);
}

static bool draw_points(const struct plot_subject *subject, struct picture *picture,
                        struct error *error)
{
    struct projection projection;
    bool done = projection_create(&projection, subject->data, error);
    if (done) {
        char title[512];
        snprintf(title, sizeof title, "%.200s: %zu rows, %zu features%s", subject->data->name,
                 subject->data->rows, subject->data->features,
                 projection.reduced ? ", in the plane of the two principal components" : "");
        picture_size(picture, plot_width(title, 720), 560, 0);
        plot_set_text(picture, "title", title);
        projection_write(&projection, picture);
        fprintf(picture->script, "set samples 2\n");
        projection_plot(&projection, picture);
        if (subject->model != NULL)
            plot_model(&projection, subject->model, picture);
        fprintf(picture->script, "\n");
    }
    projection_clear(&projection);
    return done;
}

static bool draw_boundary(const struct plot_subject *subject, struct picture *picture,
                          struct error *error)
{
    (void)error;
    animation_still(subject->animation, picture);
    return true;
}

static bool draw_animation(const struct plot_subject *subject, struct picture *picture,
                           struct error *error)
{
    (void)error;
    animation_animate(subject->animation, picture);
    return true;
}

const struct plot_kind plot_points = {
    .entry = {"points", "DATA: its rows in a plane, with the boundary of --model"},
    .uses = PLOT_DATA | PLOT_MODEL,
    .draw = draw_points,
};

const struct plot_kind plot_boundary = {
    .entry = {"boundary", "DATA: the boundary after training, the earlier ones fainter"},
    .uses = PLOT_DATA | PLOT_TRAINS,
    .draw = draw_boundary,
};

const struct plot_kind plot_animation = {
    .entry = {"animation", "DATA: the boundary moving into place, a frame per epoch (GIF)"},
    .uses = PLOT_DATA | PLOT_TRAINS | PLOT_MOVES,
    .draw = draw_animation,
};
