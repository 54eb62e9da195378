/* SPDX-License-Identifier: MIT
 *
 * What is not merged, and that nothing is written then.
 */
#include "merge_fixture.h"

static void test_other_bits_are_an_error(void **state)
{
    struct place_to_merge place = places(*state);
    struct made_run other = first;
    other.epochs = 6;
    make(place.a, &first, 1);
    make(place.b, &other, 1);
    refuse_both(&place, ERROR_FAILED, "different results for one trial (solver=gd");
    refuse_both(&place, ERROR_FAILED, place.a);
    refuse_both(&place, ERROR_FAILED, place.b);
    store_close(planned(place.into));
    struct merge_tally tally;
    struct error error = {0};
    const char *sources[] = {place.a};
    assert_done(merged(place.into, sources, 1, &tally, &error), &error);
    sources[0] = place.b;
    assert_false(merged(place.into, sources, 1, &tally, &error));
    assert_non_null(strstr(error.message, place.into));
    assert_int_equal(ask(place.into, "SELECT epochs FROM trial"), 5);
}

static void test_other_sweep_files_are_refused(void **state)
{
    struct place_to_merge place = places(*state);
    make(place.a, &first, 1);
    make(place.b, &second, 1);
    tamper(place.b, "UPDATE sweep SET text = 'another'");
    refuse_both(&place, ERROR_USAGE, "come from different sweep files");
}

static void test_other_data_are_refused(void **state)
{
    struct place_to_merge place = places(*state);
    make(place.a, &first, 1);
    make(place.b, &second, 1);
    tamper(place.b, "UPDATE configuration SET key = 'other' || id");
    refuse_both(&place, ERROR_USAGE, "the same sweep file but different configurations");
}

static void test_other_versions_are_refused(void **state)
{
    struct place_to_merge place = places(*state);
    make(place.a, &first, 1);
    make(place.b, &second, 1);
    tamper(place.b, "PRAGMA user_version = 103");
    refuse_both(&place, ERROR_USAGE, "written by a newer descent (store version 2");
    tamper(place.b, "PRAGMA user_version = 6");
    refuse_both(&place, ERROR_USAGE, "written by a development version of descent, before 0.1");
}

static void test_what_is_not_there_is_refused(void **state)
{
    struct place_to_merge place = places(*state);
    make(place.a, &first, 1);
    refuse_both(&place, ERROR_FAILED, "no results here");
}

static void test_a_store_is_not_merged_into_itself(void **state)
{
    struct place_to_merge place = places(*state);
    struct error error = {0};
    struct merge_tally tally;
    char other[600];
    const char *sources[] = {other};
    make(place.a, &first, 1);
    snprintf(other, sizeof other, "%s/../a/store.sqlite", place.a);
    assert_false(merged(place.a, sources, 1, &tally, &error));
    assert_non_null(strstr(error.message, "cannot be merged into itself"));
}

static void test_another_sweep_is_left_alone(void **state)
{
    struct place_to_merge place = places(*state);
    struct error error = {0};
    struct merge_tally tally;
    const char *sources[] = {place.a};
    make(place.a, &first, 1);
    make(place.into, &second, 1);
    tamper(place.into, "UPDATE sweep SET name = 'mine'");
    assert_false(merged(place.into, sources, 1, &tally, &error));
    assert_non_null(strstr(error.message, "holds the sweep 'mine', but 'made' is to be merged"));
    assert_int_equal(ask(place.into, "SELECT count(*) FROM trial"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_other_bits_are_an_error),
        FOLDER_TEST(test_other_sweep_files_are_refused),
        FOLDER_TEST(test_other_data_are_refused),
        FOLDER_TEST(test_other_versions_are_refused),
        FOLDER_TEST(test_what_is_not_there_is_refused),
        FOLDER_TEST(test_a_store_is_not_merged_into_itself),
        FOLDER_TEST(test_another_sweep_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
