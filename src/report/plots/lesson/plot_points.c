/* SPDX-License-Identifier: MIT
 *
 * The plots of a data set: its points with the boundary of a saved model, and the boundary of a
 * model trained now, still and moving.
 */
#include "report/plots/lesson/animation.h"
#include "report/plots/plot.h"

/* The points, and what a model says of them. */
static void draw_model(const struct projection *projection, const struct plot_subject *subject,
                       struct plot_sheet *sheet, struct picture *picture)
{
    const struct model_file *model = subject->model;
    double line[3];
    if (model != NULL)
        projection_line(projection, model->w, model->b, line);
    if (model != NULL)
        sheet->width = projection_width(projection, line, sheet->width);
    const struct projection_parts parts = {
        .lines = model != NULL, .boundary = model != NULL, .probability = subject->probability};
    projection_begin(projection, &parts, sheet, picture);
    if (subject->probability)
        projection_shade(projection, line, sheet, picture);
    if (model != NULL)
        projection_write_boundary(projection, line, sheet, picture);
    projection_plot(projection, sheet, picture);
    if (model != NULL)
        projection_plot_boundary(projection, line, sheet, picture);
    fprintf(picture->script, "\n");
    plot_sheet_end(picture);
}

static bool draw_points(const struct plot_subject *subject, struct picture *picture,
                        struct error *error)
{
    struct projection projection;
    if (subject->probability && subject->model == NULL)
        return error_usage(error, "--probability needs a --model that gives it");
    bool done = projection_create(&projection, subject->data, error);
    if (done) {
        const struct dataset *data = subject->data;
        char title[PLOT_SET_TEXT + 64], name[PLOT_SET_TEXT];
        plot_data_words(data->name, (int64_t)data->rows, (int64_t)data->features, name);
        snprintf(title, sizeof title, "%s%s", name,
                 projection.reduced ? ", in the plane of the two principal components" : "");
        struct plot_sheet sheet = {
            .title = title, .width = subject->probability ? 780 : 720, .height = 500};
        draw_model(&projection, subject, &sheet, picture);
    }
    projection_clear(&projection);
    return done;
}

static bool draw_boundary(const struct plot_subject *subject, struct picture *picture,
                          struct error *error)
{
    const char *solver = subject->configuration->solver->name;
    if (subject->probability && !subject->animation->minimises)
        return error_usage(error, "--probability: the %s decides, and gives no probability",
                           solver);
    animation_still(subject->animation, subject->probability, picture);
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
    .uses = PLOT_DATA | PLOT_MODEL | PLOT_PROBABILITY,
    .draw = draw_points,
};

const struct plot_kind plot_boundary = {
    .entry = {"boundary", "DATA: the boundary after training, the earlier ones fainter"},
    .uses = PLOT_DATA | PLOT_TRAINS | PLOT_PROBABILITY,
    .draw = draw_boundary,
};

const struct plot_kind plot_animation = {
    .entry = {"animation", "DATA: the boundary moving into place, a frame per epoch (GIF or MP4)"},
    .uses = PLOT_DATA | PLOT_TRAINS | PLOT_MOVES,
    .draw = draw_animation,
};
