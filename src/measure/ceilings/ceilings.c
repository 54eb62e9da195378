/* SPDX-License-Identifier: MIT
 *
 * Everything is measured in rounds: in each one sample of every working set, of GEMM, of fork/join
 * and of the barrier, one after the other, so that a neighbour or a slower clock spoils a round and
 * not a size. A sample is as many turns as make about two milliseconds, and the least time of a
 * turn counts: what else the machine does can only add to it.
 *
 * The threads of a team read what they were the first to touch, each a contiguous share, as in a
 * pass over rows. What fits a cache is read several times before the clock starts: a last-level
 * cache that has just held other data fills up only gradually, and an epoch, of which a ceiling is
 * asked, follows others over the same rows. Turns follow each other without a barrier: that has a
 * ceiling of its own.
 */
#include "measure/ceilings/ceilings.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "measure/ceilings/gemm.h"
#include "measure/ceilings/read_pass.h"

#include <assert.h>
#include <math.h>

enum { ROUNDS_LEAST = 4, TURNS_TO_FILL = 4, GEMM_TURNS = 3, PROBES = CEILING_READS + 3 };
static const double sample_seconds = 0.002, turns_most = 1e6;

/* --- What is measured with ------------------------------------------------------------------ */

struct reading_threads {
    int threads;
    size_t stride;  /* doubles of each thread */
    double *memory; /* (threads, stride) */
    struct gemm gemm;
};

/* The first to touch memory is the one that will read it. */
static struct reading_threads team_create(const struct ceilings *ceilings)
{
    double largest = ceilings->reads[ceilings->read_count - 1].bytes;
    size_t count = (size_t)largest / sizeof(double), threads = (size_t)ceilings->threads;
    struct reading_threads team = {
        .threads = ceilings->threads,
        .stride = count / threads,
        .memory = memory_allocate_untouched(count, sizeof(double)),
        .gemm = gemm_create(ceilings->threads, ceilings->gemm_size),
    };
#pragma omp parallel num_threads(team.threads)
    {
        threads_enter();
        double *share = team.memory + (size_t)threads_current() * team.stride;
        for (size_t i = 0; i < team.stride; i++)
            share[i] = 1.0;
    }
    return team;
}

static void team_clear(struct reading_threads *team)
{
    memory_free(team->memory);
    gemm_clear(&team->gemm);
}

/* Something whose turns are timed, and the least time of one so far. */
struct ceiling_probe {
    /* Seconds of so many turns, the first after some that do not count. */
    double (*run)(const struct reading_threads *team, const struct ceiling_probe *probe, int turns);
    size_t count; /* doubles that each thread reads */
    int before;   /* turns that do not count */
    int together; /* turns of a sample, at least */
    double least;
};

static void probe_sample(struct ceiling_probe *probe, const struct reading_threads *team)
{
    double turns = fmin(fmax(probe->together, floor(sample_seconds / probe->least)), turns_most);
    probe->least = fmin(probe->least, probe->run(team, probe, (int)turns) / turns);
}

/* --- The four kinds of turns ---------------------------------------------------------------- */

/* The clock starts before the last thread can, and stops after the last one has ended: if this
 * thread comes late, the time is too long and never too short. */
static double run_reads(const struct reading_threads *team, const struct ceiling_probe *probe,
                        int turns)
{
    double begin = 0.0, end = 0.0, total = 0.0;
#pragma omp parallel num_threads(team->threads) reduction(+ : total)
    {
        threads_enter();
        const double *share = team->memory + (size_t)threads_current() * team->stride;
        total += read_sum(share, probe->count, probe->before);
#pragma omp barrier
        if (threads_current() == 0)
            begin = clock_seconds();
#pragma omp barrier
        total += read_sum(share, probe->count, turns);
#pragma omp barrier
        if (threads_current() == 0)
            end = clock_seconds();
    }
    volatile double sink = total; /* what computes a result must be seen to use it */
    (void)sink;
    return end - begin;
}

static double run_gemm(const struct reading_threads *team, const struct ceiling_probe *probe,
                       int turns)
{
    for (int turn = 0; turn < probe->before; turn++)
        gemm_run(&team->gemm);
    double begin = clock_seconds();
    for (int turn = 0; turn < turns; turn++)
        gemm_run(&team->gemm);
    return clock_seconds() - begin;
}

static double run_fork_join(const struct reading_threads *team, const struct ceiling_probe *probe,
                            int turns)
{
    (void)probe;
    double begin = clock_seconds();
    for (int turn = 0; turn < turns; turn++) {
#pragma omp parallel num_threads(team->threads)
        threads_enter();
    }
    return clock_seconds() - begin;
}

static double run_barrier(const struct reading_threads *team, const struct ceiling_probe *probe,
                          int turns)
{
    (void)probe;
    double begin = 0.0, end = 0.0;
#pragma omp parallel num_threads(team->threads)
    {
        threads_enter();
#pragma omp barrier
        if (threads_current() == 0)
            begin = clock_seconds();
        for (int turn = 0; turn < turns; turn++) {
#pragma omp barrier
        }
        if (threads_current() == 0)
            end = clock_seconds();
    }
    return end - begin;
}

/* --- Measuring ------------------------------------------------------------------------------ */

/* The reads, then GEMM, fork/join and the barrier. */
static void make_probes(const struct ceilings *ceilings, struct ceiling_probe *probes)
{
    size_t n = ceilings->read_count, threads = (size_t)ceilings->threads;
    for (size_t i = 0; i < n; i++) {
        size_t count = (size_t)ceilings->reads[i].bytes / sizeof(double) / threads;
        int before = ceilings->reads[i].cache_level > 0 ? TURNS_TO_FILL : 1;
        probes[i] = (struct ceiling_probe){run_reads, count, before, 1, INFINITY};
    }
    probes[n] = (struct ceiling_probe){run_gemm, 0, 1, GEMM_TURNS, INFINITY};
    probes[n + 1] = (struct ceiling_probe){run_fork_join, 0, 0, 1, INFINITY};
    probes[n + 2] = (struct ceiling_probe){run_barrier, 0, 0, 1, INFINITY};
}

void ceilings_measure_planned(struct ceilings *ceilings, double seconds)
{
    double begin = clock_seconds();
    size_t n = ceilings->read_count;
    assert(n > 0 && n <= CEILING_READS);
    struct reading_threads team = team_create(ceilings);
    struct ceiling_probe probes[PROBES];
    make_probes(ceilings, probes);
    for (int round = 0; round < ROUNDS_LEAST || clock_seconds() - begin < seconds; round++)
        for (size_t i = 0; i < n + 3; i++)
            probe_sample(&probes[i], &team);
    for (size_t i = 0; i < n; i++)
        ceilings->reads[i].rate = ceilings->reads[i].bytes / probes[i].least;
    ceilings->gemm_rate = gemm_flops(&team.gemm) / probes[n].least;
    ceilings->fork_join_seconds = probes[n + 1].least;
    ceilings->barrier_seconds = probes[n + 2].least;
    team_clear(&team);
}

bool ceilings_measure(int threads, double seconds, struct ceilings *ceilings, struct error *error)
{
    struct topology topology;
    topology_read(&topology);
    if (!ceilings_plan(threads, &topology, (double)memory_available(), ceilings, error))
        return false;
    ceilings_measure_planned(ceilings, seconds);
    return true;
}

double ceilings_read_rate(const struct ceilings *ceilings, double bytes)
{
    const struct read_ceiling *reads = ceilings->reads;
    size_t last = ceilings->read_count - 1, i = 0;
    if (bytes <= reads[0].bytes)
        return reads[0].rate;
    if (bytes >= reads[last].bytes)
        return reads[last].rate;
    while (bytes > reads[i + 1].bytes)
        i++;
    double share = log(bytes / reads[i].bytes) / log(reads[i + 1].bytes / reads[i].bytes);
    return reads[i].rate + share * (reads[i + 1].rate - reads[i].rate);
}

static void raise(struct ceilings *ceilings, const struct ceilings *fewer)
{
    for (size_t i = 0; i < ceilings->read_count && fewer->read_count > 0; i++) {
        struct read_ceiling *read = &ceilings->reads[i];
        read->rate = fmax(read->rate, ceilings_read_rate(fewer, read->bytes));
    }
    ceilings->gemm_rate = fmax(ceilings->gemm_rate, fewer->gemm_rate);
}

void ceilings_raise(struct ceilings *list, size_t count)
{
    for (size_t i = 1; i < count; i++)
        raise(&list[i], &list[i - 1]);
}
