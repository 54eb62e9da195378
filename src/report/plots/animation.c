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

enum { ANIMATION_CAPACITY = 2 * ANIMATION_SHOWN };
enum { EARLIER = 12 }; /* boundaries before the last in a still picture */

bool animation_create(struct animation *animation, const struct dataset *data, struct error *error)
{
    *animation = (struct animation){.stride = 1};
    if (!projection_create(&animation->projection, data, error))
        return false;
    animation->w = memory_allocate(data->features, sizeof *animation->w);
    animation->frames = memory_allocate(ANIMATION_CAPACITY, sizeof *animation->frames);
    return true;
}

void animation_clear(struct animation *animation)
{
    projection_clear(&animation->projection);
    memory_free(animation->w);
    memory_free(animation->frames);
    *animation = (struct animation){0};
}

/* --- Recording ----------------------------------------------------------------------------- */

/* Leaves every other frame, the first among them. */
static void thin(struct animation *animation)
{
    size_t kept = 0;
    for (size_t i = 0; i < animation->count; i += 2)
        animation->frames[kept++] = animation->frames[i];
    animation->count = kept;
    animation->stride *= 2;
}

void animation_observe(void *context, const struct observation *seen)
{
    struct animation *animation = context;
    models_copy_weights(seen->models, seen->column, animation->w);
    animation->last = (struct frame){
        .epoch = seen->point->epoch,
        .loss = seen->point->loss,
        .accuracy = seen->point->accuracy,
    };
    projection_line(&animation->projection, animation->w, seen->models->b[seen->column],
                    animation->last.line);
    if (animation->seen++ % animation->stride != 0)
        return;
    if (animation->count == ANIMATION_CAPACITY)
        thin(animation);
    if ((animation->seen - 1) % animation->stride == 0)
        animation->frames[animation->count++] = animation->last;
}

void animation_end(struct animation *animation)
{
    if (animation->count > 0 &&
        animation->frames[animation->count - 1].epoch == animation->last.epoch)
        return;
    if (animation->count == ANIMATION_CAPACITY)
        thin(animation);
    animation->frames[animation->count++] = animation->last;
}

/* --- Drawing ------------------------------------------------------------------------------- */

/* "pets" or, in the plane of principal components, that this is so; then the rest. */
enum { ANIMATION_TITLE = 384 };
static char *compose_title(const struct animation *animation, const char *rest,
                           char text[static ANIMATION_TITLE])
{
    const struct projection *projection = &animation->projection;
    snprintf(text, ANIMATION_TITLE, "%.200s%s%s", projection->data->name,
             projection->reduced ? ", in the plane of its two principal components" : "", rest);
    return text;
}

/* The boundary of a frame, as one more thing to plot; nothing where it is out of sight. */
static void plot_line(const struct animation *animation, const struct frame *frame,
                      unsigned transparency, struct picture *picture)
{
    double ends[4];
    if (!projection_clip(&animation->projection, frame->line, ends))
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

void animation_still(const struct animation *animation, struct picture *picture)
{
    const struct frame *last = &animation->frames[animation->count - 1];
    char text[PROJECTION_EQUATION + 32], equation[PROJECTION_EQUATION], title[ANIMATION_TITLE],
        rest[128];
    double ends[4];
    snprintf(rest, sizeof rest, ": epoch %" PRId64 ", loss %.4g, accuracy %.4g", last->epoch,
             last->loss, last->accuracy);
    compose_title(animation, rest, title);
    picture_size(picture, plot_width(title, 720), 560, 0);
    plot_set_text(picture, "title", title);
    projection_write(&animation->projection, picture);
    fprintf(picture->script, "set samples 2\n");
    projection_plot(&animation->projection, picture);
    size_t earlier = animation->count - 1 < EARLIER ? animation->count - 1 : EARLIER;
    for (size_t i = 0; i < earlier; i++) {
        double share = (double)i / (double)earlier; /* of the time until the last */
        size_t frame = i * (animation->count - 1) / earlier;
        plot_line(animation, &animation->frames[frame], (unsigned)(0xe8 - 0x68 * share), picture);
    }
    plot_line(animation, last, 0, picture);
    snprintf(text, sizeof text, "boundary%s: %s",
             projection_clip(&animation->projection, last->line, ends) ? "" : " (out of sight)",
             projection_equation(&animation->projection, last->line, equation));
    plot_legend(text, picture);
    fprintf(picture->script, "\n");
}

void animation_animate(const struct animation *animation, struct picture *picture)
{
    char title[ANIMATION_TITLE];
    int width = plot_width(compose_title(animation, "   Epoch 1000   Loss: 0.42", title), 640);
    picture_size(picture, width, 520, 10);
    projection_write(&animation->projection, picture);
    fprintf(picture->script, "set samples 2\n");
    size_t shown = animation->count < ANIMATION_SHOWN ? animation->count : ANIMATION_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        size_t at = shown > 1 ? i * (animation->count - 1) / (shown - 1) : 0;
        const struct frame *frame = &animation->frames[at];
        char text[64];
        snprintf(text, sizeof text, "   Epoch %" PRId64 "   Loss: %.2f", frame->epoch, frame->loss);
        plot_set_text(picture, "title", compose_title(animation, text, title));
        projection_plot(&animation->projection, picture);
        plot_line(animation, frame, 0, picture);
        plot_legend("boundary", picture);
        fprintf(picture->script, "\n");
    }
}
