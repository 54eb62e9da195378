/* SPDX-License-Identifier: MIT
 *
 * Splitting: every row is on one side, in its order, with all that belongs to it; classes keep
 * their shares; seeds choose, threads do not; and what cannot be split is refused.
 */
#include "base/memory.h"
#include "data/preparation/splitting.h"
#include "testing.h"

#include <math.h>
#include <string.h>

enum { ROWS = 500, FEATURES = 3 };

/* Row i is (i, i, i), every fifth of class 1. */
static struct dataset *numbered(size_t rows)
{
    struct dataset *data = dataset_create(rows, FEATURES, true);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < FEATURES; j++)
            data->X[i * FEATURES + j] = (double)i;
        data->y[i] = i % 5 == 4;
    }
    data->name = memory_copy_text("numbers");
    data->class_names[0] = memory_copy_text("often");
    data->class_names[1] = memory_copy_text("rare");
    return data;
}

/* Row i has i % 3 values, all i, from column i % 2 on. */
static struct dataset *numbered_sparse(void)
{
    struct dataset *data = dataset_create_sparse(ROWS, 4, ROWS, true);
    for (size_t i = 0, at = 0; i < ROWS; i++) {
        for (size_t t = 0; t < i % 3; t++, at++) {
            data->columns[at] = (uint32_t)(i % 2 + t);
            data->values[at] = (double)i;
        }
        data->starts[i + 1] = at;
        data->y[i] = i % 5 == 4;
    }
    return data;
}

static struct dataset *split(const struct dataset *data, double share, uint64_t seed, int threads)
{
    struct error error = {0};
    struct dataset *training = splitting_create(data, share, seed, threads, &error);
    if (training == NULL)
        fail_msg("%s", error.message);
    assert_non_null(training->heldout);
    return training;
}

static double ones(const struct dataset *data)
{
    double sum = 0.0;
    for (size_t i = 0; i < data->rows; i++)
        sum += data->y[i];
    return sum;
}

static void every_row_is_on_one_side(void **state)
{
    (void)state;
    struct dataset *data = numbered(ROWS), *training = split(data, 0.3, 0, 2);
    const struct dataset *heldout = training->heldout;
    size_t next[2] = {0, 0};
    for (size_t i = 0; i < ROWS; i++) { /* merging the two gives the original */
        bool held = next[1] < heldout->rows && heldout->X[next[1] * FEATURES] == (double)i;
        const struct dataset *side = held ? heldout : training;
        size_t row = next[held]++;
        assert_true(row < side->rows && side->y[row] == data->y[i]);
        assert_memory_equal(side->X + row * FEATURES, data->X + i * FEATURES,
                            FEATURES * sizeof(double));
    }
    assert_int_equal(next[0], training->rows);
    assert_int_equal(next[1], heldout->rows);
    assert_string_equal(heldout->name, "numbers");
    assert_string_equal(training->class_names[1], "rare");
    dataset_free(training);
    dataset_free(data);
}

static void classes_keep_their_shares(void **state)
{
    (void)state;
    static const double shares[] = {0.01, 0.2, 0.5, 0.75, 0.99};
    struct dataset *data = numbered(ROWS);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        struct dataset *training = split(data, shares[i], 5, 1);
        assert_true(ones(training->heldout) == 100 * shares[i]);
        assert_true((double)training->heldout->rows - ones(training->heldout) == 400 * shares[i]);
        assert_int_equal(training->rows + training->heldout->rows, ROWS);
        dataset_free(training);
    }
    dataset_free(data);
}

static void the_seed_chooses_and_threads_do_not(void **state)
{
    (void)state;
    struct dataset *data = numbered(ROWS);
    struct dataset *one = split(data, 0.2, 1, 1), *same = split(data, 0.2, 1, 3);
    struct dataset *other = split(data, 0.2, 2, 1);
    size_t bytes = one->heldout->rows * FEATURES * sizeof(double);
    assert_memory_equal(one->heldout->X, same->heldout->X, bytes);
    assert_memory_equal(one->X, same->X, one->rows * FEATURES * sizeof(double));
    assert_memory_not_equal(one->heldout->X, other->heldout->X, bytes);
    dataset_free(one);
    dataset_free(same);
    dataset_free(other);
    dataset_free(data);
}

/* Each row is held out in about a fifth of 1000 splits: 200, with a deviation of 12.6. */
static void no_row_is_preferred(void **state)
{
    (void)state;
    enum { FEW = 50, SPLITS = 1000 };
    struct dataset *data = numbered(FEW);
    int times[FEW] = {0};
    for (uint64_t seed = 0; seed < SPLITS; seed++) {
        struct dataset *training = split(data, 0.2, seed, 1);
        for (size_t i = 0; i < training->heldout->rows; i++)
            times[(size_t)training->heldout->X[i * FEATURES]]++;
        dataset_free(training);
    }
    for (size_t i = 0; i < FEW; i++)
        assert_between(times[i], 140, 260);
    dataset_free(data);
}

static void sparse_rows_go_whole(void **state)
{
    (void)state;
    struct dataset *data = numbered_sparse(), *training = split(data, 0.4, 3, 2);
    const struct dataset *sides[] = {training, training->heldout};
    for (size_t s = 0; s < 2; s++) {
        assert_int_equal(sides[s]->features, 4);
        for (size_t r = 0; r < sides[s]->rows; r++) {
            struct sample x = dataset_sample(sides[s], r);
            for (size_t t = 0; t < x.count; t++) {
                size_t i = (size_t)x.values[t];
                assert_int_equal(x.count, i % 3);
                assert_int_equal(x.columns[t], i % 2 + t);
                assert_true(sides[s]->y[r] == data->y[i]);
            }
        }
    }
    assert_int_equal(dataset_entries(training) + dataset_entries(training->heldout),
                     dataset_entries(data));
    dataset_free(training);
    dataset_free(data);
}

static void sets_without_labels_are_split(void **state)
{
    (void)state;
    struct dataset *data = numbered(10);
    memory_free(data->y);
    data->y = NULL;
    struct dataset *training = split(data, 0.2, 0, 1);
    assert_int_equal(training->rows, 8);
    assert_null(training->heldout->y);
    dataset_free(training);
    dataset_free(data);
}

static void a_class_without_rows_on_a_side_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t rows;
        double share;
        const char *message;
    } cases[] = {
        {10, 0.2,
         "split 0.2 of the 2 rows of class 'rare' leaves none to hold out; each class "
         "needs a row on both sides: hold out a larger share"},
        {10, 0.8,
         "leaves none to train on; each class needs a row on both sides: hold out a "
         "smaller share"},
        {5, 0.5, "of the 1 row of class 'rare' leaves none to train on"},
        {5, 0.4, "this one has too few rows to be split"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dataset *data = numbered(cases[i].rows);
        struct error error = {0};
        assert_null(splitting_create(data, cases[i].share, 0, 1, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("%s", error.message);
        dataset_free(data);
    }
}

static void the_digest_covers_what_is_held_out(void **state)
{
    (void)state;
    struct dataset *data = numbered(ROWS);
    struct dataset *one = split(data, 0.2, 1, 1), *other = split(data, 0.2, 1, 1);
    other->heldout->X[0] += 1.0;
    struct dataset *sets[] = {one, other};
    for (size_t i = 0; i < 2; i++) {
        dataset_seal(sets[i]->heldout);
        dataset_seal(sets[i]);
    }
    assert_string_not_equal(one->digest, other->digest);
    dataset_free(one);
    dataset_free(other);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_on_one_side),
        cmocka_unit_test(classes_keep_their_shares),
        cmocka_unit_test(the_seed_chooses_and_threads_do_not),
        cmocka_unit_test(no_row_is_preferred),
        cmocka_unit_test(sparse_rows_go_whole),
        cmocka_unit_test(sets_without_labels_are_split),
        cmocka_unit_test(a_class_without_rows_on_a_side_is_refused),
        cmocka_unit_test(the_digest_covers_what_is_held_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
