/* SPDX-License-Identifier: MIT
 *
 * Every recorded trial is a score of its configuration; sorted by configuration, each becomes
 * one median, and the contests take the least of them.
 */
#include "sweep/zoom/zoom_best.h"

#include "base/lookup.h"
#include "base/memory.h"
#include "measure/statistics/statistics.h"
#include "store/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fingerprint(const struct configuration *configuration, size_t source,
                        char key[static DIGEST_TEXT])
{
    char beside[TEXT_NUMBER];
    snprintf(beside, sizeof beside, "%zu", source);
    configuration_fingerprint(configuration, beside, key);
}

static bool is_zoomed(const struct sweep_file *file, const struct hyperparameter *row)
{
    for (size_t i = 0; i < file->zoom.axis_count; i++)
        if (file->zoom.axes[i] == row)
            return true;
    return false;
}

void zoom_contest(const struct sweep_file *file, const struct planned *item,
                  char key[static DIGEST_TEXT])
{
    struct configuration contest = configuration_default();
    const struct metric *metric = metric_of(file->metric);
    contest.solver = item->configuration.solver;
    if ((metric == &metric_objective || metric == &metric_gap) &&
        !is_zoomed(file, hyperparameter_find("lambda")))
        contest.lambda = item->configuration.lambda;
    fingerprint(&contest, item->source, key);
}

void zoom_configuration(const struct planned *item, char key[static DIGEST_TEXT])
{
    struct configuration own = item->configuration;
    own.seed = 0;
    fingerprint(&own, item->source, key);
}

/* --- Scores ----------------------------------------------------------------------------- */

/* A trial, or the median of all that one configuration has. */
struct zoom_score {
    char configuration[DIGEST_TEXT];
    size_t item;  /* the first, of a median */
    double value; /* less is better; NaN: it has none */
    bool sound;
};

struct place_of {
    int64_t configuration; /* number in the store */
    size_t item;
};

static int by_number(const void *a, const void *b)
{
    int64_t left = ((const struct place_of *)a)->configuration;
    int64_t right = ((const struct place_of *)b)->configuration;
    return (left > right) - (left < right);
}

static bool find_places(const struct workload *workload, struct store *store,
                        struct place_of *places, struct error *error)
{
    for (size_t i = 0; i < workload->expansion.count; i++) {
        const struct planned *item = &workload->expansion.items[i];
        char key[DIGEST_TEXT];
        configuration_key(&item->configuration, workload->data[item->source]->digest, key);
        places[i].item = i;
        if (!store_find_configuration(store, key, &places[i].configuration, error))
            return false;
    }
    qsort(places, workload->expansion.count, sizeof *places, by_number);
    return true;
}

static struct zoom_score score_of(const struct workload *workload, size_t item,
                                  const struct stored_trial *row)
{
    const struct metric *metric = metric_of(workload->file->metric);
    double value = metric->value(row);
    struct zoom_score score = {
        .item = item,
        .value = metric->larger_is_better ? -value : value,
        .sound = row->status != STATUS_DIVERGED && row->status != STATUS_FAILED &&
                 isfinite(row->last.objective),
    };
    zoom_configuration(&workload->expansion.items[item], score.configuration);
    return score;
}

/* The trials of the plan, not those of finals. */
static size_t take_scores(const struct workload *workload, const struct stored_trials *list,
                          const struct place_of *places, struct zoom_score *scores)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct stored_trial *row = &list->rows[i];
        const struct place_of wanted = {.configuration = row->configuration};
        const struct place_of *place =
            bsearch(&wanted, places, workload->expansion.count, sizeof *places, by_number);
        if (place != NULL && row->id != 0 && row->final == 0 &&
            row->repeat <= workload->file->repeats)
            scores[count++] = score_of(workload, place->item, row);
    }
    return count;
}

static int by_configuration(const void *a, const void *b)
{
    const struct zoom_score *left = a, *right = b;
    int order = strcmp(left->configuration, right->configuration);
    return order != 0 ? order : (left->item > right->item) - (left->item < right->item);
}

/* Puts the median of scores (count), all of one configuration, in the place of the first. */
static void join(struct zoom_score *scores, size_t count)
{
    double *values = memory_allocate(count, sizeof *values);
    size_t known = 0;
    for (size_t i = 0; i < count; i++) {
        scores->sound = scores->sound && scores[i].sound;
        if (!isnan(scores[i].value))
            values[known++] = scores[i].value;
    }
    scores->value = known > 0 ? median(values, known) : (double)NAN;
    scores->sound = scores->sound && !isnan(scores->value);
    memory_free(values);
}

/* Medians of all, those that are sound; their number. */
static size_t join_all(struct zoom_score *scores, size_t count)
{
    size_t joined = 0, next;
    qsort(scores, count, sizeof *scores, by_configuration);
    for (size_t i = 0; i < count; i = next) {
        for (next = i + 1;
             next < count && strcmp(scores[next].configuration, scores[i].configuration) == 0;)
            next++;
        join(&scores[i], next - i);
        if (scores[i].sound)
            scores[joined++] = scores[i];
    }
    return joined;
}

/* --- Contests ------------------------------------------------------------------------------ */

static int best_first(const void *a, const void *b)
{
    const struct zoom_score *left = a, *right = b;
    int order = (left->value > right->value) - (left->value < right->value);
    return order != 0 ? order : (left->item > right->item) - (left->item < right->item);
}

static int ascending(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

/* The first of each contest among scores, best first. */
static size_t choose(const struct workload *workload, const struct zoom_score *scores, size_t count,
                     size_t *best)
{
    struct lookup contests = {0};
    size_t chosen = 0;
    for (size_t i = 0; i < count; i++) {
        char key[DIGEST_TEXT];
        zoom_contest(workload->file, &workload->expansion.items[scores[i].item], key);
        if (lookup_number(&contests, key, strlen(key)) == chosen)
            best[chosen++] = scores[i].item;
    }
    lookup_clear(&contests);
    qsort(best, chosen, sizeof *best, ascending);
    return chosen;
}

bool zoom_find_best(const struct workload *workload, struct store *store, size_t **best,
                    size_t *count, struct error *error)
{
    struct stored_trials list;
    struct place_of *places = memory_allocate(workload->expansion.count, sizeof *places);
    bool done = find_places(workload, store, places, error) &&
                store_read_trials(store, false, &list, error);
    if (done) {
        struct zoom_score *scores = memory_allocate(list.count, sizeof *scores);
        size_t joined = join_all(scores, take_scores(workload, &list, places, scores));
        qsort(scores, joined, sizeof *scores, best_first);
        *best = memory_allocate(joined, sizeof **best);
        *count = choose(workload, scores, joined, *best);
        memory_free(scores);
        stored_trials_clear(&list);
    }
    memory_free(places);
    return done;
}
