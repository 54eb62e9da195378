/* SPDX-License-Identifier: MIT
 *
 * What stands between separators: names and values, with and without quotes. Values of nominal
 * attributes are looked up by their bytes; only one that is not found so, or has an escape, is read
 * as what it means.
 */
#include "data/formats/arff/format_arff.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *arff_line_next(const char *p, const char *end)
{
    const char *line_break = memchr(p, '\n', (size_t)(end - p));
    return line_break != NULL ? line_break + 1 : end;
}

static const char *quoted_read(const char *p, struct arff_token *token)
{
    char quote = *p++;
    token->quote = quote;
    token->text = p;
    while (*p != quote) {
        p += *p == '\\' && p[1] != '\n' && p[1] != '\0';
        if (*p == '\n' || *p == '\0')
            return NULL;
        p++;
    }
    token->length = (size_t)(p - token->text);
    return p + 1;
}

const char *arff_token_read(const char *p, struct arff_token *token)
{
    if (*p == '\'' || *p == '"')
        return quoted_read(p, token);
    *token = (struct arff_token){.text = p};
    while (!arff_token_ends(*p))
        p++;
    token->length = (size_t)(p - token->text);
    return p;
}

bool arff_token_is_missing(const struct arff_token *token)
{
    return token->quote == '\0' && token->length == 1 && *token->text == '?';
}

bool arff_token_is_word(const struct arff_token *token, const char *word)
{
    return token->quote == '\0' && token->length == strlen(word) &&
           strncasecmp(token->text, word, token->length) == 0;
}

static char escaped(char c)
{
    return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

char *arff_token_meant(const struct arff_token *token)
{
    char *copy = memory_resize(NULL, token->length + 1, 1);
    size_t used = 0;
    for (size_t i = 0; i < token->length; i++) {
        bool escape = token->quote != '\0' && token->text[i] == '\\';
        i += escape;
        copy[used++] = escape ? escaped(token->text[i]) : token->text[i];
    }
    copy[used] = '\0';
    char *meant = utf8_copy(copy);
    memory_free(copy);
    return meant;
}

/* < 0, 0 or > 0, as bytes (length) come before a text. */
static int bytes_compare(const char *bytes, size_t length, const char *text)
{
    int order = strncmp(bytes, text, length);
    return order != 0 ? order : text[length] == '\0' ? 0 : -1;
}

static size_t value_search(const struct arff_attribute *attribute, const char *bytes, size_t length)
{
    size_t first = 0, end = attribute->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        int order = bytes_compare(bytes, length, attribute->values[middle].meant);
        if (order == 0)
            return middle;
        if (order < 0)
            end = middle;
        else
            first = middle + 1;
    }
    return ARFF_NONE;
}

size_t arff_value_find(const struct arff_attribute *attribute, const struct arff_token *token)
{
    bool plain = token->quote == '\0' || memchr(token->text, '\\', token->length) == NULL;
    size_t found = plain ? value_search(attribute, token->text, token->length) : ARFF_NONE;
    if (found != ARFF_NONE)
        return found;
    char *meant = arff_token_meant(token);
    found = value_search(attribute, meant, strlen(meant));
    memory_free(meant);
    return found;
}

bool arff_error(const struct arff_text *text, const char *at, struct error *error,
                const char *format, ...)
{
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const char *before = memrchr(text->begin, '\n', (size_t)(at - text->begin));
    const char *line = before != NULL ? before + 1 : text->begin;
    struct place place = {text->path, blocks_count_lines(text->begin, at) + 1,
                          (size_t)(at - line) + 1};
    return error_at(error, place, line, "%s", message);
}
