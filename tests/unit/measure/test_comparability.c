/* SPDX-License-Identifier: MIT
 *
 * Which records may be compared, and what is said where they may not.
 */
#include "measure/machine/comparability.h"

#include "base/memory.h"
#include "measure/machine/machine_record.h"
#include "testing.h"

#include <string.h>

#define PLAIN                                                                                      \
    "\"processor\":\"A\",\"release\":\"6.1.0-18\",\"commit\":\"c1\",\"flags\":\"-O3\","            \
    "\"topology\":{\"cores\":2,\"caches\":[1]}"

static char *differences(const char *a, const char *b, bool build)
{
    struct comparability keys[] = {comparability_read(a, build), comparability_read(b, build)};
    char *text = comparability_differences(keys, 2);
    const bool alike = *text == '\0' || strncmp(text, "microcode not", 13) == 0;
    assert_true(comparability_same(&keys[0], &keys[1]) == alike);
    assert_true(comparability_same(&keys[1], &keys[0]) == alike);
    comparability_clear(&keys[0]);
    comparability_clear(&keys[1]);
    return text;
}

static void what_differs_is_told(void **state)
{
    (void)state;
    const struct {
        const char *other, *told;
        bool build;
    } cases[] = {
        {"{" PLAIN "}", "", true},
        {"{" PLAIN ",\"microcode\":\"0x2\"}", "microcode not known of all", true},
        {"{" PLAIN ",\"microcode\":\"unknown\",\"threads\":3,\"memory_bytes\":5}", "", true},
        {"{\"processor\":\"A\",\"release\":\"6.1.0-21\",\"commit\":\"c1\",\"flags\":\"-O3\","
         "\"topology\":{\"cores\":2,\"caches\":[1]}}",
         "kernel 6.1.0-18 and 6.1.0-21", true},
        {"{\"processor\":\"A\",\"release\":\"6.1.0-18\",\"commit\":\"c2\",\"flags\":\"-O2\","
         "\"topology\":{\"cores\":4,\"caches\":[2]}}",
         "flags -O3 and -O2; topology cores 2 and 4; topology caches", false},
        {"{\"processor\":\"A\",\"release\":\"6.1.0-18\",\"commit\":\"c2\",\"flags\":\"-O3\","
         "\"topology\":{\"cores\":2,\"caches\":[1]}}",
         "commit c1 and c2", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = differences("{" PLAIN "}", cases[i].other, cases[i].build);
        assert_string_equal(text, cases[i].told);
        memory_free(text);
    }
}

/* A record that knows less belongs to a group, and does not let two in that differ. */
static void what_is_not_known_joins_no_two_that_differ(void **state)
{
    (void)state;
    struct comparability_groups groups = {0};
    const char *const records[] = {
        "{\"processor\":\"A\"}",
        "{\"processor\":\"A\",\"microcode\":\"0x1\"}",
        "{\"processor\":\"A\",\"microcode\":\"0x2\"}",
        "{\"processor\":\"A\"}",
    };
    const size_t expected[] = {0, 0, 1, 0};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(comparability_join(&groups, comparability_read(records[i], false)),
                         expected[i]);
    char *text = comparability_differences(groups.keys, groups.count);
    assert_string_equal(text, "microcode 0x1 and 0x2");
    memory_free(text);
    comparability_groups_clear(&groups);
}

static void three_values_are_listed_once_each(void **state)
{
    (void)state;
    struct comparability keys[] = {
        comparability_read("{\"release\":\"1\"}", false),
        comparability_read("{\"release\":\"2\"}", false),
        comparability_read("{\"release\":\"1\"}", false),
        comparability_read("{\"release\":\"\\u001b3\"}", false),
    };
    char *text = comparability_differences(keys, 4);
    assert_string_equal(text, "kernel 1, 2 and \\u001b3");
    memory_free(text);
    for (size_t i = 0; i < 4; i++)
        comparability_clear(&keys[i]);
}

static void a_record_is_comparable_with_itself(void **state)
{
    (void)state;
    char *record = machine_json(), *commit = comparability_commit(record);
    char *text = differences(record, record, true);
    assert_string_equal(text, "");
    assert_true(strstr(record, commit) != NULL);
    memory_free(text);
    memory_free(commit);
    memory_free(record);
}

static void what_is_no_record_knows_nothing(void **state)
{
    (void)state;
    struct comparability key = comparability_read("[1, 2", true);
    assert_int_equal(key.count, 0);
    comparability_clear(&key);
    char *commit = comparability_commit("{\"commit\":\"unknown\"}");
    assert_string_equal(commit, "");
    memory_free(commit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_is_told),
        cmocka_unit_test(what_is_not_known_joins_no_two_that_differ),
        cmocka_unit_test(three_values_are_listed_once_each),
        cmocka_unit_test(a_record_is_comparable_with_itself),
        cmocka_unit_test(what_is_no_record_knows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
