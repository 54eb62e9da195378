/* SPDX-License-Identifier: MIT
 *
 * What /proc and /sys say, read from a folder made for each test, from one with nothing in it, and
 * from one with nonsense.
 */
#include "base/system/system_facts.h"
#include "root_fixture.h"

#include <math.h>

#define CPU "/sys/devices/system/cpu/"
#define HUGE_PAGES "/sys/kernel/mm/transparent_hugepage/enabled"

static struct system_facts facts_read(void)
{
    struct system_facts facts;
    system_facts_read(root, &facts);
    return facts;
}

static void nothing_is_unknown(void **state)
{
    (void)state;
    struct system_facts facts = facts_read();
    assert_string_equal(facts.processor, "unknown");
    assert_string_equal(facts.governor, "unknown: no cpufreq");
    assert_string_equal(facts.huge_pages, "unknown");
    assert_string_equal(facts.virtualisation, "unknown");
    assert_string_equal(facts.clock_source, "unknown");
    struct system_load load;
    struct processor_ticks ticks;
    system_load_read(root, &load);
    processor_ticks_read(root, &ticks);
    assert_true(isnan(load.average) && isnan(load.pressure) && isnan(load.pressure_seconds));
    assert_true(isnan(steal_per_cent(&ticks, &ticks)));
}

static void settings_are_read(void **state)
{
    (void)state;
    make_file("/proc/cpuinfo", "processor\t: 0\nmodel name\t: Abacus 9 \nmicrocode\t: 0xd9\n"
                               "flags\t\t: fpu tsc\n\n"
                               "processor\t: 1\nmodel name\t: Other\n");
    make_file(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
    make_file(CPU "cpu1/cpufreq/scaling_governor", "performance\n");
    make_file(HUGE_PAGES, "always [madvise] never\n");
    make_file("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    struct system_facts facts = facts_read();
    assert_string_equal(facts.processor, "Abacus 9");
    assert_string_equal(facts.microcode, "0xd9");
    assert_string_equal(facts.governor, "performance");
    assert_string_equal(facts.huge_pages, "madvise");
    assert_string_equal(facts.virtualisation, "none");
    assert_string_equal(facts.clock_source, "tsc");
}

static void governors_that_differ_are_all_named(void **state)
{
    (void)state;
    make_file(CPU "cpu0/cpufreq/scaling_governor", "performance\n");
    make_file(CPU "cpu1/cpufreq/scaling_governor", "powersave\n");
    make_file(CPU "cpu10/cpufreq/scaling_governor", "power\n");
    make_file(CPU "cpu2/cpufreq/scaling_governor", "powersave\n");
    make_file(CPU "cpufreq/scaling_governor", "not a processor's\n");
    assert_string_equal(facts_read().governor, "performance, powersave, power");
}

static void virtual_machines_are_named(void **state)
{
    (void)state;
    make_file("/proc/cpuinfo", "flags\t\t: fpu hypervisor_not\n");
    assert_string_equal(facts_read().virtualisation, "none");
    make_file("/proc/cpuinfo", "flags\t\t: fpu hypervisor tsc\n");
    assert_string_equal(facts_read().virtualisation, "virtual machine");
    make_file("/sys/class/dmi/id/sys_vendor", "QEMU\n");
    assert_string_equal(facts_read().virtualisation, "virtual machine (QEMU)");
    make_file("/sys/class/dmi/id/product_name", "Standard \xff PC\n");
    assert_string_equal(facts_read().virtualisation, "virtual machine (QEMU Standard ? PC)");
}

static void load_and_pressure_are_read(void **state)
{
    (void)state;
    make_file("/proc/loadavg", "0.52 0.58 0.59 2/512 12345\n");
    make_file("/proc/pressure/cpu", "some avg10=1.25 avg60=0.50 avg300=0.10 total=4641205714\n");
    struct system_load load;
    system_load_read(root, &load);
    assert_true(load.average == 0.52);
    assert_true(load.pressure == 1.25);
    assert_true(load.pressure_seconds == 1e-6 * 4641205714.0); /* from microseconds */
}

static void steal_is_a_share_of_all_time(void **state)
{
    (void)state;
    struct processor_ticks before, after;
    make_file("/proc/stat", "cpu  100 0 50 800 10 5 5 30 7 0\ncpu0 1 2 3 4 5 6 7 8 9 0\n");
    processor_ticks_read(root, &before);
    assert_int_equal(before.all, 1000);
    assert_int_equal(before.stolen, 30);
    make_file("/proc/stat", "cpu  180 0 60 880 10 5 5 60 7 0\n");
    processor_ticks_read(root, &after);
    assert_true(steal_per_cent(&before, &after) == 15.0); /* 30 of 200 */
    assert_true(isnan(steal_per_cent(&after, &after)));
}

static void nonsense_is_unknown(void **state)
{
    (void)state;
    make_file("/proc/cpuinfo", "model name\nflags");
    make_file("/proc/loadavg", "idle\n");
    make_file("/proc/pressure/cpu", "some avg10=? total=?\n");
    make_file("/proc/stat", "cpu 1 2 3\n");
    make_file(HUGE_PAGES, "always ]madvise[ never\n");
    make_file(CPU "cpu0/cpufreq/scaling_governor", "\n");
    struct system_facts facts = facts_read();
    struct system_load load;
    struct processor_ticks ticks;
    system_load_read(root, &load);
    processor_ticks_read(root, &ticks);
    assert_string_equal(facts.processor, "unknown");
    assert_string_equal(facts.governor, "unknown: no cpufreq");
    assert_string_equal(facts.huge_pages, "unknown");
    assert_true(isnan(load.average) && isnan(load.pressure) && isnan(load.pressure_seconds));
    assert_int_equal(ticks.stolen, -1);
}

#define ROOT_TEST(function) cmocka_unit_test_setup_teardown(function, make_root, remove_root)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOT_TEST(nothing_is_unknown),
        ROOT_TEST(settings_are_read),
        ROOT_TEST(governors_that_differ_are_all_named),
        ROOT_TEST(virtual_machines_are_named),
        ROOT_TEST(load_and_pressure_are_read),
        ROOT_TEST(steal_is_a_share_of_all_time),
        ROOT_TEST(nonsense_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
