/* SPDX-License-Identifier: MIT
 *
 * Names of files, columns, classes and data sets come from outside and may hold anything. Each of
 * those who read what the program writes has one function here that makes a name harmless to it.
 *
 * Control characters are C0 (below U+0020), DEL, and C1 (U+0080 to U+009F), of which U+009B begins
 * an escape sequence as ESC [ does. Reference: ECMA-48, 5th edition, section 5.3.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* --- For terminals ------------------------------------------------------------------------- */

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

size_t text_character(const char *at)
{
    size_t length;
    uint32_t point = utf8_decode(at, &length);
    return is_control(point) ? 0 : length;
}

static bool is_shown_as_it_is(const char *text)
{
    for (size_t length; *text != '\0'; text += length)
        if ((length = text_character(text)) == 0)
            return false;
    return true;
}

/* What stands for the bytes at `from` that cannot be shown. Returns how many they are. */
static size_t write_escape(const char *from, FILE *file)
{
    size_t length;
    uint32_t point = utf8_decode(from, &length);
    if (length == 0)
        fprintf(file, "\\x%02x", (unsigned char)*from);
    else if (point == '\n' || point == '\r' || point == '\t')
        fprintf(file, "\\%c", point == '\n' ? 'n' : point == '\r' ? 'r' : 't');
    else
        fprintf(file, "\\u%04x", (unsigned)point);
    return length > 0 ? length : 1;
}

char *text_escape(const char *text)
{
    struct memory_stream stream;
    FILE *file = memory_stream_open(&stream);
    while (*text != '\0') {
        size_t length = text_character(text);
        if (length > 0)
            fwrite(text, 1, length, file);
        else
            length = write_escape(text, file);
        text += length;
    }
    return memory_stream_close(&stream);
}

const char *text_shown(const char *text)
{
    static _Thread_local char *copies[TEXT_SHOWN];
    static _Thread_local size_t next;
    if (is_shown_as_it_is(text))
        return text;
    char **copy = &copies[next++ % TEXT_SHOWN];
    memory_free(*copy);
    return *copy = text_escape(text);
}

void text_mask(char *text)
{
    while (*text != '\0') {
        size_t length = text_character(text);
        if (length == 0 && *text != '\n')
            *text = '?';
        text += length > 0 ? length : 1;
    }
}

/* --- For CSV ------------------------------------------------------------------------------- */

/* Reference: OWASP, "CSV Injection". */
static bool is_formula(const char *text)
{
    double number;
    return *text != '\0' && strchr("=+-@\t\r\n", *text) != NULL && !text_to_real(text, &number);
}

void text_write_csv(const char *text, bool safe, FILE *file)
{
    const char *before = safe && is_formula(text) ? "'" : "";
    size_t length = strlen(text);
    bool plain = text[strcspn(text, ",;\t\"\r\n")] == '\0' && text[0] != ' ' &&
                 (length == 0 || text[length - 1] != ' ');
    if (plain) {
        fprintf(file, "%s%s", before, text);
        return;
    }
    fprintf(file, "\"%s", before);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            putc('"', file);
        putc(*p, file);
    }
    putc('"', file);
}

char *text_from_csv(const char *text, size_t length)
{
    char *copy = memory_resize(NULL, length + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        copy[used++] = text[i];
        i += text[i] == '"' && i + 1 < length && text[i + 1] == '"';
    }
    copy[used] = '\0';
    char *name = utf8_copy(copy);
    memory_free(copy);
    return name;
}

/* --- For shells ---------------------------------------------------------------------------- */

/* $'...', which bash, zsh, ksh and POSIX since 2024 know. */
static void write_word_in_escapes(const char *text, FILE *file)
{
    fputs("$'", file);
    for (; *text != '\0'; text++) {
        size_t length = text_character(text);
        if (length == 0)
            fprintf(file, "\\%03o", (unsigned char)*text);
        else if (*text == '\'' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else
            fwrite(text, 1, length, file);
        text += length > 0 ? length - 1 : 0;
    }
    putc('\'', file);
}

void text_write_word(const char *text, FILE *file)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "%+,-./:=@_";
    if (*text != '\0' && *text != '=' && text[strspn(text, plain)] == '\0') {
        fputs(text, file);
        return;
    }
    if (!is_shown_as_it_is(text)) {
        write_word_in_escapes(text, file);
        return;
    }
    putc('\'', file);
    for (const char *p = text; *p != '\0'; p++)
        if (*p == '\'')
            fputs("'\\''", file); /* ends the quotes, is quoted itself, and opens them again */
        else
            putc(*p, file);
    putc('\'', file);
}

void text_write_operand(const char *path, FILE *file)
{
    if (*path == '-' && path[1] != '\0')
        fputs("./", file);
    text_write_word(path, file);
}

char *text_operand(const char *path)
{
    struct memory_stream stream;
    text_write_operand(path, memory_stream_open(&stream));
    return memory_stream_close(&stream);
}

/* --- For YAML ------------------------------------------------------------------------------ */

void text_write_yaml(const char *text, FILE *file)
{
    putc('"', file);
    for (size_t length; *text != '\0'; text += length) {
        uint32_t point = utf8_decode(text, &length);
        if (length == 0)
            length = 1; /* not UTF-8: such a text cannot be said, and its reader says so */
        if (is_control(point))
            fprintf(file, "\\u%04x", (unsigned)point);
        else if (*text == '"' || *text == '\\')
            fprintf(file, "\\%c", *text);
        else
            fwrite(text, 1, length, file);
    }
    putc('"', file);
}
