/* SPDX-License-Identifier: MIT
 *
 * YAML as a tree: merge keys, tags, anchors, places of what is not there, and texts that are small
 * and stand for much. What they come to in a sweep file, where refusals have their place.
 */
#include "base/memory.h"
#include "sweep/file/sweep_file.h"
#include "sweep/file/yaml.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static const struct yaml_node *parsed(const char *text, struct yaml **yaml)
{
    struct error error = {0};
    *yaml = yaml_parse("test.yaml", text, &error);
    if (*yaml == NULL)
        fail_msg("%s", error.message);
    return yaml_root(*yaml);
}

struct refused {
    const char *text, *place;
    const char *message[2]; /* parts of it */
};

static void check(const struct refused *row, bool done, const struct error *error)
{
    char start[64];
    snprintf(start, sizeof start, "test.yaml:%s: ", row->place);
    assert_false(done);
    bool found = strncmp(error->message, start, strlen(start)) == 0;
    for (size_t i = 0; i < 2; i++)
        found = found && (row->message[i] == NULL || strstr(error->message, row->message[i]));
    if (!found)
        fail_msg("%.200s\ngave:\n%s", row->text, error->message);
}

static void check_refused(const struct refused *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        struct yaml *yaml = yaml_parse("test.yaml", rows[i].text, &error);
        check(&rows[i], yaml != NULL, &error);
    }
}

static void check_refused_in_sweeps(const struct refused *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error = {0};
        struct sweep_file *file = sweep_file_parse("test.yaml", rows[i].text, &error);
        check(&rows[i], file != NULL, &error);
    }
}

/* --- Merge keys ----------------------------------------------------------------------------- */

#define ANCHORS "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\n"

static void a_second_merge_key_is_refused_anywhere(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {ANCHORS "c:\n  <<: *a\n  <<: *b\n", "5:3", {"duplicate key '<<'; it is given on line 4"}},
        {ANCHORS "c: {<<: *a, <<: *b, x: 5}\n", "3:13", {"duplicate key '<<'", "<<: [*a, *b]"}},
        {ANCHORS "c: {<<: *a, x: 5, <<: *a}\n", "3:19", {"duplicate key '<<'"}},
        {ANCHORS "c: [{d: {<<: [*a], <<: [*b]}}]\n", "3:20", {"duplicate key '<<'"}},
        {ANCHORS "<<: *a\n<<: *b\n", "4:1", {"it is given on line 3 already"}},
        {ANCHORS "c: {<<: *a, !!merge <<: *b}\n", "3:21", {"duplicate key '<<'"}},
        {ANCHORS "c: {<<: {<<: *a, <<: *b}}\n", "3:18", {"duplicate key '<<'"}},
        {ANCHORS "c: {<<: [*a, 3]}\n", "3:14", {"<< merges mappings, not a text"}},
        {ANCHORS "c: {'<<': *a, '<<': *b}\n", "3:16", {"duplicate key '<<'"}},
    };
    check_refused(rows, sizeof rows / sizeof *rows);
}

static void check_merged(const char *text, const char *x, const char *y, const char *z)
{
    struct yaml *yaml;
    const struct yaml_node *c = yaml_find(parsed(text, &yaml), "c");
    const char *const keys[] = {"x", "y", "z"}, *const values[] = {x, y, z};
    for (size_t i = 0; i < 3; i++) {
        const struct yaml_node *item = yaml_find(c, keys[i]);
        assert_true((item == NULL) == (values[i] == NULL));
        if (item != NULL)
            assert_string_equal(item->text, values[i]);
    }
    yaml_free(yaml);
}

static void lists_are_merged_and_the_first_counts(void **state)
{
    (void)state;
    check_merged(ANCHORS "c: {<<: [*a, *b]}\n", "1", "2", "4");
    check_merged(ANCHORS "c: {<<: [*b, *a]}\n", "1", "3", "4");
    check_merged(ANCHORS "c: {y: 9, <<: [*b, *a]}\n", "1", "9", "4");
    check_merged(ANCHORS "c:\n  <<: [*b]\n  y: 9\n", NULL, "9", "4");
    check_merged(ANCHORS "c: {<<: {<<: *a, z: 7}}\n", "1", "2", "7");
    check_merged(ANCHORS "c: {!!merge <<: *a}\n", "1", "2", NULL);
}

/* YAML 1.1's type of merge keys is of plain texts. */
static void a_quoted_merge_key_is_a_key(void **state)
{
    (void)state;
    static const char *const texts[] = {"'<<': {x: 1}\n", "\"<<\": {x: 1}\n", "!!str <<: {x: 1}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct yaml *yaml;
        const struct yaml_node *root = parsed(texts[i], &yaml);
        assert_null(yaml_find(root, "x"));
        assert_non_null(yaml_find(root, "<<"));
        yaml_free(yaml);
    }
}

/* A text of C ends there, and what follows would be lost without a word. */
static void a_nul_is_refused_anywhere(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"solver: \"gd\\0x\"\n", "1:10", {"NUL"}},
        {"rate: [1, \"2\\x003\"]\n", "1:12", {"NUL"}},
        {"\"rate\\u0000\": 5\n", "1:2", {"NUL"}},
        {"a: &a {\"x\\0\": 1}\n", "1:9", {"NUL"}},
        {"a: !!str \"\\U00000000\"\n", "1:11", {"NUL"}},
    };
    check_refused(rows, sizeof rows / sizeof *rows);
}

/* --- Tags ----------------------------------------------------------------------------------- */

static void tags_that_are_not_known_or_not_true_are_refused(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {"rate: !linspace [1, 10, 4]\n", "1:17", {"tag '!linspace' is not known", "leave it out"}},
        {"rate:\n  !logspace\n  - 1\n", "3:3", {"tag '!logspace' is not known"}},
        {"rate: !own 3\n", "1:12", {"tag '!own'"}},
        {"!sweep\na: 1\n", "2:1", {"tag '!sweep'"}},
        {"a: {b: [1, !x {c: 2}]}\n", "1:15", {"tag '!x'"}},
        {"a: {!x b: 2}\n", "1:8", {"tag '!x'"}},
        {"a: !!omap [b: 1]\n", "1:11", {"tag '!!omap' is not known", "!!map, !!seq, !!str, !!int"}},
        {"a: !!python/tuple [1]\n", "1:19", {"tag '!!python/tuple'"}},
        {"a: !!binary aGk=\n", "1:13", {"tag '!!binary'"}},
        {"%TAG !e! tag:example.org,2026:\n---\na: !e!x 1\n", "3:9", {"tag:example.org,2026:x"}},
        {"a: !<tag:example.org,2026:x> 1\n", "1:30", {"tag:example.org,2026:x"}},
        {"a: !!int 0.5\n", "1:10", {"tag '!!int' is wrong: this is '0.5'"}},
        {"a: !!float x\n", "1:12", {"tag '!!float' is wrong"}},
        {"a: !!null 3\n", "1:11", {"tag '!!null' is wrong"}},
        {"a: !!map [1]\n", "1:10", {"tag '!!map' is wrong: this is a list"}},
        {"a: !!seq {b: 1}\n", "1:10", {"this is a mapping"}},
        {"a: !!str [1]\n", "1:10", {"this is a list"}},
        {"a: !!merge b\n", "1:12", {"tag '!!merge' is wrong"}},
    };
    check_refused(rows, sizeof rows / sizeof *rows);
}

#define SWEEP "data: pets\nsolver: gd\n"

static void a_text_by_its_tag_is_no_number(void **state)
{
    (void)state;
    static const struct refused rows[] = {
        {SWEEP "rate: !!str 0.1\n", "3:13", {"rate: a number is expected", "leave the tag out"}},
        {SWEEP "rate: [0.1, !!str 0.2]\n", "3:19", {"rate: a number is expected"}},
        {SWEEP "rate: {min: !!str 0.1, max: 1, steps: 3}\n", "3:19", {"rate: a number"}},
        {SWEEP "rate: {min: 0.1, max: 1, steps: !!str 3}\n", "3:39", {"steps: a number"}},
        {SWEEP "rate: ! 0.1\n", "3:9", {"rate: a number is expected"}},
        {SWEEP "repeats: !!str 3\n", "3:16", {"repeats: a number is expected"}},
        {SWEEP "seed: !!str 3\n", "3:13", {"seed: a number is expected"}},
        {SWEEP "stop: {epochs: !!str 3}\n", "3:22", {"epochs: a number is expected"}},
        {SWEEP "split: !!str 0.2\n", "3:14", {"split: a number is expected"}},
        {"data: {generate: blobs, rows: !!str 9}\nsolver: gd\n", "1:37", {"rows: a number"}},
        {SWEEP "rate: !!null ~\n", "3:14", {"this is nothing"}},
        {SWEEP "rate: !!bool true\n", "3:14", {"'true' is not allowed for rate"}},
    };
    check_refused_in_sweeps(rows, sizeof rows / sizeof *rows);
}

static void what_is_tagged_as_it_is_is_read(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "data: !!str pets\nsolver: !!str gd\nrate: !!float 0.1\nname: !!str x\n",
        "!!map {data: pets, solver: gd, rate: !!seq [!!float 0.1, !!float 1], seed: !!int 3}\n",
        "data: ! pets\nsolver: gd\nrate: {min: !!float 0.1, max: 1, steps: !!int 3}\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error error = {0};
        struct sweep_file *file = sweep_file_parse("test.yaml", texts[i], &error);
        if (file == NULL)
            fail_msg("%s", error.message);
        sweep_file_free(file);
    }
}

/* --- Places --------------------------------------------------------------------------------- */

/* The place of nothing is that of its key, of the list that it is in, or the start, whatever the
 * library says. */
static void nothing_is_where_it_belongs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line, column;
    } values[] = {
        {"\n  a:\n", 2, 3},      {"a:   # why?\n", 1, 1}, {"x: 1\n\"a\":\n", 2, 2},
        {"{x: 1, a: }\n", 1, 8}, {"{x: 1, a}\n", 1, 8},   {"a: !!str\n", 1, 1},
        {"a: &b\n", 1, 1},       {"? a\n", 1, 3},         {"a: ''\n", 1, 5},
        {"a: \"\"\n", 1, 5},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct yaml *yaml;
        const struct yaml_node *a = yaml_find(parsed(values[i].text, &yaml), "a");
        assert_string_equal(a->text, "");
        if (a->place.line != values[i].line || a->place.column != values[i].column)
            fail_msg("%s: nothing at %zu:%zu", values[i].text, a->place.line, a->place.column);
        yaml_free(yaml);
    }
    struct yaml *yaml;
    const struct yaml_node *list = yaml_find(parsed("b: 1\na:\n  - 1\n  -\n  - 2\n", &yaml), "a");
    assert_int_equal(list->count, 3);
    assert_int_equal(list->items[1]->place.line, 3);
    assert_int_equal(list->items[1]->place.column, 3);
    yaml_free(yaml);
    static const char *const empty[] = {"---\n", "---", "# q\n---\n", "%YAML 1.2\n---\n...\n"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        const struct yaml_node *root = parsed(empty[i], &yaml);
        assert_string_equal(root->text, "");
        assert_true(root->place.line == 1 && root->place.column == 1);
        yaml_free(yaml);
    }
}

/* Who says so differs: libfyaml 0.7.12 stops there without a word. */
static void another_version_is_refused_at_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *start;
    } rows[] = {
        {"%YAML 2.0\n---\na: 1\n", "test.yaml:1:"},
        {"\n# c\n%YAML 3.1\n---\na: 1\n", "test.yaml:3:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct error error = {0};
        assert_null(yaml_parse("test.yaml", rows[i].text, &error));
        if (strncmp(error.message, rows[i].start, strlen(rows[i].start)) != 0)
            fail_msg("%s\ngave:\n%s", rows[i].text, error.message);
    }
}

/* --- Small texts that stand for much -------------------------------------------------------- */

struct text {
    char *bytes;
    size_t length;
    FILE *stream;
};

static void text_open(struct text *text)
{
    text->stream = open_memstream(&text->bytes, &text->length);
    assert_non_null(text->stream);
}

static void check_bomb(struct text *text, const char *place, const char *message)
{
    assert_int_equal(fclose(text->stream), 0);
    const struct refused row = {text->bytes, place, {message}};
    check_refused_in_sweeps(&row, 1);
    free(text->bytes);
}

static void aliases_are_counted_while_they_are_read(void **state)
{
    (void)state;
    struct text text;
    text_open(&text);
    fputs("data: pets\nruns:\n- &a {solver: gd, rate: [1", text.stream);
    for (int i = 2; i <= 20000; i++)
        fprintf(text.stream, ",%d", i);
    fputs("]}\n", text.stream);
    for (int i = 0; i < 5000; i++)
        fputs("- *a\n", text.stream);
    check_bomb(&text, "53:4", "*a: with this one, aliases stand for more than 1000000 values");
}

/* Ten lists, each of ten times the one before; and the same by merge keys. */
static void laughs_are_few(void **state)
{
    (void)state;
    struct text text;
    text_open(&text);
    fputs("a0: &a0 [1]\n", text.stream);
    for (int i = 1; i < 10; i++) {
        fprintf(text.stream, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            fprintf(text.stream, "%s*a%d", j > 0 ? "," : "", i - 1);
        fputs("]\n", text.stream);
    }
    check_bomb(&text, "7:23", "aliases stand for more than");
    text_open(&text);
    fputs("a: &a {b: 1, c: 2, d: 3}\ne:\n  <<: [*a", text.stream);
    for (int i = 0; i < 200000; i++)
        fputs(",*a", text.stream);
    fputs("]\n", text.stream);
    check_bomb(&text, "3:428580", "aliases stand for more than");
}

/* Without any alias: axes of the top level are those of every run. */
static void axes_are_counted_while_they_are_read(void **state)
{
    (void)state;
    struct text text;
    text_open(&text);
    fputs("data: pets\nrate: {min: 1, max: 2, steps: 1000000}\nruns:\n", text.stream);
    for (int i = 0; i < 5000; i++)
        fputs("- {solver: gd}\n", text.stream);
    check_bomb(&text, "8:3", "have more than 5000000 values together");
}

/* As many anchors as lines: each is found at once. */
static void many_anchors_are_found(void **state)
{
    (void)state;
    enum { COUNT = 40000 };
    struct text text;
    struct yaml *yaml;
    text_open(&text);
    for (int i = 0; i < COUNT; i++)
        fprintf(text.stream, "- &a%d %d\n", i, i);
    for (int i = 0; i < COUNT; i++)
        fprintf(text.stream, "- *a%d\n", COUNT - 1 - i);
    fputs("- &a7 again\n- *a7\n", text.stream); /* the latest of a name counts */
    assert_int_equal(fclose(text.stream), 0);
    const struct yaml_node *root = parsed(text.bytes, &yaml);
    assert_int_equal(root->count, 2 * COUNT + 2);
    for (size_t i = 0; i < COUNT; i++)
        assert_ptr_equal(root->items[i], root->items[2 * COUNT - 1 - i]);
    assert_string_equal(root->items[2 * COUNT + 1]->text, "again");
    yaml_free(yaml);
    free(text.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_merge_key_is_refused_anywhere),
        cmocka_unit_test(lists_are_merged_and_the_first_counts),
        cmocka_unit_test(a_quoted_merge_key_is_a_key),
        cmocka_unit_test(a_nul_is_refused_anywhere),
        cmocka_unit_test(tags_that_are_not_known_or_not_true_are_refused),
        cmocka_unit_test(a_text_by_its_tag_is_no_number),
        cmocka_unit_test(what_is_tagged_as_it_is_is_read),
        cmocka_unit_test(nothing_is_where_it_belongs),
        cmocka_unit_test(another_version_is_refused_at_its_line),
        cmocka_unit_test(aliases_are_counted_while_they_are_read),
        cmocka_unit_test(laughs_are_few),
        cmocka_unit_test(axes_are_counted_while_they_are_read),
        cmocka_unit_test(many_anchors_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
