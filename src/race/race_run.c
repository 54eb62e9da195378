/* SPDX-License-Identifier: MIT
 *
 * The order of rounds. Sides run one after the other in a task, and tasks in a round: what is
 * compared lies close together in time.
 */
#include "race/race.h"

#include "base/memory.h"
#include "base/parallel/processors.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "race/race_plan.h"
#include "sweep/file/sweep_file.h"
#include "sweep/workload/rounds.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

const char *const race_side_names[RACE_SIDES] = {"A", "A's copy", "B"};

void race_half(int half, cpu_set_t *processors)
{
    cpu_set_t both[2];
    processors_read(&both[0]);
    both[1] = both[0];
    processors_share(both, half, 2, processors);
}

/* The first may have found too little noise, and is then made anew. */
enum { PLANS_MOST = 5 };

/* The round that is run: 0 does not count. */
struct running {
    struct race *race;
    const struct race_runner *runner;
    size_t round;
    struct error *error;
};

static bool fail(const struct running *running, size_t task, size_t side, const char *reason)
{
    const struct race *race = running->race;
    char of[256] = "";
    if (race->tasks > 1)
        snprintf(of, sizeof of, " of %s", race->names[task]);
    if (interruption_requested == INTERRUPTION_NONE)
        return error_usage(running->error,
                           "race: %s failed in round %zu%s: %s; there is no verdict",
                           race_side_names[side], running->round, of, reason);
    error_failed(running->error, "race: it was stopped in round %zu; there is no verdict",
                 running->round);
    running->error->kind = ERROR_INTERRUPTED;
    return false;
}

/* A's first output is what all others are compared with. */
static void take_output(struct race *race, size_t task, size_t side, struct race_output *output)
{
    if (race->first[task].digest[0] == '\0') {
        race->first[task] = *output;
        *output = (struct race_output){.objective = NAN};
        return;
    }
    race_difference_add(&race->differences[task * race->sides + side], &race->first[task], output);
}

/* Times are compared by their ratios. */
static bool check_time(const struct race_sample *sample, char reason[static RACE_REASON])
{
    if (sample->seconds > 0.0)
        return true;
    snprintf(reason, RACE_REASON, "it took no time that a clock can tell; give it more to do");
    return false;
}

/* One run: in a duet two of them at a time. */
struct side_run {
    const struct running *running;
    struct race_turn turn;
    size_t column; /* that its sample is of */
    struct race_sample sample;
    struct race_output output;
    bool done;
    char reason[RACE_REASON];
};

static void *run_side(void *context)
{
    struct side_run *run = context;
    const struct race_runner *runner = run->running->runner;
    run->sample = (struct race_sample){NAN, NAN, NAN};
    run->output = (struct race_output){.objective = NAN};
    run->done = interruption_requested == INTERRUPTION_NONE &&
                runner->run(runner->context, run->turn, &run->sample, &run->output, run->reason) &&
                check_time(&run->sample, run->reason);
    return NULL;
}

/* In a thread of its own. */
static void *run_beside(void *context)
{
    threads_initialise();
    return run_side(context);
}

/* What came of it. */
static bool take_side(struct side_run *run)
{
    const struct running *running = run->running;
    struct race *race = running->race;
    if (run->done)
        take_output(race, run->turn.task, run->turn.side, &run->output);
    if (run->done && running->round > 0)
        *race_sample_at(race, running->round - 1, run->turn.task, run->column) = run->sample;
    race_output_clear(&run->output);
    return run->done || fail(running, run->turn.task, run->turn.side, run->reason);
}

/* In the round that does not count A comes first: the others are compared with it. */
static void find_turns(const struct running *running, size_t task, uint32_t *turns)
{
    const struct race *race = running->race;
    if (running->round == 0)
        round_turns(&order_listed, 0, 1, race->sides, turns);
    else
        round_turns(&order_interleaved, race->options.seed + task, (int64_t)running->round,
                    race->sides, turns);
}

/* Each order of links in turn. */
static bool link_sides(const struct running *running)
{
    const size_t orders = running->race->options.orders;
    char reason[RACE_REASON];
    return orders == 0 ||
           running->runner->relink(running->runner->context,
                                   running->round > 0 ? (running->round - 1) % orders : 0,
                                   reason) ||
           error_failed(running->error, "race: %s", reason);
}

/* Each side alone, one after the other. */
static bool run_alone(const struct running *running, size_t task)
{
    uint32_t turns[RACE_SIDES];
    find_turns(running, task, turns);
    for (size_t i = 0; i < running->race->sides; i++) {
        struct side_run run = {
            .running = running, .turn = {task, (enum race_side)turns[i], -1}, .column = turns[i]};
        run_side(&run);
        if (!take_side(&run))
            return false;
    }
    return true;
}

/* A, whose sample is of that column, and another side at the same time. */
static bool run_duet(const struct running *running, size_t task, size_t column,
                     enum race_side other)
{
    const int half = (int)(running->round % 2);
    struct side_run first = {.running = running, .turn = {task, RACE_A, half}, .column = column},
                    second = {.running = running, .turn = {task, other, 1 - half}, .column = other};
    pthread_t thread;
    const int fault = pthread_create(&thread, NULL, run_beside, &second);
    if (fault != 0)
        return error_failed(running->error, "race: no thread for a duet: %s", strerror(fault));
    run_side(&first);
    pthread_join(thread, NULL);
    const bool taken = take_side(&first);
    return take_side(&second) && taken;
}

/* A beside its copy and A beside B; the halves of the processors are swapped every round, and which
 * duet is first every other. */
static bool run_duets(const struct running *running, size_t task)
{
    const bool swapped = running->round % 4 >= 2;
    if (swapped && !run_duet(running, task, RACE_AGAIN, RACE_B))
        return false;
    return run_duet(running, task, RACE_A, RACE_COPY) &&
           (swapped || run_duet(running, task, RACE_AGAIN, RACE_B));
}

static bool run_round(const struct running *running)
{
    bool done = link_sides(running);
    for (size_t task = 0; task < running->race->tasks && done; task++)
        done = running->race->options.duet ? run_duets(running, task) : run_alone(running, task);
    return done;
}

/* Up to so many in all. */
static bool run_rounds(struct running *running, size_t rounds)
{
    struct race *race = running->race;
    race->samples = memory_resize(race->samples, rounds * race->tasks * race_columns(race),
                                  sizeof *race->samples);
    while (race->rounds < rounds) {
        const double start = clock_seconds();
        running->round = race->rounds + 1;
        if (!run_round(running))
            return false;
        race->rounds++;
        race->seconds += clock_seconds() - start;
    }
    return true;
}

bool race_run(struct race *race, const struct race_runner *runner, FILE *out, struct error *error)
{
    struct running running = {race, runner, 0, error};
    race->first = memory_allocate(race->tasks, sizeof *race->first);
    race->differences = memory_allocate(race->tasks * race->sides, sizeof *race->differences);
    if (!run_round(&running) || !run_rounds(&running, race_pilot(race)))
        return false;
    for (int plan = 0; plan < PLANS_MOST; plan++) {
        const size_t before = race->rounds;
        race_plan_make(race);
        if (plan > 0 && race->plan.rounds == before)
            break;
        if (out != NULL)
            race_plan_tell(race, out);
        if (!run_rounds(&running, race->plan.rounds))
            return false;
    }
    return true;
}

void race_clear(struct race *race)
{
    for (size_t task = 0; race->first != NULL && task < race->tasks; task++)
        race_output_clear(&race->first[task]);
    memory_free(race->first);
    memory_free(race->differences);
    memory_free(race->samples);
    *race = (struct race){.rounds = 0};
}
