/* SPDX-License-Identifier: MIT
 *
 * A look is a pass over a slice of each thread's rows, or several passes over all of them where
 * they are few. Slices follow each other through the rows, so that what is larger than a cache
 * comes from memory, as in an epoch.
 *
 * Variants are looked at in rounds, in each of which all are looked at in turn: what else the
 * machine does spoils a round and not a variant, and it can only add to a time, so the least
 * counts. After two rounds those are left out that are far behind, later those that are not near
 * the best. The first variant is looked at in every round: it is what runs where nothing is
 * measured.
 *
 * But a slice that happens to lie in a cache makes the least of any variant. So the few that seem
 * fastest then meet the first variant in bouts, one look of each, in the order of the bout turned
 * about; of each the median counts of its time over that of the first beside it. The first stays
 * unless another is faster by more than such medians are off.
 */
#include "measure/variants/variant_times.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "data/chunks.h"
#include "kernels/models.h"
#include "measure/statistics/statistics.h"

#include <math.h>

enum { LOOKS = 6, TURNS_MOST = 1000 }; /* looks: at a variant, in the mean */
enum { RIVALS = 3, BOUTS = 21 };
static const double look_seconds = 0.0007;              /* that a look should take */
static const double slow_bytes = 5e9, slow_flops = 5e9; /* a second, of a slow core */
static const double clearly = 0.985;                    /* of the time of the first */

/* So many times the best may a variant take that is looked at in a round. */
static const double worth_a_look[] = {INFINITY, INFINITY, 1.1,  1.1,  1.1,  1.1,
                                      1.03,     1.03,     1.03, 1.03, 1.03, 1.03};
enum { ROUNDS = sizeof worth_a_look / sizeof *worth_a_look };

/* What is looked at, and with what. */
struct looks {
    const struct dataset *data;
    const struct variant_case *what;
    struct models models;
    size_t share;         /* rows of each thread */
    size_t rows, turns;   /* of a look */
    size_t longest;       /* rows of a chunk: more are not passed over at once */
    size_t at;            /* the row of its share that a thread begins with */
    size_t sums, scratch; /* doubles of a thread */
    double *numbers;      /* (threads, sums + scratch) */
};

static struct looks looks_open(const struct dataset *data, const struct variant_case *what)
{
    const size_t d = data->features, k = what->models, threads = (size_t)what->threads;
    struct looks looks = {.data = data, .what = what, .models = models_create(d, k)};
    looks.share = data->rows / threads;
    looks.turns = 1;
    looks.longest = chunk_longest(data, data->rows);
    looks.sums = memory_apart(pass_sums_length(d, k));
    looks.scratch = memory_apart(what->kernel->scratch(looks.longest, d, k));
    looks.numbers = memory_allocate(threads * (looks.sums + looks.scratch), sizeof(double));
    return looks;
}

static void looks_close(struct looks *looks)
{
    models_clear(&looks->models);
    memory_free(looks->numbers);
}

/* One thread's part of a look. */
static void look_at_share(const struct looks *looks, const struct entry *variant, size_t thread)
{
    double *numbers = looks->numbers + thread * (looks->sums + looks->scratch);
    const struct pass_sums sums = pass_sums_at(numbers, looks->data->features, looks->what->models);
    const size_t begin = thread * looks->share + looks->at, end = begin + looks->rows;
    for (size_t turn = 0; turn < looks->turns; turn++)
        for (size_t i = begin; i < end; i += looks->longest)
            looks->what->kernel->pass_by(variant, looks->data, i,
                                         end - i < looks->longest ? end : i + looks->longest,
                                         &looks->models, &sums, numbers + looks->sums);
}

/* Seconds of one look. */
static double look(struct looks *looks, const struct entry *variant)
{
    double begin = clock_seconds();
#pragma omp parallel num_threads(looks->what->threads)
    {
        threads_enter();
        look_at_share(looks, variant, (size_t)threads_current());
    }
    double seconds = clock_seconds() - begin;
    looks->at += looks->rows;
    if (looks->at + looks->rows > looks->share)
        looks->at = 0;
    return seconds;
}

/* A look at rows that have been looked at: what they cost at first is no pass's. */
static double look_again(struct looks *looks)
{
    const struct entry *first = looks->what->kernel->variants->entries[0];
    const size_t at = looks->at;
    look(looks, first);
    looks->at = at;
    return look(looks, first);
}

/* So many rows of each thread that a look is not longer than it should be on a core of the last
 * decades, and not much shorter on one of today's. Where other programs run, a thread may wait for
 * milliseconds to begin: a single row would seem to be enough. */
static size_t rows_at_least(const struct looks *looks)
{
    const struct variant_case *what = looks->what;
    const double bytes = (double)what->features * sizeof(double);
    const double flops = 4.0 * (double)what->features * (double)what->models;
    const double seconds = fmax(bytes / slow_bytes, flops / slow_flops);
    const double rows = look_seconds / 2.0 / seconds;
    return rows < (double)looks->share ? (size_t)fmax(rows, 1.0) : looks->share;
}

/* Makes looks long enough, and no longer; returns the seconds of one. */
static double looks_size(struct looks *looks)
{
    const struct entry *first = looks->what->kernel->variants->entries[0];
    looks->rows = rows_at_least(looks);
    double seconds = look_again(looks);
    while (seconds < look_seconds / 2.0 && looks->rows < looks->share) {
        looks->rows = 2 * looks->rows < looks->share ? 2 * looks->rows : looks->share;
        looks->at = looks->at + looks->rows > looks->share ? 0 : looks->at;
        seconds = look_again(looks);
    }
    if (seconds < look_seconds / 2.0)
        looks->turns = (size_t)fmin(fmax(look_seconds / seconds, 1.0), TURNS_MOST);
    return look(looks, first);
}

/* The passes over all rows that a look comes to. */
static double looks_passes(const struct looks *looks)
{
    return (double)looks->rows * (double)looks->turns * (double)looks->what->threads /
           (double)looks->data->rows;
}

double variant_first_seconds(const struct dataset *data, const struct variant_case *what)
{
    struct looks looks = looks_open(data, what);
    double seconds = looks_size(&looks) / looks_passes(&looks);
    looks_close(&looks);
    return seconds;
}

static double fastest(const struct variant_times *times)
{
    double least = times->seconds[0];
    for (size_t i = 1; i < times->variants->count; i++)
        least = fmin(least, times->seconds[i]);
    return least;
}

/* --- Bouts ----------------------------------------------------------------------------------- */

/* Those that seem fastest, but for the first variant; returns how many. */
static size_t rivals_find(const struct variant_times *times, size_t rivals[static RIVALS])
{
    size_t count = 0;
    for (size_t v = 1; v < times->variants->count; v++) {
        if (times->seconds[v] >= times->seconds[0])
            continue;
        size_t at = count < RIVALS ? count++ : RIVALS;
        while (at > 0 && times->seconds[v] < times->seconds[rivals[at - 1]]) {
            if (at < RIVALS)
                rivals[at] = rivals[at - 1];
            at--;
        }
        if (at < RIVALS)
            rivals[at] = v;
    }
    return count;
}

/* What a variant takes over what the first does beside it: the median of bouts. */
static double bouts_hold(struct looks *looks, const struct entry *rival)
{
    const struct entry *first = looks->what->kernel->variants->entries[0];
    double ratios[BOUTS];
    for (size_t bout = 0; bout < BOUTS; bout++) {
        bool rival_begins = bout % 2 == 1;
        double one = look(looks, rival_begins ? rival : first);
        double other = look(looks, rival_begins ? first : rival);
        ratios[bout] = rival_begins ? one / other : other / one;
    }
    return median(ratios, BOUTS);
}

static size_t winner(struct looks *looks, const struct variant_times *times)
{
    size_t rivals[RIVALS], count = rivals_find(times, rivals), best = 0;
    double least = clearly;
    for (size_t r = 0; r < count; r++) {
        double ratio = bouts_hold(looks, times->variants->entries[rivals[r]]);
        if (ratio >= least)
            continue;
        least = ratio;
        best = rivals[r];
    }
    return best;
}

/* --- All of it ------------------------------------------------------------------------------- */

/* All that are worth it, beginning with another one each time. */
static void look_at_all(struct looks *looks, struct variant_times *times, size_t round,
                        double most_seconds)
{
    const struct table *variants = times->variants;
    for (size_t i = 0; i < variants->count; i++) {
        size_t v = (i + round) % variants->count;
        if (times->seconds[v] <= most_seconds || v == 0)
            times->seconds[v] = fmin(times->seconds[v], look(looks, variants->entries[v]));
    }
}

void variants_measure(const struct dataset *data, const struct variant_case *what,
                      struct variant_times *times)
{
    struct looks looks = looks_open(data, what);
    const struct table *variants = what->kernel->variants;
    *times = (struct variant_times){.variants = variants};
    times->seconds = memory_allocate(variants->count, sizeof *times->seconds);
    for (size_t i = 0; i < variants->count; i++)
        times->seconds[i] = INFINITY;
    looks_size(&looks);
    for (size_t round = 0; round < ROUNDS; round++) {
        double most = worth_a_look[round] * fastest(times);
        look_at_all(&looks, times, round, most);
    }
    times->best = winner(&looks, times);
    for (size_t i = 0; i < variants->count; i++)
        times->seconds[i] /= looks_passes(&looks);
    looks_close(&looks);
}

const struct entry *variant_times_best(const struct variant_times *times)
{
    return times->variants->entries[times->best];
}

void variant_times_clear(struct variant_times *times)
{
    memory_free(times->seconds);
    *times = (struct variant_times){0};
}

double variants_measure_seconds(const struct variant_case *what)
{
    const double bouts = 2.0 * (double)RIVALS * (double)BOUTS;
    return look_seconds * ((double)LOOKS * (double)what->kernel->variants->count + bouts);
}
