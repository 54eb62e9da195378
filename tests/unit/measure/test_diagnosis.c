/* SPDX-License-Identifier: MIT
 *
 * Causes from figures made by hand. That they are found in a store is for
 * report/test_study_limit.c.
 */
#include "measure/statistics/diagnosis.h"

#include "measure/ceilings/ceilings.h"
#include "testing.h"

#include <math.h>
#include <string.h>

/* Two threads that scale to 1.2, with nothing that accounts for it yet. */
static struct diagnosis_facts made_facts(void)
{
    return (struct diagnosis_facts){
        .threads = 2,
        .working = 2,
        .seconds = 1.0,
        .limit = 0.2,
        .bound = "memory",
        .headroom = 1.0,
        .work = 1.8,
        .longest = 0.9,
        .base_work = 1.8,
        .efficiency = 0.6,
        .serial = 0.67,
        .hottest = "products",
        .hottest_share = 0.5,
    };
}

static void check(const struct diagnosis_facts *facts, const struct entry *cause, const char *words)
{
    struct diagnosis diagnosis = diagnose(facts);
    assert_string_equal(diagnosis.cause->name, cause->name);
    assert_non_null(strstr(diagnosis.text, words));
    assert_non_null(strstr(diagnosis.text, "To try: "));
}

static void each_cause_is_named(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    check(&facts, &diagnosis_inside, "'products' takes 50 % of the time per epoch");
    facts = made_facts();
    facts.limit = 0.91;
    check(&facts, &diagnosis_bandwidth, "at 91 % of the read ceiling of memory; serial fraction");
    check(&facts, &diagnosis_bandwidth, "more threads have no more bandwidth.");
    facts.headroom = 1.9;
    check(&facts, &diagnosis_bandwidth, "whose ceiling is up to 1.9 times as high.");
    facts.bound = "GEMM";
    check(&facts, &diagnosis_compute, "at 91 % of the ceiling of GEMM");
    facts = made_facts();
    facts.efficiency = 0.95;
    check(&facts, &diagnosis_scales, "95 % efficient on 2 threads");
    facts = made_facts();
    facts.work = 1.2;
    check(&facts, &diagnosis_imbalance,
          "works 50 % longer than the mean, and the others wait 30 %");
    facts = made_facts();
    facts.forks = 0.4;
    facts.longest = 0.5;
    facts.work = facts.base_work = 1.0;
    check(&facts, &diagnosis_fork_join, "at this size 40 % of the time per epoch");
    facts = made_facts();
    facts.alone = 0.35;
    check(&facts, &diagnosis_serial,
          "for 35 % of the time per epoch one thread works alone; serial fraction "
          "0.67 (Karp-Flatt)");
    facts = made_facts();
    facts.base_work = 0.9;
    check(&facts, &diagnosis_hindrance, "it takes 2.0 times the processor time");
    facts = made_facts();
    facts.exchange = 0.3;
    check(&facts, &diagnosis_exchange, "exchange: 30 % of the time per epoch");
    facts.threads = 1;
    facts.efficiency = facts.serial = NAN;
    check(&facts, &diagnosis_exchange,
          "or on waiting for the slowest rank; at 20 % of the ceiling");
    facts.exchange = 0.05;
    check(&facts, &diagnosis_inside, "'products' takes 50 % of the time per epoch");
    facts = made_facts();
    facts.threads = 8;
    check(&facts, &diagnosis_chunks, "cut into 2, and 6 of 8 threads get none");
}

/* A machine that was busy while its ceilings were measured, or while some of the trials ran, gives
 * figures that do not go together. What is told is never more than all of an epoch. */
static void no_share_is_more_than_all(void **state)
{
    (void)state;
    static const double values[] = {0.0, 0.3, 0.95, 1.15, 17.18};
    enum { VALUES = sizeof values / sizeof *values };
    const size_t cases = VALUES * VALUES * VALUES * VALUES * VALUES;
    for (size_t i = 0; i < cases; i++) {
        struct diagnosis_facts facts = made_facts();
        size_t rest = i;
        double *const fields[] = {&facts.limit, &facts.forks, &facts.alone, &facts.exchange,
                                  &facts.longest};
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++, rest /= VALUES)
            *fields[f] = values[rest % VALUES];
        struct diagnosis diagnosis = diagnose(&facts);
        const struct entry *cause = diagnosis.cause;
        if (cause == &diagnosis_bandwidth)
            assert_true(facts.limit >= 0.7);
        else
            assert_true(diagnosis.share >= 0.0 && diagnosis.share <= 1.0);
        assert_null(strstr(diagnosis.text, "1718 %"));
        assert_null(strstr(diagnosis.text, "115 % of"));
        assert_null(strstr(diagnosis.text, "at 115 %"));
        if (facts.limit > 1.02)
            assert_non_null(strstr(diagnosis.text, "something else ran then"));
        if (cause == &diagnosis_fork_join) /* not while the others are known to work */
            assert_true(diagnosis.share <=
                        fmax(facts.seconds - facts.longest - facts.alone, 0.0) + 1e-12);
    }
}

/* Two threads can do what one of them can, whatever was measured. */
static void more_threads_have_no_lower_ceiling(void **state)
{
    (void)state;
    struct ceilings list[3] = {{.threads = 1, .read_count = 2, .gemm_rate = 10.0},
                               {.threads = 2, .read_count = 2, .gemm_rate = 7.0},
                               {.threads = 4, .read_count = 2, .gemm_rate = 30.0}};
    const double rates[3][2] = {{8.0, 4.0}, {16.0, 3.0}, {9.0, 5.0}};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 2; j++)
            list[i].reads[j] = (struct read_ceiling){j == 0 ? 1e3 : 1e6, rates[i][j], 0};
    ceilings_raise(list, 3);
    assert_true(list[1].gemm_rate == 10.0 && list[2].gemm_rate == 30.0);
    assert_true(list[1].reads[0].rate == 16.0 && list[1].reads[1].rate == 4.0);
    assert_true(list[2].reads[0].rate == 16.0 && list[2].reads[1].rate == 5.0);
    ceilings_raise(list, 0);
}

static void blas_below_its_threshold_is_told(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    facts.gemv_elements = 9600;
    check(&facts, &diagnosis_inside,
          "BLAS would run on one thread here: it uses several from 9600");
}

static void what_is_unknown_is_no_cause(void **state)
{
    (void)state;
    struct diagnosis_facts facts = made_facts();
    facts.threads = facts.working = 1;
    facts.limit = facts.forks = facts.base_work = facts.efficiency = facts.serial = NAN;
    facts.bound = NULL;
    struct diagnosis diagnosis = diagnose(&facts);
    assert_ptr_equal(diagnosis.cause, &diagnosis_inside);
    assert_null(strstr(diagnosis.text, "nan"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cause_is_named),
        cmocka_unit_test(no_share_is_more_than_all),
        cmocka_unit_test(more_threads_have_no_lower_ceiling),
        cmocka_unit_test(blas_below_its_threshold_is_told),
        cmocka_unit_test(what_is_unknown_is_no_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
