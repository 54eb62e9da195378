/* SPDX-License-Identifier: MIT
 *
 * The measures come from one module, and are walked by its table.
 */
#include "commands/training/quality.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/margins.h"
#include "report/text_table.h"
#include "store/json_value.h"

#include <math.h>

enum { SETS_MOST = 2 };

bool quality_threshold(const char *text, double *threshold, struct error *error)
{
    return (text_to_real(text, threshold) && *threshold >= 0.0 && *threshold <= 1.0) ||
           error_usage(error, "--threshold: '%s' is not a probability; give a number from 0 to 1",
                       text);
}

/* --- Measuring ------------------------------------------------------------------------------ */

static bool is_finite(const double *w, size_t features, double b)
{
    for (size_t j = 0; j < features; j++)
        if (!isfinite(w[j]))
            return false;
    return isfinite(b);
}

static bool has_memory(const struct dataset *data, bool weighted)
{
    struct error shortage = {.kind = ERROR_NONE};
    double bytes =
        classification_bytes(data->rows) + (weighted ? 2.0 : 1.0) * 8.0 * (double)data->rows;
    if (memory_check(bytes, "measuring the quality of the model", &shortage))
        return true;
    fprintf(stderr, "descent: note: %s: %s; it is not measured\n", text_shown(data->name),
            shortage.message);
    return false;
}

static double *row_weights(const struct dataset *data)
{
    double *weights = memory_allocate_untouched(data->rows, sizeof *weights);
    for (size_t i = 0; i < data->rows; i++)
        weights[i] = class_weight(data, data->y[i]);
    return weights;
}

struct quality quality_of(const struct dataset *data, const char *of, const double *w, double b,
                          double threshold, bool weighted)
{
    struct quality quality = {.of = of};
    if (data == NULL || data->y == NULL || data->ranks != NULL || !is_finite(w, data->features, b))
        return quality;
    if (!has_memory(data, weighted))
        return quality;
    double *z = memory_allocate_untouched(data->rows, sizeof *z);
    double *weights = weighted ? row_weights(data) : NULL;
    dataset_margins(data, w, b, threads_default(), z);
    quality.measures = classification_measure(z, data->y, weights, data->rows, threshold);
    quality.measured = true;
    memory_free(z);
    memory_free(weights);
    return quality;
}

/* --- As text -------------------------------------------------------------------------------- */

/* The sets that were measured, as pointers (SETS_MOST). */
static size_t collect(const struct quality *sets, size_t count,
                      const struct quality *measured[static SETS_MOST])
{
    size_t found = 0;
    for (size_t s = 0; s < count && found < SETS_MOST; s++)
        if (sets[s].measured)
            measured[found++] = &sets[s];
    return found;
}

static void tell_measures(const struct quality *const *sets, size_t count, FILE *out)
{
    struct text_column columns[1 + SETS_MOST] = {{"", COLUMN_TEXT, false, NULL}};
    for (size_t s = 0; s < count; s++)
        columns[1 + s] = (struct text_column){sets[s]->of, COLUMN_NUMBER, false, NULL};
    struct text_table *table = text_table_create(columns, 1 + count);
    for (size_t i = 0; i < classification_measure_count; i++) {
        const struct classification_measure *measure = &classification_measures[i];
        text_table_cell(table, "%s", measure->words);
        for (size_t s = 0; s < count; s++) {
            double value = classification_value(measure, &sets[s]->measures);
            if (isnan(value))
                text_table_cell(table, "-");
            else
                text_table_cell(table, "%.6g", value);
        }
    }
    text_table_print(table, 2, out);
    text_table_free(table);
}

static void tell_confusion(const struct quality *set, char *const class_names[2], FILE *out)
{
    char said[2][64], heading[64];
    snprintf(heading, sizeof heading, "rows, %.40s", set->of);
    for (int k = 0; k < 2; k++)
        snprintf(said[k], sizeof said[k], "said '%.50s'", text_shown(class_names[k]));
    const struct text_column columns[] = {{heading, COLUMN_TEXT, false, NULL},
                                          {said[0], COLUMN_NUMBER, false, NULL},
                                          {said[1], COLUMN_NUMBER, false, NULL}};
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (int y = 0; y < 2; y++) {
        text_table_cell(table, "is '%.50s'", text_shown(class_names[y]));
        for (int k = 0; k < 2; k++)
            text_table_cell(table, "%zu", set->measures.counts[y][k]);
    }
    putc('\n', out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

void quality_tell(const struct quality *sets, size_t count, char *const class_names[2], FILE *out)
{
    const struct quality *measured[SETS_MOST];
    size_t found = collect(sets, count, measured);
    char threshold[TEXT_NUMBER];
    if (found == 0)
        return;
    fprintf(out, "\nQuality: '%s' is class 1, and is said where its probability is above %s\n",
            text_shown(class_names[1]), text_from_real(threshold, measured[0]->measures.threshold));
    tell_measures(measured, found, out);
    for (size_t s = 0; s < found; s++)
        tell_confusion(measured[s], class_names, out);
}

/* --- As JSON -------------------------------------------------------------------------------- */

json_t *quality_to_json(const struct quality *quality, char *const class_names[2])
{
    if (!quality->measured)
        return json_value_text(NULL);
    const struct classification *measures = &quality->measures;
    json_t *object = json_value_object(), *confusion = json_value_array();
    json_value_set(object, "rows", json_value_integer((int64_t)measures->rows));
    json_value_set(object, "positive", json_value_text(class_names[1]));
    json_value_set(object, "threshold", json_value_real(measures->threshold));
    for (size_t i = 0; i < classification_measure_count; i++)
        json_value_set(
            object, classification_measures[i].key,
            json_value_real(classification_value(&classification_measures[i], measures)));
    for (int y = 0; y < 2; y++)
        for (int k = 0; k < 2; k++) {
            json_t *cell = json_value_object();
            json_value_set(cell, "class", json_value_text(class_names[y]));
            json_value_set(cell, "said", json_value_text(class_names[k]));
            json_value_set(cell, "rows", json_value_integer((int64_t)measures->counts[y][k]));
            json_value_append(confusion, cell);
        }
    json_value_set(object, "confusion", confusion);
    return object;
}
