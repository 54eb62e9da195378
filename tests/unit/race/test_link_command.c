/* SPDX-License-Identifier: MIT
 *
 * Commands that link: which words they are, what is left out of a line of ninja, and what changes
 * places.
 */
#include "race/link_command.h"

#include "base/memory.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "link_command.XXXXXX";

static int make_file(void **state)
{
    (void)state;
    const int file = mkstemp(path);
    close(file);
    return file < 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* NULL where it was read, else what is said. */
static const char *read_line(const char *text, struct link_command *command)
{
    static struct error error;
    error = (struct error){.kind = ERROR_NONE};
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    return link_command_read(path, command, &error) ? NULL : error.message;
}

static void assert_words(const char *const *words, const char *expected)
{
    char text[1024] = "";
    for (size_t i = 0; words[i] != NULL; i++) {
        strcat(text, i > 0 ? "|" : "");
        strcat(text, words[i]);
    }
    assert_string_equal(text, expected);
}

static void words_are_those_of_a_shell(void **state)
{
    (void)state;
    struct link_command command;
    assert_null(read_line(
        "first line -o\n: && cc  -O2 'a b.o' \"c\\\"d.o\" e\\ f.o -o out -lm && :\n\n", &command));
    assert_words((const char *const *)(const void *)command.words,
                 "cc|-O2|a b.o|c\"d.o|e f.o|-o|out|-lm");
    assert_string_equal(command.words[command.output], "out");
    link_command_clear(&command);
}

static void objects_change_places_and_nothing_else(void **state)
{
    (void)state;
    struct link_command command;
    assert_null(read_line("cc a.o -Wl,x.o b.o c.o -o p.o d.o -lm", &command));
    size_t moved = 0;
    for (uint64_t order = 0; order < 8; order++) {
        const char **words = link_command_words(&command, 1, order, "/tmp/q");
        const char **again = link_command_words(&command, 1, order, "/tmp/q");
        char seen[4] = "", names[] = "abcd";
        const size_t places[] = {1, 3, 4, 7};
        for (size_t i = 0; i < 4; i++) {
            assert_string_equal(words[places[i]] + 1, ".o");
            assert_ptr_equal(words[places[i]], again[places[i]]);
            seen[strchr(names, words[places[i]][0]) - names]++;
            moved += words[places[i]][0] != names[i];
        }
        assert_int_equal(seen[0] * seen[1] * seen[2] * seen[3], 1);
        words[1] = words[3] = words[4] = words[7] = "O";
        assert_words(words, "cc|O|-Wl,x.o|O|O|-o|/tmp/q|O|-lm");
        memory_free(words);
        memory_free(again);
    }
    assert_true(moved > 8);
    link_command_clear(&command);
}

static void what_cannot_be_linked_in_another_order_is_refused(void **state)
{
    (void)state;
    const struct {
        const char *text, *words;
    } lines[] = {
        {"\n", "its last line is no command"},
        {"cc 'a.o b.o -o c", "its last line is no command"},
        {"cc a.o b.o", "the command has no -o FILE"},
        {"cc a.o library.a -o c.o", "no two objects"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct link_command command;
        const char *said = read_line(lines[i].text, &command);
        assert_non_null(said);
        assert_non_null(strstr(said, lines[i].words));
        link_command_clear(&command);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_a_shell),
        cmocka_unit_test(objects_change_places_and_nothing_else),
        cmocka_unit_test(what_cannot_be_linked_in_another_order_is_refused),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
