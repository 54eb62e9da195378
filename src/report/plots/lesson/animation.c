/* SPDX-License-Identifier: MIT
 *
 * Keeping frames, and drawing them.
 */
#include "report/plots/lesson/animation.h"

#include "base/memory.h"
#include "report/plots/palette.h"
#include "report/plots/plot.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { ANIMATION_CAPACITY = 2 * ANIMATION_SHOWN };
enum { EARLIER = 12 };    /* boundaries before the last in a still picture */
enum { TRAIL = 8 };       /* boundaries behind the one that moves */
enum { FRAME_LINES = 2 }; /* above the axes of a frame */

bool animation_create(struct animation *animation, const struct dataset *data,
                      const struct solver *solver, struct error *error)
{
    *animation = (struct animation){.stride = 1, .minimises = solver->minimises_objective};
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
    char name[PLOT_SET_TEXT];
    snprintf(text, ANIMATION_TITLE, "%s%s%s", plot_data_name(projection->data->name, name),
             projection->reduced ? ", in the plane of its two principal components" : "", rest);
    return text;
}

/* "epoch 12, loss 0.42, accuracy 0.93"; the loss only of who minimises it. */
enum { FRAME_TEXT = 128 };
static char *describe_frame(const struct animation *animation, const struct frame *frame,
                            char text[static FRAME_TEXT])
{
    char loss[64] = "";
    if (animation->minimises)
        snprintf(loss, sizeof loss, ", loss %.4g", frame->loss);
    snprintf(text, FRAME_TEXT, "epoch %" PRId64 "%s, accuracy %.4g", frame->epoch, loss,
             frame->accuracy);
    return text;
}

/* The boundaries before the last, fainter the earlier they were. */
static void plot_earlier(const struct animation *animation, struct picture *picture)
{
    size_t earlier = animation->count - 1 < EARLIER ? animation->count - 1 : EARLIER;
    for (size_t i = 0; i < earlier; i++) {
        double share = (double)i / (double)earlier; /* of the time until the last */
        size_t frame = i * (animation->count - 1) / earlier;
        projection_plot_line(&animation->projection, animation->frames[frame].line,
                             0.1 + 0.4 * share, picture);
    }
}

static bool has_earlier(const struct animation *animation, bool probability)
{
    return !probability && animation->count > 1;
}

void animation_still(const struct animation *animation, bool probability, struct picture *picture)
{
    const struct frame *last = &animation->frames[animation->count - 1];
    char title[ANIMATION_TITLE], rest[FRAME_TEXT], told[FRAME_TEXT + 2];
    snprintf(told, sizeof told, ": %s", describe_frame(animation, last, rest));
    compose_title(animation, told, title);
    const struct projection *projection = &animation->projection;
    const struct projection_parts parts = {.lines = 1,
                                           .boundary = true,
                                           .earlier = has_earlier(animation, probability),
                                           .probability = probability};
    struct plot_sheet sheet = {
        .title = title,
        .width = projection_width(projection, last->line, probability ? 780 : 720),
        .height = 500};
    projection_begin(projection, &parts, &sheet, picture);
    if (probability)
        projection_shade(projection, last->line, &sheet, picture);
    projection_write_boundary(projection, last->line, &sheet, picture);
    projection_plot(projection, &sheet, picture);
    if (!probability)
        plot_earlier(animation, picture);
    projection_plot_boundary(projection, last->line, &sheet, picture);
    if (parts.earlier)
        projection_plot_earlier_entry(&sheet, picture);
    fprintf(picture->script, "\n");
    plot_sheet_end(picture);
}

/* --- Moving -------------------------------------------------------------------------------- */

static double trail_share(size_t back)
{
    return 0.5 * (1.0 - (double)back / (TRAIL + 1));
}

/* All frames of a GIF have the colours of the first, so that is to name those of the trail. */
static void name_colours(struct picture *picture)
{
    char tint[PROJECTION_TINT];
    for (size_t back = TRAIL; back > 0; back--)
        fprintf(picture->script, ", NaN with lines linecolor rgb '%s' notitle",
                projection_tint(palette_boundary, trail_share(back), tint));
}

static void write_frame(const struct animation *animation, const size_t *shown, size_t i,
                        const struct plot_sheet *sheet, struct picture *picture)
{
    const struct projection *projection = &animation->projection;
    const struct frame *frame = &animation->frames[shown[i]];
    char told[FRAME_TEXT], equation[PROJECTION_EQUATION];
    const char *const lines[] = {
        describe_frame(animation, frame, told),
        projection_equation(projection, frame->line, projection_letters(sheet), equation)};
    projection_write_above(lines, FRAME_LINES, sheet, picture);
    projection_plot(projection, sheet, picture);
    if (i == 0)
        name_colours(picture);
    for (size_t back = i < TRAIL ? i : TRAIL; back > 0; back--)
        projection_plot_line(projection, animation->frames[shown[i - back]].line, trail_share(back),
                             picture);
    projection_plot_boundary(projection, frame->line, sheet, picture);
    fprintf(picture->script, "\n");
}

void animation_animate(const struct animation *animation, struct picture *picture)
{
    char title[ANIMATION_TITLE];
    size_t shown[ANIMATION_SHOWN], count = animation->count;
    compose_title(animation, "", title);
    const struct projection_parts parts = {.lines = FRAME_LINES, .boundary = true};
    struct plot_sheet sheet = {
        .title = title,
        .width = projection_width(&animation->projection, animation->last.line, 640),
        .height = 502,
        .delay = 10};
    projection_begin(&animation->projection, &parts, &sheet, picture);
    count = count < ANIMATION_SHOWN ? count : ANIMATION_SHOWN;
    for (size_t i = 0; i < count; i++)
        shown[i] = count > 1 ? i * (animation->count - 1) / (count - 1) : 0;
    for (size_t i = 0; i < count; i++)
        write_frame(animation, shown, i, &sheet, picture);
    picture->pause = ANIMATION_PAUSE;
}
