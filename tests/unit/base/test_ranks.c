/* SPDX-License-Identifier: MIT
 *
 * What does not need a job: the processors that processes of a host share out, the model of a sum,
 * how distributed rows are cut, and a job of one. Jobs of several are in ranks_*.bats.
 */
#include "base/parallel/processors.h"
#include "base/parallel/ranks.h"
#include "data/chunks.h"
#include "testing.h"

#include <stdlib.h>

static cpu_set_t set_of(int first, int count)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = first; i < first + count; i++)
        CPU_SET((size_t)i, &set);
    return set;
}

static void assert_share(const cpu_set_t *all, int index, int count, int first, int expected)
{
    cpu_set_t own, wanted = set_of(first, expected);
    processors_share(all, index, count, &own);
    assert_true(CPU_EQUAL(&own, &wanted));
}

static void processes_of_a_host_keep_apart(void **state)
{
    (void)state;
    const cpu_set_t same[] = {set_of(0, 8), set_of(0, 8), set_of(0, 8)};
    assert_share(same, 0, 3, 0, 2);
    assert_share(same, 1, 3, 2, 3);
    assert_share(same, 2, 3, 5, 3);
    const cpu_set_t bound[] = {set_of(0, 4), set_of(4, 4)};
    assert_share(bound, 1, 2, 4, 4);
    const cpu_set_t sockets[] = {set_of(0, 4), set_of(4, 4), set_of(0, 4), set_of(4, 4)};
    assert_share(sockets, 0, 4, 0, 2);
    assert_share(sockets, 3, 4, 6, 2);
    const cpu_set_t crowded[] = {set_of(5, 2), set_of(5, 2), set_of(5, 2)};
    assert_share(crowded, 1, 3, 6, 1);
    assert_share(crowded, 2, 3, 5, 1);
}

static void assert_cost(int ranks, double count, struct ranks_cost expected)
{
    const struct ranks_cost cost = ranks_allreduce_cost(ranks, count);
    assert_true(cost.messages == expected.messages && cost.bytes == expected.bytes);
    assert_true(cost.steps == expected.steps && cost.step_bytes == expected.step_bytes);
}

static void sums_send_what_the_model_says(void **state)
{
    (void)state;
    assert_cost(1, 10, (struct ranks_cost){0, 0, 0, 0});
    assert_cost(2, 10, (struct ranks_cost){1, 80, 1, 80});
    assert_cost(2, 4096, (struct ranks_cost){1, 32768, 1, 32768});
    assert_cost(8, 10, (struct ranks_cost){3, 240, 3, 240});
    assert_cost(8, 4096, (struct ranks_cost){6, 57344, 6, 57344}); /* 2 (1 - 1/8) 32768 */
    assert_cost(4, 2047, (struct ranks_cost){2, 32752, 2, 32752});
    assert_cost(5, 4096, (struct ranks_cost){1.6, 1.6 * 32768, 6, 6 * 32768});
}

/* A set of which nothing but the shape is looked at. */
static struct dataset shape(size_t rows, size_t features)
{
    static double nothing;
    return (struct dataset){.rows = rows, .features = features, .X = &nothing};
}

static void chunks_grow_with_large_sets_only(void **state)
{
    (void)state;
    const struct dataset small = shape(100, 50), medium = shape(1000000, 50),
                         large = shape(1u << 24, 128), huge = shape(4000000000, 1000);
    assert_int_equal(chunk_blocks(&small), 1);
    assert_int_equal(chunk_blocks(&medium), 64);
    assert_int_equal(chunk_blocks(&large), 2048);
    assert_int_equal(chunk_blocks(&huge), 4096);
}

static void a_job_of_one_is_a_whole_set(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    struct dataset data = shape(30011, 7);
    const struct chunking alone = chunking_of(&data, data.rows);
    data.whole_rows = data.rows;
    data.whole_entries = data.rows * data.features;
    const struct chunking part = chunking_of(&data, 99);
    assert_int_equal(part.count, 1);
    assert_int_equal(chunking_begin(&part, 1), 99);
    assert_int_equal(alone.count, 8);
    for (size_t chunk = 0; chunk <= alone.count; chunk++)
        assert_int_equal(chunking_begin(&alone, chunk), 30011 * chunk / 8);
    assert_true(ranks_settle(NULL, &error));
    error_failed(&error, "something");
    assert_false(ranks_settle(NULL, &error));
    assert_true(ranks_have_settled());
    double number = 3.0, all = 0.0;
    ranks_allreduce(NULL, &number, 1);
    ranks_allgather(NULL, &number, sizeof number, &all);
    assert_true(number == 3.0 && all == 3.0);
}

static void launchers_are_recognised(void **state)
{
    (void)state;
    unsetenv("OMPI_COMM_WORLD_SIZE");
    setenv("PMI_SIZE", "4", 1);
    setenv("PMI_RANK", "3", 1);
    assert_int_equal(ranks_launched(), 4);
    assert_int_equal(ranks_launched_as(), 3);
    setenv("PMI_RANK", "x", 1);
    assert_int_equal(ranks_launched(), 1);
    unsetenv("PMI_SIZE");
    unsetenv("PMI_RANK");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes_of_a_host_keep_apart),
        cmocka_unit_test(sums_send_what_the_model_says),
        cmocka_unit_test(chunks_grow_with_large_sets_only),
        cmocka_unit_test(a_job_of_one_is_a_whole_set),
        cmocka_unit_test(launchers_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
