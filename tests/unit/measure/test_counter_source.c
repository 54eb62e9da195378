/* SPDX-License-Identifier: MIT
 *
 * The source of counts that is built in: PAPI with events of the kernel, which need no counters in
 * the processor; and what a kernel that forbids to count means.
 */
#include "measure/counters/counter_source.h"

#include "base/parallel/threads.h"
#include "measure/counters/counter_access.h"
#include "root_fixture.h"

#include <errno.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 3, PAGES = 64 };

static int restore_source(void **state)
{
    (void)state;
    counter_source_replace(NULL);
    return 0;
}

/* --- PAPI ----------------------------------------------------------------------------------- */

static void what_is_built_in_counts_or_says_why(void **state)
{
    (void)state;
    char version[COUNTER_VERSION], reason[COUNTER_REASON];
    counters_library_version(version);
    bool there = counters_available(reason);
    print_message("PAPI %s; %s\n", version, there ? "available" : reason);
    struct counters counters;
    counters_begin(2);
    counters_end(2, &counters);
    assert_true(there || !counters.available);
    assert_int_equal(counters.available, counters.reason[0] == '\0');
    if (!counters.available)
        assert_int_equal(strncmp(counters.reason, "unavailable: ", 13), 0);
    if (strcmp(version, "not built in") == 0)
        assert_non_null(strstr(counters.reason, "libpapi-dev"));
}

static bool always(char reason[static COUNTER_REASON])
{
    reason[0] = '\0';
    return true;
}

static void touch_pages(void)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    volatile char *memory =
        mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    madvise((void *)memory, PAGES * page, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < PAGES; i++)
        memory[i * page] = 1;
    munmap((void *)memory, PAGES * page);
}

static void touch_pages_with(int threads)
{
#pragma omp parallel num_threads(threads)
    touch_pages();
}

/* The kernel counts page faults itself. The second of the events is none. */
static void papi_counts_on_each_thread(void **state)
{
    (void)state;
    struct counter_source software = counter_source_built_in;
    char reason[COUNTER_REASON] = "";
    if (software.initialise == NULL || !software.initialise(reason)) {
        print_message("skipped: there is no PAPI %s\n", reason);
        skip();
    }
    memset(software.events, 0, sizeof software.events);
    software.events[0][0] = "perf::PAGE-FAULTS";
    software.events[1][0] = "perf::NO-SUCH-EVENT";
    software.events[2][0] = "perf::NO-SUCH-EVENT";
    software.events[2][1] = "perf::TASK-CLOCK";
    software.permitted = always;
    counter_source_replace(&software);
    for (int threads = THREADS; threads > 0; threads--) {
        struct counters counters;
        counters_begin(threads);
        touch_pages_with(threads);
        counters_end(threads, &counters);
        if (!counters.available) {
            print_message("skipped: %s\n", counters.reason);
            skip();
        }
        assert_true(counters.cycles >= threads * PAGES);
        assert_true(isnan(counters.instructions) && isnan(counters.flops));
        assert_true(counters.cache_misses > 0.0);
        assert_string_equal(counters.events[2], "perf::TASK-CLOCK");
    }
}

/* --- What the kernel says ------------------------------------------------------------------- */

static const char *explained(int error)
{
    static char reason[COUNTER_REASON];
    counter_access_explain(root, error, reason);
    return reason;
}

static void a_setting_that_forbids_is_named_with_its_remedy(void **state)
{
    (void)state;
    make_file("/proc/sys/kernel/perf_event_paranoid", "3\n");
    assert_non_null(strstr(explained(EACCES), "perf_event_paranoid is 3"));
    assert_non_null(strstr(explained(EPERM), "sysctl kernel.perf_event_paranoid=2"));
    assert_non_null(strstr(explained(EPERM), "cap_perfmon"));
    make_file("/proc/sys/kernel/perf_event_paranoid", "2\n");
    assert_non_null(strstr(explained(EPERM), "container"));
    make_file("/proc/sys/kernel/perf_event_paranoid", "?\n");
    assert_non_null(strstr(explained(EPERM), "container"));
}

static void a_machine_without_counters_is_named(void **state)
{
    (void)state;
    assert_non_null(strstr(explained(ENOENT), "no hardware counters (PMU) of this processor"));
    make_file("/proc/cpuinfo", "flags\t\t: fpu hypervisor tsc\n");
    make_file("/sys/class/dmi/id/sys_vendor", "QEMU\n");
    assert_non_null(strstr(explained(EOPNOTSUPP), "virtual machine (QEMU) has no hardware"));
    assert_non_null(strstr(explained(ENOSYS), "CONFIG_PERF_EVENTS"));
    assert_non_null(strstr(explained(EMFILE), strerror(EMFILE)));
}

int main(void)
{
    threads_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_built_in_counts_or_says_why, restore_source),
        cmocka_unit_test_teardown(papi_counts_on_each_thread, restore_source),
        cmocka_unit_test_setup_teardown(a_setting_that_forbids_is_named_with_its_remedy, make_root,
                                        remove_root),
        cmocka_unit_test_setup_teardown(a_machine_without_counters_is_named, make_root,
                                        remove_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
