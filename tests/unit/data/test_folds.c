/* SPDX-License-Identifier: MIT
 *
 * Folds: every row is in one, each class is spread evenly, and so are all rows; names of classes
 * change nothing, seeds and repeats do.
 */
#include "base/memory.h"
#include "data/preparation/folds.h"
#include "fixture.h"

enum { ROWS = 101, FOLDS = 7 };

/* Every third row is of class 1. */
static struct dataset *made(bool swapped)
{
    struct dataset *data = dataset_create(ROWS, 1, true);
    for (size_t i = 0; i < ROWS; i++) {
        data->X[i] = (double)i;
        data->y[i] = (i % 3 == 1) != swapped;
    }
    return data;
}

static void each_class_is_spread_evenly(void **state)
{
    (void)state;
    struct dataset *data = made(false);
    for (size_t folds = 2; folds <= 33; folds++) {
        const struct fold fold = {.folds = folds, .seed = 3, .number = 1};
        uint16_t *parts = fold_deal(data, &fold);
        size_t counts[2][64] = {{0}}, first = 0;
        for (size_t i = 0; i < ROWS; i++) {
            assert_between(parts[i], 1, folds);
            counts[data->y[i] > 0.5][parts[i]]++;
            first += i % 3 != 1;
        }
        for (size_t part = 1; part <= folds; part++) {
            assert_between(counts[0][part], first / folds, (first + folds - 1) / folds);
            assert_between(counts[1][part], (ROWS - first) / folds,
                           (ROWS - first + folds - 1) / folds);
            assert_between(counts[0][part] + counts[1][part], ROWS / folds,
                           fold_rows_most(ROWS, folds));
        }
        memory_free(parts);
    }
    dataset_free(data);
}

static bool same_deal(const struct dataset *one, struct fold a, const struct dataset *other,
                      struct fold b)
{
    uint16_t *parts = fold_deal(one, &a), *others = fold_deal(other, &b);
    const bool same = memcmp(parts, others, ROWS * sizeof *parts) == 0;
    memory_free(parts);
    memory_free(others);
    return same;
}

static void seeds_and_repeats_deal_anew(void **state)
{
    (void)state;
    struct dataset *data = made(false), *swapped = made(true);
    const struct fold first = {FOLDS, 3, 1}, last = {FOLDS, 3, FOLDS},
                      repeat = {FOLDS, 3, FOLDS + 1}, seeded = {FOLDS, 4, 1};
    assert_true(same_deal(data, first, data, last));
    assert_true(same_deal(data, first, swapped, first));
    assert_false(same_deal(data, first, data, repeat));
    assert_false(same_deal(data, first, data, seeded));
    assert_int_equal(fold_part(&last), FOLDS);
    assert_int_equal(fold_part(&repeat), 1);
    dataset_free(data);
    dataset_free(swapped);
}

static void a_split_has_all_rows_once(void **state)
{
    (void)state;
    struct dataset *data = made(false);
    struct error error = {0};
    size_t held[ROWS] = {0};
    for (size_t number = 1; number <= FOLDS; number++) {
        const struct fold fold = {FOLDS, 3, number};
        struct split *split = fold_split(data, &fold, &error);
        assert_non_null(split);
        assert_int_equal(split->counts[0] + split->counts[1], ROWS);
        for (size_t r = 0; r < split->counts[1]; r++)
            held[split->rows[1][r]]++;
        for (size_t r = 1; r < split->counts[0]; r++)
            assert_true(split->rows[0][r - 1] < split->rows[0][r]);
        split_free(split);
    }
    for (size_t i = 0; i < ROWS; i++)
        assert_int_equal(held[i], 1);
    dataset_free(data);
}

static void too_many_are_refused(void **state)
{
    (void)state;
    struct dataset *data = made(false);
    struct error error = {0};
    assert_true(folds_check(data, 34, &error));
    assert_false(folds_check(data, 35, &error));
    assert_non_null(strstr(error.message, "folds 35 are more than the 34 rows of class '1'"));
    assert_non_null(strstr(error.message, "give at most 34"));
    const struct fold fold = {35, 0, 1};
    error = (struct error){0};
    assert_null(fold_split(data, &fold, &error));
    for (size_t i = 0; i < ROWS; i++)
        data->y[i] = i == 5;
    error = (struct error){0};
    assert_false(folds_check(data, 2, &error));
    assert_non_null(strstr(error.message, "class '1' has 1 row, which cannot be dealt"));
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_is_spread_evenly),
        cmocka_unit_test(seeds_and_repeats_deal_anew),
        cmocka_unit_test(a_split_has_all_rows_once),
        cmocka_unit_test(too_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
