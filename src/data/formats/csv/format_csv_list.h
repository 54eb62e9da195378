/* SPDX-License-Identifier: MIT
 *
 * Lists that attributes are given as: "id,3,7-9,x*". Items are separated by commas, and blanks
 * around them do not count; one in double quotes is taken as it is, a quote in it doubled. An item
 * of a list of columns is
 *
 *   - a position, from 1, in the file, unless there is none such and a name is that number;
 *   - a name;
 *   - a range of positions, "7-9", or "7-" to the last;
 *   - a pattern of names, in which * stands for any text and ? for one byte.
 */
#ifndef DESCENT_DATA_FORMATS_FORMAT_CSV_LIST_H
#define DESCENT_DATA_FORMATS_FORMAT_CSV_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct csv_item {
    char *text; /* UTF-8 */
    bool quoted;
    bool used; /* it met a column */
};

struct csv_list {
    size_t count;
    struct csv_item *items;
};

/* The items of a text; NULL has none. Free with csv_list_clear(). */
struct csv_list csv_list_parse(const char *text);
void csv_list_clear(struct csv_list *list);

/* False, with a reason, where an item is empty, unless it may be, or quotes do not go together:
 * what is not meant as it would be read. */
bool csv_list_check(const char *text, bool empty, char *reason, size_t size);

/* Writes a name as an item of a list: in quotes where it would be another without. */
void csv_item_write(const char *text, FILE *out);

/* The same as one word of a shell's command. */
void csv_item_write_word(const char *text, FILE *out);

/* How an item means a column. */
enum csv_match { CSV_MATCH_NONE, CSV_MATCH_PATTERN, CSV_MATCH_POSITION, CSV_MATCH_NAME };

/* How an item means the column of that name at `position`, from 1, of `width`. */
enum csv_match csv_item_match(const struct csv_item *item, const char *name, size_t position,
                              size_t width);

#endif
