/* SPDX-License-Identifier: MIT
 *
 * Memory limits of control groups of both versions, read from folders made for each test: nested,
 * unlimited, missing, with cached files, and nonsense.
 */
#include "base/memory.h"
#include "root_fixture.h"

#define GROUPS "/sys/fs/cgroup"

static void check_left(size_t expected)
{
    size_t left = memory_left_in_groups(root);
    if (left != expected)
        fail_msg("%zu bytes left, expected %zu", left, expected);
}

static void make_group(const char *folder, const char *max, const char *current)
{
    char path[256];
    snprintf(path, sizeof path, GROUPS "%s/memory.max", folder);
    make_file(path, max);
    snprintf(path, sizeof path, GROUPS "%s/memory.current", folder);
    make_file(path, current);
}

static void nothing_is_no_limit(void **state)
{
    (void)state;
    check_left(SIZE_MAX);
    make_file("/proc/self/cgroup", "0::/work\n");
    check_left(SIZE_MAX);
    make_group("/work", "max\n", "1000\n");
    check_left(SIZE_MAX);
}

static void the_own_group_counts(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/slice/work\n");
    make_group("/slice/work", "5000\n", "1000\n");
    check_left(4000);
    make_group("/slice/work", "5000\n", "7000\n");
    check_left(0);
}

static void the_tightest_on_the_way_up_holds(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/slurm/job/step\n");
    make_group("/slurm/job/step", "9000\n", "1000\n");
    make_group("/slurm/job", "5000\n", "3000\n");
    make_group("/slurm", "max\n", "6000\n");
    check_left(2000);
    make_group("", "4000\n", "3500\n"); /* of a container, which sees its own group as the root */
    check_left(500);
}

/* memory.max of a group that is not one of these belongs to another group. */
static void other_groups_have_no_say(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/a/b\n");
    make_group("/a/c", "10\n", "1\n");
    make_group("/a/b/c", "10\n", "1\n");
    check_left(SIZE_MAX);
}

static void a_high_mark_is_a_limit(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/work\n");
    make_group("/work", "9000\n", "1000\n");
    make_file(GROUPS "/work/memory.high", "6000\n");
    check_left(5000);
    make_file(GROUPS "/work/memory.high", "max\n");
    check_left(8000);
}

static void cached_files_are_not_used(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "0::/work\n");
    make_group("/work", "9000\n", "8000\n");
    make_file(GROUPS "/work/memory.stat", "anon 1\ninactive_file 1000\nactive_file 2000\n");
    check_left(4000);
    make_file(GROUPS "/work/memory.stat", "inactive_file 100000\nactive_file 2000\n");
    check_left(9000);
}

static void version_1_has_a_hierarchy_of_its_own(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "9:memory:/slurm/job\n4:cpu,cpuacct:/other\n0::/\n");
    make_file(GROUPS "/memory/slurm/job/memory.limit_in_bytes", "7000\n");
    make_file(GROUPS "/memory/slurm/job/memory.usage_in_bytes", "6000\n");
    make_file(GROUPS "/memory/slurm/job/memory.stat",
              "active_file 10\ntotal_inactive_file 200\ntotal_active_file 300\n");
    check_left(1500);
    make_file(GROUPS "/memory/slurm/memory.limit_in_bytes", "6500\n");
    make_file(GROUPS "/memory/slurm/memory.usage_in_bytes", "6400\n");
    check_left(100);
    make_file(GROUPS "/memory/other/memory.limit_in_bytes", "1\n");
    make_file(GROUPS "/memory/other/memory.usage_in_bytes", "1\n");
    check_left(100);
}

/* Version 1 writes "no limit" as the largest number of pages. */
static void no_limit_of_version_1_leaves_more_than_any_machine_has(void **state)
{
    (void)state;
    make_file("/proc/self/cgroup", "9:memory:/\n");
    make_file(GROUPS "/memory/memory.limit_in_bytes", "9223372036854771712\n");
    make_file(GROUPS "/memory/memory.usage_in_bytes", "1000000\n");
    assert_true(memory_left_in_groups(root) > (size_t)1 << 62);
}

static void nonsense_is_no_limit(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "x\n", "max 5\n"};
    make_file("/proc/self/cgroup", "0::/work\n");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        make_group("/work", texts[i], "1\n");
        check_left(SIZE_MAX);
        make_group("/work", "1\n", texts[i]);
        check_left(SIZE_MAX);
    }
}

#define ROOT_TEST(name_) cmocka_unit_test_setup_teardown(name_, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOT_TEST(nothing_is_no_limit),
        ROOT_TEST(the_own_group_counts),
        ROOT_TEST(the_tightest_on_the_way_up_holds),
        ROOT_TEST(other_groups_have_no_say),
        ROOT_TEST(a_high_mark_is_a_limit),
        ROOT_TEST(cached_files_are_not_used),
        ROOT_TEST(version_1_has_a_hierarchy_of_its_own),
        ROOT_TEST(no_limit_of_version_1_leaves_more_than_any_machine_has),
        ROOT_TEST(nonsense_is_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
