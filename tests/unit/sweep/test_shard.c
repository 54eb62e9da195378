/* SPDX-License-Identifier: MIT
 *
 * Shards: what is one, and how groups are dealt.
 */
#include "sweep/workload/shard.h"
#include "testing.h"

#include <string.h>

static void test_parts_are_read(void **state)
{
    (void)state;
    char reason[256];
    struct shard shard;
    assert_true(shard_parse("1/1", &shard, reason, sizeof reason));
    assert_true(shard.index == 1 && shard.count == 1);
    assert_true(shard_parse("3/10000", &shard, reason, sizeof reason));
    assert_true(shard.index == 3 && shard.count == 10000);
}

static void test_what_is_no_part_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "1",
                                        "1/",
                                        "/2",
                                        "0/2",
                                        "3/2",
                                        "1/0",
                                        "-1/2",
                                        "a/b",
                                        "1/2x",
                                        " 1/2",
                                        "1 /2",
                                        "01/2",
                                        "1/2/3",
                                        "+1/2",
                                        "1/10001",
                                        "1/99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char reason[256] = "";
        struct shard shard = {7, 7};
        if (shard_parse(wrong[i], &shard, reason, sizeof reason))
            fail_msg("'%s' was taken", wrong[i]);
        assert_non_null(strstr(reason, "give I/N with I from 1 to N"));
        assert_int_equal(shard.count, 0);
    }
}

/* Each group is in one shard, and shards differ by at most one of them. */
static void test_groups_are_dealt_evenly(void **state)
{
    (void)state;
    for (int64_t count = 1; count <= 9; count++)
        for (size_t groups = 0; groups <= 20; groups++) {
            size_t all = 0;
            for (struct shard shard = {1, count}; shard.index <= count; shard.index++) {
                size_t own = 0;
                for (size_t g = 0; g < groups; g++)
                    own += shard_has(&shard, g);
                assert_true(own == groups / (size_t)count || own == groups / (size_t)count + 1);
                all += own;
            }
            assert_int_equal(all, groups);
        }
    const struct shard second = {2, 3}, whole = {0, 0};
    assert_true(shard_has(&second, 1) && shard_has(&second, 3) && !shard_has(&second, 4));
    assert_true(shard_has(&whole, 0) && shard_has(&whole, 5));
}

/* An axis with as many values as there are shards, the last of the plan, meets all of them. */
static void test_values_of_an_axis_are_dealt_evenly(void **state)
{
    (void)state;
    for (struct shard shard = {1, 4}; shard.index <= 4; shard.index++) {
        size_t times[4] = {0};
        for (size_t g = 0; g < 16; g++)
            times[g % 4] += shard_has(&shard, g);
        for (size_t value = 0; value < 4; value++)
            assert_int_equal(times[value], 1);
    }
}

static void test_names_are_found_again(void **state)
{
    (void)state;
    char name[SHARD_TEXT];
    const struct shard shard = {12, 40};
    struct shard found;
    assert_string_equal(shard_name(&shard, name), "shard-12-of-40");
    assert_true(shard_find("results/x/shard-12-of-40", &found));
    assert_true(found.index == 12 && found.count == 40);
    assert_true(shard_find("shard-1-of-1//", &found));
    static const char *const others[] = {"",
                                         "results",
                                         "shard-3-of-2",
                                         "shard-0-of-2",
                                         "shard-01-of-2",
                                         "shard-1-of-2.old",
                                         "xshard-1-of-2",
                                         "shard-1-of-2/store.sqlite"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(shard_find(others[i], &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_are_read),
        cmocka_unit_test(test_what_is_no_part_is_refused),
        cmocka_unit_test(test_groups_are_dealt_evenly),
        cmocka_unit_test(test_values_of_an_axis_are_dealt_evenly),
        cmocka_unit_test(test_names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
