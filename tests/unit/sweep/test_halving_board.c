/* SPDX-License-Identifier: MIT
 *
 * What shards tell each other at rungs: what is read is what was written, bit for bit, and nothing
 * else is believed.
 */
#include "base/memory.h"
#include "base/random.h"
#include "sweep/run/halving_board.h"
#include "testing.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT "0123456789abcdef0123456789abcdef"
#define KEY "00112233445566778899aabbccddeeff"

static const char path[] = "rungs-of-a-test.txt";

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void values_are_read_with_their_bits(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    struct random_stream stream = random_open(1, RANDOM_ROUNDS, 0);
    struct board written = {0}, read = {0};
    struct error error = {0};
    double values[COUNT] = {0.0, -0.0, 5e-324, DBL_MAX, -DBL_MAX, INFINITY, 0.1};
    char key[33];
    for (int i = 7; i < COUNT; i++)
        values[i] = ldexp(random_uniform(&stream) - 0.5, i * 10 - 1000);
    for (int i = 0; i < COUNT; i++) {
        snprintf(key, sizeof key, "%032d", i / 3);
        board_add(&written, key, i % 3, values[i]);
    }
    assert_true(board_write(&written, path, TEXT, &error));
    assert_false(written.changed);
    assert_true(board_read(&read, path, TEXT, &error));
    assert_int_equal(read.keys.count, COUNT);
    for (int i = 0; i < COUNT; i++) {
        double value;
        snprintf(key, sizeof key, "%032d", i / 3);
        assert_true(board_find(&read, key, i % 3, &value));
        assert_memory_equal(&value, &values[i], sizeof value);
        assert_false(board_find(&read, key, 3, &value));
    }
    board_clear(&written);
    board_clear(&read);
    unlink(path);
}

static void a_later_value_takes_the_place_of_an_earlier_one(void **state)
{
    (void)state;
    struct board board = {0};
    double value;
    board_add(&board, KEY, 4, 1.5);
    board.changed = false;
    board_add(&board, KEY, 4, 1.5);
    assert_false(board.changed);
    board_add(&board, KEY, 4, 2.5);
    assert_true(board.changed);
    assert_true(board_find(&board, KEY, 4, &value));
    assert_true(value == 2.5);
    assert_int_equal(board.keys.count, 1);
    board_clear(&board);
}

static void what_is_of_another_text_is_not_there(void **state)
{
    (void)state;
    struct board board = {0};
    struct error error = {0};
    unlink(path);
    assert_true(board_read(&board, path, TEXT, &error));
    write_text("descent rungs 1 ffffffffffffffffffffffffffffffff\n" KEY " 1 0.5\n");
    assert_true(board_read(&board, path, TEXT, &error));
    assert_int_equal(board.keys.count, 0);
    board_clear(&board);
    unlink(path);
}

static void what_is_no_board_is_refused_by_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } cases[] = {
        {"\n", 1},
        {"descent\n", 1},
        {"SQLite format 3\n", 1},
        {"descent rungs 1 " TEXT "\n\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY " 1\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY " 1 0.5\n" KEY " 4 0.5 7\n", 3},
        {"descent rungs 1 " TEXT "\n" KEY " 1 nan\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY " 1 inf\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY " -1 0.5\n", 2},
        {"descent rungs 1 " TEXT "\nabc 1 0.5\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY "0 1 0.5\n", 2},
        {"descent rungs 1 " TEXT "\n" KEY " 1 0.5x\n", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct board board = {0};
        struct error error = {0};
        char place[64];
        write_text(cases[i].text);
        assert_false(board_read(&board, path, TEXT, &error));
        snprintf(place, sizeof place, "%s:%d: '", path, cases[i].line);
        assert_true(strncmp(error.message, place, strlen(place)) == 0);
        assert_non_null(strstr(error.message, "remove the file"));
        board_clear(&board);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_with_their_bits),
        cmocka_unit_test(a_later_value_takes_the_place_of_an_earlier_one),
        cmocka_unit_test(what_is_of_another_text_is_not_there),
        cmocka_unit_test(what_is_no_board_is_refused_by_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
