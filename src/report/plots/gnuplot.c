/* SPDX-License-Identifier: MIT
 *
 * The script is written to a file without a name, which becomes the child's standard input; what it
 * says goes to another; only the picture comes through a pipe, so that neither program can wait for
 * the other, and a disk that is full is seen here, where it is reported.
 */
#include "report/plots/gnuplot.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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
    struct gnuplot_terminal
        terminals[2]; /* the first that this gnuplot has; the last may be empty */
};

#define SMOOTH "font 'Sans,11' background rgb 'white'"

static const struct picture_format format_png = {
    {"png", "pixels"},
    {{"pngcairo", SMOOTH, "", 1.0}, {"png", "truecolor font 'Sans,11'", "", 1.0}},
};
static const struct picture_format format_svg = {
    {"svg", "lines and text, for pages; any size"},
    {{"svg", "font 'sans-serif,13' background rgb 'white'", "", 1.0}},
};
static const struct picture_format format_pdf = {
    {"pdf", "lines and text, for print; any size"},
    {{"pdfcairo", SMOOTH, "in", 90.0}},
};
static const struct picture_format format_gif = {
    {"gif", "pixels; the one that can move"},
    {{"gif", "font 'Sans,11'", "", 1.0}},
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
    *picture = (struct picture){0};
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

void picture_size(struct picture *picture, int width, int height, int delay)
{
    FILE *script = picture->script;
    fprintf(script, "known = ' '.GPVAL_TERMINALS.' '\nchosen = 0\n");
    for (int i = 0; i < 2 && picture->format->terminals[i].name != NULL; i++) {
        const struct gnuplot_terminal *terminal = &picture->format->terminals[i];
        fprintf(script,
                "if (!chosen && strstrt(known, ' %s ') > 0) {\nset terminal %s noenhanced size "
                "%g%s,%g%s %s",
                terminal->name, terminal->name, width / terminal->points, terminal->unit,
                height / terminal->points, terminal->unit, terminal->options);
        if (delay > 0)
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

bool picture_draw(struct picture *picture, struct error *error)
{
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
