/* SPDX-License-Identifier: MIT
 *
 * Passes in which each model leaves out the rows of a part of its own: the sums of the rows that
 * count are those of a pass over these rows alone, and what is left out is as a pass over the
 * others has it; in every variant, for any number of models, with the same bits in any company.
 */
#include "base/memory.h"
#include "kernel_fixture.h"
#include "kernels/pass.h"

enum { ROWS = 611, PARTS = 5 };

/* The rows of `data` whose part is, or is not, `part`, one after the other. */
static struct dataset *rows_of(const struct dataset *data, const uint16_t *row_parts, size_t part,
                               bool inside)
{
    struct dataset *dense = dataset_is_sparse(data) ? dense_copy(data) : NULL;
    const struct dataset *from = dense != NULL ? dense : data;
    struct dataset *rows = dataset_create(data->rows, data->features, true);
    rows->rows = 0;
    for (size_t i = 0; i < data->rows; i++)
        if ((row_parts[i] == part) == inside) {
            memcpy(rows->X + rows->rows * data->features, from->X + i * data->features,
                   data->features * sizeof *rows->X);
            rows->y[rows->rows++] = data->y[i];
        }
    dataset_free(dense);
    return rows;
}

static struct models one_of(const struct models *models, size_t j)
{
    struct models one = models_create(models->features, 1);
    models_copy_weights(models, j, one.W);
    one.b[0] = models->b[j];
    return one;
}

static double *reference_sums(const struct dataset *data, const struct models *one)
{
    const size_t length = pass_sums_length(data->features, 1);
    double *block = memory_allocate(length, sizeof *block);
    double *scratch = memory_allocate(kernel_reference.scratch(data->rows, data->features, 1) + 1,
                                      sizeof *scratch);
    const struct pass_sums sums = pass_sums_at(block, data->features, 1);
    kernel_reference.pass(data, 0, data->rows, one, &sums, scratch);
    memory_free(scratch);
    return block;
}

static void compare_model(const struct dataset *data, const struct models *models, size_t j,
                          const struct parts_left *left, const struct pass_sums *found)
{
    const size_t d = data->features, part = (size_t)left->parts[j];
    struct dataset *kept = rows_of(data, left->row_parts, part, false),
                   *out = rows_of(data, left->row_parts, part, true);
    struct models one = one_of(models, j);
    double *block = reference_sums(kept, &one), *others = reference_sums(out, &one),
           *G = memory_allocate(d, sizeof *G);
    const struct pass_sums expected = pass_sums_at(block, d, 1), rest = pass_sums_at(others, d, 1);
    for (size_t f = 0; f < d; f++)
        G[f] = found->G[f * models->count + j];
    assert_true(difference(G, expected.G, d) < 1e-12);
    assert_true(difference(&found->gb[j], expected.gb, 1) < 1e-11);
    assert_true(difference(&found->loss[j], expected.loss, 1) < 1e-13);
    assert_true(found->correct[j] == expected.correct[0]);
    assert_true(fabs(found->heldout_loss[j] - rest.loss[0]) < 1e-11);
    assert_true(found->heldout_correct[j] == rest.correct[0]);
    memory_free(G);
    memory_free(block);
    memory_free(others);
    models_clear(&one);
    dataset_free(kept);
    dataset_free(out);
}

/* Model j leaves out part j mod (PARTS + 1): every sixth none. */
static struct parts_left leave(const struct dataset *data, size_t models)
{
    struct random_stream stream = random_open(8, RANDOM_FOLDS, 0);
    uint16_t *row_parts = memory_allocate(data->rows, sizeof *row_parts);
    struct parts_left left = {row_parts, memory_allocate(models, sizeof *left.parts)};
    for (size_t i = 0; i < data->rows; i++)
        row_parts[i] = (uint16_t)(1 + random_below(&stream, PARTS));
    for (size_t j = 0; j < models; j++)
        left.parts[j] = (double)(j % (PARTS + 1));
    return left;
}

static void leave_clear(struct parts_left *left)
{
    memory_free((void *)(uintptr_t)left->row_parts);
    memory_free(left->parts);
}

static void compare(const struct dataset *data, const struct kernel *kernel, size_t k)
{
    struct models models = random_models(data->features, k), one;
    struct parts_left left = leave(data, k);
    const struct kernel_problem problem = {
        .data = data, .pass = kernel, .models = k, .threads = 2, .left = &left};
    struct pass *pass = pass_create(&problem, data->rows, false);
    const struct pass_sums found = pass_run(pass, NULL, 0, data->rows, &models);
    for (size_t j = 0; j < k; j += k < 8 ? 1 : 5)
        compare_model(data, &models, j, &left, &found);

    /* Alone, on one thread: the same bits. */
    const size_t j = k - 1;
    struct parts_left own = {left.row_parts, &left.parts[j]};
    const struct kernel_problem alone = {
        .data = data, .pass = kernel, .models = 1, .threads = 1, .left = &own};
    struct pass *single = pass_create(&alone, data->rows, false);
    one = one_of(&models, j);
    const struct pass_sums same = pass_run(single, NULL, 0, data->rows, &one);
    for (size_t f = 0; f < data->features; f++)
        assert_memory_equal(&same.G[f], &found.G[f * k + j], sizeof *same.G);
    assert_memory_equal(same.loss, &found.loss[j], sizeof *same.loss);
    assert_memory_equal(same.heldout_loss, &found.heldout_loss[j], sizeof *same.loss);
    pass_free(single);
    pass_free(pass);
    leave_clear(&left);
    models_clear(&one);
    models_clear(&models);
}

static void dense_passes_leave_rows_out(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, 13);
    const size_t counts[] = {1, 2, 7, 8, 9, 24, 25, 64};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        compare(data, &kernel_batched, counts[i]);
    dataset_free(data);
}

static void sparse_passes_leave_rows_out(void **state)
{
    (void)state;
    struct dataset *data = random_sparse(ROWS, 13);
    const size_t counts[] = {1, 3, 33};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        compare(data, &kernel_sparse, counts[i]);
    dataset_free(data);
}

/* Every way of the same pass. */
static void variants_have_the_same_bits(void **state)
{
    (void)state;
    enum { MODELS = 19, FEATURES = 13, LENGTH = (FEATURES + 3) * MODELS };
    struct dataset *data = random_data(ROWS, FEATURES);
    struct models models = random_models(FEATURES, MODELS);
    struct parts_left left = leave(data, MODELS);
    double first[LENGTH + 2 * MODELS], sums[LENGTH + 2 * MODELS];
    double *scratch = memory_allocate(kernel_batched.scratch(ROWS, FEATURES, MODELS), 8);
    assert_int_equal(pass_sums_length(FEATURES, MODELS), LENGTH);
    models.row_parts = left.row_parts;
    models.parts = left.parts;
    for (size_t v = 0; v < kernel_batched.variants->count; v++) {
        memset(sums, 0, sizeof sums);
        struct pass_sums parts = pass_sums_at(sums, FEATURES, MODELS);
        parts.heldout_loss = sums + LENGTH;
        parts.heldout_correct = parts.heldout_loss + MODELS;
        kernel_batched.pass_by(kernel_batched.variants->entries[v], data, 0, ROWS, &models, &parts,
                               scratch);
        if (v == 0)
            memcpy(first, sums, sizeof first);
        assert_memory_equal(sums, first, sizeof first);
    }
    memory_free(scratch);
    leave_clear(&left);
    models_clear(&models);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dense_passes_leave_rows_out),
        cmocka_unit_test(sparse_passes_leave_rows_out),
        cmocka_unit_test(variants_have_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
