/* SPDX-License-Identifier: MIT
 *
 * Composing error messages. A message is cut with a sign, never overrun, and a second error does
 * not overwrite the first: the first is the cause.
 */
#include "base/error.h"

#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SOURCE_SHOWN = 100 }; /* columns of an offending line that are quoted */

/* What is quoted must not drive a terminal, nor make lines that look like others of ours. */
static void mask(char *message)
{
    text_mask(message);
    for (char *c = message; (c = strchr(c, '\n')) != NULL;)
        *c = '?';
}

static bool error_fill(struct error *error, enum error_kind kind, const char *format,
                       va_list arguments)
{
    assert(error != NULL);
    if (error->kind != ERROR_NONE)
        return false;
    error->kind = kind;
    int length = vsnprintf(error->message, sizeof error->message, format, arguments);
    if (length >= (int)sizeof error->message)
        strcpy(error->message + sizeof error->message - sizeof "...", "...");
    mask(error->message);
    return false;
}

bool error_usage(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, ERROR_USAGE, format, arguments);
    va_end(arguments);
    return false;
}

bool error_failed(struct error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error_fill(error, ERROR_FAILED, format, arguments);
    va_end(arguments);
    return false;
}

/* Appends the offending line and a caret under its column, as compilers do. Long lines are shown
 * from a window around the column; tabs become blanks, so that the caret stays in its place. */
static void append_source(char *message, size_t size, size_t column, const char *source)
{
    size_t length = strcspn(source, "\r\n");
    size_t caret = column > 0 ? column - 1 : 0;
    size_t from = caret > SOURCE_SHOWN - 20 ? caret - (SOURCE_SHOWN - 20) : 0;
    if (from > length)
        return;
    size_t shown = length - from < SOURCE_SHOWN ? length - from : SOURCE_SHOWN;
    char quoted[SOURCE_SHOWN + 1];
    for (size_t i = 0; i < shown; i++) {
        unsigned char c = (unsigned char)source[from + i];
        quoted[i] = (char)(c < ' ' || c == 127 ? ' ' : c);
    }
    quoted[shown] = '\0';
    text_mask(quoted);
    size_t used = strlen(message);
    snprintf(message + used, size - used, "\n    %s\n    %*s", quoted, (int)(caret - from) + 1,
             "^");
}

void error_append(struct error *error, const char *words)
{
    size_t used = strlen(error->message);
    snprintf(error->message + used, sizeof error->message - used, "%s", words);
    text_mask(error->message + used);
}

bool error_at(struct error *error, struct place place, const char *source, const char *format, ...)
{
    char text[ERROR_MESSAGE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);

    if (error->kind != ERROR_NONE)
        return false;
    if (place.line == 0)
        return error_usage(error, "%s: %s", place.file, text);
    if (place.column == 0)
        return error_usage(error, "%s:%zu: %s", place.file, place.line, text);
    error_usage(error, "%s:%zu:%zu: %s", place.file, place.line, place.column, text);
    if (source != NULL)
        append_source(error->message, sizeof error->message, place.column, source);
    return false;
}
