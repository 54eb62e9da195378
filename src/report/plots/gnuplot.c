/* SPDX-License-Identifier: MIT
 *
 * The script is written to a file without a name, which the child reads (base/system/child.h).
 */
#include "report/plots/gnuplot.h"

#include "base/system/child.h"
#include "base/text.h"
#include "report/plots/film.h"
#include "report/plots/palette.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- Formats ------------------------------------------------------------------------------- */

/* What gnuplot calls a way to draw. */
struct gnuplot_terminal {
    const char *name;
    const char *font;
    const char *unit; /* of its size */
    double points;    /* in one of them */
    double type;      /* of the units of its type, in a point */
    double symbols;   /* factor of its symbols; 0: they grow with its type by themselves */
    double lines;     /* of the units of its lines, in a point */
};

struct picture_format {
    struct entry entry;
    bool still, moving; /* what it is for */
    struct gnuplot_terminal
        terminals[2]; /* the first that this gnuplot has; the last may be empty */
    bool opaque;      /* it knows no transparency */
};

static const struct picture_format format_png = {
    {"png", "pixels"},
    .still = true,
    .terminals = {{"pngcairo", "Sans", "", 1.0, 0.75, 1.8, 1.0},
                  {"png", "Sans", "", 1.0, 0.75, 0.0, 1.0}},
};
static const struct picture_format format_svg = {
    {"svg", "lines and text, for pages; any size"},
    .still = true,
    .terminals = {{"svg", "sans-serif", "", 1.0, 1.0, 0.0, 1.0}},
};
static const struct picture_format format_pdf = {
    {"pdf", "lines and text, for print; any size"},
    .still = true,
    .terminals = {{"pdfcairo", "Sans", "in", 90.0, 1.17, 1.25, 1.8}},
};
static const struct picture_format format_gif = {
    {"gif", "pixels, still or moving"},
    .still = true,
    .moving = true,
    .opaque = true,
    .terminals = {{"gif", "Sans", "", 1.0, 0.75, 0.0, 1.0}},
};

static const struct picture_format format_mp4 = {
    {"mp4", "a film, made by ffmpeg"},
    .moving = true,
    .terminals = {{"pngcairo", "Sans", "", 1.0, 0.75, 1.8, 1.0},
                  {"png", "Sans", "", 1.0, 0.75, 0.0, 1.0}},
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
    *picture = (struct picture){.look = look_usual()};
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

struct picture_sheet picture_sheet_of(const struct picture *picture, int width, int height)
{
    const struct look *look = &picture->look;
    double zoom = look_zoom(look);
    if (look->width == 0)
        return (struct picture_sheet){width, height};
    return (struct picture_sheet){(int)(look->width / zoom), (int)(look->height / zoom)};
}

static void set_terminal(struct picture *picture, const struct gnuplot_terminal *terminal,
                         double width, double height, int delay)
{
    FILE *script = picture->script;
    const struct look *look = &picture->look;
    char font[LOOK_FONT + 16];
    double zoom = look_zoom(look);
    snprintf(font, sizeof font, "%s,%g", look->font[0] != '\0' ? look->font : terminal->font,
             LOOK_TYPE * terminal->type * zoom);
    fprintf(script, "set terminal %s noenhanced size %.6g%s,%.6g%s font ", terminal->name,
            width / terminal->points, terminal->unit, height / terminal->points, terminal->unit);
    picture_text(picture, font);
    fprintf(script, " linewidth %.4g background rgb '#ffffff'",
            zoom * look->theme->lines * terminal->lines);
    if (terminal->symbols > 0.0)
        fprintf(script, " pointscale %.4g", zoom * terminal->symbols);
    if (delay > 0 && !is_film(picture->format))
        fprintf(script, " animate delay %d loop 0 optimize", delay);
}

/* Of what gnuplot would draw in black on any paper. */
static void set_inks(FILE *script)
{
    static const char *const texts[] = {"tics",   "key",     "xlabel", "ylabel",
                                        "zlabel", "cblabel", "title"};
    fprintf(script, "set border linecolor rgb '#000000'\n");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        fprintf(script, "set %s textcolor rgb '#000000'\n", texts[i]);
}

void picture_size(struct picture *picture, int width, int height, int delay)
{
    FILE *script = picture->script;
    const struct look *look = &picture->look;
    const double zoom = look->width > 0 ? 1.0 : look_zoom(look);
    if (look->width > 0) {
        width = look->width;
        height = look->height;
    }
    picture->delay = delay;
    fprintf(script, "known = ' '.GPVAL_TERMINALS.' '\nchosen = 0\n");
    for (int i = 0; i < 2 && picture->format->terminals[i].name != NULL; i++) {
        const struct gnuplot_terminal *terminal = &picture->format->terminals[i];
        fprintf(script, "if (!chosen && strstrt(known, ' %s ') > 0) {\n", terminal->name);
        set_terminal(picture, terminal, round(zoom * width), round(zoom * height), delay);
        fprintf(script, "\nchosen = 1\n}\n");
    }
    fprintf(script,
            "if (!chosen) {\nprint 'this gnuplot has no terminal for %s; the Debian package "
            "gnuplot-nox has'\nexit status 1\n}\nset encoding utf8\nset micro\n",
            picture->format->entry.name);
    set_inks(script);
}

void picture_font(struct picture *picture, double points)
{
    fprintf(picture->script, " font ',%.4g'",
            points * picture->format->terminals[0].type * look_zoom(&picture->look));
}

static const char *name_of(const char *colour)
{
    return strcmp(palette_text_on(colour), "#000000") == 0 ? "black" : "white";
}

const char *picture_text_on(const struct picture *picture, const char *colour)
{
    char dark[PALETTE_COLOUR];
    return name_of(picture->look.theme->dark ? palette_on_dark(colour, dark) : colour);
}

const char *picture_text_on_shade(double share)
{
    char colour[PALETTE_COLOUR];
    return name_of(palette_shade(share, colour));
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

/* Writes a colour, "rrggbb" or "aarrggbb", as the look and the format of the picture have it. */
static void write_colour(const struct picture *picture, const char *digits, size_t count,
                         FILE *script)
{
    const bool dark = picture->look.theme->dark, clear = count == 8;
    char colour[PALETTE_COLOUR] = "#", turned[PALETTE_COLOUR], alpha[3] = "";
    memcpy(colour + 1, digits + count - 6, 6);
    if (clear)
        memcpy(alpha, digits, 2);
    if (dark)
        memcpy(colour, palette_on_dark(colour, turned), sizeof colour);
    if (clear && picture->format->opaque) {
        double share = (double)strtoul(alpha, NULL, 16) / 255.0;
        memcpy(colour, palette_faded(colour, dark ? palette_dark_paper : "#ffffff", share, turned),
               sizeof colour);
        alpha[0] = '\0';
    }
    fprintf(script, "%s%s", alpha, colour + 1);
}

/* Writes a line of the script with its colours changed. */
static void write_line(const struct picture *picture, const char *line, FILE *script)
{
    static const char before[] = "rgb '#";
    for (const char *at; (at = strstr(line, before)) != NULL;) {
        size_t digits = 0;
        at += sizeof before - 1;
        fwrite(line, 1, (size_t)(at - line), script);
        while (isxdigit((unsigned char)at[digits]))
            digits++;
        if (digits == 6 || digits == 8)
            write_colour(picture, at, digits, script);
        else
            digits = 0;
        line = at + digits;
    }
    fputs(line, script);
}

/* Changes the colours of the script to those that the look and the format have. */
static bool change_colours(struct picture *picture, struct error *error)
{
    FILE *changed = tmpfile();
    char *line = NULL;
    size_t capacity = 0;
    if (changed == NULL)
        return error_failed(error, "a temporary file cannot be created: %s", strerror(errno));
    rewind(picture->script);
    while (getline(&line, &capacity, picture->script) >= 0)
        write_line(picture, line, changed);
    free(line);
    fclose(picture->script);
    picture->script = changed;
    return true;
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
    if ((picture->look.theme->dark || picture->format->opaque) && !change_colours(picture, error)) {
        picture_discard(picture);
        return false;
    }
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
