/* SPDX-License-Identifier: MIT
 *
 * What tests of stores start from: a folder of their own, a tiny data set, trials made by hand.
 */
#ifndef DESCENT_TESTS_STORE_FIXTURE_H
#define DESCENT_TESTS_STORE_FIXTURE_H

#include "base/memory.h"
#include "store/store.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* cmocka's set-up and tear-down: *state is the path of an empty folder. */
static inline int folder_create(void **state)
{
    const char *parent = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    char *folder = NULL;
    assert_true(asprintf(&folder, "%s/descent-test-XXXXXX", parent) > 0);
    assert_non_null(mkdtemp(folder));
    *state = folder;
    return 0;
}

static inline int folder_remove(void **state)
{
    testing_remove_folder(*state);
    free(*state);
    return 0;
}

#define FOLDER_TEST(test_) cmocka_unit_test_setup_teardown(test_, folder_create, folder_remove)

/* Four rows of two features; `salt` makes another digest. */
static inline struct dataset *tiny_data(double salt)
{
    struct dataset *data = dataset_create(4, 2, true);
    for (size_t i = 0; i < 8; i++)
        data->X[i] = (double)i + salt;
    for (size_t i = 0; i < 4; i++)
        data->y[i] = (double)(i % 2);
    data->class_names[0] = memory_copy_text("cat");
    data->class_names[1] = memory_copy_text("dog");
    dataset_seal(data);
    return data;
}

/* A trial of so many epochs whose loss falls as 1 / (epoch + 1), with weights (1, 2) and bias 3. */
static inline struct trial made_trial(enum trial_status status, int64_t epochs)
{
    struct trial trial = {.status = status, .epochs = epochs, .features = 2, .b = 3.0};
    trial.w = memory_allocate(2, sizeof *trial.w);
    trial.w[0] = 1.0;
    trial.w[1] = 2.0;
    for (int64_t epoch = 0; epoch <= epochs; epoch++)
        trace_append(&trial.trace, (struct trace_point){.epoch = epoch,
                                                        .seconds = 0.1 * (double)epoch,
                                                        .loss = 0.7 / (double)(epoch + 1),
                                                        .objective = 0.8 / (double)(epoch + 1),
                                                        .gradient_norm = 1.0 / 3.0,
                                                        .accuracy = 0.75});
    trial.train_seconds = 0.1 * (double)epochs;
    trial.evaluate_seconds = 0.02;
    trial.record_seconds = 0.003;
    trial_seal(&trial);
    return trial;
}

static inline void assert_done(bool done, const struct error *error)
{
    if (!done)
        fail_msg("%s", error->message);
}

static inline struct store *opened_to_write(const char *folder)
{
    struct error error = {0};
    struct store *store = store_open_to_write(folder, &error);
    assert_done(store != NULL, &error);
    return store;
}

static inline struct store *opened(const char *folder)
{
    struct error error = {0};
    struct store *store = store_open(folder, &error);
    assert_done(store != NULL, &error);
    return store;
}

/* Records a sweep "made", one machine, the tiny data as "tiny.csv", and gd at rates 1, 2, ...
 * `count`, all of them planned; ids[count] are their numbers. */
static inline void record_plan(struct store *store, int64_t *ids, size_t count)
{
    struct error error = {0};
    struct dataset *data = tiny_data(0.0);
    const struct sweep_facts facts = {
        "made",  "Which?\nAnd why?", "", "objective", "made.yaml", "text", 2, 5,
        "/made", "0.001 1e-06"};
    struct configuration configuration = configuration_default();
    bool changed;
    int64_t machine, id;
    assert_done(store_set_sweep(store, &facts, &changed, &error), &error);
    assert_done(store_add_machine(store, "{\"processor\":\"abacus\"}", &machine, &error), &error);
    assert_int_equal(machine, 1);
    assert_done(store_add_data(store, data, "tiny.csv", &id, &error), &error);
    for (size_t i = 0; i < count; i++) {
        configuration.rate = (double)(i + 1);
        assert_done(
            store_add_configuration(store, id, data->digest, &configuration, &ids[i], &error),
            &error);
    }
    assert_done(store_set_plan(store, ids, count, &error), &error);
    dataset_free(data);
}

/* Records a trial on machine 1 that was timed alone. */
static inline void record_trial(struct store *store, int64_t configuration, int64_t repeat,
                                enum trial_status status, int64_t epochs)
{
    struct error error = {0};
    struct trial trial = made_trial(status, epochs);
    assert_done(store_add_trial(
                    store,
                    &(struct trial_origin){{configuration, 0, repeat}, 1, 1, 1, NULL, NULL, {0}},
                    &trial, &error),
                &error);
    trial_clear(&trial);
}

static inline size_t count_trials(const char *folder)
{
    struct error error = {0};
    struct store *store = opened(folder);
    struct stored_trials list;
    size_t count = 0;
    assert_done(store_read_trials(store, false, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        count += list.rows[i].id != 0;
    stored_trials_clear(&list);
    store_close(store);
    return count;
}

#endif
