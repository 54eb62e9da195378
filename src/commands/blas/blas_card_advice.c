/* SPDX-License-Identifier: MIT
 *
 * What follows from the figures, in words. A library is called fastest only where it is separated
 * from every other, and the first library, which the program is linked with, is good enough where
 * none is separated from it.
 */
#include "commands/blas/blas_card_show.h"
#include "report/text_table.h"

#include <stdint.h>
#include <string.h>

enum { INDENT = 2, WORDS = 1024 };

static void tell(FILE *out, const char *words)
{
    text_print_wrapped(words, INDENT, REPORT_WIDTH, out);
}

/* --- Races ---------------------------------------------------------------------------------- */

/* Who beats the first library by most, with certainty; SIZE_MAX: nobody. */
static size_t best_beside_first(const struct blas_card *card, size_t heat,
                                struct paired_ratio *best)
{
    size_t found = SIZE_MAX;
    for (size_t i = 1; i < card->plan.library_count; i++) {
        const struct paired_ratio ratio = blas_card_ratio(card, heat, i, 0);
        if (separation_of(&ratio) == SEPARATION_FIRST &&
            (found == SIZE_MAX || ratio.ratio > best->ratio)) {
            found = i;
            *best = ratio;
        }
    }
    return found;
}

static void advise_race(const struct blas_card *card, size_t heat, FILE *out)
{
    const struct blas_heat *at = &card->heats[heat];
    const size_t first = blas_card_first(card, heat);
    struct paired_ratio ratio = {0};
    const size_t best = best_beside_first(card, heat, &ratio);
    const int threads = card->plan.threads[at->threads];
    char words[WORDS], shape[BLAS_SHAPE_TEXT], what[WORDS / 2];
    snprintf(what, sizeof what, "%s %s on %d thread%s",
             blas_operation_at(at->operation)->entry.name, blas_shape_text(card, heat, shape),
             threads, threads > 1 ? "s" : "");
    if (best == SIZE_MAX)
        snprintf(words, sizeof words, "%s: %s%s", what, card->plan.libraries[0]->name,
                 first == 0 ? " is the fastest" : "; none is found to be faster");
    else
        snprintf(words, sizeof words, "%s: %s%s, %.2f times as fast as %s (%.2f to %.2f)", what,
                 card->plan.libraries[best]->name,
                 first == best ? " is the fastest" : ", among others", ratio.ratio,
                 card->plan.libraries[0]->name, ratio.low, ratio.high);
    tell(out, words);
}

/* --- Behaviours ----------------------------------------------------------------------------- */

static bool uses_one_thread(const struct blas_behaviour *behaviour)
{
    for (size_t i = 0; i < BLAS_OPERATIONS; i++)
        if (behaviour->calls[i].forks_from > 0)
            return false;
    return true;
}

static bool has_other_bits(const struct blas_behaviour *behaviour)
{
    for (size_t i = 0; i < BLAS_OPERATIONS; i++)
        if (behaviour->calls[i].bits_from > 0)
            return true;
    return false;
}

static bool has_same_bits(const struct blas_behaviour *behaviour)
{
    return !uses_one_thread(behaviour) && !has_other_bits(behaviour);
}

static bool fails_together(const struct blas_behaviour *behaviour)
{
    return behaviour->together_wrong > 0;
}

static bool has_other_columns(const struct blas_behaviour *behaviour)
{
    for (size_t i = 0; i < COLUMN_COUNTS; i++)
        if (behaviour->alone.columns[i] > 0)
            return true;
    return false;
}

static bool has_other_rows(const struct blas_behaviour *behaviour)
{
    return behaviour->alone.rows_gemm + behaviour->alone.rows_gemv > 0;
}

/* What is said of those libraries for which it holds. */
static const struct {
    bool (*holds)(const struct blas_behaviour *behaviour);
    bool threads; /* said where more than one was lent */
    const char *words;
} findings[] = {
    {uses_one_thread, true,
     "use one thread, whatever they are lent: split the rows and call them from threads of your "
     "own"},
    {has_other_bits, true,
     "have other bits on many threads than on one: where bits matter, keep them on one thread and "
     "split the rows yourself, as descent does"},
    {has_same_bits, true, "have the same bits on many threads as on one"},
    {fails_together, false,
     "compute something else when several threads call them at the same time: never do that"},
    {has_other_columns, false,
     "give a model other bits with some numbers of models beside it than with others: what is "
     "trained side by side differs from what is trained alone"},
    {has_other_rows, false, "give a row other bits alone than among others"},
};

static void tell_finding(const struct blas_card *card, size_t finding, FILE *out)
{
    char words[WORDS] = "";
    for (size_t i = 0; i < card->plan.library_count; i++) {
        const size_t used = strlen(words);
        if (findings[finding].holds(&card->behaviours[i]))
            snprintf(words + used, sizeof words - used, "%s%s", used > 0 ? ", " : "",
                     card->plan.libraries[i]->name);
    }
    const size_t used = strlen(words);
    snprintf(words + used, sizeof words - used, ": they %s", findings[finding].words);
    if (used > 0)
        tell(out, words);
}

/* --- All ------------------------------------------------------------------------------------ */

void blas_card_advice(const struct blas_card *card, FILE *out)
{
    const int threads = card->plan.threads[card->plan.thread_count - 1];
    fprintf(out, "Advice\n");
    for (size_t heat = 0; heat < card->heat_count && card->plan.library_count > 1; heat++)
        advise_race(card, heat, out);
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++)
        if (threads > 1 || !findings[i].threads)
            tell_finding(card, i, out);
}
