/* SPDX-License-Identifier: MIT
 *
 * The drawing of a heat map (report/plots/heatmap.h). The darkest cell is the best, and the best of
 * all has a border. Cells where all diverged or failed are hatched, those where none came to the
 * target grey, and a cell that is empty was not tried.
 */
#include "report/plots/heatmap.h"

#include "base/memory.h"

#include <string.h>

/* --- Drawing -------------------------------------------------------------------------------- */

enum { CELL_WIDTH = 68, CELL_HEIGHT = 40, SCALE = 118 }; /* of a cell, and right of the axes */

static const char *const lost_colour = "#c8c8c8", *const missed_colour = "#ececec",
                         *const best_colour = "#d55e00";

/* Letters of the longest value of an axis. */
static size_t longest_value(const struct heatmap_axis *axis)
{
    size_t most = 0;
    for (size_t i = 0; i < axis->count; i++) {
        char text[QUANTITY_TEXT];
        size_t letters = plot_letters(quantity_hyperparameter(text, axis->row, axis->values[i]));
        most = letters > most ? letters : most;
    }
    return most;
}

/* Are the values across written aslant, for want of room? */
static bool is_aslant(const struct heatmap *map, double cell_width)
{
    return 8.0 * (double)longest_value(&map->x) + 8.0 > cell_width;
}

static void set_tics(const struct plot_sheet *sheet, const struct heatmap_axis *axis, char letter,
                     bool aslant, double room, struct picture *picture)
{
    const double line = 16.0; /* each of so many is named, where there is no room for all */
    size_t every = (size_t)(line / room) + 1;
    plot_sheet_label(picture, sheet, letter, axis->row->entry.name);
    fprintf(picture->script, "set %crange [-0.5:%zu.5]\nset %ctics %s (", letter, axis->count - 1,
            letter, aslant ? "rotate by -45" : "norotate");
    for (size_t i = 0; i < axis->count; i += every) {
        char text[QUANTITY_TEXT];
        fprintf(picture->script, "%s", i > 0 ? ", " : "");
        picture_text(picture, quantity_hyperparameter(text, axis->row, axis->values[i]));
        fprintf(picture->script, " %zu", i);
    }
    fprintf(picture->script, ")\n");
}

/* What the colours span. Values that are told alike are all the best. */
static struct plot_range scale_of(const struct heatmap *map)
{
    static const double alike = 1.0001;
    struct plot_range range = map->range;
    if (!(range.low <= range.high))
        range = (struct plot_range){0.1, 1.0};
    if (!(range.high > alike * range.low))
        range.high = 1.5 * range.low;
    return range;
}

/* Where a value is on the scale, 0: the best. */
static double share_of(const struct heatmap *map, double value)
{
    const struct plot_range scale = scale_of(map);
    return log(value / scale.low) / log(scale.high / scale.low);
}

/* What stands in a cell. */
static void write_label(const struct heatmap *map, const struct heatmap_cell *cell, size_t x,
                        size_t y, bool told, struct picture *picture)
{
    char text[QUANTITY_TEXT];
    const char *ink = "#000000";
    if (cell->lost) {
        snprintf(text, sizeof text, "×");
    } else if (!isfinite(cell->value)) {
        snprintf(text, sizeof text, "–");
    } else {
        ink = picture_text_on_shade(share_of(map, cell->value));
        if (!told)
            return;
        if (map->unit == HEATMAP_SECONDS)
            quantity_seconds(text, cell->value);
        else if (map->unit == HEATMAP_LOSS)
            snprintf(text, sizeof text, "%.4f", cell->value);
        else
            quantity_gap(text, cell->value);
    }
    fprintf(picture->script, "set label ");
    picture_text(picture, text);
    fprintf(picture->script, " at %zu,%zu center front textcolor rgb '%s'", x, y, ink);
    picture_font(picture, 11);
    fprintf(picture->script, "\n");
}

/* The cell with the least value; the count of cells where there is none. */
static size_t best_cell(const struct heatmap *map)
{
    const size_t count = map->x.count * map->y.count;
    size_t best = count;
    for (size_t c = 0; c < count; c++)
        if (map->cells[c].tried && isfinite(map->cells[c].value) &&
            (best == count || map->cells[c].value < map->cells[best].value))
            best = c;
    return best;
}

static void mark_best(const struct heatmap *map, struct picture *picture)
{
    const size_t best = best_cell(map);
    if (best == map->x.count * map->y.count)
        return;
    const size_t x = best % map->x.count, y = best / map->x.count;
    fprintf(picture->script,
            "set object rectangle from %zu-0.5,%zu-0.5 to %zu+0.5,%zu+0.5 front fillstyle empty "
            "border rgb '%s' linewidth 3.5\n",
            x, y, x, y, best_colour);
}

/* What a cell is, and so the block of data that it is in. */
enum standing_of_cell { TOLD, MISSED, LOST, STANDINGS };
static const char *const blocks[STANDINGS] = {"cells", "missed", "lost"};

static enum standing_of_cell standing_of(const struct heatmap_cell *cell)
{
    return cell->lost ? LOST : isfinite(cell->value) ? TOLD : MISSED;
}

static size_t count_of(const struct heatmap *map, enum standing_of_cell standing)
{
    size_t count = 0;
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        count += map->cells[c].tried && standing_of(&map->cells[c]) == standing;
    return count;
}

/* $cells: "x y value"; $missed, $lost: "x y". */
static void write_cells(const struct heatmap *map, struct picture *picture)
{
    for (int standing = 0; standing < STANDINGS; standing++) {
        fprintf(picture->script, "$%s << END\n", blocks[standing]);
        for (size_t c = 0; c < map->x.count * map->y.count; c++)
            if (map->cells[c].tried && (int)standing_of(&map->cells[c]) == standing)
                fprintf(picture->script, "%zu %zu %.6g\n", c % map->x.count, c / map->x.count,
                        standing == TOLD ? map->cells[c].value : 0.0);
        fprintf(picture->script, "NaN NaN NaN\nEND\n");
    }
}

/* The colours, and the bar that says what they mean, right of the axes. */
static void set_scale(const struct heatmap *map, const struct plot_sheet *sheet,
                      struct picture *picture)
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    const struct plot_range range = scale_of(map);
    char label[96];
    fprintf(picture->script, "set palette defined (");
    for (int i = 0; i < PALETTE_SHADES; i++)
        fprintf(picture->script, "%s%d '%s'", i > 0 ? ", " : "", i, palette_shades[i]);
    snprintf(label, sizeof label,
             box.top - box.bottom > 7.5 * (double)plot_letters(map->value) + 120.0
                 ? "%s; dark is best"
                 : "dark is best",
             map->value);
    fprintf(picture->script, ")\n");
    plot_set_close(picture, sheet, "cb", range, map->unit == HEATMAP_SECONDS);
    plot_set_text(picture, "cblabel", label);
    fprintf(picture->script,
            "set colorbox user vertical origin screen %.5f,%.5f size screen %.5f,%.5f noborder\n",
            (box.right + 14.0) / sheet->all.width, box.bottom / sheet->all.height,
            16.0 / sheet->all.width, (box.top - box.bottom) / sheet->all.height);
}

static void plot_cells(const struct heatmap *map, const struct plot_sheet *sheet,
                       struct picture *picture)
{
    static const char *const boxes = "using 1:2:(0.5):(0.5)";
    fprintf(picture->script,
            "set style fill solid 1 noborder\nplot $lost %s with boxxyerror linecolor rgb '%s' "
            "notitle, $lost %s with boxxyerror fillstyle transparent pattern 4 noborder linecolor "
            "rgb '#808080' notitle, $missed %s with boxxyerror linecolor rgb '%s' notitle, $cells "
            "%s:3 with boxxyerror linecolor palette notitle",
            boxes, lost_colour, boxes, boxes, missed_colour, boxes);
    if (best_cell(map) < map->x.count * map->y.count) {
        fprintf(picture->script,
                ", keyentry with boxes fillstyle empty border rgb '%s' linecolor rgb '%s' "
                "linewidth 3",
                best_colour, best_colour);
        plot_sheet_entry(picture, sheet, "the best");
    }
    if (count_of(map, LOST) > 0) {
        fprintf(picture->script,
                ", keyentry with boxes fillstyle pattern 4 linecolor rgb '#808080'");
        plot_sheet_entry(picture, sheet, "× diverged or failed");
    }
    if (count_of(map, MISSED) > 0) {
        fprintf(picture->script, ", keyentry with boxes fillstyle solid 1 linecolor rgb '%s'",
                missed_colour);
        plot_sheet_entry(picture, sheet, "– target not reached");
    }
    fprintf(picture->script, "\n");
}

static struct plot_sheet sheet_of(const struct heatmap *map, const char *title)
{
    int width = CELL_WIDTH * (int)map->x.count, height = CELL_HEIGHT * (int)map->y.count;
    struct plot_sheet sheet = {.title = title, .panels = 1, .right = SCALE};
    width = width < 480 ? 480 : width;
    sheet.left = 68 + 8 * (int)longest_value(&map->y);
    sheet.bottom = 70;
    sheet.width = sheet.left + sheet.right + width;
    sheet.height = sheet.bottom + (height < 200 ? 200 : height);
    plot_sheet_count(&sheet, "× diverged or failed");
    for (int i = 0; i < 2; i++)
        plot_sheet_count(&sheet, "");
    return sheet;
}

static double cell_width_of(const struct heatmap *map, const struct plot_sheet *sheet)
{
    const struct plot_box box = plot_sheet_box(sheet, 0);
    return (box.right - box.left) / (double)map->x.count;
}

static void draw_map(const struct heatmap *map, const char *name,
                     const struct plot_subject *subject, struct picture *picture)
{
    char title[PLOT_SET_TEXT + 160], question[PLOT_QUESTION];
    snprintf(title, sizeof title, "The %s over %s and %s: %s", map->value, map->x.row->entry.name,
             map->y.row->entry.name, name);
    struct plot_sheet sheet = sheet_of(map, title);
    sheet.notes[0] = "In each cell the best of all configurations with these two values; an empty "
                     "cell was not tried.";
    sheet.notes[1] =
        map->folds ? "Means over folds of the loss on the rows that each leaves out." : "";
    sheet.notes[2] = plot_question(subject, question);
    plot_sheet_arrange(picture, &sheet);
    if (is_aslant(map, cell_width_of(map, &sheet)))
        sheet.bottom += 6 * (int)longest_value(&map->x);
    plot_sheet_begin(picture, &sheet);
    const struct plot_box box = plot_sheet_box(&sheet, 0);
    double width = cell_width_of(map, &sheet),
           height = (box.top - box.bottom) / (double)map->y.count;
    bool told = width >= 52.0 && height >= 16.0;
    fprintf(picture->script, "unset grid\nset tics nomirror out\n");
    set_scale(map, &sheet, picture);
    set_tics(&sheet, &map->x, 'x', is_aslant(map, width), width, picture);
    set_tics(&sheet, &map->y, 'y', false, height, picture);
    write_cells(map, picture);
    for (size_t c = 0; c < map->x.count * map->y.count; c++)
        if (map->cells[c].tried)
            write_label(map, &map->cells[c], c % map->x.count, c / map->x.count, told, picture);
    mark_best(map, picture);
    plot_sheet_place(picture, &sheet, 0);
    plot_cells(map, &sheet, picture);
    plot_sheet_end(picture);
}

static bool is_lambda(const char *axis)
{
    return axis != NULL && strcmp(axis, "lambda") == 0;
}

/* --- Of a problem --------------------------------------------------------------------------- */

static bool draw_problem(const struct plot_subject *subject, struct picture *picture,
                         struct error *error)
{
    struct contenders contenders;
    struct heatmap map = {0};
    char name[PLOT_SET_TEXT];
    const bool heldout = is_lambda(subject->x) || is_lambda(subject->y);
    bool done =
        contenders_create(&contenders, heldout ? "lambda" : "family", subject->opened, 1, error);
    int p = done ? plot_choose_problem(&contenders, subject->set, name, error) : -1;
    done = p >= 0 && heatmap_of_problem(&map, &contenders, (size_t)p, subject, error) &&
           heatmap_fill(&map, subject, error);
    if (done)
        draw_map(&map, name, subject, picture);
    heatmap_clear(&map);
    contenders_clear(&contenders);
    return done;
}

/* --- Of folds ------------------------------------------------------------------------------- */

/* The data set that --set names, or the largest: a configuration on it; NULL on an error. */
static const struct validated *choose_data(const struct cross_validation *validation,
                                           const char *set, struct error *error)
{
    struct plot_set *sets = memory_allocate(validation->count + 1, sizeof *sets);
    const struct validated **of = memory_allocate(validation->count + 1, sizeof *of);
    size_t count = 0;
    for (size_t i = 0; i < validation->count; i++) {
        const struct stored_trial *trial = &validation->items[i].first->trials[0];
        size_t known = 0;
        while (known < count && strcmp(sets[known].name, trial->data) != 0)
            known++;
        if (known < count)
            continue;
        of[count] = &validation->items[i];
        sets[count++] =
            (struct plot_set){trial->data, (double)NAN, trial->rows, trial->features, 0};
    }
    const int chosen = plot_choose_set(sets, count, set, error);
    const struct validated *found = chosen >= 0 ? of[chosen] : NULL;
    memory_free(sets);
    memory_free(of);
    return found;
}

static bool draw_folds(const struct plot_subject *subject, struct picture *picture,
                       struct error *error)
{
    struct cross_validation validation = cross_validation_of(&subject->opened->results);
    const struct validated *of = choose_data(&validation, subject->set, error);
    struct heatmap map = {0};
    char name[PLOT_SET_TEXT];
    bool done = of != NULL;
    if (done && subject->target != NULL)
        done = error_usage(error, "--target is not used without --value seconds");
    if (done && validation.best == NULL)
        done = error_usage(error, "no configuration has ended well without each of its folds yet");
    if (done) {
        const struct stored_trial *trial = &of->first->trials[0];
        heatmap_of_folds(&map, &validation, trial->data);
        done = heatmap_fill(&map, subject, error);
        if (done)
            draw_map(&map, plot_data_words(trial->data, trial->rows, trial->features, name),
                     subject, picture);
    }
    heatmap_clear(&map);
    cross_validation_clear(&validation);
    return done;
}

/* --- What is asked for ---------------------------------------------------------------------- */

/* Means over folds, where nothing says that it is one fold: neither --set, nor what a fold has an
 * optimum of its own for. */
static bool wants_folds(const struct plot_subject *subject)
{
    return results_have_only_folds(&subject->opened->results) &&
           (subject->value == NULL || strcmp(subject->value, "heldout_loss") == 0) &&
           (subject->set == NULL || strstr(subject->set, " fold=") == NULL);
}

static bool check_value(const struct plot_subject *subject, struct error *error)
{
    const char *value = subject->value != NULL ? subject->value : "gap";
    if (strcmp(value, "heldout_loss") == 0 && !wants_folds(subject))
        return error_usage(error,
                           "--value heldout_loss: it is the mean over folds, and %s; with "
                           "--x lambda or --y lambda cells show the held-out loss",
                           subject->set != NULL && strstr(subject->set, " fold=") != NULL
                               ? "--set names one of them"
                               : "here is something trained without folds");
    return strcmp(value, "heldout_loss") == 0 || strcmp(value, "gap") == 0 ||
           strcmp(value, "seconds") == 0 ||
           error_usage(error, "--value: unknown value '%s'; known: gap, heldout_loss, seconds",
                       value);
}

static bool draw(const struct plot_subject *subject, struct picture *picture, struct error *error)
{
    if (!check_value(subject, error))
        return false;
    return wants_folds(subject) ? draw_folds(subject, picture, error)
                                : draw_problem(subject, picture, error);
}

const struct plot_kind plot_heatmap = {
    .entry = {"heatmap", "RESULTS: final gap, held-out loss over folds or time to target over two "
                         "hyper-parameters"},
    .uses = PLOT_RESULTS | PLOT_AXES | PLOT_VALUE | PLOT_X | PLOT_SET,
    .draw = draw,
};
