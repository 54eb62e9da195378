/* SPDX-License-Identifier: MIT
 *
 * plain_read: how fast can memory be read? As one writes it with nothing but C and OpenMP; it is
 * what bench/peers/ceilings.sh compares our ceilings with, and shares no code with them.
 *
 *     plain_read THREADS SECONDS BYTES...
 *
 * For each working set (all threads together) a line "BYTES RATE", in bytes per second. A set is
 * read for SECONDS or so, and at least four times; the least time counts. A compiler may not
 * reorder a sum, so there are many sums side by side, which it may put into vectors.
 */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

enum { HUGE_PAGE = 2 << 20, SUMS = 64 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The sum of x (count) as often as told, count a multiple of SUMS. */
static double sum(const double *x, size_t count, int turns)
{
    double sums[SUMS] = {0}, total = 0;
    for (int turn = 0; turn < turns; turn++)
        for (size_t i = 0; i + SUMS <= count; i += SUMS)
            for (size_t j = 0; j < SUMS; j++)
                sums[j] += x[i + j];
    for (size_t j = 0; j < SUMS; j++)
        total += sums[j];
    return total;
}

/* Seconds of one reading by a team: the least of several samples, each of so many readings that the
 * clock can tell. */
static double time_reading(const double *x, size_t share, int threads, double seconds)
{
    double begin = seconds_now(), least = 1e30;
    int turns = 1;
    for (int sample = 0; sample < 4 || seconds_now() - begin < seconds; sample++) {
        double from = 0, to = 0, total = 0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
        {
            const double *mine = x + (size_t)omp_get_thread_num() * share;
            total += sum(mine, share, 1);
#pragma omp barrier
            if (omp_get_thread_num() == 0)
                from = seconds_now();
#pragma omp barrier
            total += sum(mine, share, turns);
#pragma omp barrier
            if (omp_get_thread_num() == 0)
                to = seconds_now();
        }
        volatile double sink = total; /* or nothing need be read */
        (void)sink;
        double once = (to - from) / turns;
        least = once < least ? once : least;
        turns = least < 0.001 ? (int)(0.001 / least) : 1;
    }
    return least;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "Usage: plain_read THREADS SECONDS BYTES...\n");
        return 2;
    }
    int threads = atoi(argv[1]);
    double seconds = strtod(argv[2], NULL);
    for (int i = 3; i < argc; i++) {
        size_t bytes = strtoul(argv[i], NULL, 10), share = bytes / sizeof(double) / (size_t)threads;
        size_t length = (bytes / HUGE_PAGE + 1) * HUGE_PAGE;
        double *x = aligned_alloc(HUGE_PAGE, length);
        if (x == NULL) {
            fprintf(stderr, "plain_read: out of memory\n");
            return 1;
        }
        madvise(x, length, MADV_HUGEPAGE);
#pragma omp parallel num_threads(threads)
        {
            double *mine = x + (size_t)omp_get_thread_num() * share;
            for (size_t j = 0; j < share; j++)
                mine[j] = 1;
        }
        printf("%zu %.6g\n", bytes, (double)bytes / time_reading(x, share, threads, seconds));
        free(x);
    }
    return 0;
}
