/* SPDX-License-Identifier: MIT
 *
 * Tables: who is how fast in which race, and who does what.
 */
#include "base/memory.h"
#include "commands/blas/blas_card_show.h"
#include "report/text_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char *name_of(const struct blas_card *card, size_t library)
{
    return card->plan.libraries[library]->name;
}

char *blas_shape_text(const struct blas_card *card, size_t heat, char text[static BLAS_SHAPE_TEXT])
{
    const struct blas_heat *at = &card->heats[heat];
    const struct blas_shape shape = card->plan.shapes[at->shape];
    if (blas_operation_at(at->operation)->vector)
        snprintf(text, BLAS_SHAPE_TEXT, "%zux%zu", shape.rows, shape.columns);
    else
        snprintf(text, BLAS_SHAPE_TEXT, "%zux%zux%zu by %zu", shape.rows, shape.columns,
                 shape.models, shape.block);
    return text;
}

/* Numbers of threads of one operation follow each other. */
const char *blas_bits_words(const struct blas_card *card, size_t heat, size_t library)
{
    const struct blas_timing *timing = blas_card_timing(card, heat, library);
    const size_t first = heat - card->heats[heat].threads;
    if (!timing->repeats)
        return "do not repeat";
    return strcmp(timing->digest, blas_card_timing(card, first, library)->digest) == 0 ? "same"
                                                                                       : "other";
}

/* --- Races ---------------------------------------------------------------------------------- */

static const struct text_column race_columns[] = {
    {"operation", COLUMN_TEXT, false, NULL},     {"shape", COLUMN_TEXT, false, NULL},
    {"threads", COLUMN_NUMBER, false, NULL},     {"library", COLUMN_TEXT, false, NULL},
    {"rate", COLUMN_NUMBER, false, NULL},        {"of ceiling", COLUMN_NUMBER, false, NULL},
    {"used", COLUMN_NUMBER, false, NULL},        {"processors", COLUMN_NUMBER, false, NULL},
    {"times first", COLUMN_NUMBER, false, NULL}, {"interval", COLUMN_TEXT, false, NULL},
    {"bits", COLUMN_TEXT, false, NULL},
};

static void add_ratio(struct text_table *table, const struct blas_card *card, size_t heat,
                      size_t library)
{
    const struct paired_ratio ratio = blas_card_ratio(card, heat, library, 0);
    text_table_cell(table, "%.2f", ratio.ratio);
    if (library == 0)
        text_table_cell(table, "%s", "");
    else if (isnan(ratio.confidence))
        text_table_cell(table, "too few rounds");
    else
        text_table_cell(table, "%.2f to %.2f%s", ratio.low, ratio.high,
                        separation_of(&ratio) == SEPARATION_NONE ? ", not separated" : "");
}

static void add_timing(struct text_table *table, const struct blas_card *card, size_t heat,
                       size_t library)
{
    const struct blas_timing *timing = blas_card_timing(card, heat, library);
    const struct blas_heat *at = &card->heats[heat];
    char shape[BLAS_SHAPE_TEXT];
    text_table_cell(table, "%s", blas_operation_at(at->operation)->entry.name);
    text_table_cell(table, "%s", blas_shape_text(card, heat, shape));
    text_table_cell(table, "%d", card->plan.threads[at->threads]);
    text_table_cell(table, "%s", name_of(card, library));
    text_table_cell(table, "%.2f %s", 1e-9 * blas_card_rate(card, heat, library),
                    blas_operation_at(at->operation)->vector ? "GB/s" : "Gflop/s");
    text_table_cell(table, "%.0f %%", 100.0 * blas_card_share(card, heat, library));
    text_table_cell(table, "%d", timing->threads);
    text_table_cell(table, "%.2f", timing->processors);
    add_ratio(table, card, heat, library);
    text_table_cell(table, "%s", blas_bits_words(card, heat, library));
}

static void write_races(const struct blas_card *card, FILE *out)
{
    struct text_table *table =
        text_table_create(race_columns, sizeof race_columns / sizeof *race_columns);
    for (size_t heat = 0; heat < card->heat_count; heat++)
        for (size_t i = 0; i < card->plan.library_count; i++)
            add_timing(table, card, heat, i);
    fprintf(out, "\nRates, medians of %d rounds through all libraries\n", card->plan.rounds);
    text_table_print(table, 0, out);
    text_table_free(table);
    fprintf(out,
            "of ceiling: of reads (gemv) or of the linked library's matrix product (gemm) on as "
            "many threads\nused: threads that had processor time; processors: processor time over "
            "time\ntimes first: how many times faster than %s, with its interval\nbits: beside "
            "those on %d thread%s\n",
            name_of(card, 0), card->plan.threads[0], card->plan.threads[0] > 1 ? "s" : "");
}

/* --- Threads, bits and errors --------------------------------------------------------------- */

static const struct text_column call_columns[] = {
    {"operation", COLUMN_TEXT, false, NULL},         {"library", COLUMN_TEXT, false, NULL},
    {"threads from", COLUMN_NUMBER, false, NULL},    {"threads", COLUMN_NUMBER, false, NULL},
    {"other bits from", COLUMN_NUMBER, false, NULL}, {"looked up to", COLUMN_NUMBER, false, NULL},
    {"error", COLUMN_NUMBER, false, NULL},
};

/* Rows from which something is so, among `most`; 0 of them: it was not looked for. */
static void add_rows(struct text_table *table, size_t rows, size_t most)
{
    if (rows > 0)
        text_table_cell(table, "%zu", rows);
    else
        text_table_cell(table, "%s", most > 0 ? "never" : "-");
}

static void add_call(struct text_table *table, const struct blas_card *card, size_t operation,
                     size_t library)
{
    const struct blas_call *call = &card->behaviours[library].calls[operation];
    text_table_cell(table, "%s", blas_operation_at(operation)->entry.name);
    text_table_cell(table, "%s", name_of(card, library));
    add_rows(table, call->forks_from, call->rows_most);
    text_table_cell(table, "%d", call->threads);
    add_rows(table, call->bits_from, call->rows_most);
    text_table_cell(table, "%zu", call->rows_most);
    text_table_cell(table, "%.2f", call->error);
}

static void write_calls(const struct blas_card *card, FILE *out)
{
    const struct blas_shape shape = card->plan.shapes[0];
    struct text_table *table =
        text_table_create(call_columns, sizeof call_columns / sizeof *call_columns);
    for (size_t operation = 0; operation < BLAS_OPERATIONS; operation++)
        for (size_t i = 0; i < card->plan.library_count; i++)
            add_call(table, card, operation, i);
    fprintf(out, "\nThreads, bits and errors: rows of X (rows, %zu), %zu models, %d threads\n",
            shape.columns, shape.models, card->plan.threads[card->plan.thread_count - 1]);
    text_table_print(table, 0, out);
    text_table_free(table);
    fprintf(out, "threads from, other bits from: rows from which a call uses more than one thread, "
                 "or has\nother bits than on one\nerror: the largest, in epsilons times the sum "
                 "of its terms' absolute values, against\ncompensated sums\n");
}

/* --- Alone or among others ------------------------------------------------------------------ */

static const struct text_column alone_columns[] = {
    {"library", COLUMN_TEXT, false, NULL},
    {"columns with other bits", COLUMN_TEXT, false, NULL},
    {"a row alone, gemm", COLUMN_TEXT, false, NULL},
    {"a row alone, gemv", COLUMN_TEXT, false, NULL},
    {"gemv beside a column of gemm", COLUMN_TEXT, false, NULL},
    {"calls at the same time", COLUMN_TEXT, false, NULL},
};

/* "1 (312 of 400), 3 (...)" or "none". */
static void add_columns(struct text_table *table, const struct blas_alone *alone)
{
    char words[256] = "";
    for (size_t i = 0; i < COLUMN_COUNTS; i++) {
        const size_t used = strlen(words);
        if (alone->columns[i] > 0)
            snprintf(words + used, sizeof words - used, "%s%zu", used > 0 ? ", " : "",
                     blas_column_counts[i]);
    }
    text_table_cell(table, "%s", words[0] != '\0' ? words : "none");
}

static void add_share(struct text_table *table, size_t count, size_t all)
{
    if (count > 0)
        text_table_cell(table, "%zu of %zu differ", count, all);
    else
        text_table_cell(table, "same");
}

static void write_alone(const struct blas_card *card, FILE *out)
{
    struct text_table *table =
        text_table_create(alone_columns, sizeof alone_columns / sizeof *alone_columns);
    for (size_t i = 0; i < card->plan.library_count; i++) {
        const struct blas_alone *alone = &card->behaviours[i].alone;
        text_table_cell(table, "%s", name_of(card, i));
        add_columns(table, alone);
        add_share(table, alone->rows_gemm, alone->rows);
        add_share(table, alone->rows_gemv, alone->rows);
        add_share(table, alone->vector, alone->rows);
        add_share(table, card->behaviours[i].together_wrong, card->behaviours[i].together_calls);
    }
    fprintf(out, "\nBits of some beside those among others, X (rows, %zu)\n",
            card->plan.shapes[0].columns);
    text_table_print(table, 0, out);
    text_table_free(table);
    fprintf(out,
            "columns with other bits: numbers of columns of Z = X W with which some result has "
            "other bits\nthan with %d columns\n",
            COLUMNS_MOST);
}

/* --- Special cases -------------------------------------------------------------------------- */

/* "overwritten: a, b; NaN: c": each answer once, with those that give it. */
static void write_answers(const struct blas_card *card, size_t special, FILE *out)
{
    bool first = true;
    for (size_t i = 0; i < card->plan.library_count; i++) {
        const char *words = card->behaviours[i].specials[special];
        size_t before = 0, count = 0;
        for (size_t j = 0; j < card->plan.library_count; j++)
            if (strcmp(words, card->behaviours[j].specials[special]) == 0) {
                before += j < i;
                count++;
            }
        if (before > 0)
            continue;
        fprintf(out, "%s%s: ", first ? "" : "; ", words);
        first = false;
        if (count == card->plan.library_count && count > 1) {
            fprintf(out, "all");
            continue;
        }
        const char *separator = "";
        for (size_t j = i; j < card->plan.library_count; j++)
            if (strcmp(words, card->behaviours[j].specials[special]) == 0) {
                fprintf(out, "%s%s", separator, name_of(card, j));
                separator = ", ";
            }
    }
    fprintf(out, "\n");
}

static void write_specials(const struct blas_card *card, FILE *out)
{
    fprintf(out, "\nSpecial cases\n");
    for (size_t i = 0; i < BLAS_SPECIALS; i++) {
        const struct entry *entry = blas_special_table.entries[i];
        fprintf(out, "%s (%s)\n    ", entry->name, entry->summary);
        write_answers(card, i, out);
    }
}

void blas_card_text(const struct blas_card *card, FILE *out)
{
    write_races(card, out);
    write_calls(card, out);
    write_alone(card, out);
    write_specials(card, out);
    fprintf(out, "\n");
    blas_card_advice(card, out);
}
