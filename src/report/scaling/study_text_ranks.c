/* SPDX-License-Identifier: MIT
 *
 * Tables from studies over ranks. A number that is not known is "-", and what was not measured says
 * so in every row.
 */
#include "report/scaling/study_text.h"

#include "base/lookup.h"
#include "base/text.h"
#include "report/quantity.h"
#include "report/scaling/study_point.h"

#include <inttypes.h>
#include <math.h>

#define COUNT(list_) (sizeof(list_) / sizeof *(list_))

static void cell_number(struct text_table *table, double value)
{
    if (isfinite(value))
        text_table_cell(table, value < 1e4 ? "%.4g" : "%.0f", value);
    else
        text_table_cell(table, "-");
}

/* --- Sums over ranks ------------------------------------------------------------------------- */

enum { RANKS_SHOWN = 6 }; /* numbers of ranks in the table of sums */

/* The numbers of ranks among the samples, which are in their order. */
static size_t numbers_of(const struct study_exchange *exchange, int64_t numbers[static RANKS_SHOWN])
{
    size_t count = 0;
    for (size_t i = 0; i < exchange->sample_count && count < RANKS_SHOWN; i++)
        if (count == 0 || numbers[count - 1] != exchange->samples[i].ranks)
            numbers[count++] = exchange->samples[i].ranks;
    return count;
}

static const struct exchange_sample *sample_of(const struct study_exchange *exchange, int64_t ranks,
                                               double bytes)
{
    for (size_t i = 0; i < exchange->sample_count; i++)
        if (exchange->samples[i].ranks == ranks && exchange->samples[i].bytes == bytes)
            return &exchange->samples[i];
    return NULL;
}

static void add_sums(struct text_table *table, const struct study_exchange *exchange, double bytes,
                     const int64_t *numbers, size_t count)
{
    text_table_cell(table, "%.0f", bytes);
    for (size_t i = 0; i < count; i++) {
        const struct exchange_sample *sample = sample_of(exchange, numbers[i], bytes);
        study_cell_seconds(table, sample != NULL ? sample->seconds : NAN);
        study_cell_seconds(table, sample != NULL ? sample->any_seconds : NAN);
    }
}

/* The size that is next above `bytes`; infinite: there is none. */
static double size_after(const struct study_exchange *exchange, double bytes)
{
    double next = INFINITY;
    for (size_t i = 0; i < exchange->sample_count; i++)
        if (exchange->samples[i].bytes > bytes)
            next = fmin(next, exchange->samples[i].bytes);
    return next;
}

static void print_sums(const struct study_exchange *exchange, FILE *out)
{
    char titles[RANKS_SHOWN][32];
    int64_t numbers[RANKS_SHOWN];
    struct text_column columns[1 + 2 * RANKS_SHOWN] = {{"bytes", COLUMN_NUMBER, false, NULL}};
    size_t count = numbers_of(exchange, numbers);
    for (size_t i = 0; i < count; i++) {
        snprintf(titles[i], sizeof titles[i], "%" PRId64 " ranks", numbers[i]);
        columns[1 + 2 * i] = (struct text_column){"tree", COLUMN_NUMBER, false, titles[i]};
        columns[2 + 2 * i] = (struct text_column){"MPI", COLUMN_NUMBER, false, titles[i]};
    }
    struct text_table *table = text_table_create(columns, 1 + 2 * count);
    for (double bytes = size_after(exchange, 0.0); isfinite(bytes);
         bytes = size_after(exchange, bytes))
        add_sums(table, exchange, bytes, numbers, count);
    fputs("\nTime of a sum over ranks: in the fixed tree, and by MPI_Allreduce\n", out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* "2 ranks", "2 to 8 ranks". */
static char *describe_ranks(const struct exchange_model *model, char text[static QUANTITY_TEXT])
{
    int used = snprintf(text, QUANTITY_TEXT, "%" PRId64, model->fewest);
    if (model->most > model->fewest)
        used += snprintf(text + used, QUANTITY_TEXT - (size_t)used, " to %" PRId64, model->most);
    snprintf(text + used, QUANTITY_TEXT - (size_t)used, " ranks");
    return text;
}

static void print_model(const struct exchange_model *model, FILE *out)
{
    char alpha[QUANTITY_TEXT], ranks[QUANTITY_TEXT], rate[64] = "too small to tell", text[512];
    if (!model->fitted) {
        fprintf(out, "\nTime of a sum over ranks: not fitted: %s\n", model->reason);
        return;
    }
    if (model->beta > 0.0)
        snprintf(rate, sizeof rate, "%.3g ns per byte (%.3g GB/s)", 1e9 * model->beta,
                 1e-9 / model->beta);
    snprintf(text, sizeof text,
             "alpha steps + beta bytes, one after the other: alpha = %s, beta = %s; off by %.0f %% "
             "at most (%" PRId64 " ranks, %.0f bytes), in %zu sums of %s%s",
             quantity_seconds(alpha, model->alpha), rate, 100.0 * model->deviation,
             model->farthest.ranks, model->farthest.bytes, model->samples,
             describe_ranks(model, ranks),
             model->between_hosts ? ", between hosts"
                                  : ", all on one host: between hosts both are others");
    text_print_wrapped(text, 2, REPORT_WIDTH, out);
}

/* --- Times ----------------------------------------------------------------------------------- */

static void print_times(const struct study *study, FILE *out)
{
    const struct text_column columns[] = {
        {"ranks", COLUMN_NUMBER, false, NULL},
        {"rows", COLUMN_NUMBER, false, NULL},
        {"per epoch", COLUMN_NUMBER, false, NULL},
        {study->weak ? "scaled speed-up" : "speed-up", COLUMN_NUMBER, false, NULL},
        {"efficiency", COLUMN_NUMBER, false, NULL},
        {"measured", COLUMN_NUMBER, false, "exchange"},
        {"share", COLUMN_NUMBER, false, "exchange"},
        {"by the model", COLUMN_NUMBER, false, "exchange"},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (size_t i = 0; i < study->count; i++) {
        const struct study_point *point = &study->points[i];
        const bool exchanged = point->place > 1 && point->profiled > 0;
        text_table_cell(table, "%" PRId64, point->place);
        text_table_cell(table, "%" PRId64, point->rows);
        study_cell_seconds(table, point->seconds);
        study_cell_number(table, study_count(study, point)->speedup, 2);
        study_cell_share(table, study_count(study, point)->efficiency, 0);
        study_cell_seconds(table, exchanged ? point->phases[PHASE_EXCHANGE].seconds : NAN);
        study_cell_share(table, exchanged ? point->exchange_share : NAN, 1);
        study_cell_seconds(table, point->expected);
    }
    fputs(study->weak ? "\nWeak scaling over ranks: as many rows for each\n"
                      : "\nStrong scaling over ranks: the same rows shared out among more\n",
          out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* --- Messages -------------------------------------------------------------------------------- */

static void print_messages(const struct study *study, FILE *out)
{
    static const struct text_column columns[] = {
        {"ranks", COLUMN_NUMBER, false, NULL},
        {"sums", COLUMN_NUMBER, false, NULL},
        {"bytes of one", COLUMN_NUMBER, false, NULL},
        {"by the model", COLUMN_NUMBER, false, "messages"},
        {"counted", COLUMN_NUMBER, false, "messages"},
        {"by the model", COLUMN_NUMBER, false, "bytes"},
        {"counted", COLUMN_NUMBER, false, "bytes"},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (size_t i = 0; i < study->count; i++) {
        const struct study_point *point = &study->points[i];
        if (point->place == 1)
            continue;
        text_table_cell(table, "%" PRId64, point->place);
        cell_number(table, point->modelled.sums);
        cell_number(table, point->modelled.sum_bytes);
        cell_number(table, point->modelled.messages);
        cell_number(table, point->counted.messages);
        cell_number(table, point->modelled.bytes);
        cell_number(table, point->counted.bytes);
    }
    fputs("\nWhat a rank sends per epoch, mean over ranks\n", out);
    text_table_print(table, 2, out);
    text_table_free(table);
}

/* --- Predictions ----------------------------------------------------------------------------- */

static void cell_rows(struct text_table *table, double rows)
{
    if (isfinite(rows))
        text_table_cell(table, rows < 1e6 ? "%.0f" : "%.3g", rows);
    else
        text_table_cell(table, isnan(rows) ? "-" : "never");
}

static void print_predictions(const struct study *study, FILE *out)
{
    static const struct text_column columns[] = {
        {"nodes", COLUMN_TEXT, false, NULL},
        {"per epoch", COLUMN_NUMBER, false, NULL},
        {"efficiency", COLUMN_NUMBER, false, NULL},
        {"exchange", COLUMN_NUMBER, false, NULL},
        {"faster than one", COLUMN_NUMBER, false, "from rows on"},
        {"efficient by half", COLUMN_NUMBER, false, "from rows on"},
        {"a block for each", COLUMN_NUMBER, false, "from rows on"},
    };
    struct text_table *table = text_table_create(columns, COUNT(columns));
    for (size_t i = 0; i < STUDY_PREDICTIONS; i++) {
        const struct exchange_prediction *epoch = &study->exchange.predictions[i].epoch;
        text_table_cell(table, "%d predicted", epoch->ranks);
        study_cell_seconds(table, epoch->seconds);
        study_cell_share(table, epoch->efficiency, epoch->efficiency < 0.095 ? 2 : 0);
        study_cell_seconds(table, epoch->exchange);
        cell_rows(table, epoch->rows_to_win);
        cell_rows(table, epoch->rows_to_half);
        cell_rows(table, study->exchange.predictions[i].rows_to_start);
    }
    fprintf(out,
            "\nPredicted, not measured: %" PRId64
            " rows on more nodes, each as fast as one rank was here\n",
            study->points[0].rows);
    text_table_print(table, 2, out);
    text_table_free(table);
}

static void print_study(const struct study *study, FILE *out)
{
    const struct stored_trial *base = study->base;
    fprintf(out, "\n## %s, kernel %s, ", base->values.solver->name, text_shown(base->kernel));
    if (base->models > 1)
        fprintf(out, "%" PRId64 " models side by side, ", base->models);
    fprintf(out, "on %s (%" PRId64 " rows, %" PRId64 " features), over ranks\n",
            text_shown(base->data), base->rows, base->features);
    print_times(study, out);
    print_messages(study, out);
    if (study->exchange.predicted)
        print_predictions(study, out);
}

/* `machines`: of which it is told already what sums take there. */
static void print_list(const struct study_list *list, size_t most, struct lookup *machines,
                       FILE *out)
{
    for (size_t i = 0; i < list->count && i < most; i++) {
        const struct study *study = &list->items[i];
        const int64_t machine = study->base->machine;
        size_t known = machines->count;
        bool told = lookup_number(machines, &machine, sizeof machine) < known;
        if (!told && study->exchange.sample_count > 0)
            print_sums(&study->exchange, out);
        if (!told)
            print_model(&study->exchange.model, out);
        print_study(study, out);
    }
}

void study_print_ranks(const struct studies *studies, size_t most, FILE *out)
{
    const struct study_list *strong = &studies->strong[OVER_RANKS],
                            *weak = &studies->weak[OVER_RANKS];
    struct lookup machines = {0};
    if (strong->count + weak->count == 0)
        return;
    print_list(strong, most, &machines, out);
    print_list(weak, most > strong->count ? most - strong->count : 0, &machines, out);
    lookup_clear(&machines);
    study_print_rest(strong->count + weak->count, most, out);
    fputs("\nExchange: as measured it waits for the last rank as well; the model does not. A block "
          "for\neach: a node needs one of the blocks that rows are cut into; with fewer of them it "
          "is refused.\n",
          out);
}
