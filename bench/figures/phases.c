/* SPDX-License-Identifier: MIT
 *
 * phases: can the phases of a profile be trusted? Three questions, of the same trials with timers
 * and without, once each in every round in interleaved order (sweep/workload/rounds.h):
 *
 *     cost       what do the timers add to an epoch, on all three clocks? The median ratio of two
 *                of a round, with the interval of the sign test (measure/statistics/paired.h); bar
 * 1 % sum        how far is the sum of the phases from the trial's three clocks, at worst? bar 3 %
 *     declared   are the operations and bytes of the phases what an epoch takes by the formulas
 *                below, which are written here a second time?
 *
 * Timers cost a fixed time for each pass, parallel region and step. So there is a length of an
 * epoch below which they cost more than the bar: the last rows show where.
 *
 *     phases [--rounds N | --quick]     a table in Markdown; quick: to see whether it works
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/text.h"
#include "data/sources/source_load.h"
#include "kernels/kernel.h"
#include "measure/machine/binding.h"
#include "measure/statistics/paired.h"
#include "measure/statistics/statistics.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "sweep/file/sweep_file.h"
#include "sweep/workload/rounds.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDES = 2, ROUNDS = 41 }; /* without timers, with */
static const double alpha = 0.05, cost_bar = 0.01, sum_bar = 0.03;

/* Seconds of a trial are some hundredths. */
static const struct workload {
    const char *data;
    const char *solver;
    const struct kernel *kernel; /* NULL: auto */
    int threads;                 /* 0: all */
    int64_t epochs;
} workloads[] = {
    {"blobs:rows=100000,features=50", "gd", &kernel_fused, 1, 20},
    {"blobs:rows=100000,features=50", "gd", &kernel_fused, 0, 40},
    {"blobs:rows=100000,features=50", "gd", &kernel_blas, 1, 20},
    {"blobs:rows=100000,features=50", "gd", &kernel_blas, 0, 40},
    {"blobs:rows=100000,features=50", "sgd", NULL, 1, 5},
    {"blobs:rows=100000,features=50", "minibatch", NULL, 1, 5},
    {"blobs:rows=20000,features=20", "gd", &kernel_fused, 1, 200},
    {"blobs:rows=20000,features=20", "gd", &kernel_fused, 0, 400},
    {"blobs:rows=5000,features=20", "gd", &kernel_fused, 1, 1000},
    {"blobs:rows=5000,features=20", "gd", &kernel_fused, 0, 2000},
};

/* What a row of the table is made from. */
struct measured {
    double epoch;         /* seconds, without timers */
    double *sides[SIDES]; /* (rounds) seconds of trials */
    double worst_sum;     /* |sum of phases / clocks - 1| */
    bool declared;        /* as the formulas have it, in every trial */
    bool differs;         /* timers changed the bits */
    char digest[DIGEST_TEXT];
};

static struct configuration configure(const struct workload *workload)
{
    struct configuration configuration = configuration_default();
    configuration.solver = table_find(&solver_table, workload->solver);
    if (workload->kernel != NULL)
        configuration.kernel = &workload->kernel->entry;
    configuration.rate = 0.001;
    configuration.epochs = workload->epochs;
    configuration.threads = workload->threads > 0 ? workload->threads : threads_available();
    configuration_canonicalise(&configuration);
    return configuration;
}

static double clocks_of(const struct trial *trial)
{
    return trial->train_seconds + trial->evaluate_seconds + trial->record_seconds;
}

/* An epoch of full passes: products of 2 for an entry each way, 16 a point; X once, or twice with
 * what lies between the two, and y. */
static bool is_declared(const struct dataset *data, const struct trial *trial)
{
    double n = (double)data->rows, d = (double)data->features, epochs = (double)trial->epochs;
    bool twice = strcmp(trial->kernel, "blas") == 0;
    double flops = 4.0 * n * d + 16.0 * n,
           bytes = 8.0 * (twice ? 2.0 * n * d + 5.0 * n : n * d + n);
    struct phase_cost sum = {0};
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        sum.flops += phase != PHASE_REDUCE ? trial->phases->cost[phase].flops : 0.0;
        sum.bytes += phase != PHASE_REDUCE ? trial->phases->cost[phase].bytes : 0.0;
    }
    return fabs(sum.flops / (flops * epochs) - 1.0) < 1e-9 &&
           fabs(sum.bytes / (bytes * epochs) - 1.0) < 1e-9;
}

static void look(const struct dataset *data, const struct trial *trial, struct measured *measured)
{
    double sum = 0.0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        sum += trial->phases->seconds[phase];
    measured->worst_sum = fmax(measured->worst_sum, fabs(sum / clocks_of(trial) - 1.0));
    measured->declared = measured->declared && is_declared(data, trial);
}

static double train(const struct dataset *data, const struct configuration *configuration,
                    bool timed, struct measured *measured)
{
    const struct training_hooks hooks = {.phases = timed};
    struct trial trial;
    training_run(data, &configuration, 1, &hooks, &trial);
    double seconds = clocks_of(&trial);
    if (timed)
        look(data, &trial, measured);
    if (measured->digest[0] == '\0')
        memcpy(measured->digest, trial.digest, sizeof trial.digest);
    measured->differs = measured->differs || strcmp(measured->digest, trial.digest) != 0;
    trial_clear(&trial);
    return seconds;
}

static void measure(const struct dataset *data, const struct configuration *configuration,
                    size_t rounds, struct measured *measured)
{
    uint32_t turns[SIDES] = {0};
    threads_release();
    train(data, configuration, false, measured); /* warms up */
    for (size_t round = 0; round < rounds; round++) {
        round_turns(&order_interleaved, 1, (int64_t)round + 1, SIDES, turns);
        for (size_t turn = 0; turn < SIDES; turn++)
            measured->sides[turns[turn]][round] =
                train(data, configuration, turns[turn] == 1, measured);
    }
    measured->epoch = median(measured->sides[0], rounds) / (double)configuration->epochs;
}

static void print_row(const struct workload *workload, const struct configuration *configuration,
                      const struct measured *measured, size_t rounds)
{
    struct paired_ratio ratio = paired_ratio(measured->sides[0], measured->sides[1], rounds, alpha);
    double cost = ratio.ratio - 1.0;
    printf("| %s | %s | %s | %" PRId64
           " | %.1f µs | %.2f %% (%.2f..%.2f) | %s | %.2f %% | %s | %s |\n",
           workload->data, workload->solver, configuration->kernel->name,
           (solver_of(configuration->solver)->uses & USES_THREADS) != 0 ? configuration->threads
                                                                        : 1,
           1e6 * measured->epoch, 100.0 * cost, 100.0 * (ratio.low - 1.0),
           100.0 * (ratio.high - 1.0), cost <= cost_bar ? "holds" : "MISSED",
           100.0 * measured->worst_sum, measured->worst_sum <= sum_bar ? "holds" : "MISSED",
           measured->differs    ? "FAILED: other bits"
           : measured->declared ? "equal"
                                : "DIFFERS");
    fflush(stdout);
}

/* As short as a trial can be. */
static const int64_t quick_epochs = 2;

static bool run_row(const struct workload *workload, bool quick, size_t rounds, struct error *error)
{
    struct source source;
    if (!source_parse(&source, workload->data, error))
        return false;
    struct dataset *data = source_load(&source, true, threads_available(), error);
    source_clear(&source);
    if (data == NULL)
        return false;
    struct configuration configuration = configure(workload);
    if (quick)
        configuration.epochs = quick_epochs;
    struct measured measured = {.declared = true};
    for (size_t side = 0; side < SIDES; side++)
        measured.sides[side] = memory_allocate(rounds, sizeof(double));
    measure(data, &configuration, rounds, &measured);
    print_row(workload, &configuration, &measured, rounds);
    for (size_t side = 0; side < SIDES; side++)
        memory_free(measured.sides[side]);
    dataset_free(data);
    return true;
}

int main(int argc, char **argv)
{
    int64_t rounds = ROUNDS;
    const bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
    struct error error = {.kind = ERROR_NONE};
    if (argc != 1 && !quick &&
        !(argc == 3 && strcmp(argv[1], "--rounds") == 0 && text_to_integer(argv[2], &rounds) &&
          rounds >= 1 && rounds <= 100000)) {
        fprintf(stderr, "phases: usage: phases [--rounds N | --quick]\n");
        return ERROR_USAGE;
    }
    threads_initialise();
    kernels_initialise();
    bool bound = binding_begin();
    printf("| data | solver | kernel | threads | an epoch | timers add (95 %%) | 1 %% | phases off "
           "by at "
           "most | 3 %% | declared work |\n|---|---|---|--:|--:|--:|---|--:|---|---|\n");
    bool done = true;
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads && done; i++)
        done = run_row(&workloads[i], quick, quick ? 1 : (size_t)rounds, &error);
    if (bound)
        binding_end();
    if (!done)
        fprintf(stderr, "phases: %s\n", error.message);
    return (int)error.kind;
}
