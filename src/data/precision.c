/* SPDX-License-Identifier: MIT
 *
 * From doubles to fewer bits, and back. A double becomes a bfloat16 in one rounding, not by way of
 * a float: where the float lies halfway between two of them, the double says on which side.
 */
#include "data/precision.h"

#include "base/memory.h"
#include "base/text.h"
#include "data/share.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <string.h>

static const struct precision float64 = {
    .entry = {"float64", "features as they are given"}, .storage = STORAGE_FLOAT64, .bytes = 8};
static const struct precision float32 = {
    .entry = {"float32", "24 bits of each number: half the bytes"},
    .storage = STORAGE_FLOAT32,
    .bytes = 4,
    .roundoff = 0x1p-24,
    .least = 0x1p-150,
};
static const struct precision bfloat16 = {
    .entry = {"bfloat16", "8 bits of each number: a quarter"},
    .storage = STORAGE_BFLOAT16,
    .bytes = 2,
    .roundoff = 0x1p-8,
    .least = 0x1p-134,
};
static const struct precision int8 = {
    .entry = {"int8", "127ths of the largest of each column: an eighth"},
    .storage = STORAGE_INT8,
    .bytes = 1,
};

static const struct entry *const rows[] = {&float64.entry, &float32.entry, &bfloat16.entry,
                                           &int8.entry};
const struct table precision_table = TABLE("precision", rows);

static const struct entry refine_no = {"no", "all epochs are over the stored values"};
const struct entry refine_yes = {"yes", "the last epochs are over the data as they are given"};
static const struct entry *const refinements[] = {&refine_no, &refine_yes};
const struct table refine_table = TABLE("refine", refinements);

enum { INT8_MOST = 127 };

const struct precision *precision_of(const struct entry *entry)
{
    return (const struct precision *)(const void *)entry; /* the entry is its first member */
}

static double values_bytes(const struct precision *precision, const struct dataset *data)
{
    return (double)precision->bytes * (double)dataset_entries(data) + (double)STORED_BEHIND;
}

double stored_bytes(const struct dataset *data)
{
    if (!dataset_is_stored(data))
        return 0.0;
    if (data->stored.values == data->singles)
        return 0.0;
    return values_bytes(precision_of(data->stored.precision), data);
}

/* --- Numbers ------------------------------------------------------------------------------- */

static uint16_t bfloat16_from(double x)
{
    const float nearest = (float)x;
    uint32_t bits;
    memcpy(&bits, &nearest, sizeof bits);
    const uint32_t low = bits & 0xFFFFu;
    uint32_t high = bits >> 16;
    const double rest = fabs(x) - (double)fabsf(nearest);
    const bool tie = low == 0x8000u;
    const bool up = tie ? rest > 0.0 || (rest == 0.0 && (high & 1u) != 0) : low > 0x8000u;
    return (uint16_t)(high + up);
}

static double bfloat16_value(uint16_t half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* The larger of a number and |x|, neither of which is NaN: fmax() is a call for each. */
static inline double larger(double most, double x)
{
    return fabs(x) > most ? fabs(x) : most;
}

/* What a 1 of a column stands for whose values are at most `largest`: never 0, and 127 of it are
 * never less than that. */
static double unit_of(double largest)
{
    double unit = fmax(largest / (double)INT8_MOST, DBL_TRUE_MIN);
    if (unit * (double)INT8_MOST < largest)
        unit = nextafter(unit, INFINITY);
    return largest > 0.0 ? unit : 1.0;
}

/* Puts `count` values where they are stored, `at` behind the first of all; returns the largest that
 * stands there, infinity where a value is beyond the precision. */
static double row_put(const struct stored *stored, const double *x, size_t at, size_t count)
{
    double largest = 0.0;
    switch (precision_of(stored->precision)->storage) {
    case STORAGE_FLOAT32:
        for (size_t f = 0; f < count; f++) {
            float value = (float)x[f];
            largest = larger(largest, (double)value);
            ((float *)stored->values)[at + f] = value;
        }
        return largest;
    case STORAGE_BFLOAT16:
        for (size_t f = 0; f < count; f++) {
            uint16_t value = bfloat16_from(x[f]);
            largest = larger(largest, bfloat16_value(value));
            ((uint16_t *)stored->values)[at + f] = value;
        }
        return largest;
    default:
        assert(stored->units != NULL);
        for (size_t f = 0; f < count; f++)
            ((int8_t *)stored->values)[at + f] = (int8_t)rint(x[f] / stored->units[f]);
        return INT8_MOST;
    }
}

void stored_row(const struct dataset *data, size_t i, double *restrict row)
{
    const struct stored *stored = &data->stored;
    size_t d = data->features;
    switch (precision_of(stored->precision)->storage) {
    case STORAGE_FLOAT32:
        for (size_t f = 0; f < d; f++)
            row[f] = (double)((const float *)stored->values)[i * d + f];
        return;
    case STORAGE_BFLOAT16:
        for (size_t f = 0; f < d; f++)
            row[f] = bfloat16_value(((const uint16_t *)stored->values)[i * d + f]);
        return;
    default:
        for (size_t f = 0; f < d; f++)
            row[f] = (double)((const int8_t *)stored->values)[i * d + f] * stored->units[f];
    }
}

void stored_gather(const struct dataset *data, const uint32_t *order, size_t count, void *values)
{
    const char *from = data->stored.values;
    char *to = values;
    size_t stride = stored_stride(data);
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * stride, from + order[i] * stride, stride);
    memset(to + count * stride, 0, STORED_BEHIND);
}

/* --- Storing ------------------------------------------------------------------------------- */

/* The unit of each column, from its largest |x| on all ranks. */
static double *units_of_columns(const struct dataset *data)
{
    size_t d = data->features;
    double *units = memory_allocate(d, sizeof *units);
    for (size_t i = 0; i < data->rows; i++)
        for (size_t f = 0; f < d; f++)
            units[f] = larger(units[f], data->X[i * d + f]);
    for (size_t f = 0; f < d; f++)
        units[f] =
            unit_of(data->ranks != NULL ? ranks_allreduce_max(data->ranks, units[f]) : units[f]);
    return units;
}

/* Names the first value that is beyond the precision. */
static bool refuse_overflow(const struct stored *stored, const struct dataset *data, size_t row,
                            struct error *error)
{
    const struct sample x = dataset_sample(data, row);
    size_t t = 0;
    assert(x.values != NULL);                             /* singles are stored as they are */
    while (isfinite(row_put(stored, x.values + t, 0, 1))) /* nothing of it is kept */
        t++;
    char name[DATASET_NAME], number[TEXT_NUMBER];
    return error_usage(error,
                       "feature '%s' has %s in row %zu of those trained on, which is beyond "
                       "precision %s; scale the features (scale %s), or leave precision at "
                       "float64",
                       dataset_feature_name(data, sample_column(&x, t), name),
                       text_from_real(number, x.values[t]), data->first_row + row + 1,
                       stored->precision->name, dataset_is_sparse(data) ? "maxabs" : "standard");
}

/* The place of row i among the values of all. */
static size_t first_of(const struct dataset *data, size_t i)
{
    return dataset_is_sparse(data) ? data->starts[i] : i * data->features;
}

static bool store(struct stored *stored, const struct dataset *data, int threads,
                  struct error *error)
{
    size_t first = SIZE_MAX;
    double most = 0.0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(min                       \
                                                                         : first)                  \
    reduction(max                                                                                  \
              : most)
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        const double largest = row_put(stored, x.values, first_of(data, i), x.count);
        most = larger(most, largest);
        if (!isfinite(largest) && i < first)
            first = i;
    }
    stored->largest = most;
    memset((char *)stored->values + dataset_entries(data) * stored->width, 0, STORED_BEHIND);
    return first == SIZE_MAX || refuse_overflow(stored, data, first, error);
}

static bool room_is_there(const struct precision *precision, const struct dataset *data,
                          struct error *error)
{
    double bytes = values_bytes(precision, data);
    return memory_check(bytes * ranks_per_host(data->ranks),
                        "storing the features a second time, in fewer bits,", error);
}

/* The largest of the singles, without its sign: they are finite. */
static double singles_largest(const struct dataset *data, int threads)
{
    const size_t count = data->rows * data->features;
    double most = 0.0;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(max : most)
    for (size_t i = 0; i < count; i++)
        most = larger(most, (double)data->singles[i]);
    return most;
}

/* What lies in a file as float32 is stored already. */
static void take_singles(const struct entry *method, struct dataset *data, int threads)
{
    assert(precision_of(method) == &float32);
    data->stored = (struct stored){
        .precision = method,
        .width = sizeof(float),
        .values = (void *)data->singles,
        .largest = singles_largest(data, threads),
    };
}

/* Are all values of a sparse set 1, on all ranks? */
static bool are_ones(const struct dataset *data)
{
    bool others = false;
    for (size_t t = 0; t < dataset_entries(data) && !others; t++)
        others = data->values[t] != 1.0;
    return ranks_allreduce_max(data->ranks, (double)others) == 0.0;
}

/* What needs no values of its own; it is only named. */
static bool take_as_it_is(const struct entry *method, bool refine, struct dataset *data,
                          int threads)
{
    if (data->singles != NULL)
        take_singles(method, data, threads);
    else if (dataset_is_sparse(data) && are_ones(data)) {
        data->stored = (struct stored){.precision = method, .refine = refine};
        dataset_note(&data->notes, "all values are 1, and are not read in any precision");
    } else
        return false;
    return true;
}

bool precision_apply(const struct entry *method, bool refine, struct dataset *data, int threads,
                     struct error *error)
{
    const struct precision *precision = method != NULL ? precision_of(method) : &float64;
    if (precision == &float64)
        return true;
    if (dataset_is_sparse(data) && precision != &float32)
        return error_usage(error,
                           "precision %s is for dense rows, and these are sparse, which float32 "
                           "stores; or leave precision at float64",
                           method->name);
    assert(!dataset_is_stored(data));
    if (take_as_it_is(method, refine, data, threads))
        return true;
    bool sound = room_is_there(precision, data, error);
    if (!share_agree(data->ranks, sound, error))
        return false;
    size_t bytes = dataset_entries(data) * precision->bytes + STORED_BEHIND;
    data->stored = (struct stored){
        .precision = method,
        .width = precision->bytes,
        .values = memory_allocate_untouched(bytes, 1),
        .units = precision->storage == STORAGE_INT8 ? units_of_columns(data) : NULL,
        .refine = refine,
    };
    sound = store(&data->stored, data, threads, error);
    return share_agree(data->ranks, sound, error);
}
