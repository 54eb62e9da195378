/* SPDX-License-Identifier: MIT
 *
 * Reading lists of columns, and what columns they mean.
 */
#include "data/formats/csv/format_csv_list.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "base/utf8.h"

#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 60 }; /* bytes of a text that is quoted */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What may be wrong with an item. */
enum fault { FAULT_NONE, FAULT_EMPTY, FAULT_OPEN, FAULT_BEHIND, FAULT_SINGLE };

/* Reads the inside of a quoted item, which goes to its quote or to the end of all. */
static const char *quoted_read(const char *p, char *text, enum fault *fault)
{
    size_t used = 0;
    for (; *p != '\0' && (*p != '"' || p[1] == '"'); p++) {
        p += *p == '"';
        text[used++] = *p;
    }
    text[used] = '\0';
    *fault = *p == '\0' ? FAULT_OPEN : FAULT_NONE;
    p += *p == '"';
    const char *end = p + strcspn(p, ",");
    for (; p < end; p++)
        *fault = is_blank(*p) ? *fault : FAULT_BEHIND;
    return end;
}

static const char *plain_read(const char *p, char *text, enum fault *fault)
{
    size_t length = strcspn(p, ",");
    const char *end = p + length;
    while (length > 0 && is_blank(p[length - 1]))
        length--;
    memcpy(text, p, length);
    text[length] = '\0';
    *fault = length == 0 ? FAULT_EMPTY : *text == '\'' ? FAULT_SINGLE : FAULT_NONE;
    return end;
}

/* Reads an item, which begins behind a comma or with the list. Returns where it ends, at a comma or
 * at the end of all. */
static const char *item_read(const char *p, char *text, bool *quoted, enum fault *fault)
{
    while (is_blank(*p))
        p++;
    *quoted = *p == '"';
    return *quoted ? quoted_read(p + 1, text, fault) : plain_read(p, text, fault);
}

struct csv_list csv_list_parse(const char *text)
{
    struct csv_list list = {0};
    size_t capacity = 0;
    if (text == NULL)
        return list;
    char *item = memory_allocate(strlen(text) + 1, 1);
    for (const char *p = text;; p++) {
        bool quoted;
        enum fault fault;
        p = item_read(p, item, &quoted, &fault);
        list.items = memory_grow(list.items, &capacity, list.count + 1, sizeof *list.items);
        list.items[list.count++] = (struct csv_item){utf8_copy(item), quoted, false};
        if (*p == '\0')
            break;
    }
    memory_free(item);
    return list;
}

static void fault_tell(enum fault fault, const char *list, size_t number, const char *item,
                       char *reason, size_t size)
{
    switch (fault) {
    case FAULT_NONE:
        break;
    case FAULT_EMPTY:
        snprintf(reason, size,
                 "element %zu of '%.*s' is empty; leave its comma out, or write \"\" for a column "
                 "without a name",
                 number, SHOWN, list);
        break;
    case FAULT_OPEN:
        snprintf(reason, size,
                 "the double quote of element %zu of '%.*s' does not end; put one behind it, and "
                 "double one that belongs to it",
                 number, SHOWN, list);
        break;
    case FAULT_BEHIND:
        snprintf(reason, size,
                 "more stands behind the quotes of element %zu of '%.*s'; put a comma between "
                 "elements, and double a quote that belongs to one",
                 number, SHOWN, list);
        break;
    case FAULT_SINGLE:
        snprintf(reason, size,
                 "element %zu of '%.*s' begins with a single quote, and only double quotes enclose "
                 "an element; leave it out, or write \"%.*s\" if it belongs to it",
                 number, SHOWN, list, SHOWN, item);
        break;
    }
}

bool csv_list_check(const char *text, bool empty, char *reason, size_t size)
{
    char *item = memory_allocate(strlen(text) + 1, 1);
    enum fault fault = FAULT_NONE;
    bool quoted;
    size_t number = 1;
    for (const char *p = text;; p++, number++) {
        p = item_read(p, item, &quoted, &fault);
        if (fault == FAULT_EMPTY && empty)
            fault = FAULT_NONE;
        if (fault != FAULT_NONE || *p == '\0')
            break;
    }
    if (fault == FAULT_EMPTY && text[strspn(text, " \t")] == '\0')
        snprintf(reason, size,
                 "an empty list names no column; give names, positions (3), ranges (3-7) or "
                 "patterns (x*)");
    else
        fault_tell(fault, text, number, item, reason, size);
    memory_free(item);
    return fault == FAULT_NONE;
}

void csv_item_write(const char *text, FILE *out)
{
    bool plain = strchr(text, ',') == NULL && strchr("\"'", *text) == NULL;
    if (plain) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (; *text != '\0'; text++)
        fputs(*text == '"' ? "\"\"" : (const char[]){*text, '\0'}, out);
    putc('"', out);
}

void csv_item_write_word(const char *text, FILE *out)
{
    struct memory_stream stream;
    csv_item_write(text, memory_stream_open(&stream));
    char *item = memory_stream_close(&stream);
    text_write_word(item, out);
    memory_free(item);
}

void csv_list_clear(struct csv_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        memory_free(list->items[i].text);
    memory_free(list->items);
    *list = (struct csv_list){0};
}

/* Is the text a range of positions, "7-9" or "7-", and is `position` in it? */
static bool range_has(const char *text, size_t position)
{
    enum { DIGITS = 18 };
    size_t first = strspn(text, "0123456789");
    if (first == 0 || first > DIGITS || text[first] != '-')
        return false;
    const char *rest = text + first + 1;
    size_t second = strspn(rest, "0123456789");
    if (rest[second] != '\0' || second > DIGITS)
        return false;
    size_t bounds[2] = {0, second == 0 ? SIZE_MAX : 0};
    for (size_t i = 0; i < first; i++)
        bounds[0] = 10 * bounds[0] + (size_t)(text[i] - '0');
    for (size_t i = 0; i < second; i++)
        bounds[1] = 10 * bounds[1] + (size_t)(rest[i] - '0');
    return position >= bounds[0] && position <= bounds[1];
}

enum csv_match csv_item_match(const struct csv_item *item, const char *name, size_t position,
                              size_t width)
{
    int64_t number;
    bool named = strcmp(item->text, name) == 0;
    if (item->quoted)
        return named ? CSV_MATCH_NAME : CSV_MATCH_NONE;
    if (text_to_integer(item->text, &number)) {
        if (number >= 1 && (uint64_t)number <= width)
            return (size_t)number == position ? CSV_MATCH_POSITION : CSV_MATCH_NONE;
        return named ? CSV_MATCH_NAME : CSV_MATCH_NONE;
    }
    if (named && *name != '\0')
        return CSV_MATCH_NAME;
    if (range_has(item->text, position))
        return CSV_MATCH_PATTERN;
    bool pattern = strpbrk(item->text, "*?") != NULL;
    return pattern && fnmatch(item->text, name, FNM_NOESCAPE) == 0 ? CSV_MATCH_PATTERN
                                                                   : CSV_MATCH_NONE;
}
