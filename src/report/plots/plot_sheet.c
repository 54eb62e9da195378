/* SPDX-License-Identifier: MIT
 *
 * Widths of text are estimated, on the wide side, for only gnuplot knows its fonts.
 */
#include "report/plots/plot_sheet.h"

#include "report/plots/palette.h"

#include <math.h>
#include <string.h>

enum { MARGIN = 14, TITLE_LINE = 21, LEGEND_LINE = 19, NOTE_LINE = 16, BETWEEN = 6 };
enum { LEFT = 92, RIGHT = 26, TOP = 12, BOTTOM = 62 };
enum { TITLE_TYPE = 15, NOTE_TYPE = 11, SAMPLE = 56, LETTERS_LEAST = 8 };
enum { TITLE_LINES = 6, NOTE_LINES = 2 }; /* at most */
enum { TAG = 9000 };                      /* of gnuplot's labels: beyond those of any kind */

/* Width of a letter over its height: of names, with digits, and of words. */
static const double letter = 0.6, word_letter = 0.57;

/* What gnuplot takes it for where it sets columns of a legend. */
static const double column_letter = 0.7;

void plot_set_looks(struct picture *picture, size_t entries)
{
    enum { WITHIN = 5 }; /* entries that a legend within the axes may have */
    fprintf(picture->script,
            "set grid linecolor rgb '#e0e0e0' linetype 1\nset border 3\nset tics nomirror\n"
            "set key samplen 2 %s\n",
            entries > WITHIN ? "outside right top" : "inside top right");
}

/* --- Text ------------------------------------------------------------------------------------ */

static bool begins(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t plot_letters(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += begins(*text);
    return count;
}

/* Bytes of the first letters of a text. */
static size_t bytes_of(const char *text, size_t letters)
{
    size_t at = 0;
    while (text[at] != '\0' && (letters > 0 || !begins(text[at])))
        letters -= begins(text[at++]);
    return at;
}

char *plot_shorten(const char *whole, size_t letters, char *text, size_t size)
{
    size_t count = plot_letters(whole);
    if (count <= letters) {
        snprintf(text, size, "%s", whole);
        return text;
    }
    size_t end = (letters - 1) / 3, start = letters - 1 - end;
    snprintf(text, size, "%.*s…%s", (int)bytes_of(whole, start), whole,
             whole + bytes_of(whole, count - end));
    return text;
}

/* Bytes of a line that begins here: as many words as it has room for, or, of one word that is too
 * long, as many letters. */
static size_t line_of(const char *text, size_t letters)
{
    size_t most = bytes_of(text, letters), at = most;
    if (text[most] == '\0')
        return most;
    while (at > 0 && text[at] != ' ')
        at--;
    return at > 0 ? at : most;
}

static size_t letters_within(int width, int type)
{
    return (size_t)(width / (word_letter * type));
}

static size_t count_lines(const char *text, size_t letters, size_t most)
{
    size_t count = 0;
    while (*text != '\0' && count < most) {
        text += line_of(text, letters);
        text += strspn(text, " ");
        count++;
    }
    return count;
}

/* Sets the lines of a text, the first of them at a height. The last that there is room for has
 * all that is left, shortened. Returns how many. */
static size_t write_lines(struct picture *picture, const struct plot_sheet *sheet, size_t tag,
                          const char *text, size_t most, double from_top, int type)
{
    const size_t letters = letters_within(sheet->all.width - 2 * MARGIN, type);
    const int height = type == TITLE_TYPE ? TITLE_LINE : NOTE_LINE;
    size_t count = 0;
    while (*text != '\0' && count < most) {
        char line[1024];
        size_t length = line_of(text, letters);
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        if (count + 1 == most) {
            plot_shorten(text, letters, line, sizeof line);
            length = strlen(text);
        }
        fprintf(picture->script, "set label %zu ", TAG + tag + count);
        picture_text(picture, line);
        fprintf(picture->script, " at screen %.5f,%.5f left textcolor rgb '%s'",
                (double)MARGIN / sheet->all.width,
                1.0 - (from_top + ((double)count + 0.5) * height) / sheet->all.height,
                type == TITLE_TYPE ? "#000000" : palette_note);
        picture_font(picture, type);
        fprintf(picture->script, "\n");
        text += length;
        text += strspn(text, " ");
        count++;
    }
    return count;
}

/* --- Layout ---------------------------------------------------------------------------------- */

void plot_sheet_count(struct plot_sheet *sheet, const char *name)
{
    size_t letters = plot_letters(name);
    sheet->counted++;
    sheet->letters = letters > sheet->letters ? letters : sheet->letters;
}

/* Rows of the legend with entries of so many letters. Its last column ends where its texts do. */
static size_t rows_of(const struct plot_sheet *sheet, size_t letters)
{
    const double type = (double)LOOK_TYPE * (double)letters,
                 column = column_letter * type + (double)SAMPLE,
                 last = letter * type + (double)SAMPLE,
                 rest = (double)sheet->all.width - 2.0 * (double)MARGIN - last;
    size_t columns = rest > 0.0 ? 1 + (size_t)(rest / column) : 1;
    return (sheet->entries + columns - 1) / columns;
}

static const char *title_of(const struct picture *picture, const struct plot_sheet *sheet)
{
    return picture->look.title != NULL ? picture->look.title : sheet->title;
}

static const char *note_of(const struct plot_sheet *sheet, size_t i)
{
    return i < sheet->note_count && sheet->notes[i] != NULL ? sheet->notes[i] : "";
}

/* Adds up what is not the panels'. */
static void add_up(struct plot_sheet *sheet)
{
    sheet->note_lines = 0;
    for (size_t i = 0; i < sheet->note_count; i++)
        sheet->note_lines +=
            count_lines(note_of(sheet, i), letters_within(sheet->all.width - 2 * MARGIN, NOTE_TYPE),
                        NOTE_LINES);
    sheet->rows = sheet->entries > 0 ? rows_of(sheet, sheet->shown) : 0;
    sheet->above = BETWEEN + TITLE_LINE * (int)sheet->title_lines +
                   (sheet->rows > 0 ? BETWEEN + LEGEND_LINE * (int)sheet->rows : 0);
    sheet->below = NOTE_LINE * (int)sheet->note_lines + BETWEEN;
}

/* Have the axes of a sheet whose height is given enough of it? gnuplot's legend has no more rows
 * than the axes beside it have room for. */
static bool has_room(const struct plot_sheet *sheet)
{
    int axes = sheet->all.height - sheet->above - sheet->below - sheet->top - sheet->bottom;
    return 5 * axes >= 2 * sheet->all.height && axes >= LEGEND_LINE * (int)sheet->rows;
}

/* Takes a little from the notes, the title or the legend, in this order; false: nothing is left. */
static bool give_up(struct plot_sheet *sheet)
{
    if (sheet->note_count > 0)
        sheet->note_count--;
    else if (sheet->title_lines > 1)
        sheet->title_lines = 1;
    else if (sheet->entries > 0 && sheet->shown > LETTERS_LEAST)
        sheet->shown--;
    else if (sheet->entries > 0)
        sheet->entries = 0;
    else
        return false;
    return true;
}

void plot_sheet_arrange(const struct picture *picture, struct plot_sheet *sheet)
{
    int *const beside[] = {&sheet->left, &sheet->right, &sheet->top, &sheet->bottom};
    const int usual[] = {LEFT, RIGHT, TOP, BOTTOM};
    for (int i = 0; i < 4; i++)
        if (*beside[i] == 0)
            *beside[i] = usual[i];
    sheet->all = picture_sheet_of(picture, sheet->width, sheet->height);
    sheet->entries = sheet->counted;
    const int room = sheet->all.width - 2 * MARGIN;
    const size_t most = (size_t)((room - SAMPLE) / (letter * LOOK_TYPE));
    sheet->title_lines =
        count_lines(title_of(picture, sheet), letters_within(room, TITLE_TYPE), TITLE_LINES);
    sheet->note_count = PLOT_NOTES;
    sheet->shown = sheet->letters < most ? sheet->letters : most;
    add_up(sheet);
    if (picture->look.width == 0)
        sheet->all.height += sheet->above + sheet->below;
    else
        while (!has_room(sheet) && give_up(sheet))
            add_up(sheet);
}

int plot_sheet_left(double low, double high)
{
    enum { LONG_MARKS = 28 }; /* "-1.5e+06", beyond those that the usual room is for */
    const double most = fmax(fabs(low), fabs(high)), span = high - low;
    return LEFT + (most >= 1e4 || span < 1e-3 ? LONG_MARKS : 0);
}

/* --- Writing --------------------------------------------------------------------------------- */

void plot_sheet_begin(struct picture *picture, struct plot_sheet *sheet)
{
    plot_sheet_arrange(picture, sheet);
    picture_size(picture, sheet->all.width, sheet->all.height, sheet->delay);
    plot_set_looks(picture, 0);
    write_lines(picture, sheet, 0, title_of(picture, sheet), sheet->title_lines, BETWEEN,
                TITLE_TYPE);
    size_t line = 0;
    for (size_t i = 0; i < PLOT_NOTES; i++)
        line += write_lines(picture, sheet, TITLE_LINES + line, note_of(sheet, i), NOTE_LINES,
                            sheet->all.height - sheet->below + (double)NOTE_LINE * (double)line,
                            NOTE_TYPE);
    if (sheet->delay == 0) /* of which each plot is a frame */
        fprintf(picture->script, "set multiplot\n");
}

struct plot_box plot_sheet_box(const struct plot_sheet *sheet, int panel)
{
    const double share = (double)sheet->all.width / sheet->panels;
    return (struct plot_box){panel * share + sheet->left, (panel + 1) * share - sheet->right,
                             sheet->below + sheet->bottom,
                             sheet->all.height - sheet->above - sheet->top};
}

void plot_sheet_place(struct picture *picture, const struct plot_sheet *sheet, int panel)
{
    plot_sheet_place_in(picture, sheet, plot_sheet_box(sheet, panel), panel == 0);
}

void plot_sheet_place_in(struct picture *picture, const struct plot_sheet *sheet,
                         struct plot_box box, bool first)
{
    const double width = sheet->all.width, height = sheet->all.height;
    fprintf(picture->script,
            "set lmargin at screen %.5f\nset rmargin at screen %.5f\nset tmargin at screen "
            "%.5f\nset bmargin at screen %.5f\n",
            box.left / width, box.right / width, box.top / height, box.bottom / height);
    if (!first) {
        fprintf(picture->script, "unset key\n");
        for (size_t i = 0; i < TITLE_LINES + sheet->note_lines; i++)
            if (i < sheet->title_lines || i >= TITLE_LINES)
                fprintf(picture->script, "unset label %zu\n", TAG + i);
    } else if (sheet->rows > 0) {
        fprintf(
            picture->script,
            "set key at screen %.5f,%.5f left top vertical Left reverse maxrows %zu samplen 3\n",
            (double)MARGIN / width,
            1.0 -
                (1.5 * (double)BETWEEN + (double)TITLE_LINE * (double)sheet->title_lines) / height,
            sheet->rows);
    } else {
        fprintf(picture->script, "unset key\n");
    }
}

void plot_sheet_entry(struct picture *picture, const struct plot_sheet *sheet, const char *name)
{
    char text[1024];
    if (sheet->entries == 0) {
        fprintf(picture->script, " notitle");
        return;
    }
    fprintf(picture->script, " title ");
    picture_text(picture, plot_shorten(name, sheet->shown, text, sizeof text));
}

void plot_sheet_label(struct picture *picture, const struct plot_sheet *sheet, char axis,
                      const char *text)
{
    plot_sheet_label_in(picture, plot_sheet_box(sheet, 0), axis, text);
}

void plot_sheet_label_in(struct picture *picture, struct plot_box box, char axis, const char *text)
{
    double length =
        axis == 'x' ? box.right - box.left + (double)RIGHT : box.top - box.bottom + (double)RIGHT;
    char shown[1024];
    fprintf(picture->script, "set %clabel ", axis);
    picture_text(picture, plot_shorten(text, plot_sheet_letters(length), shown, sizeof shown));
    fprintf(picture->script, "\n");
}

size_t plot_sheet_letters(double width)
{
    return letters_within((int)width, (int)LOOK_TYPE);
}

void plot_sheet_line(struct picture *picture, const struct plot_sheet *sheet, size_t number,
                     size_t line, const char *text)
{
    const double width = sheet->all.width, height = sheet->all.height,
                 base = plot_sheet_box(sheet, 0).top + 0.5 * (double)TOP;
    char shown[1024];
    fprintf(picture->script, "set label %zu ", number);
    picture_text(picture, plot_shorten(text, plot_sheet_letters(width - 2.0 * (double)MARGIN),
                                       shown, sizeof shown));
    fprintf(picture->script, " at screen %.5f,%.5f left textcolor rgb '#000000'\n",
            (double)MARGIN / width, (base + ((double)line + 0.5) * (double)PLOT_LINE) / height);
}

void plot_sheet_end(struct picture *picture)
{
    fprintf(picture->script, "unset multiplot\n");
}
