/* SPDX-License-Identifier: MIT
 *
 * Columns by name: whatever order they come in, and whatever else stands between them, a matrix, a
 * sparse set and a table become what they were.
 */
#include "base/memory.h"
#include "base/random.h"
#include "data/preparation/columns_order.h"
#include "testing.h"

#include <string.h>

enum { ROWS = 9, COLUMNS = 6, WANTED = 4 };

static char *const all[] = {"a", "b", "c", "d", "e", "f"};

/* Value i of column "a" to "f"; many are 0. */
static double cell(size_t i, char name)
{
    size_t number = i * 7 + (size_t)name;
    return number % 3 == 0 ? 0.0 : (double)number;
}

/* A set whose columns stand in this order. */
static struct dataset *made(const size_t *order, bool sparse)
{
    struct dataset *data = sparse ? dataset_create_sparse(ROWS, COLUMNS, ROWS * COLUMNS, false)
                                  : dataset_create(ROWS, COLUMNS, false);
    size_t count = 0;
    data->feature_names = memory_allocate(COLUMNS, sizeof *data->feature_names);
    data->table = sparse ? NULL : data_columns_create(COLUMNS);
    for (size_t j = 0; j < COLUMNS; j++) {
        data->feature_names[j] = memory_copy_text(all[order[j]]);
        if (!sparse)
            data->table->columns[j].name = memory_copy_text(all[order[j]]);
    }
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j < COLUMNS; j++) {
            double value = cell(i, *all[order[j]]);
            if (!sparse) {
                data->X[i * COLUMNS + j] = value;
                continue;
            }
            if (value != 0.0) {
                data->columns[count] = (uint32_t)j;
                data->values[count++] = value;
            }
            data->starts[i + 1] = count;
        }
    return data;
}

static void check(const struct dataset *data, char *const *names, size_t count)
{
    assert_int_equal(data->features, count);
    for (size_t j = 0; j < count; j++) {
        assert_string_equal(data->feature_names[j], names[j]);
        if (data->table != NULL)
            assert_string_equal(data->table->columns[j].name, names[j]);
    }
    for (size_t i = 0; i < ROWS; i++) {
        double row[COLUMNS] = {0};
        const struct sample x = dataset_sample(data, i);
        for (size_t t = 0; t < x.count; t++) {
            assert_true(t == 0 || sample_column(&x, t) > sample_column(&x, t - 1));
            row[sample_column(&x, t)] = x.values[t];
        }
        for (size_t j = 0; j < count; j++)
            assert_true(row[j] == cell(i, *names[j]));
    }
}

static void columns_are_found_in_any_order(void **state)
{
    (void)state;
    static char *const wanted[] = {"c", "a", "f", "d"};
    size_t order[COLUMNS] = {0, 1, 2, 3, 4, 5};
    struct random_stream stream = random_open(1, RANDOM_FEATURES, 0);
    for (int round = 0; round < 20; round++) {
        for (size_t j = COLUMNS - 1; j > 0; j--) {
            size_t k = random_below(&stream, j + 1), kept = order[j];
            order[j] = order[k];
            order[k] = kept;
        }
        for (int sparse = 0; sparse < 2; sparse++) {
            struct error error = {0};
            struct dataset *some = made(order, sparse), *whole = made(order, sparse);
            assert_true(columns_order(some, wanted, WANTED, 2, &error));
            check(some, wanted, WANTED);
            assert_non_null(strstr(some->notes, "are not in the model and left out"));
            assert_true(columns_order(whole, all, COLUMNS, 1, &error));
            check(whole, all, COLUMNS);
            assert_null(whole->notes);
            dataset_free(some);
            dataset_free(whole);
        }
    }
}

static void a_name_that_is_not_there_is_told(void **state)
{
    (void)state;
    static char *const wanted[] = {"a", "g"};
    struct error error = {0};
    struct dataset *data = made((size_t[]){0, 1, 2, 3, 4, 5}, false);
    assert_false(columns_order(data, wanted, 2, 1, &error));
    assert_non_null(strstr(error.message, "there is no column 'g'"));
    assert_int_equal(data->features, COLUMNS);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_found_in_any_order),
        cmocka_unit_test(a_name_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
