/* SPDX-License-Identifier: MIT
 *
 * Shares of a set, as far as one process can tell: any range of rows is read or generated as those
 * rows of the whole are, a digest goes on where another left it, and a job of one rank has the
 * whole set. What several ranks do, ranks_data.bats tells.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "data/formats/format.h"
#include "data/preparation/scaling.h"
#include "data/preparation/weighting.h"
#include "data/sources/source_load.h"
#include "data/sources/source_read.h"
#include "file_fixture.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

static void assert_rows_equal(const struct dataset *part, const struct dataset *whole)
{
    assert_int_equal(part->features, whole->features);
    for (size_t i = 0; i < part->rows; i++) {
        size_t row = part->first_row + i;
        const struct sample mine = dataset_sample(part, i), its = dataset_sample(whole, row);
        assert_int_equal(mine.count, its.count);
        assert_memory_equal(mine.values, its.values, its.count * sizeof(double));
        for (size_t t = 0; t < its.count; t++)
            assert_int_equal(sample_column(&mine, t), sample_column(&its, t));
        if (whole->y != NULL) /* rows of one class alone do not know which it is */
            assert_string_equal(part->class_names[part->y[i] != 0.0],
                                whole->class_names[whole->y[row] != 0.0]);
    }
}

/* Reads all rows, and then every range that begins and ends at some of them. */
static void assert_ranges(const struct source *source)
{
    struct error error = {.kind = ERROR_NONE};
    struct share share = {.ranks = NULL};
    struct dataset *whole = source_read(source, &share, 2, &error);
    assert_non_null(whole);
    assert_true(share.first == 0 && share.rows == whole->rows && share.whole == whole->rows);
    size_t step = whole->rows / 7 + 1;
    for (size_t first = 0; first <= whole->rows; first += step)
        for (size_t end = first; end <= whole->rows; end += step) {
            struct share some = {
                .chosen = true, .first = first, .rows = end - first, .entries = share.entries};
            struct dataset *part = source_read(source, &some, 2, &error);
            if (part == NULL)
                fail_msg("%s", error.message);
            assert_true(part->rows == end - first && part->first_row == first);
            assert_int_equal(some.whole, whole->rows);
            assert_rows_equal(part, whole);
            dataset_free(part);
        }
    dataset_free(whole);
}

static void ranges_of_generated_rows(void **state)
{
    (void)state;
    static const char *const operands[] = {"pets:rows=41",
                                           "blobs:rows=50,features=3,noise=0.3,condition=9"};
    for (size_t i = 0; i < 2; i++) {
        struct source source;
        struct error error = {.kind = ERROR_NONE};
        assert_true(source_parse(&source, operands[i], &error));
        assert_ranges(&source);
        source_clear(&source);
    }
}

/* More than one block of bytes. */
static void ranges_of_csv(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    fputs("one,two,kind\r\n", file);
    for (int i = 0; i < 40000; i++)
        fprintf(file, "%d,%d.%d,%s\r\n", i, i % 7, i % 5, i % 3 == 0 ? "\"a \"\"b\"\"\"" : "c");
    fclose(file);
    file_fill(text, size);
    assert_ranges(&(struct source){.path = path});
    free(text);
}

static void ranges_of_libsvm(void **state)
{
    (void)state;
    static const char text[] =
        "# comment\n\n+1 1:2 5:1\n-1\n\n   \n+1 2:1 # 9:9\n#\n-1 4:4\n+1 6:-0\n";
    file_fill(text, strlen(text));
    const struct format *libsvm = (const struct format *)table_find(&format_table, "libsvm");
    assert_ranges(&(struct source){.path = path, .format = libsvm, .features = 6});
    static const char dense[] = "1 1:1 2:2\n0 1:3 2:4\n1 1:5\n0 1:7 2:8";
    file_fill(dense, strlen(dense));
    assert_ranges(&(struct source){.path = path, .format = libsvm, .features = 2});
}

static void ranges_of_arff(void **state)
{
    (void)state;
    const struct format *arff = (const struct format *)table_find(&format_table, "arff");
    static const char dense[] = "@relation r\n@attribute a numeric\n@attribute b {q,p}\n"
                                "@attribute y {'n o',yes}\n@data\n1,p,yes\n\n% none\n2,q,'n o'\n"
                                "3,'q',yes\n4 p yes %\n?,p,\"n o\"\n6,?,yes";
    file_fill(dense, strlen(dense));
    assert_ranges(&(struct source){.path = path, .format = arff});
    static const char sparse[] = "@relation r\n@attribute a numeric\n@attribute b numeric\n"
                                 "@attribute c numeric\n@attribute y {0,1}\n@data\n{0 1,3 1}\n"
                                 "{}\n{1 2}\n\n{2 -0,3 1}\n{0 0}\n";
    file_fill(sparse, strlen(sparse));
    assert_ranges(&(struct source){.path = path, .format = arff});
}

static void ranges_of_numpy(void **state)
{
    (void)state;
    char text[128 + 20 * sizeof(double)];
    double X[20];
    for (int i = 0; i < 20; i++)
        X[i] = i / 3.0;
    memcpy(text, "\x93NUMPY\x01\x00\x76\x00", 10);
    snprintf(text + 10, 119, "%-117s\n",
             "{'descr': '<f8', 'fortran_order': False, 'shape': (10, 2)}");
    memcpy(text + 128, X, sizeof X);
    file_fill(text, sizeof text);
    const struct format *npy = (const struct format *)table_find(&format_table, "npy");
    char none[] = "none";
    assert_ranges(&(struct source){.path = path, .format = npy, .label = none});
}

static void digest_goes_on_elsewhere(void **state)
{
    (void)state;
    char bytes[3000], whole[DIGEST_TEXT], parts[DIGEST_TEXT];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * i % 251);
    digest_of_bytes(bytes, sizeof bytes, whole);
    void *left = memory_allocate(digest_state_size(), 1);
    for (size_t cut = 0; cut <= sizeof bytes; cut += 250) {
        struct digest *first = digest_create(), *second = digest_create();
        digest_add(first, bytes, cut);
        digest_leave(first, left);
        digest_finish(first, parts);
        digest_add(second, "forgotten", 9);
        digest_enter(second, left);
        digest_add(second, bytes + cut, sizeof bytes - cut);
        digest_finish(second, parts);
        assert_string_equal(parts, whole);
    }
    memory_free(left);
}

static void assert_same_set(const struct dataset *one, const struct dataset *other)
{
    assert_string_equal(one->digest, other->digest);
    assert_string_equal(one->name, other->name);
    assert_int_equal(one->rows, other->rows);
    assert_int_equal(dataset_samples(one), other->rows);
    assert_int_equal(dataset_whole_entries(one), dataset_entries(other));
}

static void one_rank_has_the_whole_set(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    struct ranks *world = ranks_open(&error);
    assert_non_null(world);
    struct source source;
    assert_true(source_parse(&source, "blobs:rows=77,features=3", &error));
    source.split = 0.25;
    source.scale = table_find(&scale_table, "standard");
    source.weights = table_find(&weighting_table, "balanced");
    struct dataset *alone = source_load(&source, true, 2, &error);
    source.ranks = world;
    struct dataset *shared = source_load(&source, true, 2, &error);
    assert_true(alone != NULL && shared != NULL);
    assert_true(alone->ranks == NULL && shared->ranks == world && shared->heldout->ranks == world);
    assert_same_set(shared, alone);
    assert_same_set(shared->heldout, alone->heldout);
    dataset_free(alone);
    dataset_free(shared);
    source_clear(&source);
    ranks_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_of_generated_rows),
        cmocka_unit_test(ranges_of_csv),
        cmocka_unit_test(ranges_of_libsvm),
        cmocka_unit_test(ranges_of_arff),
        cmocka_unit_test(ranges_of_numpy),
        cmocka_unit_test(digest_goes_on_elsewhere),
        cmocka_unit_test(one_rank_has_the_whole_set),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
