/* SPDX-License-Identifier: MIT
 *
 * Paths from one folder to another, and whether they lead there, also where folders are links or do
 * not exist yet.
 */
#include "base/system/path.h"

#include "base/memory.h"
#include "store_fixture.h"
#include "testing.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void check(char *found, const char *expected)
{
    assert_string_equal(found, expected);
    memory_free(found);
}

static void folders_and_what_is_in_them(void **state)
{
    (void)state;
    check(path_folder("a.yaml"), "");
    check(path_folder("/a.yaml"), "/");
    check(path_folder("b/c/a.yaml"), "b/c");
    check(path_in("", "a.csv"), "a.csv");
    check(path_in("b", "a.csv"), "b/a.csv");
    check(path_in("/", "a.csv"), "/a.csv");
    check(path_in("b/", "../a.csv"), "b/../a.csv");
    check(path_in("b", "/a.csv"), "/a.csv");
}

/* here/there is a link to the folder far/away. */
static void ways_lead_where_they_should(void **state)
{
    (void)state;
    static const struct {
        const char *folder, *path, *way;
    } cases[] = {
        {"", "my.csv", "my.csv"},
        {"", "", "."},
        {"here", "", ".."},
        {"here", "my.csv", "../my.csv"},
        {"here", "here/my.csv", "my.csv"},
        {"here", "herein/my.csv", "../herein/my.csv"},
        {"here/there", "my.csv", "../../my.csv"},
        {"here/there", "here/my.csv", "../../here/my.csv"},
        {"here/there", "far/x", "../x"},
        {"not/yet/made", "my.csv", "../../../my.csv"},
        {"not/yet/../made/.", "my.csv", "../../my.csv"},
        {"here/there/..", "my.csv", "../my.csv"},
        {"here", "link.csv", "../link.csv"},
        {".", "here/../my.csv", "my.csv"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(path_from(cases[i].folder, cases[i].path), cases[i].way);
    check(path_from("/", "/usr/x"), "usr/x");
    check(path_from("/usr", "/"), "..");
    check(path_from("/usr", "/usr"), ".");
}

static void near_is_from_the_working_directory_where_it_is_below(void **state)
{
    (void)state;
    check(path_near("."), "");
    check(path_near("here"), "here");
    check(path_near("here/there/.."), "far");
    check(path_near("not/yet/../.."), "");
    check(path_near("/usr"), "/usr");
}

static int folders_make(void **state)
{
    if (folder_create(state) != 0 || chdir(*state) != 0)
        return -1;
    return mkdir("here", 0777) | mkdir("far", 0777) | mkdir("far/away", 0777) |
           symlink("../far/away", "here/there") | symlink("far/x", "link.csv");
}

static int folders_remove(void **state)
{
    return chdir("/") | folder_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_and_what_is_in_them),
        cmocka_unit_test_setup_teardown(ways_lead_where_they_should, folders_make, folders_remove),
        cmocka_unit_test_setup_teardown(near_is_from_the_working_directory_where_it_is_below,
                                        folders_make, folders_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
