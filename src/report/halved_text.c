/* SPDX-License-Identifier: MIT
 *
 * Verdicts say first whether the plain rival would have done: halving is worth its rungs only where
 * it would not.
 */
#include "report/halved_text.h"

#include "base/text.h"
#include "report/heading.h"
#include "report/quantity.h"
#include "report/text_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum {
    POOLS_SHOWN = 8,  /* at most */
    RIVALS_SHOWN = 8, /* of those before the first cut */
    NAME_TEXT = 512
};

static const char *configuration_name(const struct outcome *outcome, char text[static NAME_TEXT])
{
    return configuration_describe(outcome_values(outcome), text, NAME_TEXT);
}

static char *value_text(const struct criterion *criterion, double value,
                        char text[static QUANTITY_TEXT])
{
    if (criterion == &criterion_gap)
        return quantity_gap(text, value);
    if (criterion == &criterion_time_to_target)
        return quantity_seconds(text, value);
    return quantity_loss(text, value);
}

static size_t pools_shown(const struct halved *halved)
{
    return halved->count < POOLS_SHOWN ? halved->count : POOLS_SHOWN;
}

/* --- Verdicts ------------------------------------------------------------------------------ */

/* "training all for 3 epochs and the best of them to the end, at no more cost, finds the same". */
static void print_rival(const struct halved *halved, const struct halved_pool *pool, FILE *out)
{
    const struct rival *rival = halved_rival(pool);
    char name[NAME_TEXT], value[QUANTITY_TEXT], known[96] = "", epochs[QUANTITY_TEXT];
    if (rival == NULL) {
        fputs("    baseline: no epoch is recorded at which training all that far costs no more\n",
              out);
        return;
    }
    if (rival->known < rival->all)
        snprintf(known, sizeof known, " (of the %zu of %zu that were left here)", rival->known,
                 rival->all);
    fprintf(out,
            "    baseline: training all for %s%s and the best of them to the end, at no more "
            "cost, ",
            quantity_count(epochs, (size_t)rival->epoch, "epoch"), known);
    if (rival->chosen == pool->winner)
        fputs("finds the same\n", out);
    else if (rival->ended)
        fprintf(out, "finds %s: %s %s\n", configuration_name(rival->chosen, name),
                halved->criterion->entry.name, value_text(halved->criterion, rival->value, value));
    else
        fprintf(out, "goes on with %s, which was cut here at %s %s: its end is not known\n",
                configuration_name(rival->chosen, name), halved->criterion->entry.name,
                value_text(halved->criterion, rival->value, value));
}

/* What times say of those that came through the last cut. */
static void print_finals(const struct halved_pool *pool, FILE *out)
{
    char name[NAME_TEXT], seconds[QUANTITY_TEXT], rounds[QUANTITY_TEXT];
    configuration_name(pool->fastest, name);
    if (pool->final_count == 1)
        fprintf(out, "    finals: %s, the only one that went on from the last cut: ", name);
    else
        fprintf(out, "    finals: of %zu that went on from the last cut the fastest is %s: ",
                pool->final_count, name);
    fprintf(out, "%s, the median of %s\n", quantity_seconds(seconds, pool->seconds),
            quantity_count(rounds, pool->fastest->final_count, "round"));
}

static void print_verdict(const struct results *results, const struct halved *halved,
                          const struct halved_pool *pool, FILE *out)
{
    char name[NAME_TEXT], value[QUANTITY_TEXT], share[QUANTITY_TEXT];
    const struct section *section = &results->sections[pool->section];
    fputs(halved->in_order ? "asha: " : "halving: ", out);
    if (pool->winner == NULL) {
        fputs("no winner yet", out);
    } else {
        fprintf(out,
                "%s: %s %s, the best of %zu by %.0f model-epochs, %s of training all to the "
                "end",
                configuration_name(pool->winner, name), halved->criterion->entry.name,
                value_text(halved->criterion, pool->value, value), pool->count, pool->work,
                quantity_share(share, pool->work / pool->whole, 1));
    }
    if (halved->count > 1)
        fprintf(out, ", on %s", text_shown(section->data));
    if (halved->count > 1 && section->regularised && !halved->criterion->across)
        fprintf(out, ", lambda %.4g", section->lambda);
    if (halved->brackets)
        fprintf(out, ", first cut at epoch %" PRId64, pool->rungs[0].epoch);
    fputc('\n', out);
    if (pool->winner != NULL)
        print_rival(halved, pool, out);
    if (pool->fastest != NULL)
        print_finals(pool, out);
}

void halved_print_verdicts(const struct results *results, const struct halved *halved, FILE *out)
{
    const size_t shown = pools_shown(halved);
    for (size_t p = 0; p < shown; p++)
        print_verdict(results, halved, &halved->pools[p], out);
    if (shown < halved->count)
        fprintf(out, "... and %zu more\n", halved->count - shown);
    if (shown > 0)
        fputc('\n', out);
}

/* --- Rungs --------------------------------------------------------------------------------- */

static void print_rungs(const struct halved *halved, const struct halved_pool *pool, FILE *out)
{
    static const struct text_column columns[] = {
        {"rung", COLUMN_NUMBER, false, NULL},
        {"epoch", COLUMN_NUMBER, false, NULL},
        {"compared", COLUMN_NUMBER, false, NULL},
        {"ended", COLUMN_NUMBER, true, NULL},
        {"diverged", COLUMN_NUMBER, true, NULL},
        {"failed", COLUMN_NUMBER, true, NULL},
        {"cut", COLUMN_NUMBER, false, NULL},
        {"went on", COLUMN_NUMBER, false, NULL},
        {"the best", COLUMN_NUMBER, false, NULL},
        {"last to go on", COLUMN_NUMBER, false, NULL},
        {"best that was cut", COLUMN_NUMBER, false, NULL},
    };
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    for (size_t r = 0; r < pool->rung_count; r++) {
        const struct rung_counts *rung = &pool->rungs[r];
        char best[QUANTITY_TEXT], last[QUANTITY_TEXT], cut[QUANTITY_TEXT];
        text_table_cell(table, "%" PRId64, pool->bracket + (int64_t)r);
        text_table_cell(table, "%" PRId64, rung->epoch);
        text_table_cell(table, "%zu", rung->trained);
        text_table_cell(table, "%zu", rung->fates[RUNG_ENDED]);
        text_table_cell(table, "%zu", rung->fates[RUNG_DIVERGED]);
        text_table_cell(table, "%zu", rung->fates[RUNG_FAILED]);
        text_table_cell(table, "%zu", rung->fates[RUNG_CUT]);
        text_table_cell(table, "%zu", rung->fates[RUNG_ON]);
        text_table_cell(table, "%s", value_text(halved->criterion, rung->best, best));
        text_table_cell(table, "%s", value_text(halved->criterion, rung->last, last));
        text_table_cell(table, "%s", value_text(halved->criterion, rung->cut, cut));
    }
    text_table_print(table, 4, out);
    text_table_free(table);
}

/* --- Rivals -------------------------------------------------------------------------------- */

/* The last few before the first cut, those at cuts, and the one that costs as much. */
static bool is_shown(const struct halved_pool *pool, size_t i)
{
    const struct rival *rival = &pool->rivals[i];
    if (rival == halved_rival(pool))
        return true;
    for (size_t r = 0; r < pool->rung_count; r++)
        if (pool->rungs[r].epoch == rival->epoch)
            return true;
    return rival->epoch < pool->rungs[0].epoch && pool->rivals[i].known == rival->all &&
           pool->rungs[0].epoch - rival->epoch < RIVALS_SHOWN;
}

static const char *end_text(const struct halved_pool *pool, const struct rival *rival)
{
    if (rival->chosen == NULL)
        return "all diverged";
    if (rival->chosen == pool->winner)
        return "the winner";
    return rival->ended ? "another" : "one cut here, so far";
}

static void print_rivals(const struct halved *halved, const struct halved_pool *pool, FILE *out)
{
    const struct text_column columns[] = {
        {"all for", COLUMN_NUMBER, false, NULL},
        {"known", COLUMN_TEXT, false, NULL},
        {"model-epochs", COLUMN_NUMBER, false, NULL},
        {"cost", COLUMN_NUMBER, false, NULL},
        {"finds", COLUMN_TEXT, false, NULL},
        {halved->criterion->entry.name, COLUMN_NUMBER, false, NULL},
    };
    struct text_table *table = text_table_create(columns, sizeof columns / sizeof *columns);
    size_t shown = 0;
    for (size_t i = 0; i < pool->rival_count; i++) {
        const struct rival *rival = &pool->rivals[i];
        char value[QUANTITY_TEXT];
        if (!is_shown(pool, i))
            continue;
        shown++;
        text_table_cell(table, "%" PRId64, rival->epoch);
        text_table_cell(table, "%zu of %zu", rival->known, rival->all);
        text_table_cell(table, "%.0f", rival->work);
        text_table_cell(table, "%.2fx", rival->work / pool->work);
        text_table_cell(table, "%s", end_text(pool, rival));
        text_table_cell(table, "%s", value_text(halved->criterion, rival->value, value));
    }
    if (shown > 0) {
        fputs("  baseline: all for so many epochs, the best of those known there to the end\n",
              out);
        text_table_print(table, 4, out);
    }
    text_table_free(table);
}

void halved_print(const struct results *results, const struct halved *halved, FILE *out)
{
    const size_t shown = pools_shown(halved);
    for (size_t p = 0; p < shown; p++) {
        const struct halved_pool *pool = &halved->pools[p];
        fprintf(out, "\nRungs by %s%s: ", halved->criterion->entry.name,
                halved->in_order ? ", each among those before it in the plan" : "");
        heading_print_section(results, &results->sections[pool->section], out);
        print_rungs(halved, pool, out);
        if (pool->winner != NULL)
            print_rivals(halved, pool, out);
    }
    if (shown < halved->count)
        fprintf(out, "\n... and rungs of %zu more\n", halved->count - shown);
}
