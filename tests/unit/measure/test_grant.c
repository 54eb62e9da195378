/* SPDX-License-Identifier: MIT
 *
 * What is granted: processors that are online, read from a folder made for each test, the quota
 * below it, and a team of this process; and what each of them being less is taken for.
 */
#include "measure/machine/grant.h"

#include "base/parallel/quota.h"
#include "base/parallel/threads.h"
#include "processors.h"
#include "root_fixture.h"

#include <math.h>

static struct grant read_grant(void)
{
    struct grant grant;
    grant_read(root, &grant);
    return grant;
}

static void check_online(const char *list, int expected)
{
    make_file("/sys/devices/system/cpu/online", list);
    assert_int_equal(read_grant().online, expected);
}

static void processors_online_are_counted(void **state)
{
    (void)state;
    assert_int_equal(read_grant().online, 0);
    check_online("0\n", 1);
    check_online("0-3\n", 4);
    check_online("0-3,8\n", 5);
    check_online("0,2,4-5,7-7\n", 5);
    check_online("0-255", 256);
    check_online("\n", 0);
    check_online("all\n", 0);
    check_online("3-0\n", 0);
}

static void the_quota_is_read_below_the_root(void **state)
{
    (void)state;
    assert_true(isnan(read_grant().quota));
    make_file("/proc/self/cgroup", "0::/\n");
    make_file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
    assert_true(read_grant().quota == 1.5);
}

/* What the system says of this process. */
static void the_grant_of_this_process(void **state)
{
    (void)state;
    const cpu_set_t allowed = processors_allowed();
    struct grant grant;
    grant_read("", &grant);
    print_message("%d of %d processors, a quota of %g, a team of %d\n", grant.processors,
                  grant.online, grant.quota, grant.team);
    assert_int_equal(grant.processors, CPU_COUNT(&allowed));
    assert_between(grant.team, 1, grant.processors);
    assert_true(grant.online == 0 || grant.online >= grant.processors);
    assert_between(threads_available(), 1, grant.team);
    if (quota_processors("") < threads_processors())
        assert_true(threads_available() < quota_processors("") + 1.0);
}

static void what_is_less_is_lacking(void **state)
{
    (void)state;
    const struct grant whole = {.processors = 4, .online = 4, .quota = INFINITY, .team = 4};
    struct grant grant = whole;
    assert_false(grant_lacks_processors(&grant) || grant_lacks_time(&grant) ||
                 grant_lacks_threads(&grant));
    grant.online = 5;
    assert_true(grant_lacks_processors(&grant));
    grant = whole;
    grant.quota = 4.0;
    assert_false(grant_lacks_time(&grant));
    grant.quota = 3.9;
    assert_true(grant_lacks_time(&grant));
    grant = whole;
    grant.team = 3;
    assert_true(grant_lacks_threads(&grant));
}

static void what_is_unknown_is_not_lacking(void **state)
{
    (void)state;
    const struct grant grant = {.processors = 4, .online = 0, .quota = NAN, .team = 4};
    assert_false(grant_lacks_processors(&grant) || grant_lacks_time(&grant));
}

static void variables_are_as_they_are_set(void **state)
{
    (void)state;
    const struct entry *row = table_find(&grant_variable_table, "OMP_NUM_THREADS");
    assert_non_null(row);
    unsetenv("OMP_NUM_THREADS");
    assert_null(grant_variable_value(row));
    setenv("OMP_NUM_THREADS", "3", 1);
    assert_string_equal(grant_variable_value(row), "3");
    unsetenv("OMP_NUM_THREADS");
}

#define ROOT_TEST(name_) cmocka_unit_test_setup_teardown(name_, make_root, remove_root)

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        ROOT_TEST(processors_online_are_counted),
        ROOT_TEST(the_quota_is_read_below_the_root),
        cmocka_unit_test(the_grant_of_this_process),
        cmocka_unit_test(what_is_less_is_lacking),
        cmocka_unit_test(what_is_unknown_is_not_lacking),
        cmocka_unit_test(variables_are_as_they_are_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
