/* SPDX-License-Identifier: MIT
 *
 * Data are made without a generator, and each thread is the first to touch the rows that it will
 * read. Limits are measured on the same rows, and with as many threads; the least of a few times
 * counts.
 */
#include "measure/variants/shape_times.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/text.h"
#include "data/precision.h"
#include "measure/ceilings/gemm.h"
#include "measure/ceilings/read_pass.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LIMIT_ROUNDS = 8, GEMM_ROUNDS = 8, TURNS_MOST = 1000, PARTS = 3 };
static const double limit_seconds = 0.001; /* that a look at a limit should take */

/* 256 MiB of rows are as good as any more (kernels/variants.h). */
const struct shape shapes_usual[] = {
    {3400000, 10, 1, NULL},  {1200000, 28, 1, NULL},  {340000, 100, 1, NULL},
    {43000, 784, 1, NULL},   {20000, 100, 1, NULL},   {2000, 100, 1, NULL},
    {1200000, 28, 64, NULL}, {340000, 100, 64, NULL}, {43000, 784, 64, NULL},
    {20000, 100, 64, NULL},  {2000, 100, 64, NULL},   {340000, 100, 16, NULL},
};
const size_t shapes_usual_count = sizeof shapes_usual / sizeof *shapes_usual;

/* --- Shapes as text -------------------------------------------------------------------------- */

/* The precision behind '@', which is cut off; false: there is none of that name. */
static bool parse_precision(char *text, const struct entry **precision)
{
    char *at = strchr(text, '@');
    *precision = NULL;
    if (at == NULL)
        return true;
    *at = '\0';
    const struct entry *found = table_find(&precision_table, at + 1);
    if (found != NULL && precision_of(found)->storage != STORAGE_FLOAT64)
        *precision = found;
    return found != NULL;
}

bool shape_parse(const char *text, struct shape *shape)
{
    int64_t numbers[PARTS] = {0, 0, 1};
    char *copy = memory_copy_text(text), *rest = copy;
    size_t count = 0;
    const struct entry *precision;
    bool sound = parse_precision(copy, &precision);
    for (char *part; sound && (part = strsep(&rest, "x")) != NULL; count++)
        sound = count < PARTS && text_to_integer(part, &numbers[count]) && numbers[count] >= 1;
    memory_free(copy);
    *shape = (struct shape){(size_t)numbers[0], (size_t)numbers[1], (size_t)numbers[2], precision};
    return sound && count >= 2 && (precision == NULL || numbers[2] == 1);
}

char *shape_text(const struct shape *shape, char text[static SHAPE_TEXT])
{
    if (shape->precision != NULL)
        snprintf(text, SHAPE_TEXT, "%zux%zu@%s", shape->rows, shape->features,
                 shape->precision->name);
    else if (shape->models == 1)
        snprintf(text, SHAPE_TEXT, "%zux%zu", shape->rows, shape->features);
    else
        snprintf(text, SHAPE_TEXT, "%zux%zux%zu", shape->rows, shape->features, shape->models);
    return text;
}

/* --- Data ------------------------------------------------------------------------------------ */

/* Numbers in (-1/2, 1/2) that follow no line of a cache. */
static double made_number(size_t i)
{
    return (double)(i * 7919 % 10007) / 10007.0 - 0.5;
}

static struct dataset *made_doubles(const struct shape *shape)
{
    const size_t n = shape->rows, d = shape->features;
    struct dataset *data = dataset_create(n, d, true);
#pragma omp parallel for schedule(static) num_threads(threads_default())
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < d; f++)
            data->X[i * d + f] = made_number(i * d + f);
        data->y[i] = (double)(i * 31 % 7 % 2);
    }
    return data;
}

/* NULL, with an error, where memory does not hold them. */
static struct dataset *made_rows(const struct shape *shape, struct error *error)
{
    struct dataset *data = made_doubles(shape);
    if (shape->precision == NULL ||
        precision_apply(shape->precision, false, data, threads_default(), error))
        return data;
    dataset_free(data);
    return NULL;
}

/* X, and what a pass takes beside it. */
static bool check_memory(const struct shape *shape, struct error *error)
{
    char what[SHAPE_TEXT + 32];
    const double rows = (double)shape->rows, features = (double)shape->features;
    double bytes =
        sizeof(double) * (rows * (features + 1.0) + 64.0 * features * (double)shape->models);
    snprintf(what, sizeof what, "the shape ");
    shape_text(shape, what + strlen(what));
    return memory_check(bytes, what, error);
}

/* --- Limits ---------------------------------------------------------------------------------- */

/* Of as many bytes as X has as it is stored. */
static double read_seconds(const struct dataset *data, int threads)
{
    const size_t count = data->rows * data->features * dataset_width(data) / sizeof(double);
    double least = INFINITY;
    int turns = 1;
    volatile double sink = 0.0; /* what computes a result must be seen to use it */
    for (int round = 0; round < LIMIT_ROUNDS; round++) {
        double begin = clock_seconds();
        for (int turn = 0; turn < turns; turn++)
            sink = sink + read_pass(data->X, count, threads);
        double seconds = (clock_seconds() - begin) / turns;
        least = fmin(least, seconds);
        turns = (int)fmin(fmax(1.0, limit_seconds / fmax(seconds, 1e-9)), TURNS_MOST);
    }
    return least;
}

/* Of one product for each thread. */
static double gemm_seconds_a_flop(int threads)
{
    struct gemm gemm = gemm_create(threads, GEMM_SIZE);
    double least = INFINITY;
    for (int round = 0; round < GEMM_ROUNDS; round++) {
        double begin = clock_seconds();
        gemm_run(&gemm);
        least = fmin(least, clock_seconds() - begin);
    }
    least /= gemm_flops(&gemm);
    gemm_clear(&gemm);
    return least;
}

static double limit_of(const struct dataset *data, const struct shape *shape, int threads)
{
    double products = 4.0 * (double)shape->rows * (double)shape->features * (double)shape->models;
    return shape->models == 1 ? read_seconds(data, threads)
                              : products * gemm_seconds_a_flop(threads);
}

/* --- Measuring ------------------------------------------------------------------------------- */

static const struct kernel *kernel_for(const struct shape *shape)
{
    if (shape->precision != NULL)
        return &kernel_fused_narrow;
    return shape->models == 1 ? &kernel_fused : &kernel_batched;
}

static struct shape_times times_of(const struct dataset *data, const struct shape *shape,
                                   int threads)
{
    struct shape_times times = {.shape = *shape};
    times.what = variant_case_of(kernel_for(shape), shape->rows, shape->features,
                                 dataset_width(data), shape->models, threads);
    times.limit = limit_of(data, shape, threads);
    variants_measure(data, &times.what, &times.times);
    variant_choose(&(struct variant_choice){times.what, variant_times_best(&times.times)});
    return times;
}

bool shape_measure(const struct shape *shape, const int *threads, size_t count,
                   struct shape_times *list, struct error *error)
{
    if (!check_memory(shape, error))
        return false;
    struct dataset *data = made_rows(shape, error);
    if (data == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        list[i] = times_of(data, shape, threads[i]);
    dataset_free(data);
    return true;
}

void shape_times_clear(struct shape_times *times)
{
    variant_times_clear(&times->times);
}
