/* SPDX-License-Identifier: MIT
 *
 * Entries of the cache: what is written is read, and nothing that is not whole is believed.
 */
#include "base/memory.h"
#include "data/cache/entry.h"
#include "data/cache/record.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/descent-cache-XXXXXX", path[64];

static const struct entry_origin origin = {
    .size = 17, .modified = {1, 2}, .changed = {3, 4}, .device = 5, .inode = 6, .digest = "abc"};

static struct dataset *dense_set(void)
{
    struct dataset *data = dataset_create(3, 2, true);
    static const double X[] = {1.0, -0.0, NAN, 0.1, 5e-324, 1.0}, y[] = {0.0, 1.0, 1.0};
    memcpy(data->X, X, sizeof X);
    memcpy(data->y, y, sizeof y);
    data->notes = memory_copy_text("one\ntwo\n");
    data->class_names[0] = memory_copy_text("no");
    data->class_names[1] = memory_copy_text("");
    data->found = (struct columns_found){true, true, ';', 3, memory_copy_text("kind")};
    data->feature_names = memory_allocate(2, sizeof *data->feature_names);
    data->feature_names[0] = memory_copy_text("a");
    data->feature_names[1] = memory_copy_text("b");
    data->table = data_columns_create(2);
    data->table->columns[0].name = memory_copy_text("a");
    data->table->columns[0].missing = 1;
    data->table->columns[1].categories = texts_copy(data->feature_names, 2);
    data->table->columns[1].count = 2;
    return data;
}

static struct dataset *sparse_set(void)
{
    struct dataset *data = dataset_create_sparse(3, 9, 3, false);
    static const size_t starts[] = {0, 2, 2, 3};
    static const uint32_t columns[] = {0, 8, 4};
    static const double values[] = {1.5, -2.0, 3.0};
    memcpy(data->starts, starts, sizeof starts);
    memcpy(data->columns, columns, sizeof columns);
    memcpy(data->values, values, sizeof values);
    return data;
}

static void write_entry(struct dataset *data)
{
    struct error error = {0};
    struct entry_content content = {"key", origin, data, "told"};
    if (!cache_entry_write(&content, path, &error))
        fail_msg("%s", error.message);
}

static bool is_same(const struct entry_origin *found, void *context)
{
    (void)context;
    return found->size == origin.size && found->modified[0] == 1 && found->modified[1] == 2 &&
           found->changed[0] == 3 && found->changed[1] == 4 && found->device == 5 &&
           found->inode == 6 && strcmp(found->digest, origin.digest) == 0;
}

static enum entry_state read_entry(const char *key, struct entry_content *content)
{
    struct error error = {0};
    return cache_entry_read(path, key, is_same, NULL, content, &error);
}

static void assert_same_text(const char *a, const char *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a != NULL)
        assert_string_equal(a, b);
}

static void assert_same_table(const struct data_columns *a, const struct data_columns *b)
{
    assert_int_equal(a == NULL, b == NULL);
    for (size_t j = 0; a != NULL && b != NULL && j < a->count; j++) {
        const struct data_column *one = &a->columns[j], *other = &b->columns[j];
        assert_same_text(one->name, other->name);
        assert_int_equal(one->missing, other->missing);
        assert_int_equal(one->count, other->count);
        for (size_t k = 0; k < one->count; k++)
            assert_string_equal(one->categories[k], other->categories[k]);
    }
}

static void assert_same_rows(const struct dataset *a, const struct dataset *b)
{
    size_t entries = dataset_entries(a);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->features, b->features);
    assert_int_equal(a->y == NULL, b->y == NULL);
    assert_int_equal(dataset_is_sparse(a), dataset_is_sparse(b));
    if (a->y != NULL)
        assert_memory_equal(a->y, b->y, a->rows * sizeof *a->y);
    if (!dataset_is_sparse(a)) {
        assert_memory_equal(a->X, b->X, entries * sizeof *a->X);
        return;
    }
    assert_memory_equal(a->starts, b->starts, (a->rows + 1) * sizeof *a->starts);
    assert_memory_equal(a->columns, b->columns, entries * sizeof *a->columns);
    assert_memory_equal(a->values, b->values, entries * sizeof *a->values);
}

static void assert_same_set(const struct dataset *a, const struct dataset *b)
{
    assert_same_rows(a, b);
    assert_same_text(a->notes, b->notes);
    for (int k = 0; k < 2; k++)
        assert_same_text(a->class_names[k], b->class_names[k]);
    assert_int_equal(a->feature_names == NULL, b->feature_names == NULL);
    for (size_t j = 0; a->feature_names != NULL && b->feature_names != NULL && j < a->features; j++)
        assert_string_equal(a->feature_names[j], b->feature_names[j]);
    assert_int_equal(a->found.header, b->found.header);
    assert_int_equal(a->found.decimal_comma, b->found.decimal_comma);
    assert_int_equal(a->found.delimiter, b->found.delimiter);
    assert_int_equal(a->found.label, b->found.label);
    assert_same_text(a->found.label_name, b->found.label_name);
    assert_same_table(a->table, b->table);
}

static void check_set(struct dataset *data)
{
    struct entry_content content;
    write_entry(data);
    assert_int_equal(read_entry("key", &content), ENTRY_READ);
    assert_string_equal(content.told, "told");
    assert_same_set(data, content.data);
    assert_non_null(content.data->mapping);
    struct error error;
    assert_true(dataset_own(content.data, 2, &error)); /* and so is a copy in memory */
    assert_null(content.data->mapping);
    assert_same_set(data, content.data);
    memory_free(content.told);
    dataset_free(content.data);
    assert_int_equal(read_entry("other", &content), ENTRY_OTHER);
    dataset_free(data);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct entry_content content;
    unlink(path);
    assert_int_equal(read_entry("key", &content), ENTRY_ABSENT);
    check_set(dense_set());
    check_set(sparse_set());
    struct dataset *bare = dataset_create(1, 1, false);
    bare->X[0] = 2.0;
    check_set(bare);
}

static size_t file_read(char *bytes, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t count = fread(bytes, 1, size, file);
    fclose(file);
    return count;
}

static void file_write(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    fwrite(bytes, 1, size, file);
    fclose(file);
}

static void check_damage(struct dataset *data)
{
    static char bytes[8192];
    struct entry_content content;
    write_entry(data);
    dataset_free(data);
    size_t size = file_read(bytes, sizeof bytes);
    assert_between(size, 100, sizeof bytes - 1);
    for (size_t i = 0; i < size; i++) {
        file_write(bytes, i);
        assert_int_not_equal(read_entry("key", &content), ENTRY_READ);
        bytes[i] ^= (char)(1 << i % 8);
        file_write(bytes, size);
        assert_int_not_equal(read_entry("key", &content), ENTRY_READ);
        bytes[i] ^= (char)(1 << i % 8);
    }
    file_write(bytes, size + 1);
    assert_int_not_equal(read_entry("key", &content), ENTRY_READ);
}

static void any_bit_that_is_wrong_and_any_cut_is_found(void **state)
{
    (void)state;
    check_damage(dense_set());
    check_damage(sparse_set());
}

/* A record with a digest that is right, and something else that is not. */
static void what_is_no_set_is_refused(void **state)
{
    (void)state;
    struct entry_content content;
    for (int fault = 0; fault < 4; fault++) {
        struct dataset *data = sparse_set();
        if (fault == 0)
            data->columns[1] = 0; /* twice */
        else if (fault == 1)
            data->columns[2] = 9; /* beyond the features */
        else if (fault == 2)
            data->starts[1] = 4; /* beyond the values */
        else
            data->starts[0] = 1;
        write_entry(data);
        assert_int_equal(read_entry("key", &content), ENTRY_DAMAGED);
        dataset_free(data);
    }
}

/* Whatever the numbers in it, a record is not read beyond its end. */
static void records_end_where_they_end(void **state)
{
    (void)state;
    char *bytes;
    size_t size;
    struct record_writer writer;
    FILE *file = open_memstream(&bytes, &size);
    record_begin(&writer, file);
    record_put_number(&writer, UINT64_MAX - 1); /* as a text: longer than anything */
    record_put_number(&writer, 2);
    record_end(&writer);
    fclose(file);
    struct record_reader reader = record_open(bytes, size);
    assert_true(record_is_whole(&reader));
    assert_null(record_take_text(&reader));
    assert_false(reader.sound);
    assert_int_equal(record_take_number(&reader), 0);
    reader = record_open(bytes, size);
    assert_int_equal(record_take_number(&reader), UINT64_MAX - 1);
    assert_false(record_take_flag(&reader));
    assert_false(reader.sound);
    reader = record_open(bytes, size);
    assert_null(record_take_array(&reader, UINT64_MAX / 4, 8));
    assert_false(reader.sound);
    reader = record_open(bytes, 3);
    assert_false(record_is_whole(&reader));
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(any_bit_that_is_wrong_and_any_cut_is_found),
        cmocka_unit_test(what_is_no_set_is_refused),
        cmocka_unit_test(records_end_where_they_end),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/entry", folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    testing_remove_folder(folder);
    return failed;
}
