/* SPDX-License-Identifier: MIT
 *
 * How fast CSV is read, and how fast it could be. There are two files, one with short numbers
 * ("0.869") and one with numbers of 17 digits; `load` is what `descent train` does with one. Beside
 * it stand two limits on one thread: `strtod`, a loop of strtod() over the same bytes, which is
 * what a simple reader would do at best, and `line_breaks`, a search for them, which any reader has
 * to do.
 *
 * A rate is given only if every number has the bits that strtod() gives it. The files are in memory
 * and have no name, so that no disk is measured and nothing is left behind.
 */
#include "families.h"
#include "gbench.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "data/input.h"
#include "data/sources/source_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FEATURES = 28, FILE_BYTES = 50000000 };

struct file {
    const char *numbers; /* what they are called */
    const char *format;  /* of a number */
    char path[32];       /* "": not made yet */
    size_t rows;
};

static struct file files[] = {{"short", "%.3f,", "", 0}, {"long", "%.17g,", "", 0}};

static bool file_write(struct file *file, int descriptor)
{
    FILE *stream = fdopen(dup(descriptor), "w");
    if (stream == NULL)
        return false;
    struct random_stream random = random_open(1, RANDOM_START, 0);
    for (file->rows = 0; ftell(stream) < FILE_BYTES && !ferror(stream); file->rows++) {
        for (int j = 0; j < FEATURES; j++)
            fprintf(stream, file->format, random_normal(&random));
        fprintf(stream, "%zu\n", file->rows % 2);
    }
    bool written = !ferror(stream);
    return fclose(stream) == 0 && written;
}

/* Makes the file if it is not there; it ends with the program. */
static bool file_make(struct file *file)
{
    if (file->path[0] != '\0')
        return true;
    int descriptor = memfd_create(file->numbers, MFD_CLOEXEC);
    if (descriptor < 0 || !file_write(file, descriptor))
        return false;
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", descriptor);
    return true;
}

/* --- The three ways ------------------------------------------------------------------------ */

static struct dataset *load(struct file *file, int threads, struct error *error)
{
    struct source source = {.path = file->path};
    return source_load(&source, true, threads, error);
}

/* Reads all numbers with strtod(). With `data`, returns how many have other bits there; else a sum
 * that keeps the loop from being left out. */
static double strtod_loop(const struct input *input, const struct dataset *data)
{
    double result = 0.0;
    const char *p = input->bytes, *end = p + input->size;
    for (size_t i = 0; p < end; i++) {
        char *next;
        double value = strtod(p, &next);
        if (data == NULL) {
            result += value;
        } else {
            size_t row = i / (FEATURES + 1), j = i % (FEATURES + 1);
            const double *read = j < FEATURES ? &data->X[row * FEATURES + j] : &data->y[row];
            result += memcmp(read, &value, sizeof value) != 0;
        }
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

/* --- The rows ------------------------------------------------------------------------------ */

struct row {
    struct file *file;
    int threads;
    bool compared; /* with strtod(), and equal */
};

/* Does what was loaded have the bits of strtod()? Otherwise the row is an error. */
static bool compare(struct gbench *bench, struct row *row, const struct input *input)
{
    struct error error = {0};
    struct dataset *data = row->compared ? NULL : load(row->file, row->threads, &error);
    if (data != NULL) {
        row->compared = data->rows == row->file->rows && data->features == FEATURES &&
                        strtod_loop(input, data) == 0.0;
        dataset_free(data);
        snprintf(error.message, sizeof error.message, "numbers differ from those of strtod()");
    }
    if (!row->compared)
        gbench_error(bench, error.message);
    return row->compared;
}

static void run_load(struct gbench *bench, struct row *row, const struct input *input)
{
    if (!compare(bench, row, input))
        return;
    struct error error = {0};
    while (gbench_next(bench))
        dataset_free(load(row->file, row->threads, &error));
    if (error.kind != ERROR_NONE)
        gbench_error(bench, error.message);
}

static void run_strtod(struct gbench *bench, struct row *row, const struct input *input)
{
    (void)row;
    volatile double sink = 0.0;
    while (gbench_next(bench))
        sink = strtod_loop(input, NULL);
    (void)sink;
}

static void run_line_breaks(struct gbench *bench, struct row *row, const struct input *input)
{
    size_t count = row->file->rows;
    while (gbench_next(bench) && count == row->file->rows)
        count = scan_loop(input);
    if (count != row->file->rows)
        gbench_error(bench, "a wrong number of line breaks");
}

static const struct way {
    const char *name;
    void (*run)(struct gbench *bench, struct row *row, const struct input *input);
    bool takes_threads;
} ways[] = {
    {"load", run_load, true},
    {"strtod", run_strtod, false},
    {"line_breaks", run_line_breaks, false},
};

struct context {
    const struct way *way;
    struct row row;
};

static void run(struct gbench *bench, void *context)
{
    struct context *self = context;
    struct input input;
    struct error error = {0};
    if (!file_make(self->row.file)) {
        gbench_error(bench, "the file cannot be made");
    } else if (!input_open(&input, self->row.file->path, &error)) {
        gbench_error(bench, error.message);
    } else {
        self->way->run(bench, &self->row, &input);
        gbench_rate(bench, "bytes_per_second", (double)input.size);
        input_close(&input);
    }
}

void load_csv_register(void)
{
    char name[96];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (size_t j = 0; j < sizeof ways / sizeof *ways; j++) {
            int most = ways[j].takes_threads ? threads_available() : 1;
            for (int threads = 1; threads <= most; threads *= 2) {
                struct context context = {&ways[j], {&files[i], threads, false}};
                snprintf(name, sizeof name, "load_csv/%s/numbers:%s/threads:%d", ways[j].name,
                         files[i].numbers, threads);
                gbench_register(name, run, &context, sizeof context);
            }
        }
}
