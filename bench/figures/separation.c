/* SPDX-License-Identifier: MIT
 *
 * separation: can the verdicts of paired comparisons (measure/statistics/paired.h) be trusted on
 * this machine?
 *
 * Real training runs are compared as `descent compare` does: two sides, bound to processors, once
 * each in every round in interleaved order (sweep/workload/rounds.h), and the interval of the sign
 * test. The truth is known:
 *
 *     A against A        the same configuration: the verdict must be "not separated"
 *     A 10 % slower      its step, and then idle turns for a tenth of what the step took: the
 *                        verdict must be "A is first"
 *
 * The first is what drift, interruptions and order would spoil, the second is what an interval that
 * is always wide would miss. Both sides take the same steps, so every trial must end with the same
 * bits; a row where one did not has no share.
 *
 *     separation [--comparisons N]     a table in Markdown; what it is busy with goes to stderr
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
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

enum { ROUNDS = 15, SIDES = 2 };
static const double alpha = 0.05, slowdown = 0.1;

/* Data and epochs for trials of some milliseconds. */
static const char *const made_data = "blobs:rows=20000,features=20,noise=0.1";

struct workload {
    const char *solver;
    double rate;
    int64_t epochs;
    bool all_threads;
};

static const struct workload workloads[] = {
    {"gd", 1.0, 40, false},
    {"sgd", 0.001, 5, false},
    {"gd", 1.0, 40, true},
};

/* A solver that is slower than the one it is made of; solver_of() finds it by its first member. */
struct slowed {
    struct solver solver;
    const struct solver *real;
};

/* The step may not take the gradient that the trace has evaluated: its time would be charged to the
 * step by the training loop, and the tenth would be one of nothing. */
static void step_slowed(const struct step *step)
{
    const struct slowed *slowed = (const void *)solver_of(step->configurations[0]->solver);
    double start = clock_seconds();
    objective_moved(step->objective);
    slowed->real->step(step);
    double now = clock_seconds(), end = now + slowdown * (now - start);
    while (now < end)
        now = clock_seconds();
}

struct comparison {
    const struct dataset *data;
    struct configuration sides[SIDES];
    uint64_t seed;            /* of the order */
    int64_t round;            /* of all comparisons so far */
    char digest[DIGEST_TEXT]; /* of every trial; "" before the first */
    bool differs;
};

static struct configuration configure(const struct workload *workload, const struct entry *solver)
{
    struct configuration configuration = configuration_default();
    configuration.solver = solver;
    configuration.rate = workload->rate;
    configuration.epochs = workload->epochs;
    configuration.threads = workload->all_threads ? threads_available() : 1;
    configuration.shuffle = &shuffle_once; /* drawing it is no part of the step that is slowed */
    configuration.record = &record_geometric;
    configuration_canonicalise(&configuration);
    return configuration;
}

/* Seconds on the training clock. */
static double train(struct comparison *comparison, size_t side)
{
    const struct configuration *configuration = &comparison->sides[side];
    const struct training_hooks none = {0};
    struct trial trial;
    training_run(comparison->data, &configuration, 1, &none, &trial);
    if (comparison->digest[0] == '\0')
        memcpy(comparison->digest, trial.digest, sizeof trial.digest);
    if (trial.status != STATUS_EPOCHS || strcmp(comparison->digest, trial.digest) != 0)
        comparison->differs = true;
    double seconds = trial.train_seconds;
    trial_clear(&trial);
    return seconds;
}

static struct paired_ratio compare(struct comparison *comparison)
{
    double seconds[SIDES][ROUNDS];
    uint32_t turns[SIDES] = {0};
    for (size_t round = 0; round < ROUNDS; round++) {
        round_turns(&order_interleaved, comparison->seed, ++comparison->round, SIDES, turns);
        for (size_t turn = 0; turn < SIDES; turn++)
            seconds[turns[turn]][round] = train(comparison, turns[turn]);
    }
    return paired_ratio(seconds[0], seconds[1], ROUNDS, alpha);
}

static int64_t threads_of(const struct configuration *configuration)
{
    bool parallel = (solver_of(configuration->solver)->uses & USES_THREADS) != 0;
    return parallel ? configuration->threads : 1;
}

/* What is expected of a row of the table. */
struct expectation {
    const char *sides, *verdict;
    enum paired_outcome separation;
    double bar; /* the least share of comparisons with that verdict */
};

static const struct expectation of_equals = {"A against A", "not separated", SEPARATION_NONE, 0.95};
static const struct expectation of_slowed = {"A against A slowed by 10 %", "A is first",
                                             SEPARATION_FIRST, 0.90};

static void print_row(const struct expectation *expected, const struct configuration *a,
                      const double *ratios, size_t comparisons, size_t right, bool differs)
{
    double share = (double)right / (double)comparisons;
    const char *verdict = share >= expected->bar ? "holds" : "MISSED";
    printf("| %s | %s | %" PRId64 " | %s | ", expected->sides, a->solver->name, threads_of(a),
           expected->verdict);
    if (differs)
        printf("| | %.0f %% | | FAILED: a trial with other bits |\n", 100.0 * expected->bar);
    else
        printf("%zu of %zu | %.1f %% | %.0f %% | %.4f (%.4f..%.4f) | %s |\n", right, comparisons,
               100.0 * share, 100.0 * expected->bar, median(ratios, comparisons),
               quantile(ratios, comparisons, 0.0), quantile(ratios, comparisons, 1.0), verdict);
    fflush(stdout);
}

/* One row: so many comparisons of the workload with itself, slowed or not. False when trials that
 * had to be the same were not. */
static bool run_row(const struct dataset *data, const struct workload *workload, bool slower,
                    size_t comparisons, uint64_t seed)
{
    const struct expectation *expected = slower ? &of_slowed : &of_equals;
    const struct solver *solver = solver_of(table_find(&solver_table, workload->solver));
    struct slowed slowed = {*solver, solver};
    slowed.solver.step = step_slowed;
    struct comparison comparison = {
        .data = data,
        .sides = {configure(workload, &solver->entry),
                  configure(workload, slower ? &slowed.solver.entry : &solver->entry)},
        .seed = seed,
    };
    const struct configuration *a = &comparison.sides[0];
    fprintf(stderr, "%s, %s, threads %" PRId64 "\n", expected->sides, a->solver->name,
            threads_of(a));
    threads_release();
    train(&comparison, 0); /* caches and threads are warm from here on */
    train(&comparison, 1);
    double *ratios = memory_allocate(comparisons, sizeof *ratios);
    size_t right = 0;
    for (size_t i = 0; i < comparisons; i++) {
        struct paired_ratio paired = compare(&comparison);
        ratios[i] = paired.ratio;
        right += separation_of(&paired) == expected->separation;
    }
    print_row(expected, a, ratios, comparisons, right, comparison.differs);
    memory_free(ratios);
    return !comparison.differs;
}

/* Equals whose rounds are independent are not separated in a share of `confidence`, give or take
 * what chance does to so many comparisons. */
static void print_heading(size_t comparisons)
{
    double ones[ROUNDS];
    for (size_t i = 0; i < ROUNDS; i++)
        ones[i] = 1.0;
    double confidence = paired_ratio(ones, ones, ROUNDS, alpha).confidence;
    double deviation = sqrt(confidence * (1.0 - confidence) / (double)comparisons);
    printf(
        "Training runs on `%s`, %d rounds a comparison, alpha = %g. Of equals, %.1f %% are\n"
        "not separated if rounds are independent; in %zu comparisons chance moves that by %.1f %%\n"
        "(a standard deviation). The ratio is the time of the second side over that of the first.\n"
        "\n",
        made_data, ROUNDS, alpha, 100.0 * confidence, comparisons, 100.0 * deviation);
    printf("| sides | solver | threads | right verdict | found | share | bar | ratio, median of "
           "comparisons (least..most) | result |\n"
           "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
}

static bool run_table(const struct dataset *data, size_t comparisons)
{
    bool alike = true;
    uint64_t seed = 1;
    print_heading(comparisons);
    for (int slower = 0; slower < 2; slower++)
        for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
            if (!workloads[i].all_threads || threads_available() > 1)
                alike = run_row(data, &workloads[i], slower != 0, comparisons, seed++) && alike;
    if (threads_available() == 1)
        printf("\nThis process may use one processor: there are no rows of all threads.\n");
    return alike;
}

static struct dataset *make_data(struct error *error)
{
    struct source source;
    if (!source_parse(&source, made_data, error))
        return NULL;
    struct dataset *data = source_load(&source, true, threads_available(), error);
    source_clear(&source);
    return data;
}

/* `comparisons` keeps its value where none is given. */
static bool parse_comparisons(int argc, char **argv, size_t *comparisons, struct error *error)
{
    int64_t number = (int64_t)*comparisons;
    bool known = argc == 1 || (argc == 3 && strcmp(argv[1], "--comparisons") == 0);
    if (!known)
        return error_usage(error, "usage: separation [--comparisons N]");
    if (argc == 3 && (!text_to_integer(argv[2], &number) || number < 1 || number > 1000000))
        return error_usage(error, "--comparisons %s: expected an integer from 1 to 1000000",
                           argv[2]);
    *comparisons = (size_t)number;
    return true;
}

int main(int argc, char **argv)
{
    struct error error = {0};
    size_t comparisons = 200;
    threads_initialise();
    kernels_initialise();
    struct dataset *data = NULL;
    if (!parse_comparisons(argc, argv, &comparisons, &error) ||
        (data = make_data(&error)) == NULL) {
        fprintf(stderr, "separation: %s\n", error.message);
        return (int)error.kind;
    }
    bool bound = binding_begin();
    bool alike = run_table(data, comparisons);
    if (bound)
        binding_end();
    dataset_free(data);
    return alike ? 0 : ERROR_FAILED;
}
