/* SPDX-License-Identifier: MIT
 *
 * Parameters as words: what is written is read back, whatever is in it, and equal texts are one row
 * of an open table, with a number of its own.
 */
#include "testing.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/setting.h"
#include "base/words.h"
#include "programs/parameter_word.h"

#include <string.h>

struct read_back {
    size_t count;
    char names[8][32], values[8][32];
};

static bool take(void *context, const char *name, const char *value)
{
    struct read_back *read = context;
    snprintf(read->names[read->count], 32, "%s", name);
    snprintf(read->values[read->count++], 32, "%s", value);
    return true;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"tolerance", "1e-06"}, {"a name", "50 %"}, {"x=y", "a=b c"}, {"empty", ""}};
    enum { COUNT = sizeof pairs / sizeof *pairs };
    struct memory_stream stream;
    struct read_back read = {0};
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < COUNT; i++)
        parameter_word_write(out, i == 0, pairs[i][0], pairs[i][1]);
    char *word = memory_stream_close(&stream);
    assert_non_null(strstr(word, "tolerance=1e-06 "));
    assert_true(parameter_word_read(word, take, &read));
    assert_int_equal(read.count, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_string_equal(read.names[i], pairs[i][0]);
        assert_string_equal(read.values[i], pairs[i][1]);
    }
    assert_true(parameter_word_read("", take, &read));
    assert_int_equal(read.count, COUNT);
    memory_free(word);
}

static void equal_words_are_one_row(void **state)
{
    (void)state;
    static const struct table words = {.noun = "word", .open = true};
    static const struct setting row = {
        .entry = {"word", ""}, .type = TYPE_CHOICE, .choices = &words, .fallback = "none"};
    char text[] = "some word", reason[64], number[TEXT_NUMBER];
    struct value first, again, other;
    assert_true(setting_parse(&row, text, &first, reason, sizeof reason));
    text[0] = 'c'; /* it was copied */
    assert_true(setting_parse(&row, "some word", &again, reason, sizeof reason));
    assert_true(setting_parse(&row, text, &other, reason, sizeof reason));
    assert_true(setting_equal(&row, first, again));
    assert_false(setting_equal(&row, first, other));
    assert_true(setting_number(&row, first) != setting_number(&row, other));
    assert_string_equal(setting_text(&row, first, number), "some word");
    assert_string_equal(setting_text(&row, other, number), "come word");
    assert_ptr_equal(setting_fallback(&row).choice, word_of("none"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(equal_words_are_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
