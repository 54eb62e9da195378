/* SPDX-License-Identifier: MIT
 *
 * Fitting and applying. Means and deviations take two passes, the second about the mean, in long
 * double, as in describe.c. Rows are cut into chunks by the shape of the set (chunks.h) and the
 * chunks' sums are added in their order, so that threads change no bit, and ranks none either where
 * their number divides that of chunks: each has some of the chunks, and all merge those of all.
 * Values are divided by a factor, not multiplied by its inverse: (x - mean) / deviation then has
 * the bits that other programs get.
 */
#include "data/preparation/scaling.h"

#include "base/memory.h"
#include "data/chunks.h"
#include "data/preparation/encoding.h"
#include "data/preparation/scaling_value.h"
#include "data/share.h"

#include <assert.h>
#include <math.h>
#include <string.h>

struct scaling_column {
    double minimum, maximum; /* of the values that are stored; of none: infinite, -infinite */
    double mean, deviation;
    long double sum, squares; /* of values; of distances from the mean */
};

/* --- Methods ------------------------------------------------------------------------------- */

/* A lognormal feature has most of its values in a quarter of its range. */
#define SKEW 4.0

static double not_zero(double factor)
{
    return factor != 0.0 ? factor : 1.0;
}

static bool is_constant(const struct scaling_column *column)
{
    return scaling_is_constant(column->minimum, column->maximum, column->deviation);
}

/* A constant is centred exactly, whatever the rounding of its mean. */
static void fit_standard(const struct scaling_column *column, double *offset, double *factor)
{
    bool constant = is_constant(column);
    *offset = constant ? column->minimum : column->mean;
    *factor = constant ? 1.0 : not_zero(column->deviation);
}

static void fit_maxabs(const struct scaling_column *column, double *offset, double *factor)
{
    (void)offset;
    bool stored = column->minimum <= column->maximum;
    *factor = stored ? not_zero(fmax(fabs(column->minimum), fabs(column->maximum))) : 1.0;
}

static void fit_minmax(const struct scaling_column *column, double *offset, double *factor)
{
    *offset = column->minimum;
    *factor = is_constant(column) ? 1.0 : column->maximum - column->minimum;
}

const struct scale scale_none = {.entry = {"none", "features as they are"}};
static const struct scale scale_standard = {
    .entry = {"standard", "(x - mean) / deviation, of each feature"},
    .offsets = true,
    .factors = true,
    .spread = {0.0, 1.0, 1.0},
    .fit = fit_standard,
};
static const struct scale scale_maxabs = {
    .entry = {"maxabs", "x / largest |x|, of each feature; zeros stay zeros, so sparse sets too"},
    .factors = true,
    .spread = {0.0, 0.5, SKEW}, /* from -1 to 1 */
    .fit = fit_maxabs,
};
static const struct scale scale_minmax = {
    .entry = {"minmax", "(x - minimum) / (maximum - minimum), of each feature: from 0 to 1"},
    .offsets = true,
    .factors = true,
    .spread = {0.5, 0.3, SKEW}, /* from 0 to 1 */
    .fit = fit_minmax,
};
static const struct scale scale_unit = {
    .entry = {"unit", "each row divided by its Euclidean length"},
};

static const struct entry *const rows[] = {&scale_none.entry, &scale_standard.entry,
                                           &scale_maxabs.entry, &scale_minmax.entry,
                                           &scale_unit.entry};

const struct table scale_table = TABLE("scale", rows);

/* --- Life ---------------------------------------------------------------------------------- */

const struct scale *scale_row(const struct entry *method)
{
    return (const struct scale *)(const void *)method;
}

static const struct scale *scale_of(const struct scaling *scaling)
{
    return scale_row(scaling->method);
}

const struct scale_spread *scaling_spread(const struct scaling *scaling)
{
    const struct scale *scale = scale_of(scaling);
    return scale->factors ? &scale->spread : NULL;
}

struct scaling *scaling_create(const struct entry *method, size_t features)
{
    struct scaling *scaling = memory_allocate(1, sizeof *scaling);
    *scaling = (struct scaling){.method = method, .features = features};
    if (scale_of(scaling)->offsets)
        scaling->offset = memory_allocate_untouched(features, sizeof *scaling->offset);
    if (scale_of(scaling)->factors)
        scaling->factor = memory_allocate_untouched(features, sizeof *scaling->factor);
    return scaling;
}

static struct scaling *scaling_copy(const struct scaling *scaling)
{
    struct scaling *copy = scaling_create(scaling->method, scaling->features);
    size_t bytes = scaling->features * sizeof *copy->factor;
    if (copy->offset != NULL)
        memcpy(copy->offset, scaling->offset, bytes);
    if (copy->factor != NULL)
        memcpy(copy->factor, scaling->factor, bytes);
    return copy;
}

/* --- Fitting ------------------------------------------------------------------------------- */

/* Chunks of rows, by shape: columns (chunks, d) stay small, or small beside the set. */
enum { CHUNKS_MAX = 64, CHUNK_VALUES = 1024, COLUMNS_SMALL = 1 << 14, COLUMNS_TOLD = 256 };

static size_t chunks_choose(const struct dataset *data)
{
    size_t columns = dataset_whole_entries(data) / CHUNK_VALUES, chunks = CHUNKS_MAX;
    columns = columns > COLUMNS_SMALL ? columns : COLUMNS_SMALL;
    while (chunks > 1 && chunks * data->features > columns)
        chunks /= 2;
    return chunks;
}

struct fit {
    const struct dataset *data;
    struct chunking cut;            /* of the rows here */
    struct scaling_column *columns; /* (cut.count, d) */
    struct scaling_column *whole;   /* (d) of the chunks of all ranks */
    int threads;
};

static void ranges_add(const struct sample *x, struct scaling_column *columns)
{
    for (size_t t = 0; t < x->count; t++) {
        struct scaling_column *column = &columns[sample_column(x, t)];
        double value = sample_value(x, t);
        column->minimum = value < column->minimum ? value : column->minimum;
        column->maximum = value > column->maximum ? value : column->maximum;
        column->sum += (long double)value;
    }
}

static void squares_add(const struct sample *x, struct scaling_column *columns)
{
    for (size_t t = 0; t < x->count; t++) {
        struct scaling_column *column = &columns[sample_column(x, t)];
        long double distance = (long double)sample_value(x, t) - (long double)column->mean;
        column->squares += distance * distance;
    }
}

/* One pass: the columns of all chunks, each over its own rows. */
static void columns_add(const struct fit *fit,
                        void (*add)(const struct sample *x, struct scaling_column *columns))
{
#pragma omp parallel for num_threads(fit->threads) schedule(dynamic)
    for (size_t chunk = 0; chunk < fit->cut.count; chunk++) {
        size_t end = chunking_begin(&fit->cut, chunk + 1);
        for (size_t i = chunking_begin(&fit->cut, chunk); i < end; i++) {
            const struct sample x = dataset_sample(fit->data, i);
            add(&x, fit->columns + chunk * fit->data->features);
        }
    }
}

/* Ranges and the sum of a column, from the parts (count) of all chunks, `stride` apart. */
static void ranges_merge(const struct scaling_column *parts, size_t count, size_t stride,
                         struct scaling_column *whole)
{
    *whole = parts[0];
    for (size_t chunk = 1; chunk < count; chunk++) {
        const struct scaling_column *part = &parts[chunk * stride];
        whole->minimum = fmin(whole->minimum, part->minimum);
        whole->maximum = fmax(whole->maximum, part->maximum);
        whole->sum += part->sum;
    }
}

static void squares_merge(const struct scaling_column *parts, size_t count, size_t stride,
                          struct scaling_column *whole)
{
    whole->squares = parts[0].squares;
    for (size_t chunk = 1; chunk < count; chunk++)
        whole->squares += parts[chunk * stride].squares;
}

/* Merges the columns of all chunks, which ranks tell each other some columns at a time. */
static void columns_merge(const struct fit *fit,
                          void (*merge)(const struct scaling_column *parts, size_t count,
                                        size_t stride, struct scaling_column *whole))
{
    size_t own = fit->cut.count, chunks = own * (size_t)ranks_count(fit->data->ranks);
    size_t d = fit->data->features;
    struct scaling_column *mine = memory_allocate_untouched(own * COLUMNS_TOLD, sizeof *mine);
    struct scaling_column *all = memory_allocate_untouched(chunks * COLUMNS_TOLD, sizeof *all);
    for (size_t j = 0; j < d; j += COLUMNS_TOLD) {
        size_t count = d - j < COLUMNS_TOLD ? d - j : COLUMNS_TOLD;
        for (size_t chunk = 0; chunk < own; chunk++)
            memcpy(mine + chunk * count, &fit->columns[chunk * d + j], count * sizeof *mine);
        ranks_allgather(fit->data->ranks, mine, own * count * sizeof *mine, all);
        for (size_t i = 0; i < count; i++)
            merge(all + i, chunks, count, &fit->whole[j + i]);
    }
    memory_free(mine);
    memory_free(all);
}

/* What the fit needs to know of all features. */
static void columns_measure(const struct fit *fit, bool deviations)
{
    size_t d = fit->data->features;
    long double n = (long double)dataset_samples(fit->data);
    for (size_t i = 0; i < fit->cut.count * d; i++)
        fit->columns[i] = (struct scaling_column){.minimum = INFINITY, .maximum = -INFINITY};
    columns_add(fit, ranges_add);
    columns_merge(fit, ranges_merge);
    for (size_t j = 0; j < d; j++)
        fit->whole[j].mean = (double)(fit->whole[j].sum / n);
    if (!deviations)
        return;
    for (size_t i = 0; i < fit->cut.count * d; i++)
        fit->columns[i].mean = fit->whole[i % d].mean;
    columns_add(fit, squares_add);
    columns_merge(fit, squares_merge);
    for (size_t j = 0; j < d; j++)
        fit->whole[j].deviation = (double)sqrtl(fit->whole[j].squares / n);
}

static void columns_fit(struct scaling *scaling, struct fit *fit)
{
    const struct scale *scale = scale_of(scaling);
    size_t d = scaling->features;
    fit->columns = memory_allocate_untouched(fit->cut.count * d, sizeof *fit->columns);
    fit->whole = memory_allocate_untouched(d, sizeof *fit->whole);
    columns_measure(fit, scale->offsets);
    for (size_t j = 0; j < d; j++)
        scale->fit(&fit->whole[j], scaling->offset != NULL ? &scaling->offset[j] : NULL,
                   &scaling->factor[j]);
    memory_free(fit->columns);
    memory_free(fit->whole);
}

/* Levels of categories and marks of missing values stay 0 and 1: a weight of one is what the level
 * adds, and sparse rows stay sparse. */
static void flags_leave(const struct dataset *data, struct scaling *scaling)
{
    assert(scaling->factor != NULL); /* what is fitted has factors */
    if (data->encoding == NULL)
        return;
    bool *flags = encoding_flags(data->encoding);
    for (size_t j = 0; j < scaling->features; j++) {
        if (flags[j] && scaling->offset != NULL)
            scaling->offset[j] = 0.0;
        if (flags[j])
            scaling->factor[j] = 1.0;
    }
    memory_free(flags);
}

bool scaling_suits(const struct entry *method, const struct dataset *data)
{
    return !scale_row(method)->offsets || !dataset_is_sparse(data) || data->numbers_stored;
}

struct scaling *scaling_fit(const struct entry *method, const struct dataset *data, int threads,
                            struct error *error)
{
    const struct scale *scale = scale_row(method);
    if (!scaling_suits(method, data)) {
        error_usage(error,
                    "scale %s would make a sparse set dense, as zeros would not stay zeros; use "
                    "scale maxabs",
                    method->name);
        return NULL;
    }
    struct fit fit = {.data = data, .threads = threads};
    fit.cut = chunking_into(data, data->rows, chunks_choose(data));
    double columns = (double)(fit.cut.count + 1) * (double)data->features;
    double bytes = sizeof *fit.columns * columns + 4.0 * sizeof(double) * (double)data->features;
    bytes *= scale->fit != NULL ? ranks_per_host(data->ranks) : 0.0; /* where nothing is fitted */
    bool sound = memory_check(bytes, "fitting the scale of the features", error);
    if (!share_agree(data->ranks, sound, error))
        return NULL;
    struct scaling *scaling = scaling_create(method, data->features);
    if (scale->fit != NULL) {
        columns_fit(scaling, &fit);
        flags_leave(data, scaling);
    }
    return scaling;
}

/* --- Applying ------------------------------------------------------------------------------ */

/* Where the values of row i are written. */
static double *row_values(struct dataset *data, size_t i)
{
    return data->X != NULL ? data->X + i * data->features : data->values + data->starts[i];
}

/* Divides by the length; a row of zeros has none and stays. */
static void row_normalise(const struct sample *x, double *values)
{
    long double squares = 0.0L;
    for (size_t t = 0; t < x->count; t++)
        squares += (long double)sample_value(x, t) * (long double)sample_value(x, t);
    long double length = sqrtl(squares);
    for (size_t t = 0; t < x->count && length > 0.0L; t++)
        values[t] = (double)((long double)sample_value(x, t) / length);
}

static void row_scale(const struct scaling *scaling, const struct sample *x, double *values)
{
    if (scaling->factor == NULL) {
        row_normalise(x, values);
        return;
    }
    for (size_t t = 0; t < x->count; t++) {
        size_t j = sample_column(x, t);
        double value = sample_value(x, t), factor = scaling->factor[j];
        values[t] = scaling->offset != NULL ? scaling_value(value, scaling->offset[j], factor)
                                            : value / factor;
    }
}

static bool row_is_finite(const struct sample *x)
{
    bool finite = true;
    for (size_t t = 0; t < x->count; t++)
        finite = finite && isfinite(sample_value(x, t));
    return finite;
}

/* Names the feature of the first value that is not finite. */
static bool refuse_overflow(const struct scaling *scaling, const struct dataset *data,
                            struct error *error)
{
    size_t i = 0, t = 0;
    struct sample x = dataset_sample(data, i);
    while (row_is_finite(&x))
        x = dataset_sample(data, ++i);
    while (isfinite(sample_value(&x, t)))
        t++;
    char name[DATASET_NAME];
    return error_usage(error,
                       "feature '%s' has values that overflow under scale %s; leave the feature "
                       "out, or choose another scale",
                       dataset_feature_name(data, sample_column(&x, t), name),
                       scaling->method->name);
}

bool scaling_apply(const struct scaling *scaling, struct dataset *data, int threads,
                   struct error *error)
{
    assert(scaling->features == data->features && data->scaling == NULL);
    assert(scaling_suits(scaling->method, data));
    if (!dataset_own(data, threads, error))
        return false;
    bool finite = true;
#pragma omp parallel for num_threads(threads) schedule(static) reduction(&& : finite)
    for (size_t i = 0; i < data->rows; i++) {
        const struct sample x = dataset_sample(data, i);
        row_scale(scaling, &x, row_values(data, i));
        finite = finite && row_is_finite(&x);
    }
    data->scaling = scaling_copy(scaling);
    return finite || refuse_overflow(scaling, data, error);
}

void scaling_fold(const struct scaling *scaling, const double *w, double b, double *w_raw,
                  double *b_raw)
{
    assert(scaling->factor != NULL);
    long double bias = (long double)b;
    for (size_t j = 0; j < scaling->features; j++) {
        long double weight = (long double)w[j] / (long double)scaling->factor[j];
        if (scaling->offset != NULL)
            bias -= (long double)scaling->offset[j] * weight;
        w_raw[j] = (double)weight;
    }
    *b_raw = (double)bias;
}
