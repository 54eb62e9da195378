/* SPDX-License-Identifier: MIT
 *
 * How fast LIBSVM files are read. There are two, one with ones only ("17:1"), as sets of words and
 * of categories have them, and one with numbers of 17 digits; `load` is what `descent train` does
 * with one. Beside it stands `strtod`, a loop of strtoul() and strtod() over the same bytes on one
 * thread, which is what a simple reader would do at best.
 *
 * A rate is given only if every value is in the column, and has the bits, that the simple loop
 * finds. The files are in memory and have no name, as those of load_csv.
 */
#include "families.h"
#include "gbench.h"

#include "base/parallel/threads.h"
#include "base/random.h"
#include "data/formats/format.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/sources/source_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { VALUES = 14, STRIDE = 16, FILE_BYTES = 50000000 };

struct file {
    const char *numbers; /* what they are called */
    bool ones;
    char path[32]; /* "": not made yet */
    size_t rows;
};

static struct file files[] = {{"ones", true, "", 0}, {"long", false, "", 0}};

/* VALUES values a row, one in each STRIDE columns: every sixteenth is not 0. */
static bool file_write(struct file *file, int descriptor)
{
    FILE *stream = fdopen(dup(descriptor), "w");
    if (stream == NULL)
        return false;
    struct random_stream random = random_open(1, RANDOM_START, 0);
    for (file->rows = 0; ftell(stream) < FILE_BYTES && !ferror(stream); file->rows++) {
        fputs(file->rows % 2 == 0 ? "-1" : "+1", stream);
        for (unsigned j = 0; j < VALUES; j++) {
            unsigned index = j * STRIDE + (unsigned)random_below(&random, STRIDE) + 1;
            if (file->ones)
                fprintf(stream, " %u:1", index);
            else
                fprintf(stream, " %u:%.17g", index, random_normal(&random));
        }
        putc('\n', stream);
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

/* --- The two ways -------------------------------------------------------------------------- */

static struct dataset *load(struct file *file, int threads, struct error *error)
{
    struct source source = {.path = file->path, .format = &format_libsvm};
    return source_load(&source, true, threads, error);
}

/* Reads all numbers simply. With `data`, returns how many are something else there; else a sum that
 * keeps the loop from being left out. */
static double strtod_loop(const struct input *input, const struct dataset *data)
{
    double result = 0.0;
    char *p = (char *)input->bytes;
    const char *end = p + input->size;
    for (size_t row = 0; p < end; row++) {
        double label = strtod(p, &p);
        result += data != NULL ? data->y[row] != (label > 0.0) : label;
        for (size_t t = row * VALUES; t < (row + 1) * VALUES; t++) {
            unsigned long index = strtoul(p, &p, 10);
            double value = strtod(p + 1, &p);
            if (data == NULL)
                result += value + (double)index;
            else
                result += data->columns[t] + 1 != index ||
                          memcmp(&data->values[t], &value, sizeof value) != 0;
        }
        p++;
    }
    return result;
}

/* --- The rows ------------------------------------------------------------------------------ */

struct row {
    struct file *file;
    int threads; /* 0: the simple loop */
    bool compared;
};

/* Is what was loaded what the simple loop finds? Otherwise the row is an error. */
static bool compare(struct gbench *bench, struct row *row, const struct input *input)
{
    struct error error = {0};
    struct dataset *data = row->compared ? NULL : load(row->file, row->threads, &error);
    if (data != NULL) {
        row->compared = data->rows == row->file->rows && dataset_is_sparse(data) &&
                        dataset_entries(data) == data->rows * VALUES &&
                        strtod_loop(input, data) == 0.0;
        dataset_free(data);
        snprintf(error.message, sizeof error.message, "values differ from those of strtod()");
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

static void run_strtod(struct gbench *bench, const struct input *input)
{
    volatile double sink = 0.0;
    while (gbench_next(bench))
        sink = strtod_loop(input, NULL);
    (void)sink;
}

static void run(struct gbench *bench, void *context)
{
    struct row *row = context;
    struct input input;
    struct error error = {0};
    if (!file_make(row->file)) {
        gbench_error(bench, "the file cannot be made");
    } else if (!input_open(&input, row->file->path, &error)) {
        gbench_error(bench, error.message);
    } else {
        if (row->threads > 0)
            run_load(bench, row, &input);
        else
            run_strtod(bench, &input);
        gbench_rate(bench, "bytes_per_second", (double)input.size);
        input_close(&input);
    }
}

void load_libsvm_register(void)
{
    char name[96];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (int threads = 0; threads <= threads_available();
             threads += threads > 0 ? threads : 1) {
            struct row row = {&files[i], threads, false};
            snprintf(name, sizeof name, "load_libsvm/%s/numbers:%s/threads:%d",
                     threads > 0 ? "load" : "strtod", files[i].numbers, threads > 0 ? threads : 1);
            gbench_register(name, run, &row, sizeof row);
        }
}
