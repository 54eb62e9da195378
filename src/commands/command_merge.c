/* SPDX-License-Identifier: MIT
 *
 * descent merge: brings the shards of a sweep together, and says what is missing and what is next.
 */
#include "base/memory.h"
#include "base/text.h"
#include "commands/merge_sources.h"
#include "commands/parsing/command.h"
#include "report/heading.h"
#include "report/quantity.h"
#include "store/merge/merge.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

static const struct option_row options[] = {
    {.entry = {"partial", "merge the shards that exist even if others are missing"}},
};

static const char *const *folders_of(const struct merge_sources *sources)
{
    return (const char *const *)sources->folders;
}

/* A shard that is not there, and the command that makes it. */
static bool refuse_missing(const char *folder, const struct merge_sources *sources,
                           const struct merge_facts *facts, struct error *error)
{
    char name[SHARD_TEXT], more[64] = "", *path = NULL;
    shard_name(&sources->missing, name);
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        memory_exhausted(1, 1);
    char *command = heading_sweep_of(facts->path, path);
    if (sources->missing_count > 1)
        snprintf(more, sizeof more, " (and %zu more)", sources->missing_count - 1);
    error_failed(error,
                 "shard %" PRId64 " of %" PRId64 " is missing%s: %s; run `%s`, or merge what is "
                 "there with --partial",
                 sources->missing.index, sources->missing.count, more, path, command);
    memory_free(command);
    memory_free(path);
    return false;
}

/* What happened to trials that were not simply added. */
static void print_others(const struct merge_tally *all)
{
    if (all->kept > 0)
        printf("note:    %zu trials exist twice with different bits, and the first was kept: one "
               "of the two was stopped by the clock or failed, or the solver races\n",
               all->kept);
    if (all->replaced > 0)
        printf("note:    %zu failed trials were replaced by ones that did not fail\n",
               all->replaced);
    if (all->left_out > 0)
        printf("note:    %zu trials of other finals were left out\n", all->left_out);
}

/* Stores that have not run all that is theirs. */
static void print_unfinished(const struct merge_sources *sources, const struct merge_tally *tallies,
                             const struct merge_facts *facts)
{
    for (size_t i = 0; i < sources->count; i++) {
        if (tallies[i].missing == 0)
            continue;
        char *command = heading_sweep_of(facts->path, sources->folders[i]);
        printf("missing: %zu of the %zu trials of %s; `%s` runs them; then repeat this command\n",
               tallies[i].missing, tallies[i].planned, text_shown(sources->folders[i]), command);
        memory_free(command);
    }
    if (sources->missing_count > 0)
        printf("missing: %zu of the %" PRId64 " shards\n", sources->missing_count,
               sources->missing.count);
}

static void print_merged(const char *folder, const struct merge_sources *sources,
                         const struct merge_tally *tallies, const struct merge_facts *facts)
{
    struct merge_tally all = {0};
    char added[QUANTITY_TEXT], stores[QUANTITY_TEXT];
    for (size_t i = 0; i < sources->count; i++) {
        all.added += tallies[i].added;
        all.duplicates += tallies[i].duplicates;
        all.kept += tallies[i].kept;
        all.replaced += tallies[i].replaced;
        all.left_out += tallies[i].left_out;
    }
    printf("merged:  %s from %s into %s; %zu duplicates were there already\n",
           quantity_count(added, all.added, "trial"),
           quantity_count(stores, sources->count, "store"), text_shown(folder), all.duplicates);
    if (facts->changed)
        printf("note:    %s held another version of the sweep file; it now has the merged plan, "
               "and what it had recorded is kept\n",
               text_shown(folder));
    print_others(&all);
    print_unfinished(sources, tallies, facts);
    char *command = heading_sweep_of(facts->path, folder);
    fputs("next:    descent show ", stdout);
    text_write_operand(folder, stdout);
    putchar('\n');
    if (facts->finals)
        printf("         %s (the finals)\n", command);
    memory_free(command);
}

/* The stores are known: checks and merges them. */
static bool merge(const char *folder, bool partial, const struct merge_sources *sources,
                  struct error *error)
{
    struct merge_facts facts = {0};
    struct merge_tally *tallies = memory_allocate(sources->count, sizeof *tallies);
    bool done = merge_check(folder, folders_of(sources), sources->count, &facts, error);
    if (done && sources->missing_count > 0 && !partial)
        done = refuse_missing(folder, sources, &facts, error);
    done =
        done && merge_stores(folder, folders_of(sources), sources->count, tallies, &facts, error);
    if (done)
        print_merged(folder, sources, tallies, &facts);
    merge_facts_clear(&facts);
    memory_free(tallies);
    return done;
}

static bool run(const struct arguments *arguments, struct error *error)
{
    const char *folder = arguments->operands[0];
    struct merge_sources sources = {0};
    struct shard shard;
    bool done = true;
    if (shard_find(folder, &shard))
        return error_usage(error, "%s is a shard; give the folder that it is in", folder);
    if (arguments->count > 1)
        merge_sources_take(arguments->operands + 1, arguments->count - 1, &sources);
    else
        done = merge_sources_find(folder, &sources, error);
    done = done && merge(folder, arguments_flag(arguments, "partial"), &sources, error);
    merge_sources_clear(&sources);
    return done;
}

const struct command command_merge = {
    .entry = {"merge", "merge the shards of a sweep, or other stores of it"},
    .operands = "FOLDER [STORE ...]",
    .operand_min = 1,
    .operand_max = SIZE_MAX,
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .details =
        "FOLDER is where the sweep's results are to be, such as results/NAME. Without STORE,\n"
        "its shards are merged, FOLDER/shard-I-of-N, which `descent sweep FILE --shard I/N`\n"
        "recorded. Shards stay as they are; merging again adds what they have recorded since.\n"
        "\n"
        "  descent merge results/sgd-vs-gd\n",
    .run = run,
};
