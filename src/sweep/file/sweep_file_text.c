/* SPDX-License-Identifier: MIT
 *
 * The text of a sweep file: all of it in memory, checked to be text, and the question it opens
 * with. The question and the text are kept in the store and shown in reports, so they must be UTF-8
 * even where YAML would not look, in comments.
 */
#include "base/memory.h"
#include "base/output_guard.h"
#include "base/utf8.h"
#include "sweep/file/sweep_file_reading.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST_FILE = 16 * 1024 * 1024 }; /* bytes; a sweep file has a few hundred */

static bool check_kind(FILE *stream, const char *path, struct error *error)
{
    struct stat facts;
    if (fstat(fileno(stream), &facts) != 0)
        return error_usage(error, "cannot read %s: %s", path, strerror(errno));
    if (S_ISDIR(facts.st_mode))
        return error_usage(error, "%s: a directory; expected a sweep file (YAML)", path);
    return true;
}

static char *read_stream(FILE *stream, const char *path, struct error *error)
{
    char *text = NULL;
    size_t length = 0, capacity = 0, count;
    do {
        text = memory_grow(text, &capacity, length + 4096, 1);
        count = fread(text + length, 1, capacity - length - 1, stream);
        length += count;
    } while (count > 0 && length <= LARGEST_FILE);
    text[length] = '\0';
    if (ferror(stream))
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
    else if (length > LARGEST_FILE)
        error_usage(error, "%s: larger than 16 MiB; expected a sweep file (YAML)", path);
    else if (strlen(text) < length)
        error_usage(error, "%s: not a text file; expected a sweep file (YAML)", path);
    else
        return text;
    memory_free(text);
    return NULL;
}

char *sweep_text_read(const char *path, struct error *error)
{
    FILE *stream = fopen(path, "r");
    if (stream == NULL) {
        error_usage(error, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    output_protect(path);
    char *text = check_kind(stream, path, error) ? read_stream(stream, path, error) : NULL;
    fclose(stream);
    return text;
}

/* Is this the first letter of a line that is indented by a tab? */
static bool follows_tab(const char *text, const char *at)
{
    const char *from = at;
    bool tab = false;
    for (; from > text && (from[-1] == ' ' || from[-1] == '\t'); from--)
        tab = tab || from[-1] == '\t';
    return tab && (from == text || from[-1] == '\n') && strchr(" \t\r\n#", *at) == NULL;
}

bool sweep_text_check(const char *path, const char *text, struct error *error)
{
    struct place place = {path, 1, 1};
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; place.column++) {
        size_t length;
        utf8_decode((const char *)at, &length);
        if (length == 0)
            return error_at(error, place, yaml_line(text, place.line),
                            "byte 0x%02x is not UTF-8; save the file as UTF-8", *at);
        if ((*at < ' ' && strchr("\t\r\n", *at) == NULL) || *at == 127)
            return error_at(error, place, yaml_line(text, place.line),
                            "control character 0x%02x; a sweep file is plain text", *at);
        if (follows_tab(text, (const char *)at))
            return error_at(error, place, yaml_line(text, place.line),
                            "indented by a tab; YAML indents with spaces");
        if (*at == '\n')
            place = (struct place){path, place.line + 1, 0};
        at += length;
    }
    return true;
}

/* What may stand before the first comment: nothing, a directive (%YAML 1.2), or the mark that a
 * document begins here. Returns where the next may be, or NULL: this is none of them. */
static const char *skip_opening(const char *text)
{
    size_t blank = strspn(text, " \t\r\n");
    if (blank > 0)
        return text + blank;
    if (*text == '%')
        return text + strcspn(text, "\r\n");
    if (strncmp(text, "---", 3) == 0 && text[3] != '\0' && strchr(" \t\r\n", text[3]) != NULL)
        return text + 3;
    return NULL;
}

char *sweep_text_question(const char *text)
{
    char *question = memory_resize(NULL, strlen(text) + 1, 1), *end = question;
    text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    for (const char *next; (next = skip_opening(text)) != NULL;)
        text = next;
    while (*text == '#') {
        text += strspn(text, "#");
        text += strspn(text, " \t");
        size_t length = strcspn(text, "\r\n");
        if (end > question)
            *end++ = '\n';
        end = mempcpy(end, text, length);
        text += length;
        text += *text == '\r';
        text += *text == '\n';
        text += strspn(text, " \t");
    }
    while (end > question && strchr(" \t\n", end[-1]) != NULL)
        end--;
    *end = '\0';
    return question;
}

char *sweep_text_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = memory_copy_text(slash != NULL ? slash + 1 : path);
    char *dot = strrchr(name, '.');
    if (dot != NULL && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        *dot = '\0';
    return name;
}
