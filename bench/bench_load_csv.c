/* SPDX-License-Identifier: MIT
 *
 * How fast CSV is read, and how fast it could be. Two files are written, one with short numbers
 * ("0.869") and one with numbers of 17 digits; each is loaded with one thread and with all. Beside
 * the rates stand two limits on one thread: a loop of strtod() over the same bytes, which is what a
 * simple reader would do at best, and a search for line breaks, which any reader has to do.
 *
 * Loads and limits take turns in every round, so that a change of clock frequency meets all alike;
 * the median of the rounds is printed. MB/s are 1e6 bytes of text a second. A rate is printed only
 * if every number has the bits that strtod() gives it: |difference| 0.
 *
 *     bench_load_csv [megabytes of each file, default 100]
 */
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/threads.h"
#include "data/input.h"
#include "data/source.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROUNDS = 5, FEATURES = 28 };

/* What a round measures. */
enum { LOAD_ONE, LOAD_ALL, LIMIT_STRTOD, LIMIT_SCAN, MEASURES };

static const char *const measure_names[MEASURES] = {"load, 1 thread", "load, all threads",
                                                    "strtod loop", "line breaks"};

struct bench {
    char *path;
    size_t size;                      /* bytes of the file */
    double seconds[MEASURES][ROUNDS]; /* of each measure */
    double difference;                /* largest of a number from strtod's */
};

static bool file_write(const char *path, const char *format, size_t bytes)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return false;
    struct random_stream stream = random_open(1, RANDOM_START, 0);
    for (size_t row = 0; (size_t)ftell(file) < bytes && !ferror(file); row++) {
        for (int j = 0; j < FEATURES; j++)
            fprintf(file, format, random_normal(&stream));
        fprintf(file, "%zu\n", row % 2);
    }
    bool written = !ferror(file);
    return fclose(file) == 0 && written;
}

static struct dataset *load(struct bench *bench, int threads)
{
    struct source source = {.path = bench->path};
    struct error error = {0};
    struct dataset *data = source_load(&source, true, threads, &error);
    if (data == NULL) {
        fprintf(stderr, "bench_load_csv: %s\n", error.message);
        exit((int)error.kind);
    }
    return data;
}

/* Reads all numbers with strtod(). Returns the largest difference from `data`, if given; else a sum
 * that keeps the loop from being left out. */
static double strtod_loop(const struct input *input, const struct dataset *data)
{
    double result = 0.0;
    const char *p = input->bytes, *end = p + input->size;
    for (size_t i = 0; p < end; i++) {
        char *next;
        double value = strtod(p, &next);
        size_t row = i / (FEATURES + 1), j = i % (FEATURES + 1);
        if (data == NULL)
            result += value;
        else
            result = fmax(
                result, fabs(value - (j < FEATURES ? data->X[row * FEATURES + j] : data->y[row])));
        p = next + 1;
    }
    return result;
}

static size_t scan_loop(const struct input *input)
{
    size_t count = 0;
    const char *p = input->bytes, *end = p + input->size;
    while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
        p++;
        count++;
    }
    return count;
}

/* One measure once; what it computed goes into `sink`. */
static double measure(struct bench *bench, const struct input *input, int which,
                      volatile double *sink)
{
    double begin = clock_seconds();
    if (which == LIMIT_STRTOD) {
        *sink = strtod_loop(input, NULL);
    } else if (which == LIMIT_SCAN) {
        *sink = (double)scan_loop(input);
    } else {
        struct dataset *data = load(bench, which == LOAD_ONE ? 1 : threads_available());
        *sink = data->X[0];
        dataset_free(data);
    }
    return clock_seconds() - begin;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void bench_run(struct bench *bench)
{
    struct input input;
    struct error error = {0};
    volatile double sink = 0.0;
    if (!input_open(&input, bench->path, &error)) {
        fprintf(stderr, "bench_load_csv: %s\n", error.message);
        exit((int)error.kind);
    }
    bench->size = input.size;
    struct dataset *data = load(bench, threads_available());
    bench->difference = strtod_loop(&input, data);
    dataset_free(data);
    for (int round = 0; round < ROUNDS; round++)
        for (int which = 0; which < MEASURES; which++)
            bench->seconds[which][round] = measure(bench, &input, which, &sink);
    input_close(&input);
}

static void bench_print(struct bench *bench, const char *title)
{
    printf("%s: %.0f MB, max |difference from strtod| %g: %s\n", title, 1e-6 * (double)bench->size,
           bench->difference, bench->difference == 0.0 ? "pass" : "FAIL, no rates");
    for (int which = 0; which < MEASURES && bench->difference == 0.0; which++) {
        qsort(bench->seconds[which], ROUNDS, sizeof(double), compare);
        printf("  %-20s %8.0f MB/s (%.0f to %.0f)\n", measure_names[which],
               1e-6 * (double)bench->size / bench->seconds[which][ROUNDS / 2],
               1e-6 * (double)bench->size / bench->seconds[which][ROUNDS - 1],
               1e-6 * (double)bench->size / bench->seconds[which][0]);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *title, *format;
    } files[] = {{"short numbers", "%.3f,"}, {"17 digits", "%.17g,"}};
    threads_initialise();
    double megabytes = argc > 1 ? atof(argv[1]) : 100.0;
    int failures = 0;
    printf("threads: %d\n", threads_available());
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[] = "/tmp/bench_load_csv.XXXXXX";
        int file = mkstemp(path);
        struct bench bench = {.path = path};
        if (file < 0 || !file_write(path, files[i].format, (size_t)(1e6 * megabytes))) {
            perror(path);
            return 1;
        }
        close(file);
        bench_run(&bench);
        unlink(path);
        bench_print(&bench, files[i].title);
        failures += bench.difference != 0.0;
    }
    return failures > 0;
}
