/* SPDX-License-Identifier: MIT
 *
 * All processes that are timed live at the same time, and one of them works; before it answers its
 * threads sleep again, unless they are told to spin (OMP_WAIT_POLICY=active).
 */
#include "programs/blas/blas_card.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "measure/machine/topology.h"
#include "measure/statistics/statistics.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { PROGRESS = 256 };
static const double ceiling_samples = 20.0, alpha = 0.05;

static struct blas_timing *timing_at(const struct blas_card *card, size_t heat, size_t library)
{
    return &card->timings[heat * card->plan.library_count + library];
}

const struct blas_timing *blas_card_timing(const struct blas_card *card, size_t heat,
                                           size_t library)
{
    return timing_at(card, heat, library);
}

static void say(void (*progress)(const char *what), const char *what, const char *name)
{
    char words[PROGRESS];
    snprintf(words, sizeof words, "%s%s", what, name);
    if (progress != NULL)
        progress(words);
}

/* --- Ceilings ------------------------------------------------------------------------------- */

/* Reads of no more bytes than the largest shape has, but for one; for as long as some samples. */
static bool find_ceilings(struct blas_card *card, struct error *error)
{
    struct topology topology;
    double bytes = 0.0;
    for (size_t i = 0; i < card->plan.shape_count; i++)
        bytes = fmax(bytes, blas_shape_bytes(card->plan.shapes[i]));
    topology_read(&topology);
    for (size_t t = 0; t < card->plan.thread_count; t++) {
        struct ceilings *ceilings = &card->ceilings[t];
        if (!ceilings_plan(card->plan.threads[t], &topology, (double)memory_available(), ceilings,
                           error))
            return false;
        while (ceilings->read_count > 2 && ceilings->reads[ceilings->read_count - 2].bytes > bytes)
            ceilings->read_count--;
        ceilings_measure_planned(ceilings, ceiling_samples * card->plan.seconds);
    }
    ceilings_raise(card->ceilings, card->plan.thread_count);
    threads_release();
    return true;
}

/* --- Times ---------------------------------------------------------------------------------- */

struct heats {
    struct blas_card *card;
    struct blas_process **processes; /* (library_count) */
    double *processors, *threads;    /* (library_count, rounds) */
};

static bool time_once(struct heats *heats, size_t heat, size_t library, size_t round,
                      struct error *error)
{
    const struct blas_card_plan *plan = &heats->card->plan;
    const size_t at = library * (size_t)plan->rounds + round;
    struct blas_time time;
    if (!blas_ask_time(heats->processes[library], plan->seconds, &time, error))
        return false;
    timing_at(heats->card, heat, library)->seconds[round] = time.seconds;
    heats->processors[at] = time.processors;
    heats->threads[at] = time.threads;
    return true;
}

/* Each round begins with another library. */
static bool run_rounds(struct heats *heats, size_t heat, struct error *error)
{
    const size_t count = heats->card->plan.library_count, rounds = (size_t)heats->card->plan.rounds;
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            if (!time_once(heats, heat, (i + round) % count, round, error))
                return false;
    for (size_t i = 0; i < count; i++) {
        struct blas_timing *timing = timing_at(heats->card, heat, i);
        timing->processors = median(heats->processors + i * rounds, rounds);
        timing->threads = (int)median(heats->threads + i * rounds, rounds);
    }
    return true;
}

/* Operands stay for all numbers of threads. */
static bool prepare(struct heats *heats, size_t heat, size_t library, struct error *error)
{
    const struct blas_card_plan *plan = &heats->card->plan;
    const struct blas_heat *at = &heats->card->heats[heat];
    struct blas_timing *timing = timing_at(heats->card, heat, library);
    struct blas_process *process = heats->processes[library];
    timing->seconds = memory_allocate((size_t)plan->rounds, sizeof *timing->seconds);
    return (at->threads > 0 || blas_ask_operands(process, blas_operation_at(at->operation),
                                                 plan->shapes[at->shape], error)) &&
           blas_ask_use(process, plan->threads[at->threads], error) &&
           blas_ask_digest(process, timing->digest, &timing->repeats, error);
}

static bool run_heat(struct heats *heats, size_t heat, struct error *error)
{
    for (size_t i = 0; i < heats->card->plan.library_count; i++)
        if (!prepare(heats, heat, i, error))
            return false;
    return run_rounds(heats, heat, error);
}

static bool run_heats(struct heats *heats, void (*progress)(const char *what), struct error *error)
{
    const struct blas_card_plan *plan = &heats->card->plan;
    for (size_t i = 0; i < plan->library_count; i++) {
        heats->processes[i] =
            blas_process_start(plan->program, plan->libraries[i]->path, false, error);
        if (heats->processes[i] == NULL)
            return false;
    }
    for (size_t i = 0; i < heats->card->heat_count; i++) {
        say(progress, "times of ", blas_operation_at(heats->card->heats[i].operation)->entry.name);
        if (!run_heat(heats, i, error))
            return false;
    }
    return true;
}

static bool find_times(struct blas_card *card, void (*progress)(const char *what),
                       struct error *error)
{
    const size_t libraries = card->plan.library_count, rounds = (size_t)card->plan.rounds;
    struct heats heats = {
        .card = card,
        .processes = memory_allocate(libraries, sizeof(struct blas_process *)),
        .processors = memory_allocate(libraries * rounds, sizeof(double)),
        .threads = memory_allocate(libraries * rounds, sizeof(double)),
    };
    const bool done = run_heats(&heats, progress, error);
    for (size_t i = 0; i < libraries; i++)
        blas_process_stop(heats.processes[i]);
    memory_free(heats.processes);
    memory_free(heats.processors);
    memory_free(heats.threads);
    return done;
}

/* --- All of it ------------------------------------------------------------------------------ */

static void list_heats(struct blas_card *card)
{
    const struct blas_card_plan *plan = &card->plan;
    card->heats = memory_allocate(plan->shape_count * BLAS_OPERATIONS * plan->thread_count,
                                  sizeof *card->heats);
    for (size_t shape = 0; shape < plan->shape_count; shape++)
        for (size_t operation = 0; operation < BLAS_OPERATIONS; operation++)
            for (size_t t = 0; t < plan->thread_count && !blas_operation_at(operation)->scalar; t++)
                card->heats[card->heat_count++] = (struct blas_heat){shape, operation, t};
    card->timings = memory_allocate(card->heat_count * plan->library_count, sizeof *card->timings);
}

static bool measure(struct blas_card *card, void (*progress)(const char *what), struct error *error)
{
    const struct blas_card_plan *plan = &card->plan;
    say(progress, "ceilings", "");
    if (!find_ceilings(card, error))
        return false;
    for (size_t i = 0; i < plan->library_count; i++) {
        say(progress, "behaviour of ", plan->libraries[i]->name);
        if (!blas_behaviour_find(plan->program, plan->libraries[i]->path, plan->shapes[0],
                                 plan->threads[plan->thread_count - 1], &card->behaviours[i],
                                 error))
            return false;
    }
    return find_times(card, progress, error);
}

bool blas_card_measure(const struct blas_card_plan *plan, void (*progress)(const char *what),
                       struct blas_card *card, struct error *error)
{
    *card = (struct blas_card){
        .plan = *plan,
        .ceilings = memory_allocate(plan->thread_count, sizeof *card->ceilings),
        .behaviours = memory_allocate(plan->library_count, sizeof *card->behaviours),
    };
    list_heats(card);
    const bool done = measure(card, progress, error);
    if (!done)
        blas_card_clear(card);
    return done;
}

void blas_card_clear(struct blas_card *card)
{
    for (size_t i = 0; i < card->heat_count * card->plan.library_count; i++)
        memory_free(card->timings[i].seconds);
    memory_free(card->timings);
    memory_free(card->heats);
    memory_free(card->behaviours);
    memory_free(card->ceilings);
    *card = (struct blas_card){0};
}

/* --- What it says --------------------------------------------------------------------------- */

static struct blas_shape shape_of(const struct blas_card *card, size_t heat)
{
    const struct blas_heat *at = &card->heats[heat];
    return blas_shape_for(blas_operation_at(at->operation), card->plan.shapes[at->shape]);
}

double blas_card_rate(const struct blas_card *card, size_t heat, size_t library)
{
    const struct blas_shape shape = shape_of(card, heat);
    const bool vector = blas_operation_at(card->heats[heat].operation)->vector;
    return (vector ? blas_shape_bytes(shape) : blas_shape_flops(shape)) /
           median(timing_at(card, heat, library)->seconds, (size_t)card->plan.rounds);
}

double blas_card_share(const struct blas_card *card, size_t heat, size_t library)
{
    const struct ceilings *ceilings = &card->ceilings[card->heats[heat].threads];
    const bool vector = blas_operation_at(card->heats[heat].operation)->vector;
    return blas_card_rate(card, heat, library) /
           (vector ? ceilings_read_rate(ceilings, blas_shape_bytes(shape_of(card, heat)))
                   : ceilings->gemm_rate);
}

struct paired_ratio blas_card_ratio(const struct blas_card *card, size_t heat, size_t a, size_t b)
{
    const size_t others = card->plan.library_count > 2 ? card->plan.library_count - 1 : 1;
    return paired_ratio(timing_at(card, heat, a)->seconds, timing_at(card, heat, b)->seconds,
                        (size_t)card->plan.rounds, alpha / (double)others);
}

size_t blas_card_first(const struct blas_card *card, size_t heat)
{
    const size_t count = card->plan.library_count;
    for (size_t i = 0; i < count; i++) {
        size_t behind = 0;
        for (size_t j = 0; j < count; j++) {
            const struct paired_ratio ratio = blas_card_ratio(card, heat, i, j);
            behind += j != i && separation_of(&ratio) == SEPARATION_FIRST;
        }
        if (behind + 1 == count)
            return i;
    }
    return SIZE_MAX;
}
