/* SPDX-License-Identifier: MIT
 *
 * Facts that must be the same twice, counts that must fit each other, and advice on machines that
 * are made up.
 */
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "kernels/kernel.h"
#include "measure/machine/advice.h"
#include "measure/machine/machine.h"
#include "measure/machine/machine_identity.h"
#include "measure/machine/machine_record.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static void facts_are_the_same_twice(void **state)
{
    (void)state;
    char *first = machine_json(), *second = machine_json();
    assert_string_equal(first, second);
    assert_non_null(strstr(first, "\"topology\":{"));
    assert_non_null(strstr(first, "\"governor\":"));
    assert_non_null(strstr(first, "\"blas_gemv\":null")); /* not asked for: test_blas_threads.c */
    assert_null(strstr(first, "load"));
    assert_null(strstr(first, "steal"));
    memory_free(first);
    memory_free(second);
}

static void counts_fit_each_other(void **state)
{
    (void)state;
    struct topology topology;
    topology_read(&topology);
    assert_true(topology.processing_units >= topology.cores);
    assert_true(topology.cores >= topology.packages || topology.cores == 0);
    assert_true(topology.cache_count >= 0 && topology.cache_count <= TOPOLOGY_CACHES);
    for (int i = 0; i < topology.cache_count; i++) {
        const struct cache_level *cache = &topology.caches[i];
        assert_true(i == 0 || cache->level > topology.caches[i - 1].level);
        assert_true(cache->count > 0 && cache->shared_by <= topology.processing_units);
    }
}

/* A machine on which there is nothing to mend. */
static struct machine good_machine(void)
{
    struct machine machine = {
        .threads = 4, .blas_threading = "OpenMP", .blas_core = "SkylakeX", .wide_vectors = true};
    machine.topology = (struct topology){.cores = 4, .processing_units = 8, .units_per_core = 2};
    strcpy(machine.system.governor, "performance");
    strcpy(machine.system.huge_pages, "madvise");
    strcpy(machine.system.clock_source, "tsc");
    return machine;
}

/* And all of it is granted. */
static struct machine_moment quiet_moment(void)
{
    return (struct machine_moment){
        .load = {.average = 0.5},
        .grant = {.processors = 4, .online = 4, .quota = INFINITY, .team = 4},
    };
}

/* The names of the advice, with a blank after each. */
static const char *advice_on(const struct machine *machine, const struct machine_moment *moment)
{
    static char names[256];
    names[0] = '\0';
    for (size_t i = 0; i < advice_table.count; i++)
        if (advice_applies(advice_table.entries[i], machine, moment))
            strcat(strcat(names, advice_table.entries[i]->name), " ");
    return names;
}

static void nothing_to_mend_on_a_good_machine(void **state)
{
    (void)state;
    struct machine machine = good_machine();
    struct machine_moment quiet = quiet_moment();
    assert_string_equal(advice_on(&machine, &quiet), "");
}

static void each_fault_has_its_advice(void **state)
{
    (void)state;
    struct machine machine = good_machine();
    struct machine_moment quiet = quiet_moment();
    strcpy(machine.system.governor, "performance, powersave");
    assert_string_equal(advice_on(&machine, &quiet), "governor ");
    machine = good_machine();
    strcpy(machine.system.huge_pages, "never");
    assert_string_equal(advice_on(&machine, &quiet), "huge-pages ");
    machine = good_machine();
    machine.threads = 5;
    assert_string_equal(advice_on(&machine, &quiet), "shared-cores ");
    machine.topology.units_per_core = 1;
    assert_string_equal(advice_on(&machine, &quiet), "");
    machine = good_machine();
    machine.blas_threading = "pthreads";
    assert_string_equal(advice_on(&machine, &quiet), "blas ");
    machine = good_machine();
    machine.blas_core = "Prescott";
    assert_string_equal(advice_on(&machine, &quiet), "blas-core ");
    machine.wide_vectors = false;
    assert_string_equal(advice_on(&machine, &quiet), "");
    machine = good_machine();
    strcpy(machine.system.clock_source, "hpet");
    assert_string_equal(advice_on(&machine, &quiet), "clock-source ");
}

static void each_trouble_has_its_advice(void **state)
{
    (void)state;
    struct machine machine = good_machine();
    struct machine_moment moment = quiet_moment();
    moment.load.average = 0.51;
    assert_string_equal(advice_on(&machine, &moment), "load ");
    moment = quiet_moment();
    moment.steal_per_cent = 0.1;
    assert_string_equal(advice_on(&machine, &moment), "steal ");
    moment = quiet_moment();
    moment.grant.online = 8;
    assert_string_equal(advice_on(&machine, &moment), "affinity ");
    moment = quiet_moment();
    moment.grant.quota = 3.5;
    assert_string_equal(advice_on(&machine, &moment), "quota ");
    moment = quiet_moment();
    moment.grant.team = 2;
    assert_string_equal(advice_on(&machine, &moment), "thread-limit ");
}

static void unknown_is_not_advised_on(void **state)
{
    (void)state;
    struct machine machine = {.threads = 4, .blas_threading = "OpenMP", .blas_core = "unknown"};
    struct machine_moment moment = {.load = {NAN, NAN, NAN},
                                    .steal_per_cent = NAN,
                                    .grant = {.processors = 4, .quota = NAN, .team = 4}};
    strcpy(machine.system.governor, "unknown: no cpufreq");
    strcpy(machine.system.huge_pages, "unknown");
    strcpy(machine.system.clock_source, "unknown");
    assert_string_equal(advice_on(&machine, &moment), "");
}

/* Are these two records of one machine? In whichever order. */
static bool same(const char *a, const char *b)
{
    struct machine_facts *left = machine_facts_read(a), *right = machine_facts_read(b);
    bool forward = machine_facts_same(left, right), backward = machine_facts_same(right, left);
    assert_int_equal(forward, backward);
    machine_facts_free(left);
    machine_facts_free(right);
    return forward;
}

static void what_is_missing_matches_any(void **state)
{
    (void)state;
#define RECORD(more_) "{\"processor\":\"loom\",\"threads\":4" more_ "}"
    const char *plain = RECORD("");
    static const char *const alike[] = {
        RECORD(",\"blas_gemv\":null"), RECORD(",\"blas_gemv\":{\"threads\":2}"),
        RECORD(",\"mpi\":\"none: not there\""), RECORD(",\"libraries\":{\"jansson\":\"2\"}"),
        RECORD(",\"settings\":{\"governor\":\"unknown\"}")};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        assert_true(same(plain, alike[i]));
    assert_true(same(RECORD(",\"blas_gemv\":{\"threads\":2}"), RECORD(",\"blas_gemv\":3")));
    assert_true(same(RECORD(",\"libraries\":{\"jansson\":\"2\"}"),
                     RECORD(",\"libraries\":{\"jansson\":\"3\"}")));
    assert_false(same(RECORD(",\"libraries\":{\"glibc\":\"2\"}"),
                      RECORD(",\"libraries\":{\"glibc\":\"3\"}")));
    assert_false(same(RECORD(",\"settings\":{\"governor\":\"powersave\"}"),
                      RECORD(",\"settings\":{\"governor\":\"performance\"}")));
    assert_false(same(RECORD(",\"later\":1"), RECORD(",\"later\":2"))); /* not known here */
    assert_false(same(plain, "{\"processor\":\"abacus\",\"threads\":4}"));
    assert_false(same(plain, "{\"cores\":4}")); /* nothing in common */
    assert_false(same(plain, "an abacus"));
    char *json = machine_json();
    assert_true(same(json, json));
    memory_free(json);
}

static void a_probe_that_worked_later_is_added(void **state)
{
    (void)state;
    struct machine_facts *known = machine_facts_read(RECORD(",\"blas_gemv\":null"));
    struct machine_facts *more = machine_facts_read(RECORD(",\"blas_gemv\":7"));
    char *text = machine_facts_complete(known, more);
    assert_string_equal(text, "{\"blas_gemv\":7,\"processor\":\"loom\",\"threads\":4}");
    assert_null(machine_facts_complete(more, known));
    memory_free(text);
    machine_facts_free(known);
    machine_facts_free(more);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_the_same_twice),
        cmocka_unit_test(counts_fit_each_other),
        cmocka_unit_test(nothing_to_mend_on_a_good_machine),
        cmocka_unit_test(each_fault_has_its_advice),
        cmocka_unit_test(each_trouble_has_its_advice),
        cmocka_unit_test(unknown_is_not_advised_on),
        cmocka_unit_test(what_is_missing_matches_any),
        cmocka_unit_test(a_probe_that_worked_later_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
