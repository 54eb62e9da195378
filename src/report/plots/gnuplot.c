/* SPDX-License-Identifier: MIT
 *
 * The script is written to a file without a name, which the child reads (base/system/child.h).
 */
#include "report/plots/gnuplot.h"

#include "base/system/child.h"
#include "base/text.h"
#include "report/plots/film.h"

#include <errno.h>
#include <string.h>

/* --- Formats ------------------------------------------------------------------------------- */

/* What gnuplot calls a way to draw. */
struct gnuplot_terminal {
    const char *name;
    const char *options;
    const char *unit; /* of its size */
    double points;    /* in one of them */
};

struct picture_format {
    struct entry entry;
    bool still, moving; /* what it is for */
    struct gnuplot_terminal
        terminals[2]; /* the first that this gnuplot has; the last may be empty */
};

#define SMOOTH "font 'Sans,11' background rgb 'white'"

static const struct picture_format format_png = {
    {"png", "pixels"},
    .still = true,
    .terminals = {{"pngcairo", SMOOTH, "", 1.0}, {"png", "truecolor font 'Sans,11'", "", 1.0}},
};
static const struct picture_format format_svg = {
    {"svg", "lines and text, for pages; any size"},
    .still = true,
    .terminals = {{"svg", "font 'sans-serif,13' background rgb 'white'", "", 1.0}},
};
static const struct picture_format format_pdf = {
    {"pdf", "lines and text, for print; any size"},
    .still = true,
    .terminals = {{"pdfcairo", SMOOTH, "in", 90.0}},
};
static const struct picture_format format_gif = {
    {"gif", "pixels, still or moving"},
    .still = true,
    .moving = true,
    .terminals = {{"gif", "font 'Sans,11'", "", 1.0}},
};

static const struct picture_format format_mp4 = {
    {"mp4", "a film, made by ffmpeg"},
    .moving = true,
    .terminals = {{"pngcairo", SMOOTH, "", 1.0}, {"png", "truecolor font 'Sans,11'", "", 1.0}},
};

static const struct entry *const rows[] = {&format_png.entry, &format_svg.entry, &format_pdf.entry,
                                           &format_gif.entry, &format_mp4.entry};
const struct table picture_format_table = TABLE("format", rows);

const struct entry *picture_format_of(const char *path, struct error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path,
               *dot = strrchr(name, '.');
    const struct entry *format = dot != NULL ? table_find(&picture_format_table, dot + 1) : NULL;
    char names[64];
    if (format == NULL)
        error_usage(error,
                    "%s: the file's extension selects the format, and '%s' is not one; known: %s",
                    path, dot != NULL ? dot : "", table_names(&picture_format_table, names, 64));
    return format;
}

static const struct picture_format *format_of(const struct entry *entry)
{
    return (const struct picture_format *)(const void *)entry;
}

const struct entry *picture_format_for(const char *path, bool moving, struct error *error)
{
    const struct entry *format = picture_format_of(path, error);
    if (format == NULL || (moving ? format_of(format)->moving : format_of(format)->still))
        return format;
    if (moving)
        error_usage(error, "%s: an animation is written as .gif or .mp4", path);
    else
        error_usage(error, "%s: .%s is for animations, and this is a still picture", path,
                    format->name);
    return NULL;
}

static bool is_film(const struct picture_format *format)
{
    return format == &format_mp4;
}

/* --- The child ----------------------------------------------------------------------------- */

/* Its settings are its own, not those of the user. */
static const char *const gnuplot_arguments[] = {"gnuplot", "--default-settings", NULL};
static const struct child gnuplot = {
    .arguments = gnuplot_arguments,
    .job = "draw the picture",
    .product = "picture",
    .missing =
        "pictures are drawn by gnuplot, which is not installed: the Debian package is gnuplot-nox",
};

/* --- Pictures ------------------------------------------------------------------------------ */

bool picture_open(struct picture *picture, const char *path, bool replace, struct error *error)
{
    *picture = (struct picture){0};
    const struct entry *format = picture_format_of(path, error);
    if (format == NULL || !child_can_run(&gnuplot, error) ||
        (is_film(format_of(format)) && !film_can_be_made(error)) ||
        !output_open(&picture->output, path, replace, error))
        return false;
    picture->format = format_of(format);
    picture->script = tmpfile();
    if (picture->script != NULL)
        return true;
    error_failed(error, "a temporary file cannot be created: %s", strerror(errno));
    output_discard(&picture->output);
    return false;
}

void picture_size(struct picture *picture, int width, int height, int delay)
{
    FILE *script = picture->script;
    picture->delay = delay;
    fprintf(script, "known = ' '.GPVAL_TERMINALS.' '\nchosen = 0\n");
    for (int i = 0; i < 2 && picture->format->terminals[i].name != NULL; i++) {
        const struct gnuplot_terminal *terminal = &picture->format->terminals[i];
        fprintf(script,
                "if (!chosen && strstrt(known, ' %s ') > 0) {\nset terminal %s noenhanced size "
                "%g%s,%g%s %s",
                terminal->name, terminal->name, width / terminal->points, terminal->unit,
                height / terminal->points, terminal->unit, terminal->options);
        if (delay > 0 && !is_film(picture->format))
            fprintf(script, " animate delay %d loop 0 optimize", delay);
        fprintf(script, "\nchosen = 1\n}\n");
    }
    fprintf(script,
            "if (!chosen) {\nprint 'this gnuplot has no terminal for %s; the Debian package "
            "gnuplot-nox has'\nexit status 1\n}\nset encoding utf8\n",
            picture->format->entry.name);
}

void picture_text(struct picture *picture, const char *text)
{
    FILE *script = picture->script;
    putc('\'', script);
    for (const char *at = text; *at != '\0';) {
        size_t length = text_character(at);
        if (length == 0)
            putc('?', script);
        else if (*at == '\'')
            fputs("''", script);
        else
            fwrite(at, 1, length, script);
        at += length > 0 ? length : 1;
    }
    putc('\'', script);
}

/* Draws to a file without a name, of which the film is made. */
static bool draw_film(const struct picture *picture, const char *name, struct error *error)
{
    FILE *frames = tmpfile(), *film = picture->output.file;
    if (frames == NULL)
        return error_failed(error, "a temporary file cannot be created: %s", strerror(errno));
    bool made = child_run(&gnuplot, picture->script, frames, "a temporary file", error);
    if (made && is_film(picture->format))
        made = film_make(frames, picture->delay, picture->pause, film, name, error);
    else if (made)
        made = film_make_gif(frames, picture->pause, film, name, error);
    fclose(frames);
    return made;
}

bool picture_draw(struct picture *picture, struct error *error)
{
    const struct output *output = &picture->output;
    const char *name = output->path != NULL ? output->path : "standard output";
    bool drawn = picture->delay > 0
                     ? draw_film(picture, name, error)
                     : child_run(&gnuplot, picture->script, output->file, name, error);
    drawn = drawn && output_commit(&picture->output, error);
    picture_discard(picture);
    return drawn;
}

void picture_discard(struct picture *picture)
{
    if (picture->script != NULL)
        fclose(picture->script);
    output_discard(&picture->output);
    *picture = (struct picture){0};
}
