/* SPDX-License-Identifier: MIT
 *
 * Reading lists of columns, and what columns they mean.
 */
#include "data/formats/csv/format_csv_list.h"

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

#include <fnmatch.h>
#include <stdint.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Reads the inside of a quoted item, which goes to its quote or to the end of all. */
static const char *quoted_read(const char *p, char *text)
{
    size_t used = 0;
    for (; *p != '\0' && (*p != '"' || p[1] == '"'); p++) {
        p += *p == '"';
        text[used++] = *p;
    }
    text[used] = '\0';
    return p + strcspn(p, ",");
}

static const char *plain_read(const char *p, char *text)
{
    size_t length = strcspn(p, ",");
    const char *end = p + length;
    while (length > 0 && is_blank(p[length - 1]))
        length--;
    memcpy(text, p, length);
    text[length] = '\0';
    return end;
}

struct csv_list csv_list_parse(const char *text)
{
    struct csv_list list = {0};
    size_t capacity = 0;
    if (text == NULL)
        return list;
    char *item = memory_allocate(strlen(text) + 1, 1);
    for (const char *p = text;; p++) {
        while (is_blank(*p))
            p++;
        bool quoted = *p == '"';
        p = quoted ? quoted_read(p + 1, item) : plain_read(p, item);
        list.items = memory_grow(list.items, &capacity, list.count + 1, sizeof *list.items);
        list.items[list.count++] = (struct csv_item){utf8_copy(item), quoted, false};
        if (*p == '\0')
            break;
    }
    memory_free(item);
    return list;
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
