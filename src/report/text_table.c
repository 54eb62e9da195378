/* SPDX-License-Identifier: MIT
 *
 * Cells are kept as text until the table is printed, because only then is it known how wide a
 * column is and whether it varies.
 */
#include "report/text_table.h"

#include "base/memory.h"
#include "base/text.h"

#include <assert.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

enum { GAP = 2 }; /* blanks between columns */

struct text_table {
    size_t columns, cells;
    struct text_column *column; /* (columns) */
    char **cell;                /* (cells), row after row */
    size_t capacity;
};

struct text_table *text_table_create(const struct text_column *columns, size_t count)
{
    struct text_table *table = memory_allocate(1, sizeof *table);
    table->columns = count;
    table->column = memory_allocate(count, sizeof *table->column);
    memcpy(table->column, columns, count * sizeof *columns);
    return table;
}

void text_table_free(struct text_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < table->cells; i++)
        memory_free(table->cell[i]);
    memory_free(table->cell);
    memory_free(table->column);
    memory_free(table);
}

/* A text as it is shown, in place of it. */
static char *one_line(char *text)
{
    const char *shown = text_shown(text);
    if (shown == text)
        return text;
    memory_free(text);
    return memory_copy_text(shown);
}

void text_table_cell(struct text_table *table, const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(1, 1);
    table->cell = memory_grow(table->cell, &table->capacity, table->cells + 1, sizeof *table->cell);
    table->cell[table->cells++] = one_line(text);
}

/* Code points: what a width comes down to where the system cannot say more. */
static size_t count_code_points(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

size_t report_width(const struct terminal *terminal)
{
    bool narrow = terminal->width > 0 && terminal->width < REPORT_WIDTH;
    return narrow ? terminal->width : REPORT_WIDTH;
}

/* The program runs in the locale "C", whose characters are bytes; the C library knows the widths of
 * all characters only in one of UTF-8. It is read from disk once, and kept; borrowed for a thread
 * and a moment, it changes no number's format. 0: the system has none. */
static locale_t utf8 = (locale_t)0;

static void read_utf8(void)
{
    utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

static bool is_ascii(const char *text)
{
    while (*text >= ' ' && *text <= '~')
        text++;
    return *text == '\0';
}

size_t text_width(const char *text)
{
    if (is_ascii(text)) /* nearly all are */
        return strlen(text);
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_utf8);
    if (utf8 == (locale_t)0)
        return count_code_points(text);
    locale_t before = uselocale(utf8);
    mbstate_t state = {0};
    wchar_t character;
    size_t width = 0, bytes, left = strlen(text);
    for (; left > 0; text += bytes, left -= bytes) {
        bytes = mbrtowc(&character, text, left, &state);
        int columns = -1;
        if (bytes > left) { /* not UTF-8: one byte, one column */
            bytes = 1;
            state = (mbstate_t){0};
        } else {
            columns = wcwidth(character);
        }
        width += columns >= 0 ? (size_t)columns : 1;
    }
    uselocale(before);
    return width;
}

static bool is_shown(const struct text_table *table, size_t column)
{
    if (!table->column[column].only_if_varies)
        return true;
    for (size_t i = column; i < table->cells; i += table->columns)
        if (strcmp(table->cell[i], table->cell[column]) != 0)
            return true;
    return false;
}

static size_t column_width(const struct text_table *table, size_t column)
{
    size_t width = text_width(text_shown(table->column[column].header));
    for (size_t i = column; i < table->cells; i += table->columns) {
        size_t cell = text_width(table->cell[i]);
        width = cell > width ? cell : width;
    }
    return width;
}

static bool same_group(const struct text_table *table, size_t a, size_t b)
{
    const char *left = table->column[a].group, *right = table->column[b].group;
    return left != NULL && right != NULL && strcmp(left, right) == 0;
}

/* What printing needs to know of each column. */
struct table_layout {
    bool *shown;   /* (columns) */
    size_t *width; /* (columns) */
};

static struct table_layout layout_create(const struct text_table *table)
{
    struct table_layout layout = {
        .shown = memory_allocate(table->columns, sizeof *layout.shown),
        .width = memory_allocate(table->columns, sizeof *layout.width),
    };
    for (size_t j = 0; j < table->columns; j++) {
        layout.shown[j] = is_shown(table, j);
        layout.width[j] = column_width(table, j);
    }
    return layout;
}

static void layout_free(struct table_layout *layout)
{
    memory_free(layout->shown);
    memory_free(layout->width);
}

/* A line in the making: blanks are owed and paid before the next text, so that none end a line. */
struct table_line {
    FILE *out;
    size_t blanks;
};

static void line_put(struct table_line *line, const char *text, size_t width, enum column_type type)
{
    size_t taken = text_width(text), rest = width > taken ? width - taken : 0;
    size_t before = type == COLUMN_NUMBER ? rest : 0;
    if (taken > 0) {
        fprintf(line->out, "%*s%s", (int)(line->blanks + before), "", text);
        line->blanks = rest - before;
    } else {
        line->blanks += width;
    }
}

/* One line of texts, the one of column j at texts[j * stride]. */
static void print_line(const struct text_table *table, const struct table_layout *layout,
                       size_t indent,
                       const char *(*text)(const struct text_table *table, size_t index),
                       size_t first, FILE *out)
{
    struct table_line line = {.out = out, .blanks = indent};
    for (size_t j = 0; j < table->columns; j++) {
        if (!layout->shown[j])
            continue;
        line_put(&line, text(table, first + j), layout->width[j], table->column[j].type);
        line.blanks += GAP;
    }
}

static const char *header_text(const struct text_table *table, size_t index)
{
    return text_shown(table->column[index].header);
}

static const char *cell_text(const struct text_table *table, size_t index)
{
    return table->cell[index];
}

/* The width of column `first` and the neighbours it shares a title with; `*next` is the one after.
 */
static size_t group_width(const struct text_table *table, const struct table_layout *layout,
                          size_t first, size_t *next)
{
    size_t width = 0, j = first;
    do {
        if (layout->shown[j])
            width += layout->width[j] + (width > 0 ? GAP : 0);
        j++;
    } while (j < table->columns && same_group(table, first, j));
    *next = j;
    return width;
}

/* Titles over groups of columns, drawn out to their width: "batch -------". */
static void print_groups(const struct text_table *table, const struct table_layout *layout,
                         size_t indent, FILE *out)
{
    struct table_line line = {.out = out, .blanks = indent};
    for (size_t j = 0, next; j < table->columns; j = next) {
        size_t width = group_width(table, layout, j, &next);
        if (width == 0)
            continue;
        const char *title = table->column[j].group;
        line_put(&line, title != NULL ? title : "", width, COLUMN_TEXT);
        if (title != NULL && line.blanks > 1) {
            fputc(' ', out);
            while (--line.blanks > 0)
                fputc('-', out);
        }
        line.blanks += GAP;
    }
    fputc('\n', out);
}

/* Each column underlined. */
static void print_rule(const struct text_table *table, const struct table_layout *layout,
                       size_t indent, const struct terminal *terminal, FILE *out)
{
    size_t blanks = indent;
    fputs(terminal_style(terminal, STYLE_DIM), out);
    for (size_t j = 0; j < table->columns; j++) {
        if (!layout->shown[j])
            continue;
        fprintf(out, "%*s", (int)blanks, "");
        for (size_t i = 0; i < layout->width[j]; i++)
            fputs(terminal->utf8 ? "─" : "-", out);
        blanks = GAP;
    }
    fprintf(out, "%s\n", terminal_style(terminal, STYLE_PLAIN));
}

static void print_header(const struct text_table *table, const struct table_layout *layout,
                         size_t indent, const struct terminal *terminal, FILE *out)
{
    fputs(terminal_style(terminal, STYLE_BOLD), out);
    print_line(table, layout, indent, header_text, 0, out);
    fprintf(out, "%s\n", terminal_style(terminal, STYLE_PLAIN));
    if (terminal->width > 0)
        print_rule(table, layout, indent, terminal, out);
}

static void print_marked(const struct text_table *table, const struct table_layout *layout,
                         size_t indent, size_t first, const struct terminal *terminal, FILE *out)
{
    fprintf(out, "%s%*s%s ", terminal_style(terminal, STYLE_BOLD), (int)indent - 2, "",
            text_table_mark(terminal));
    print_line(table, layout, 0, cell_text, first, out);
    fprintf(out, "%s\n", terminal_style(terminal, STYLE_PLAIN));
}

const char *text_table_mark(const struct terminal *terminal)
{
    return terminal->utf8 ? "▸" : "*";
}

void text_table_show(const struct text_table *table, size_t indent, size_t marked,
                     const struct terminal *terminal, FILE *out)
{
    assert(table->cells % table->columns == 0);
    struct table_layout layout = layout_create(table);
    bool grouped = false;
    for (size_t j = 0; j < table->columns; j++)
        grouped = grouped || (table->column[j].group != NULL && layout.shown[j]);
    if (grouped)
        print_groups(table, &layout, indent, out);
    print_header(table, &layout, indent, terminal, out);
    for (size_t first = 0; first < table->cells; first += table->columns) {
        if (terminal->width > 0 && first / table->columns == marked) {
            print_marked(table, &layout, indent, first, terminal, out);
            continue;
        }
        print_line(table, &layout, indent, cell_text, first, out);
        fputc('\n', out);
    }
    layout_free(&layout);
}

void text_table_print(const struct text_table *table, size_t indent, FILE *out)
{
    const struct terminal none = {0};
    text_table_show(table, indent, SIZE_MAX, &none, out);
}

/* One line of cells, each between bars; a bar within a text would end it. */
static void print_markdown_line(const struct text_table *table, const struct table_layout *layout,
                                const char *(*text)(const struct text_table *table, size_t index),
                                size_t first, FILE *out)
{
    for (size_t j = 0; j < table->columns; j++) {
        if (!layout->shown[j])
            continue;
        const char *cell = text(table, first + j);
        size_t taken = text_width(cell);
        int blanks = (int)(layout->width[j] > taken ? layout->width[j] - taken : 0);
        bool right = table->column[j].type == COLUMN_NUMBER;
        fprintf(out, "| %*s", right ? blanks : 0, "");
        for (; *cell != '\0'; cell++)
            fputc(*cell == '|' ? '/' : *cell, out);
        fprintf(out, "%*s ", right ? 0 : blanks, "");
    }
    fputs("|\n", out);
}

static void print_markdown_rule(const struct text_table *table, const struct table_layout *layout,
                                FILE *out)
{
    for (size_t j = 0; j < table->columns; j++) {
        if (!layout->shown[j])
            continue;
        fputs("|-", out);
        for (size_t i = 0; i < layout->width[j]; i++)
            fputc('-', out);
        fputc(table->column[j].type == COLUMN_NUMBER ? ':' : '-', out);
    }
    fputs("|\n", out);
}

void text_table_print_markdown(const struct text_table *table, FILE *out)
{
    assert(table->cells % table->columns == 0);
    struct table_layout layout = layout_create(table);
    print_markdown_line(table, &layout, header_text, 0, out);
    print_markdown_rule(table, &layout, out);
    for (size_t first = 0; first < table->cells; first += table->columns)
        print_markdown_line(table, &layout, cell_text, first, out);
    layout_free(&layout);
}

void text_print_wrapped(const char *text, size_t indent, size_t width, FILE *out)
{
    static const char *const blanks = " \t\r\n";
    size_t column = 0;
    for (text += strspn(text, blanks); *text != '\0'; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        char *word = strndup(text, length);
        if (word == NULL)
            memory_exhausted(length + 1, 1);
        word = one_line(word);
        size_t wide = text_width(word);
        if (column > 0 && column + 1 + wide > width) {
            fputc('\n', out);
            column = 0;
        }
        fprintf(out, "%*s%s", column > 0 ? 1 : (int)indent, "", word);
        column += wide + (column > 0 ? 1 : indent);
        memory_free(word);
        text += length;
    }
    if (column > 0)
        fputc('\n', out);
}
