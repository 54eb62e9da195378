/* SPDX-License-Identifier: MIT
 *
 * A scalar product and the products with vectors are products of matrices with d or k equal to 1:
 * their operands, their results and their errors are those, and only the call is another.
 */
#include "measure/blas/blas_operations.h"

#include "base/memory.h"
#include "base/random.h"

#include <cblas.h>
#include <float.h>
#include <math.h>

static const struct blas_operation dot = {
    {"dot", "s = x . r, of vectors"}, .transposed = true, .vector = true, .scalar = true};
static const struct blas_operation gemv = {{"gemv", "z = X w, a matrix and a vector"},
                                           .vector = true};
static const struct blas_operation gemv_transposed = {
    {"gemv-transposed", "g = X' r, the same transposed"}, .transposed = true, .vector = true};
static const struct blas_operation gemm = {
    .entry = {"gemm", "Z = X W, blocks of rows and k columns"}};
static const struct blas_operation gemm_transposed = {
    {"gemm-transposed", "G = X' R, the same transposed"}, .transposed = true};

static const struct entry *const rows[] = {&dot.entry, &gemv.entry, &gemv_transposed.entry,
                                           &gemm.entry, &gemm_transposed.entry};

const struct table blas_operation_table = TABLE("operation", rows);

/* --- Shapes --------------------------------------------------------------------------------- */

struct blas_shape blas_shape_for(const struct blas_operation *operation, struct blas_shape shape)
{
    return (struct blas_shape){
        .rows = shape.rows,
        .columns = operation->scalar ? 1 : shape.columns,
        .models = operation->vector ? 1 : shape.models,
        .block = operation->vector ? shape.rows : shape.block,
    };
}

double blas_shape_flops(struct blas_shape shape)
{
    return 2.0 * (double)shape.rows * (double)shape.columns * (double)shape.models;
}

double blas_shape_bytes(struct blas_shape shape)
{
    const double n = (double)shape.rows, d = (double)shape.columns, k = (double)shape.models;
    return sizeof(double) * (n * d + n * k + d * k);
}

/* --- Operands ------------------------------------------------------------------------------- */

/* Row i of a matrix (rows, width) is its own stream, whatever the number of rows. */
static double *draw(size_t count, size_t width, uint64_t seed)
{
    double *values = memory_allocate_untouched(count * width + 1, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        struct random_stream stream = random_open(seed, RANDOM_FEATURES, i);
        for (size_t j = 0; j < width; j++)
            values[i * width + j] = random_uniform(&stream) - 0.5;
    }
    return values;
}

struct blas_operands blas_operands_create(const struct blas_operation *operation,
                                          struct blas_shape shape)
{
    const struct blas_shape own = blas_shape_for(operation, shape);
    const size_t results = (operation->transposed ? own.columns : own.rows) * own.models;
    return (struct blas_operands){
        .operation = operation,
        .shape = own,
        .X = draw(own.rows, own.columns, 1),
        .W = draw(own.columns, own.models, 2),
        .R = draw(own.rows, own.models, 3),
        .out = memory_allocate(results + 1, sizeof(double)),
        .results = results,
    };
}

double blas_operands_bytes(struct blas_shape shape)
{
    const double n = (double)shape.rows, d = (double)shape.columns, k = (double)shape.models;
    return blas_shape_bytes(shape) + sizeof(double) * k * fmax(n, d);
}

void blas_operands_clear(struct blas_operands *operands)
{
    memory_free(operands->X);
    memory_free(operands->W);
    memory_free(operands->R);
    memory_free(operands->out);
    *operands = (struct blas_operands){0};
}

/* --- Calls ---------------------------------------------------------------------------------- */

static void call_vector(const struct blas_operands *at)
{
    const int n = (int)at->shape.rows, d = (int)at->shape.columns;
    if (at->operation->scalar)
        at->out[0] = cblas_ddot(n, at->X, 1, at->R, 1);
    else if (at->operation->transposed)
        cblas_dgemv(CblasRowMajor, CblasTrans, n, d, 1.0, at->X, d, at->R, 1, 0.0, at->out, 1);
    else
        cblas_dgemv(CblasRowMajor, CblasNoTrans, n, d, 1.0, at->X, d, at->W, 1, 0.0, at->out, 1);
}

/* Rows [begin, begin + count): their results, or what they add to all of them. */
static void call_block(const struct blas_operands *at, size_t begin, size_t count)
{
    const int m = (int)count, d = (int)at->shape.columns, k = (int)at->shape.models;
    const double *X = at->X + begin * at->shape.columns;
    if (at->operation->transposed)
        cblas_dgemm(CblasRowMajor, CblasTrans, CblasNoTrans, d, k, m, 1.0, X, d,
                    at->R + begin * at->shape.models, k, begin == 0 ? 0.0 : 1.0, at->out, k);
    else
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, d, 1.0, X, d, at->W, k, 0.0,
                    at->out + begin * at->shape.models, k);
}

void blas_operands_run(const struct blas_operands *operands)
{
    const size_t n = operands->shape.rows, block = operands->shape.block;
    if (operands->operation->vector)
        call_vector(operands);
    else
        for (size_t i = 0; i < n; i += block)
            call_block(operands, i, n - i < block ? n - i : block);
}

void blas_operands_digest(const struct blas_operands *operands, char digest[static DIGEST_TEXT])
{
    blas_operands_run(operands);
    digest_of_bytes(operands->out, operands->results * sizeof *operands->out, digest);
}

/* --- Errors --------------------------------------------------------------------------------- */

/* A sum as the unevaluated sum of two doubles, and that of the absolute values. */
struct compensated_sum {
    double high, low, absolute;
};

static void add_product(struct compensated_sum *sum, double a, double b)
{
    const double product = a * b, rest = fma(a, b, -product);
    const double next = sum->high + product, back = next - sum->high;
    sum->low += (sum->high - (next - back)) + (product - back) + rest;
    sum->high = next;
    sum->absolute += fabs(product);
}

/* Result (i, j). */
static double error_of(const struct blas_operands *at, size_t i, size_t j)
{
    const size_t d = at->shape.columns, k = at->shape.models;
    struct compensated_sum sum = {0};
    if (at->operation->transposed)
        for (size_t t = 0; t < at->shape.rows; t++)
            add_product(&sum, at->X[t * d + i], at->R[t * k + j]);
    else
        for (size_t t = 0; t < d; t++)
            add_product(&sum, at->X[i * d + t], at->W[t * k + j]);
    const double difference = fabs((at->out[i * k + j] - sum.high) - sum.low);
    return sum.absolute > 0.0 ? difference / (DBL_EPSILON * sum.absolute) : difference;
}

double blas_operands_error(const struct blas_operands *operands)
{
    const size_t k = operands->shape.models;
    double most = 0.0;
    blas_operands_run(operands);
    for (size_t i = 0; i < operands->results; i++)
        most = fmax(most, error_of(operands, i / k, i % k));
    return most;
}
