/* SPDX-License-Identifier: MIT
 *
 * The queue hands out every group once a round, data set by data set, in the order of the rounds.
 */
#include "sweep/workload/queue.h"
#include "sweep/workload/rounds.h"
#include "testing.h"

static const char text[] = "data: [pets, {generate: blobs, rows: 30, features: 2, seed: 1}]\n"
                           "solver: [gd, sgd]\n"
                           "rate: [0.1, 0.2, 0.3]\n"
                           "execution: batched\n"
                           "models: 2\n"
                           "stop: {epochs: 2}\n"
                           "repeats: 3\n"
                           "seed: 5\n";

enum { GROUPS = 4 }; /* of a data set: two of gd, two of sgd, of two models and of one */

static struct sweep_file *open_workload(struct workload *workload)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL || !workload_create(file, workload, &error))
        fail_msg("%s", error.message);
    return file;
}

static void all_rounds_of_all_data(void **state)
{
    (void)state;
    struct workload workload;
    struct sweep_file *file = open_workload(&workload);
    struct queue queue;
    uint32_t turns[GROUPS];
    size_t group;
    queue_open(&queue, &workload, (struct shard){0, 0});
    for (size_t source = 0; source < 2; source++)
        for (int64_t round = 1; round <= 3; round++) {
            round_turns(file->order, 5, round, GROUPS, turns);
            for (size_t i = 0; i < GROUPS; i++) {
                assert_true(queue_take_any(&queue, &group));
                assert_int_equal(queue.source, source);
                assert_int_equal(queue.round, round);
                assert_int_equal(group, source * GROUPS + turns[i]);
            }
        }
    assert_false(queue_take_any(&queue, &group));
    assert_false(queue_take_any(&queue, &group));
    queue_close(&queue);
    workload_clear(&workload);
    sweep_file_free(file);
}

static void one_round(void **state)
{
    (void)state;
    struct workload workload;
    struct sweep_file *file = open_workload(&workload);
    struct queue queue;
    bool taken[2 * GROUPS] = {false};
    size_t group;
    queue_open(&queue, &workload, (struct shard){0, 0});
    assert_false(queue_take(&queue, &group)); /* none is begun */
    queue_begin(&queue, 1, 2);
    for (int i = 0; i < GROUPS; i++) {
        assert_true(queue_take(&queue, &group));
        assert_between(group, GROUPS, 2 * GROUPS - 1);
        assert_false(taken[group]);
        taken[group] = true;
    }
    assert_false(queue_take(&queue, &group));
    queue_close(&queue);
    workload_clear(&workload);
    sweep_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_rounds_of_all_data),
        cmocka_unit_test(one_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
