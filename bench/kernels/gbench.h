/* SPDX-License-Identifier: MIT
 *
 * Google Benchmark for C: rows that are registered, a loop, counters, a label, an error. The
 * library brings the rest: how often a loop must turn to be timed, repetitions, random
 * interleaving, filters, medians, JSON, and with it compare.py.
 *
 *     static void run(struct gbench *row, void *context)
 *     {
 *         ... prepare ...
 *         while (gbench_next(row))
 *             ... what is timed ...
 *         gbench_rate(row, "bytes_per_second", bytes of one turn);
 *     }
 *
 *     gbench_register("read_pass/n:1000/d:10", run, &shape, sizeof shape);
 *     return gbench_main(argc, argv, NULL, 0);
 *
 * All times are wall clock. By itself the library would count the processor time of the main thread
 * alone, which says nothing of a parallel region; here its column `CPU` is that of all threads.
 *
 * The library marks both at the end of a name, "/process_time/real_time". They hold for every row,
 * so reports leave them out, and names are what was registered; but the pattern of
 * --benchmark_filter is looked for in the long name: end it with "/", not with "$".
 */
#ifndef DESCENT_BENCH_GBENCH_H
#define DESCENT_BENCH_GBENCH_H

#include <stdbool.h>
#include <stddef.h>

struct gbench; /* a row while it runs */

/* Adds a row. `run` is called for each repetition (and, before the first one, until the library
 * knows how many turns to ask for), with the row's own copy of `context` (size bytes): what it
 * writes there is found by its next call. */
void gbench_register(const char *name, void (*run)(struct gbench *row, void *context),
                     const void *context, size_t size);

/* True: do one more turn. Has to be called until it is false, unless there is an error. */
bool gbench_next(struct gbench *row);

/* Seconds of one turn; after the loop. */
double gbench_seconds(const struct gbench *row);

/* A number of this repetition. One that is not finite makes the row an error. */
void gbench_counter(struct gbench *row, const char *name, double value);

/* A number per second, from the number in one turn. */
void gbench_rate(struct gbench *row, const char *name, double per_turn);

/* A remark beside the numbers. */
void gbench_label(struct gbench *row, const char *text);

/* Makes the row an error, at any time: it gets no time and no counters, and main fails. */
void gbench_error(struct gbench *row, const char *text);

/* A fact about this machine or program, to be written above the rows. */
void gbench_context(const char *key, const char *value);

/* An option with its value and, where users may set it instead, the name of its variable. */
struct gbench_default {
    const char *option;   /* "--benchmark_repetitions=9" */
    const char *variable; /* "BENCHMARK_REPETITIONS" */
};

/* Runs the rows that the options ask for. Defaults (count) yield to options and to variables of the
 * environment. Returns what main() has to: 1 when a row was an error, 2 for unknown options. */
int gbench_main(int argc, char **argv, const struct gbench_default *defaults, size_t count);

#endif
