/* SPDX-License-Identifier: MIT
 *
 * The encoding of a model: written and read back it gives rows the same bits, and what is read that
 * no fit could have written is refused where it stands.
 */
#include "base/memory.h"
#include "store/model/model_encoding.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAP ((double)NAN)

enum { ROWS = 6, COLUMNS = 2 };

static const double cells[ROWS * COLUMNS] = {0.1, 0, GAP, 2, 0.7, 2, 1e-300, 3, 5, GAP, 1.0 / 3, 1};
static const char *const levels[] = {"\"", "b", "c", "\xc3\xa9"};

static struct dataset *table(void)
{
    struct dataset *data = dataset_create(ROWS, COLUMNS, false);
    memcpy(data->X, cells, sizeof cells);
    static char *const names[] = {"n", "c"};
    data->feature_names = texts_copy(names, COLUMNS);
    data->table = data_columns_create(COLUMNS);
    data->table->columns[1].categories = texts_copy((char *const *)levels, 4);
    data->table->columns[1].count = 4;
    return data;
}

static struct encoding *fitted(const char *categories, size_t rare, const char *missing)
{
    struct error error = {0};
    struct encoding_wish wish = {.rare = rare, .missing = table_find(&missing_table, missing)};
    char reason[512];
    assert_true(categories_parse(categories, &wish, reason, sizeof reason));
    struct dataset *data = table();
    struct encoding *encoding = encoding_fit(&wish, data, 1, &error);
    assert_non_null(encoding);
    dataset_free(data);
    return encoding;
}

/* As a file has it. */
static char *written(const struct encoding *encoding)
{
    json_t *json = encoding_to_json(encoding);
    char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(17));
    assert_non_null(text);
    json_decref(json);
    return text;
}

static struct encoding *read_back(const char *text, const struct encoding *as, struct error *error)
{
    json_t *json = json_loads(text, 0, NULL);
    if (json == NULL)
        fail_msg("not JSON: %s", text);
    struct encoding *encoding =
        encoding_from_json("model.json", json, as->features, as->names, error);
    json_decref(json);
    return encoding;
}

static struct dataset *encoded(const struct encoding *encoding)
{
    struct error error = {0};
    struct dataset *data = table();
    if (!encoding_apply(encoding, data, false, "rows", 1, &error))
        fail_msg("%s", error.message);
    return data;
}

static void what_is_read_back_encodes_alike(void **state)
{
    (void)state;
    static const char *const ways[] = {"onehot", "ordinal", "hash:5"};
    static const char *const gaps[] = {"mean", "median", "indicator"};
    for (size_t c = 0; c < 18; c++) {
        size_t rare = c / 9 == 1 && (c / 3) % 3 != 2 ? 2 : 0;
        struct error error = {0};
        struct encoding *encoding = fitted(ways[(c / 3) % 3], rare, gaps[c % 3]);
        char *text = written(encoding);
        struct encoding *twin = read_back(text, encoding, &error);
        if (twin == NULL)
            fail_msg("%s: %s", text, error.message);
        struct dataset *one = encoded(encoding), *two = encoded(twin);
        assert_int_equal(one->features, two->features);
        assert_memory_equal(one->X, two->X, ROWS * one->features * sizeof(double));
        for (size_t j = 0; j < one->features; j++)
            assert_string_equal(one->feature_names[j], two->feature_names[j]);
        dataset_free(one);
        dataset_free(two);
        encoding_free(encoding);
        encoding_free(twin);
        free(text);
    }
}

/* The text with the first `old` in it made `new`. */
static char *changed(const char *text, const char *old, const char *new)
{
    const char *at = strstr(text, old);
    if (at == NULL)
        fail_msg("no %s in %s", old, text);
    size_t size = strlen(text) + strlen(new) + 1, before = (size_t)(at - text);
    char *copy = memory_allocate(size, 1);
    snprintf(copy, size, "%.*s%s%s", (int)before, text, new, at + strlen(old));
    return copy;
}

static const struct {
    const char *categories, *missing;
    const char *old, *new, *message;
} tampered[] = {
    {"onehot", "mean", "\"columns\":[", "\"columns\":[],\"others\":[",
     "model.json: \"encoding\" must be null or an object with \"columns\", an array"},
    {"onehot", "mean", "\"onehot\"", "\"twohot\"", "'twohot'"},
    {"onehot", "mean", "\"onehot\"", "7", "is not known to this program"},
    {"onehot", "mean", "\"mean\"", "\"mode\"", "'mode' is not known to this program"},
    {"onehot", "mean", "\"buckets\":0", "\"buckets\":3", "\"buckets\" must be from 1 to"},
    {"hash:5", "mean", "\"buckets\":5", "\"buckets\":0", "\"buckets\" must be from 1 to"},
    {"hash:5", "mean", "\"buckets\":5", "\"buckets\":9223372036854775807", "\"buckets\" must be"},
    {"hash:5", "mean", "\"buckets\":5", "\"buckets\":7", "makes 8 features, and the model has 6"},
    {"onehot", "mean", "{\"name\":\"n\"", "7,{\"name\":\"n\"",
     "\"encoding\", column 1: \"name\" must be a text or null"},
    {"onehot", "mean", "\"name\":\"n\"", "\"name\":1", "column 1: \"name\" must be a text or null"},
    {"onehot", "mean", "\"name\":\"n\"", "\"name\":\"m\"",
     "feature 1 is 'n' in \"feature_names\", and \"encoding\" makes 'm' there"},
    {"onehot", "mean", "\"marked\":false", "\"marked\":true", "column 1: \"marked\" must be true"},
    {"onehot", "mean", "\"marked\":false", "\"marked\":0", "column 1: \"marked\" must be true"},
    {"onehot", "indicator", "\"marked\":true", "\"marked\":false",
     "makes 6 features, and the model has 7"},
    {"onehot", "mean", "\"fill\":1", "\"full\":1", "column 1: \"fill\" must be a number"},
    {"onehot", "mean", "\"fill\":\"c\"", "\"fill\":\"z\"",
     "column 2: \"fill\" must be one of the \"levels\""},
    {"onehot", "mean", "\"fill\":\"c\"", "\"fill\":null", "column 2: \"fill\" must be one of"},
    {"onehot", "mean", "\"mean\"", "\"refuse\"", "column 1: \"fill\" must be null"},
    {"onehot", "mean", "\"b\"", "1", "column 2: all \"levels\" must be texts"},
    {"onehot", "mean", "\"b\"", "\"c\"", "column 2: \"levels\" must ascend"},
    {"onehot", "mean", "\"b\",", "", "makes 4 features, and the model has 5"},
    {"onehot", "mean", "\"b\"", "\"bb\"", "feature 3 is 'c=b' in \"feature_names\""},
    {"onehot", "mean", "\"levels\":[", "\"levels\":[],\"old\":[",
     "column 2: \"levels\" must be an array of texts"},
    {"onehot", "mean", "\"levels\":[", "\"levels\":{},\"old\":[",
     "column 2: \"levels\" must be an array of texts"},
    {"hash:5", "mean", "\"levels\":[", "\"levels\":[\"a\"", "\"levels\" must be []"},
    {"onehot", "mean", "\"rare\":[", "\"rare\":[\"c\",\"b\"", "column 2: \"rare\" must be some of"},
    {"onehot", "mean", "\"rare\":[", "\"rare\":[5", "column 2: \"rare\" must be some of"},
    {"onehot", "mean", "\"rare\":[]", "\"rare\":0", "column 2: \"rare\" must be an array of texts"},
};

static void what_no_fit_wrote_is_refused_at_its_place(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof tampered / sizeof *tampered; c++) {
        struct error error = {0};
        struct encoding *encoding = fitted(tampered[c].categories, 0, tampered[c].missing);
        char *text = written(encoding), *copy = changed(text, tampered[c].old, tampered[c].new);
        struct encoding *read = read_back(copy, encoding, &error);
        if (read != NULL || strstr(error.message, tampered[c].message) == NULL)
            fail_msg("%s: %s", copy, error.message);
        assert_int_equal(error.kind, ERROR_USAGE);
        memory_free(copy);
        free(text);
        encoding_free(encoding);
    }
}

/* What is cut anywhere, or not JSON of an encoding at all, ends in an error and nothing else. */
static void values_of_any_kind_are_refused(void **state)
{
    (void)state;
    static const char *const values[] = {
        "{}", "[]", "[null]", "{\"columns\":[null]}", "{\"columns\":{}}", "{\"columns\":[[],{}]}"};
    struct encoding *encoding = fitted("onehot", 0, "mean");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct error error = {0};
        assert_null(read_back(values[i], encoding, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
    }
    encoding_free(encoding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_back_encodes_alike),
        cmocka_unit_test(what_no_fit_wrote_is_refused_at_its_place),
        cmocka_unit_test(values_of_any_kind_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
