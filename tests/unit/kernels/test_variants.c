/* SPDX-License-Identifier: MIT
 *
 * Variants of a kernel differ in speed alone: whichever is chosen, every sum has the same bits. All
 * of them are walked, over rows that fill no vector, no step, no tile, no group and no block, or
 * just do.
 */
#include "base/parallel/threads.h"
#include "data/precision.h"
#include "kernel_fixture.h"
#include "kernels/variants.h"

static const struct slice {
    size_t begin, end;
} slices[] = {{0, 301}, {0, 300}, {5, 263}, {17, 24}, {8, 9}, {40, 40}};
enum { ROWS = 301, FEW_FEATURES = 40 };
#if defined(SANITIZED)
/* Bits are compared where nothing watches. Steps of 5 have every remainder of 8 and every company.
 */
static const size_t more_features[] = {100};
enum { FEW_STEP = 5 };
#else
static const size_t more_features[] = {100, 784};
enum { FEW_STEP = 1 };
#endif
static const size_t company[] = {1, 3, 8, 9, 33, 65};

/* The sums of one slice by a variant; to be freed. */
static double *sums_of(const struct kernel *kernel, const struct entry *variant,
                       const struct dataset *data, const struct models *models, struct slice slice)
{
    size_t d = data->features, k = models->count;
    double *sums = memory_allocate(pass_sums_length(d, k), sizeof *sums);
    double *scratch = memory_allocate(kernel->scratch(data->rows, d, k), sizeof *scratch);
    struct pass_sums parts = pass_sums_at(sums, d, k);
    kernel->pass_by(variant, data, slice.begin, slice.end, models, &parts, scratch);
    memory_free(scratch);
    return sums;
}

static void compare_slice(const struct kernel *kernel, const struct dataset *data,
                          const struct models *models, struct slice slice)
{
    const struct table *variants = kernel->variants;
    size_t length = pass_sums_length(data->features, models->count);
    double *first = sums_of(kernel, variants->entries[0], data, models, slice);
    for (size_t i = 1; i < variants->count; i++) {
        double *sums = sums_of(kernel, variants->entries[i], data, models, slice);
        if (memcmp(sums, first, length * sizeof *sums) != 0)
            fail_msg("%s, variant %s: other bits at d %zu, k %zu, rows %zu to %zu",
                     kernel->entry.name, variants->entries[i]->name, data->features, models->count,
                     slice.begin, slice.end);
        memory_free(sums);
    }
    memory_free(first);
}

/* Rows as the kernel takes them: doubles, or (count) in each precision of fewer bits. */
static struct dataset *data_for(const struct kernel *kernel, size_t features, size_t precision)
{
    struct dataset *data = random_data(ROWS, features);
    struct error error;
    if (kernel->takes & TAKES_NARROW)
        assert_true(
            precision_apply(precision_table.entries[precision + 1], false, data, 1, &error));
    return data;
}

static size_t precisions_for(const struct kernel *kernel)
{
    return kernel->takes & TAKES_NARROW ? precision_table.count - 1 : 1; /* the first is float64 */
}

static void compare_features(const struct kernel *kernel, size_t features, size_t k,
                             size_t precision)
{
    struct dataset *data = data_for(kernel, features, precision);
    struct models models = random_models(features, k);
    for (int weighted = 0; weighted <= 1; weighted++) {
        data->class_weights[0] = weighted ? 0.7 : 1.0;
        data->class_weights[1] = weighted ? 1.9 : 1.0;
        for (size_t i = 0; i < sizeof slices / sizeof *slices; i++)
            compare_slice(kernel, data, &models, slices[i]);
    }
    models_clear(&models);
    dataset_free(data);
}

/* Of few features in every company; of many in one. */
static void every_variant_has_the_same_bits(void **state)
{
    (void)state;
    for (const struct kernel *kernel = next_kernel(NULL); kernel != NULL;
         kernel = next_kernel(kernel)) {
        if (kernel->variants == NULL)
            continue;
        for (size_t p = 0; p < precisions_for(kernel); p++) {
            for (size_t d = 1 + p; d <= FEW_FEATURES; d += FEW_STEP * precisions_for(kernel))
                compare_features(kernel, d, company[d % (sizeof company / sizeof *company)], p);
            EACH (d, more_features) {
                compare_features(kernel, *d, 1, p);
                compare_features(kernel, *d, 33, p);
            }
        }
    }
}

/* What overflows, and what is no number, is the same too: nothing is added that is not there. */
static void every_variant_has_the_same_bits_beyond_numbers(void **state)
{
    (void)state;
    struct dataset *data = random_data(ROWS, 13);
    struct models models = random_models(13, 1);
    data->X[3 * 13 + 2] = INFINITY;
    data->X[90 * 13 + 5] = 1e308;
    data->X[91 * 13 + 12] = -0.0;
    for (size_t f = 0; f < 13; f++)
        data->X[200 * 13 + f] = f % 2 == 0 ? 4e-324 : -1e-310;
    compare_slice(&kernel_fused, data, &models, slices[0]);
    compare_slice(&kernel_batched, data, &models, slices[0]);
    models_clear(&models);
    dataset_free(data);
}

/* A name is what is kept of a choice. */
static void names_of_variants_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < kernel_table.count; i++) {
        const struct table *variants = kernel_of(kernel_table.entries[i])->variants;
        for (size_t j = 0; variants != NULL && j < variants->count; j++)
            assert_ptr_equal(table_find(variants, variants->entries[j]->name),
                             variants->entries[j]);
    }
}

static void a_pass_takes_what_was_chosen_for_its_case(void **state)
{
    (void)state;
    struct dataset *data = random_data(3000, 50);
    struct models models = random_models(50, 1);
    size_t length = pass_sums_length(50, 1), count;
    const struct table *variants = kernel_fused.variants;
    const struct variant_choice choice = {variant_case_of(&kernel_fused, 3000, 50, 8, 1, 2),
                                          variants->entries[variants->count - 1]};
    struct kernel_problem problem = {
        .data = data, .pass = &kernel_fused, .models = 1, .threads = 2};
    struct pass *before = pass_create(&problem, 3000, false);
    assert_ptr_equal(pass_variant(before), variants->entries[0]);
    variant_choose(&choice);
    struct pass *after = pass_create(&problem, 3000, false);
    struct pass *gathering = pass_create(&problem, 3000, true);
    problem.threads = 1;
    struct pass *other = pass_create(&problem, 3000, false);
    assert_ptr_equal(pass_variant(after), choice.variant);
    assert_ptr_equal(pass_variant(gathering), variants->entries[0]);
    assert_ptr_equal(pass_variant(other), variants->entries[0]);
    double *expected = pass_run(before, NULL, 0, 3000, &models).G;
    assert_memory_equal(pass_run(after, NULL, 0, 3000, &models).G, expected,
                        length * sizeof(double));
    assert_ptr_equal(variants_chosen(&count)[0].variant, choice.variant);
    assert_int_equal(count, 1);
    variants_forget();
    assert_false(variant_is_chosen(&choice.what));
    pass_free(before);
    pass_free(after);
    pass_free(gathering);
    pass_free(other);
    models_clear(&models);
    dataset_free(data);
}

static void kernels_without_variants_have_none(void **state)
{
    (void)state;
    struct dataset *data = random_data(10, 3);
    const struct kernel_problem problem = {
        .data = data, .pass = &kernel_reference, .models = 1, .threads = 1};
    struct pass *pass = pass_create(&problem, 10, false);
    assert_null(pass_variant(pass));
    pass_free(pass);
    dataset_free(data);
}

static void sizes_are_told_apart_up_to_memory(void **state)
{
    (void)state;
    assert_int_equal(variant_case_of(&kernel_fused, 1, 1, 8, 1, 1).size, 3);
    assert_int_equal(variant_case_of(&kernel_fused, 1024, 128, 8, 1, 1).size, 20);
    assert_int_equal(variant_case_of(&kernel_fused, 1023, 128, 8, 1, 1).size, 19);
    assert_int_equal(variant_case_of(&kernel_fused_narrow, 1024, 128, 1, 1, 1).size, 17);
    assert_int_equal(variant_case_of(&kernel_fused, 1000000000, 100, 8, 1, 1).size,
                     VARIANT_SIZE_MOST);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_variant_has_the_same_bits),
        cmocka_unit_test(every_variant_has_the_same_bits_beyond_numbers),
        cmocka_unit_test(names_of_variants_differ),
        cmocka_unit_test(a_pass_takes_what_was_chosen_for_its_case),
        cmocka_unit_test(kernels_without_variants_have_none),
        cmocka_unit_test(sizes_are_told_apart_up_to_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
