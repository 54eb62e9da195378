/* SPDX-License-Identifier: MIT
 *
 * The script is written to a file without a name, which becomes the child's standard input; what it
 * says goes to another; only the picture comes through a pipe, so that neither program can wait for
 * the other, and a disk that is full is seen here, where it is reported.
 */
#include "report/plots/gnuplot.h"

#include "base/text.h"
#include "report/plots/palette.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
    struct gnuplot_terminal
        terminals[2]; /* the first that this gnuplot has; the last may be empty */
    bool opaque;      /* it knows no transparency */
};

static const struct picture_format format_png = {
    {"png", "pixels"},
    {{"pngcairo", "Sans", "", 1.0, 0.75, 1.8, 1.0}, {"png", "Sans", "", 1.0, 0.75, 0.0, 1.0}},
    .opaque = false,
};
static const struct picture_format format_svg = {
    {"svg", "lines and text, for pages; any size"},
    {{"svg", "sans-serif", "", 1.0, 1.0, 0.0, 1.0}},
    .opaque = false,
};
static const struct picture_format format_pdf = {
    {"pdf", "lines and text, for print; any size"},
    {{"pdfcairo", "Sans", "in", 90.0, 1.17, 1.25, 1.8}},
    .opaque = false,
};
static const struct picture_format format_gif = {
    {"gif", "pixels; the one that can move"},
    {{"gif", "Sans", "", 1.0, 0.75, 0.0, 1.0}},
    .opaque = true,
};

static const struct entry *const rows[] = {&format_png.entry, &format_svg.entry, &format_pdf.entry,
                                           &format_gif.entry};
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

/* --- The child ----------------------------------------------------------------------------- */

/* Starts gnuplot; its settings are its own, not those of the user. Returns 0 or an error number. */
static int start(FILE *script, int output, FILE *words, pid_t *child)
{
    char *arguments[] = {"gnuplot", "--default-settings", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(words), STDERR_FILENO);
    int fault = posix_spawnp(child, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

/* Everything that comes is read, also when it can no longer be written: the child must end. Returns
 * how many bytes came, or -1, with errno, if they could not all be written. */
static ssize_t copy(int from, FILE *to)
{
    char block[1 << 16];
    ssize_t all = 0;
    int fault = 0;
    for (ssize_t count; (count = read(from, block, sizeof block)) != 0;) {
        if (count > 0 && fault == 0 && fwrite(block, 1, (size_t)count, to) != (size_t)count)
            fault = errno != 0 ? errno : EIO;
        else if (count < 0 && errno != EINTR)
            break;
        all += count > 0 ? count : 0;
    }
    if (fault == 0 && fflush(to) != 0)
        fault = errno;
    errno = fault;
    return fault == 0 ? all : -1;
}

static bool fail_to_start(int fault, struct error *error)
{
    if (fault == ENOENT)
        return error_failed(error, "pictures are drawn by gnuplot, which is not installed: the "
                                   "Debian package is gnuplot-nox");
    return error_failed(error, "gnuplot, which draws the pictures, cannot be started: %s",
                        strerror(fault));
}

/* How the child ended: "it was ended by signal 9 (Killed)". */
static void describe_end(int status, char *text, size_t size)
{
    if (WIFSIGNALED(status))
        snprintf(text, size, "it was killed by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        snprintf(text, size, "it ended with exit code %d", WEXITSTATUS(status));
    else
        snprintf(text, size, "it succeeded but wrote no picture");
}

/* What the child said, without the blank lines around it, or that it said nothing; and how it
 * ended, where that alone does not tell. */
static bool fail_with_words(FILE *words, int status, struct error *error)
{
    char text[1024], end[128];
    rewind(words);
    size_t length = fread(text, 1, sizeof text - 1, words);
    while (length > 0 && strchr(" \n", text[length - 1]) != NULL)
        length--;
    text[length] = '\0';
    const char *said = text + strspn(text, " \n");
    describe_end(status, end, sizeof end);
    if (*said == '\0')
        return error_failed(error, "gnuplot could not draw the picture: it said nothing; %s", end);
    error_failed(error, "gnuplot could not draw the picture: %s%s", WIFSIGNALED(status) ? end : "",
                 WIFSIGNALED(status) ? "; " : "");
    error_append(error, said);
    return false;
}

/* Runs it from the script's start; its picture, to be a file called `name`, goes to `picture`.
 * NULL: there may be none. A disk that is full comes before whatever the child makes of it. */
static bool run(FILE *script, FILE *picture, const char *name, FILE *words, struct error *error)
{
    int ends[2], status = 0, unwritten = 0;
    ssize_t size = 0;
    pid_t child;
    if (fflush(script) != 0 || ferror(script) || fseek(script, 0, SEEK_SET) != 0 ||
        pipe2(ends, O_CLOEXEC) != 0)
        return error_failed(error, "the script of the picture cannot be written: %s",
                            strerror(errno));
    int fault = start(script, ends[1], words, &child);
    close(ends[1]);
    if (fault == 0 && (size = copy(ends[0], picture)) < 0)
        unwritten = errno;
    close(ends[0]);
    if (fault != 0)
        return fail_to_start(fault, error);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (unwritten != 0)
        return error_failed(error, "%s: cannot be written: %s", name != NULL ? name : "a picture",
                            output_fault(unwritten));
    bool drawn = WIFEXITED(status) && WEXITSTATUS(status) == 0 && (size > 0 || name == NULL);
    return drawn || fail_with_words(words, status, error);
}

/* --- Pictures ------------------------------------------------------------------------------ */

/* An empty script does nothing where gnuplot is installed. */
static bool can_run(struct error *error)
{
    FILE *script = tmpfile(), *words = tmpfile(), *nothing = tmpfile();
    bool able = script != NULL && words != NULL && nothing != NULL;
    if (!able)
        error_failed(error, "a temporary file cannot be created: %s", strerror(errno));
    able = able && run(script, nothing, NULL, words, error);
    FILE *const files[] = {script, words, nothing};
    for (int i = 0; i < 3; i++)
        if (files[i] != NULL)
            fclose(files[i]);
    return able;
}

bool picture_open(struct picture *picture, const char *path, bool replace, struct error *error)
{
    *picture = (struct picture){.look = look_usual()};
    const struct entry *format = picture_format_of(path, error);
    if (format == NULL || !can_run(error) || !output_open(&picture->output, path, replace, error))
        return false;
    picture->format = (const struct picture_format *)(const void *)format;
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
    if (delay > 0)
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

bool picture_draw(struct picture *picture, struct error *error)
{
    if ((picture->look.theme->dark || picture->format->opaque) && !change_colours(picture, error)) {
        picture_discard(picture);
        return false;
    }
    FILE *words = tmpfile();
    const struct output *output = &picture->output;
    const char *name = output->path != NULL ? output->path : "standard output";
    bool drawn = words != NULL ? run(picture->script, output->file, name, words, error)
                               : error_failed(error, "a temporary file cannot be created: %s",
                                              strerror(errno));
    if (words != NULL)
        fclose(words);
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
