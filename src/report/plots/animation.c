/* SPDX-License-Identifier: MIT
 *
 * Keeping frames, and drawing them.
 */
#include "report/plots/animation.h"

#include "base/memory.h"
#include "report/plots/palette.h"
#include "report/plots/plot.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { FILM_CAPACITY = 2 * FILM_SHOWN };
enum { EARLIER = 12 }; /* boundaries before the last in a still picture */

bool film_create(struct film *film, const struct dataset *data, struct error *error)
{
    *film = (struct film){.stride = 1};
    if (!plane_create(&film->plane, data, error))
        return false;
    film->w = memory_allocate(data->features, sizeof *film->w);
    film->frames = memory_allocate(FILM_CAPACITY, sizeof *film->frames);
    return true;
}

void film_clear(struct film *film)
{
    plane_clear(&film->plane);
    memory_free(film->w);
    memory_free(film->frames);
    *film = (struct film){0};
}

/* --- Recording ----------------------------------------------------------------------------- */

/* Leaves every other frame, the first among them. */
static void thin(struct film *film)
{
    size_t kept = 0;
    for (size_t i = 0; i < film->count; i += 2)
        film->frames[kept++] = film->frames[i];
    film->count = kept;
    film->stride *= 2;
}

void film_observe(void *context, const struct observation *seen)
{
    struct film *film = context;
    models_copy_weights(seen->models, seen->column, film->w);
    film->last = (struct frame){
        .epoch = seen->point->epoch,
        .loss = seen->point->loss,
        .accuracy = seen->point->accuracy,
    };
    plane_line(&film->plane, film->w, seen->models->b[seen->column], film->last.line);
    if (film->seen++ % film->stride != 0)
        return;
    if (film->count == FILM_CAPACITY)
        thin(film);
    if ((film->seen - 1) % film->stride == 0)
        film->frames[film->count++] = film->last;
}

void film_end(struct film *film)
{
    if (film->count > 0 && film->frames[film->count - 1].epoch == film->last.epoch)
        return;
    if (film->count == FILM_CAPACITY)
        thin(film);
    film->frames[film->count++] = film->last;
}

/* --- Drawing ------------------------------------------------------------------------------- */

/* "pets" or, in the plane of principal components, that this is so; then the rest. */
enum { FILM_TITLE = 384 };
static char *compose_title(const struct film *film, const char *rest, char text[static FILM_TITLE])
{
    const struct plane *plane = &film->plane;
    snprintf(text, FILM_TITLE, "%.200s%s%s", plane->data->name,
             plane->reduced ? ", in the plane of its two principal components" : "", rest);
    return text;
}

/* The boundary of a frame, as one more thing to plot; nothing where it is out of sight. */
static void plot_line(const struct film *film, const struct frame *frame, unsigned transparency,
                      struct picture *picture)
{
    double ends[4];
    if (!plane_clip(&film->plane, frame->line, ends))
        return;
    fprintf(picture->script,
            ", '+' using (%.9g):(%.9g):(%.9g):(%.9g) every ::0::0 with vectors nohead linewidth %g "
            "linecolor rgb '#%02x%s' notitle",
            ends[0], ends[1], ends[2] - ends[0], ends[3] - ends[1], transparency > 0 ? 1.5 : 2.5,
            transparency, palette_boundary + 1);
}

/* A line in the legend, which is there whether or not the boundary is in sight. */
static void plot_legend(const char *title, struct picture *picture)
{
    fprintf(picture->script, ", NaN with lines linewidth 2.5 linecolor rgb '%s' title ",
            palette_boundary);
    picture_text(picture, title);
}

void film_still(const struct film *film, struct picture *picture)
{
    const struct frame *last = &film->frames[film->count - 1];
    char text[PLANE_EQUATION + 32], equation[PLANE_EQUATION], title[FILM_TITLE], rest[128];
    double ends[4];
    snprintf(rest, sizeof rest, ": epoch %" PRId64 ", loss %.4g, accuracy %.4g", last->epoch,
             last->loss, last->accuracy);
    compose_title(film, rest, title);
    picture_size(picture, plot_width(title, 720), 560, 0);
    plot_set_text(picture, "title", title);
    plane_write(&film->plane, picture);
    fprintf(picture->script, "set samples 2\n");
    plane_plot(&film->plane, picture);
    size_t earlier = film->count - 1 < EARLIER ? film->count - 1 : EARLIER;
    for (size_t i = 0; i < earlier; i++) {
        double share = (double)i / (double)earlier; /* of the time until the last */
        size_t frame = i * (film->count - 1) / earlier;
        plot_line(film, &film->frames[frame], (unsigned)(0xe8 - 0x68 * share), picture);
    }
    plot_line(film, last, 0, picture);
    snprintf(text, sizeof text, "boundary%s: %s",
             plane_clip(&film->plane, last->line, ends) ? "" : " (out of sight)",
             plane_equation(&film->plane, last->line, equation));
    plot_legend(text, picture);
    fprintf(picture->script, "\n");
}

void film_animate(const struct film *film, struct picture *picture)
{
    char title[FILM_TITLE];
    int width = plot_width(compose_title(film, "   Epoch 1000   Loss: 0.42", title), 640);
    picture_size(picture, width, 520, 10);
    plane_write(&film->plane, picture);
    fprintf(picture->script, "set samples 2\n");
    size_t shown = film->count < FILM_SHOWN ? film->count : FILM_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        size_t at = shown > 1 ? i * (film->count - 1) / (shown - 1) : 0;
        const struct frame *frame = &film->frames[at];
        char text[64];
        snprintf(text, sizeof text, "   Epoch %" PRId64 "   Loss: %.2f", frame->epoch, frame->loss);
        plot_set_text(picture, "title", compose_title(film, text, title));
        plane_plot(&film->plane, picture);
        plot_line(film, frame, 0, picture);
        plot_legend("boundary", picture);
        fprintf(picture->script, "\n");
    }
}
