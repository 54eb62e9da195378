/* SPDX-License-Identifier: MIT
 *
 * CPU quotas of control groups of both versions, read from folders made for each test: nested,
 * unlimited, missing, seen from inside a container, and nonsense.
 */
#include "base/parallel/quota.h"
#include "root_fixture.h"

#include <math.h>

#define GROUPS "/sys/fs/cgroup"

static void check_quota(double expected)
{
    double quota = quota_processors(root);
    if (quota != expected)
        fail_msg("a quota of %g, expected %g", quota, expected);
}

static void nothing_is_unknown(void **state)
{
    (void)state;
    assert_true(isnan(quota_processors(root)));
}

static void a_group_without_files_has_no_quota(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/\n");
    check_quota(INFINITY);
    make_file("/proc/self/cgroup", "");
    check_quota(INFINITY);
}

static void version_2_is_quota_and_period(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/work\n");
    make_file(GROUPS "/work/cpu.max", "150000 100000\n");
    check_quota(1.5);
    make_file(GROUPS "/work/cpu.max", "max 100000\n");
    check_quota(INFINITY);
}

static void version_1_has_a_file_each(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "5:memory:/m\n4:cpu,cpuacct:/work\n3:cpuset:/s\n0::/\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_quota_us", "50000\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_period_us", "200000\n");
    check_quota(0.25);
    make_file(GROUPS "/cpu/work/cpu.cfs_quota_us", "-1\n");
    check_quota(INFINITY);
}

/* A hierarchy whose name only begins like it is another. */
static void other_controllers_have_no_say(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "4:cpuset:/work\n3:cpuacct:/work\n2:name=cpu:/work\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_quota_us", "50000\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_period_us", "100000\n");
    check_quota(INFINITY);
    make_file("/proc/self/cgroup", "4:cpuacct,cpu:/work\n");
    check_quota(0.5);
}

static void the_least_on_the_way_up_holds(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/a/b/c\n");
    make_file(GROUPS "/a/b/c/cpu.max", "400000 100000\n");
    make_file(GROUPS "/a/b/cpu.max", "max 100000\n");
    make_file(GROUPS "/a/cpu.max", "250000 100000\n");
    check_quota(2.5);
    make_file(GROUPS "/a/b/c/cpu.max", "100000 100000\n");
    check_quota(1.0);
    make_file(GROUPS "/a/b/c/d/cpu.max", "1000 100000\n"); /* a group below this one */
    check_quota(1.0);
}

/* The path is that of the host, and the group is what is mounted. */
static void a_container_sees_its_group_as_the_root(void **state)
{
    (void)state;
    make_file(GROUPS "/cpu.max", "200000 100000\n");
    make_file("/proc/self/cgroup", "0::/docker/0123abcd\n");
    check_quota(2.0);
    make_file("/proc/self/cgroup", "0::/../../system.slice\n");
    check_quota(2.0);
}

/* Both at once: the unified hierarchy has no cpu.max where version 1 has the controller. */
static void the_least_of_both_versions_holds(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "1:cpu:/work\n0::/work\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_quota_us", "300000\n");
    make_file(GROUPS "/cpu/work/cpu.cfs_period_us", "100000\n");
    check_quota(3.0);
    make_file(GROUPS "/work/cpu.max", "50000 100000\n");
    check_quota(0.5);
}

static void nonsense_is_no_quota(void **state)
{
    (void)state;
    const char *const lines[] = {"0::work\n", "0:\n", "\n", "::", "0::/wor", "4:cpu\n"};
    make_file(GROUPS "/work/cpu.max", "50000 100000\n");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        make_file("/proc/self/cgroup", lines[i]);
        check_quota(INFINITY);
    }
    const char *const limits[] = {"", "half\n", "50000\n", "50000 0\n", "0 100000\n", "-5 7\n"};
    make_file("/proc/self/cgroup", "0::/work\n");
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        make_file(GROUPS "/work/cpu.max", limits[i]);
        check_quota(INFINITY);
    }
}

#define ROOT_TEST(name_) cmocka_unit_test_setup_teardown(name_, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOT_TEST(nothing_is_unknown),
        ROOT_TEST(a_group_without_files_has_no_quota),
        ROOT_TEST(version_2_is_quota_and_period),
        ROOT_TEST(version_1_has_a_file_each),
        ROOT_TEST(other_controllers_have_no_say),
        ROOT_TEST(the_least_on_the_way_up_holds),
        ROOT_TEST(a_container_sees_its_group_as_the_root),
        ROOT_TEST(the_least_of_both_versions_holds),
        ROOT_TEST(nonsense_is_no_quota),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
