/* SPDX-License-Identifier: MIT
 *
 * Text that leaves the program, as properties of texts of all kinds: made of bytes that are drawn,
 * among them all that have a meaning to some reader. Each is read back by the reader it is for.
 */
#include "base/json_text.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/random.h"
#include "base/text.h"
#include "testing.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXTS = 400, LONGEST = 12 };

static const char *const pieces[] = {
    "a",
    "Z",
    "0",
    " ",
    "\t",
    "\n",
    "\r",
    "'",
    "\"",
    "\\",
    "$",
    "`",
    "(x)",
    ";",
    "&",
    "|",
    "*",
    "?",
    "~",
    "#",
    "!",
    "{a,b}",
    "[",
    "=",
    "-",
    "+",
    "@",
    "%",
    ",",
    ":",
    "<",
    ">",
    "\033[2J",
    "\a",
    "\x7f",
    "\xc2\x80",
    "\xc2\x9b",
    "\xc2\xa0",
    "\xc3\xa9",
    "\xe2\x82\xac",
    "\xf0\x9f\x90\xb1",
    "\x9b",
    "\xff",
    "\xc3",
    "\xe2\x82",
    "\xed\xa0\x80",
    "\xc0\xaf",
    "\xf5\x80\x80\x80",
    "\001",
};
enum { PIECES = sizeof pieces / sizeof *pieces };

/* Text number n of TEXTS: each piece alone first, then mixtures. */
static char *text_number(size_t n)
{
    struct memory_stream stream;
    struct random_stream random = random_open(7, RANDOM_LABELS, n);
    FILE *out = memory_stream_open(&stream);
    if (n < PIECES)
        fputs(pieces[n], out);
    for (uint64_t i = random_below(&random, LONGEST); n > PIECES && i > 0; i--)
        fputs(pieces[random_below(&random, PIECES)], out);
    return memory_stream_close(&stream);
}

static void assert_harmless(const char *text)
{
    for (size_t length; *text != '\0'; text += length)
        assert_int_not_equal(length = text_character(text), 0);
}

static void test_what_people_are_shown(void **state)
{
    (void)state;
    for (size_t n = 0; n < TEXTS; n++) {
        char *text = text_number(n), *copy = text_escape(text);
        const char *shown = text_shown(text);
        assert_harmless(shown);
        assert_string_equal(shown, copy);
        bool clean = strcmp(shown, text) == 0;
        assert_int_equal(clean, shown == text); /* what is harmless is not touched */
        text_mask(text);
        for (char *c = text; (c = strchr(c, '\n')) != NULL;)
            *c = '_';
        assert_harmless(text);
        memory_free(copy);
        memory_free(text);
    }
    assert_string_equal(text_shown("a\nb\tc\033\x7f\xc2\x9b\xff"),
                        "a\\nb\\tc\\u001b\\u007f\\u009b\\xff");
}

/* Bash reads what was written as one word, and gives the bytes back. */
static void test_words_of_a_shell(void **state)
{
    (void)state;
    char script[] = "test_text_quote.XXXXXX", command[64];
    int descriptor = mkstemp(script);
    FILE *file = fdopen(descriptor, "w");
    for (size_t n = 0; n < TEXTS; n++) {
        char *text = text_number(n);
        fputs("printf '%s\\0' ", file);
        text_write_word(text, file);
        putc('\n', file);
        memory_free(text);
    }
    assert_int_equal(fclose(file), 0);
    snprintf(command, sizeof command, "LC_ALL=C bash ./%s", script);
    FILE *answer = popen(command, "r");
    char *line = NULL;
    size_t capacity = 0;
    for (size_t n = 0; n < TEXTS; n++) {
        char *text = text_number(n);
        assert_true(getdelim(&line, &capacity, '\0', answer) > 0);
        assert_string_equal(line, text);
        memory_free(text);
    }
    free(line);
    assert_int_equal(pclose(answer), 0);
    unlink(script);
}

static void test_operands_are_no_options(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"-x", "./-x"},         {"--help", "./--help"}, {"-", "-"},           {"a b", "'a b'"},
        {"it's", "'it'\\''s'"}, {"-a b", "./'-a b'"},   {"\033", "$'\\033'"}, {"", "''"},
        {"=x", "'=x'"},         {"a/b.c", "a/b.c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *operand = text_operand(rows[i][0]);
        assert_string_equal(operand, rows[i][1]);
        memory_free(operand);
    }
}

/* What is a scalar of YAML in double quotes is a string of JSON. */
static void test_yaml(void **state)
{
    (void)state;
    size_t read = 0;
    for (size_t n = 0; n < TEXTS; n++) {
        struct memory_stream stream;
        char *text = text_number(n);
        text_write_yaml(text, memory_stream_open(&stream));
        char *quoted = memory_stream_close(&stream);
        json_t *expected = json_string(text); /* NULL: it is not UTF-8 */
        json_t *found = json_loads(quoted, JSON_DECODE_ANY, NULL);
        assert_int_equal(json_equal(expected, found), expected != NULL);
        read += expected != NULL;
        json_decref(expected);
        json_decref(found);
        memory_free(quoted);
        memory_free(text);
    }
    assert_true(read > TEXTS / 4);
}

static char *csv_of(const char *text, bool safe)
{
    struct memory_stream stream;
    text_write_csv(text, safe, memory_stream_open(&stream));
    return memory_stream_close(&stream);
}

/* The field without its quotes. */
static char *field_of(const char *csv)
{
    char *field = memory_copy_text(csv), *end = field;
    bool quoted = *csv == '"';
    for (const char *c = csv + quoted; *c != '\0'; c++) {
        if (quoted && *c == '"' && c[1] != '"')
            break;
        c += quoted && *c == '"';
        *end++ = *c;
    }
    *end = '\0';
    return field;
}

static void test_cells_of_csv(void **state)
{
    (void)state;
    for (size_t n = 0; n < TEXTS; n++) {
        char *text = text_number(n), *plain = csv_of(text, false), *safe = csv_of(text, true);
        char *field = field_of(plain), *cell = field_of(safe);
        double number;
        assert_string_equal(field, text);
        assert_true(*cell == '\0' || strchr("=+-@\t\r\n", *cell) == NULL ||
                    text_to_real(cell, &number));
        assert_string_equal(cell[0] == '\'' && text[0] != '\'' ? cell + 1 : cell, text);
        char *const all[] = {text, plain, safe, field, cell};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            memory_free(all[i]);
    }
}

static void test_cells_that_a_spreadsheet_would_run(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"=1+1", "'=1+1"}, {"+a", "'+a"}, {"-a", "'-a"}, {"@a", "'@a"},  {"\ta", "\"'\ta\""},
        {"-1.5", "-1.5"},  {"+2", "+2"},  {"-", "'-"},   {"a=b", "a=b"}, {"=A1,B", "\"'=A1,B\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *cell = csv_of(rows[i][0], true);
        assert_string_equal(cell, rows[i][1]);
        memory_free(cell);
    }
}

static void test_memory_streams_of_any_length(void **state)
{
    (void)state;
    for (size_t length = 0; length < 40000; length = length * 2 + 1) {
        struct memory_stream stream;
        FILE *out = memory_stream_open(&stream);
        for (size_t i = 0; i < length; i++)
            putc('a' + (int)(i % 26), out);
        char *text = memory_stream_close(&stream);
        assert_int_equal(strlen(text), length);
        assert_int_equal(stream.length, length);
        memory_free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_people_are_shown),
        cmocka_unit_test(test_words_of_a_shell),
        cmocka_unit_test(test_operands_are_no_options),
        cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_cells_of_csv),
        cmocka_unit_test(test_cells_that_a_spreadsheet_would_run),
        cmocka_unit_test(test_memory_streams_of_any_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
