/* SPDX-License-Identifier: MIT
 *
 * Shares below a tenth are not worth a word: where nothing has more, threads do scale.
 */
#include "measure/statistics/diagnosis.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Shares of an epoch from which on something is said of it. */
static const double at_ceiling = 0.7, worth_a_word = 0.1, scales_well = 0.8;

const struct entry diagnosis_bandwidth = {
    "bandwidth",
    "fewer bytes: several models per pass (--execution batched), a kernel that reads X "
    "once ('fused'), or data that fit a cache"};
const struct entry diagnosis_compute = {
    "compute", "the arithmetic is at its limit; only more cores, or fewer operations, help"};
const struct entry diagnosis_chunks = {
    "chunks", "use as many threads as there are chunks, or train several models side by side, "
              "which is more work for each"};
const struct entry diagnosis_imbalance = {
    "imbalance", "check whether a processor is slower or busy with something else ('descent "
                 "machine'), and whether all rows cost the same"};
const struct entry diagnosis_fork_join = {
    "fork-join", "there is too little work between two regions: fewer threads, larger batches, or "
                 "several models side by side"};
const struct entry diagnosis_serial = {
    "serial", "one thread works while the others wait: a solver with less to do between passes, or "
              "fewer threads"};
const struct entry diagnosis_hindrance = {
    "serial-work", "threads slow each other down: look for a lock, for cache lines that several "
                   "threads write (false sharing), for hardware that they share (two threads per "
                   "core), or for other programs on their processors"};
const struct entry diagnosis_exchange = {
    "exchange",
    "fewer ranks with more rows each, several models per pass, which share its sums, or "
    "ranks that run at the same speed; its messages alone take what the "
    "model of a sum over ranks says"};
const struct entry diagnosis_scales = {"scales", "more threads, if there are more"};
const struct entry diagnosis_inside = {
    "inside", "look at the phases, and at other kernels ('descent list kernels')"};

/* A cause that there may be, and its share of the epoch. */
struct suspect {
    const struct entry *cause;
    double share;
};

static double positive(double value)
{
    return value > 0.0 ? value : 0.0; /* NaN as well: what is unknown is no cause */
}

/* Figures come from several trials, and what they are compared with from other times, when the
 * machine may have been busier; a share of an epoch is no more than all of it. */
static double share_of(double seconds, double epoch)
{
    return fmin(positive(seconds) / epoch, 1.0);
}

/* What regions cost, by what an empty one does. While the thread that works longest works, and
 * while one works alone, nothing is forked or joined: where the product is more than what is left,
 * empty regions were timed on a busier machine. */
static double fork_join(const struct diagnosis_facts *facts)
{
    double left = facts->seconds - positive(facts->longest) - positive(facts->alone);
    return fmin(positive(facts->forks), positive(left));
}

/* Time that the threads' work takes more in sum than on the fewest threads, shared out. */
static double hindrance(const struct diagnosis_facts *facts)
{
    return share_of((facts->work - facts->base_work) / facts->working, facts->seconds);
}

static struct suspect worst(const struct diagnosis_facts *facts)
{
    const double team = facts->working, epoch = facts->seconds;
    double idle = facts->threads > facts->working ? (double)(facts->threads - facts->working) : 0.0;
    double mean = facts->work / team, none = facts->longest - mean;
    const struct suspect suspects[] = {
        {&diagnosis_chunks, idle / facts->threads},
        {&diagnosis_imbalance, share_of(none, epoch)},
        {&diagnosis_fork_join, share_of(fork_join(facts), epoch)},
        {&diagnosis_serial, share_of(facts->alone, epoch)},
        {&diagnosis_hindrance, hindrance(facts)},
        {&diagnosis_exchange, share_of(facts->exchange, epoch)},
    };
    const size_t count = sizeof suspects / sizeof *suspects;
    if (facts->threads == 1)
        return suspects[count - 1]; /* the others are about threads */
    struct suspect worst = suspects[0];
    for (size_t i = 1; i < count; i++)
        if (suspects[i].share > worst.share)
            worst = suspects[i];
    return worst;
}

/* "at 91 % of the ceiling of GEMM". Nothing is faster than its ceiling: what seems to be was
 * compared with a ceiling that was measured while something else ran. */
static int tell_ceiling(double reached, const char *ceiling, char *text, size_t size)
{
    const double noise = 0.02;
    if (reached <= 1.0 + noise)
        return snprintf(text, size, "at %.0f %% of %s", fmin(100.0 * reached, 100.0), ceiling);
    return snprintf(
        text, size,
        "beyond %s as it was measured (by a factor of %.2f), so something else ran then: "
        "measure it again on an idle machine",
        ceiling, reached);
}

/* What is seen of a cause, as a sentence without its full stop. */
static void describe(const struct diagnosis_facts *facts, struct diagnosis *diagnosis)
{
    const struct entry *cause = diagnosis->cause;
    const double per_cent = 100.0 * diagnosis->share;
    char *text = diagnosis->text;
    if (cause == &diagnosis_bandwidth || cause == &diagnosis_compute) {
        char ceiling[64];
        bool products = cause == &diagnosis_compute;
        snprintf(ceiling, sizeof ceiling, "the %sceiling of %s", products ? "" : "read ",
                 facts->bound);
        int used = snprintf(text, DIAGNOSIS_TEXT, "%s-bound: ", products ? "compute" : "bandwidth");
        tell_ceiling(diagnosis->share, ceiling, text + used, DIAGNOSIS_TEXT - (size_t)used);
    } else if (cause == &diagnosis_chunks)
        snprintf(text, DIAGNOSIS_TEXT,
                 "too few chunks: the data are cut into %d, and %d of %d threads get none",
                 facts->working, facts->threads - facts->working, facts->threads);
    else if (cause == &diagnosis_imbalance)
        snprintf(text, DIAGNOSIS_TEXT,
                 "imbalance: the thread that works longest works %.0f %% longer than the mean, and "
                 "the others wait %.0f %% of the time per epoch for it",
                 100.0 * (facts->longest * facts->working / facts->work - 1.0), per_cent);
    else if (cause == &diagnosis_fork_join)
        snprintf(text, DIAGNOSIS_TEXT,
                 "fork and join: at this size %.0f %% of the time per epoch goes to starting and "
                 "ending parallel regions",
                 per_cent);
    else if (cause == &diagnosis_serial)
        snprintf(text, DIAGNOSIS_TEXT,
                 "serial: for %.0f %% of the time per epoch one thread works alone", per_cent);
    else if (cause == &diagnosis_hindrance)
        snprintf(text, DIAGNOSIS_TEXT,
                 "serial within the work: on %d threads it takes %.1f times the processor time "
                 "that it takes on the fewest",
                 facts->threads, facts->work / facts->base_work);
    else if (cause == &diagnosis_exchange)
        snprintf(text, DIAGNOSIS_TEXT,
                 "exchange: %.0f %% of the time per epoch is spent on sums over ranks, or on "
                 "waiting for the slowest rank",
                 per_cent);
    else if (cause == &diagnosis_scales)
        snprintf(text, DIAGNOSIS_TEXT, "scales: %.0f %% efficient on %d threads",
                 100.0 * facts->efficiency, facts->threads);
    else
        snprintf(text, DIAGNOSIS_TEXT,
                 "neither memory nor arithmetic is at its ceiling: '%s' takes %.0f %% of the time "
                 "per epoch",
                 facts->hottest, 100.0 * facts->hottest_share);
}

static int tell_headroom(double headroom, char *text, size_t size)
{
    const double worth_trying = 1.15;
    if (headroom >= worth_trying)
        return snprintf(text, size, "; or more threads, whose ceiling is up to %.1f times as high",
                        headroom);
    return snprintf(text, size, "; more threads have no more bandwidth");
}

static void complete(const struct diagnosis_facts *facts, struct diagnosis *diagnosis)
{
    char *text = diagnosis->text;
    describe(facts, diagnosis);
    size_t used = strlen(text);
    if (isfinite(facts->serial) && diagnosis->cause != &diagnosis_scales)
        used += (size_t)snprintf(text + used, DIAGNOSIS_TEXT - used,
                                 "; serial fraction %.2f (Karp-Flatt)", fmax(facts->serial, 0.0));
    if (diagnosis->cause != &diagnosis_bandwidth && diagnosis->cause != &diagnosis_compute &&
        isfinite(facts->limit) && facts->bound != NULL)
        used += (size_t)snprintf(text + used, DIAGNOSIS_TEXT - used,
                                 "; at %.0f %% of the ceiling of %s",
                                 100.0 * facts->limit / facts->seconds, facts->bound);
    used += (size_t)snprintf(text + used, DIAGNOSIS_TEXT - used, ". To try: %s",
                             diagnosis->cause->summary);
    if (diagnosis->cause == &diagnosis_bandwidth)
        used += (size_t)tell_headroom(facts->headroom, text + used, DIAGNOSIS_TEXT - used);
    used += (size_t)snprintf(text + used, DIAGNOSIS_TEXT - used, ".");
    if (facts->gemv_elements > 0)
        snprintf(text + used, DIAGNOSIS_TEXT - used,
                 " Left to itself BLAS would run on one thread here: it uses several from %" PRId64
                 " elements on. descent shares out rows itself.",
                 facts->gemv_elements);
}

struct diagnosis diagnose(const struct diagnosis_facts *facts)
{
    struct diagnosis diagnosis = {.cause = &diagnosis_inside, .share = facts->hottest_share};
    const double reached = facts->limit / facts->seconds;
    const bool products = facts->bound != NULL && strcmp(facts->bound, "GEMM") == 0;
    const bool several = facts->threads > 1 && isfinite(facts->efficiency);
    struct suspect suspect = worst(facts);
    if (reached >= at_ceiling)
        diagnosis = (struct diagnosis){
            .cause = products ? &diagnosis_compute : &diagnosis_bandwidth, .share = reached};
    else if (several && facts->efficiency >= scales_well)
        diagnosis = (struct diagnosis){.cause = &diagnosis_scales, .share = facts->efficiency};
    else if (suspect.share >= worth_a_word)
        diagnosis = (struct diagnosis){.cause = suspect.cause, .share = suspect.share};
    complete(facts, &diagnosis);
    return diagnosis;
}
