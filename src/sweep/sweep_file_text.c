/* SPDX-License-Identifier: MIT
 *
 * The text of a sweep file: all of it in memory, checked to be text, and the question it opens
 * with. The question and the text are kept in the store and shown in reports, so they must be UTF-8
 * even where YAML would not look, in comments.
 */
#include "base/memory.h"
#include "base/output_guard.h"
#include "sweep/reading.h"

#include <errno.h>
#include <stdint.h>
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

/* The bytes of the UTF-8 character that begins here; 0 when there is none. Overlong forms,
 * surrogates and what lies beyond U+10FFFF are none (RFC 3629). */
static size_t character_length(const unsigned char *at)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t length = 1; length <= 4; length++) {
        if ((at[0] & forms[length - 1].mask) != forms[length - 1].lead)
            continue;
        uint32_t point = at[0] & (unsigned char)~forms[length - 1].mask;
        for (size_t i = 1; i < length; i++) {
            if ((at[i] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (at[i] & 0x3f);
        }
        bool allowed = point >= forms[length - 1].least && point <= 0x10ffff &&
                       (point < 0xd800 || point > 0xdfff);
        return allowed ? length : 0;
    }
    return 0;
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
        size_t length = character_length(at);
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

char *sweep_text_question(const char *text)
{
    char *question = memory_resize(NULL, strlen(text) + 1, 1), *end = question;
    text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
    text += strspn(text, " \t\r\n");
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
