/* SPDX-License-Identifier: MIT
 *
 * What tests of the runner start from: a folder for each test, a run of a sweep file in it, a clock
 * that counts how often it is asked, so that Ctrl-C comes at a chosen point and no test waits, and
 * a machine on which nothing disturbs.
 */
#ifndef DESCENT_TESTS_RUNNER_FIXTURE_H
#define DESCENT_TESTS_RUNNER_FIXTURE_H

#include "base/digest.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "kernels/kernel.h"
#include "store/store.h"
#include "sweep/run/sweep_run.h"
#include "sweep/workload/rounds.h"
#include "testing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place_to_work {
    char folder[64];
    struct sweep_outcome outcome;
    struct error error;
    char *said; /* what the last run printed */
};

/* Asked for the k-th time, the clock sends what Ctrl-C sends, or another signal. */
static long asked, interrupt_at;
static int interrupt_by = SIGINT;

/* Nothing disturbs: what a test sees does not depend on what else runs. */
static inline void quiet_machine(struct evidence *evidence)
{
    evidence->migrations = 0.0;
}

static inline int set_up(void **state)
{
    struct place_to_work *work = memory_allocate(1, sizeof *work);
    threads_initialise(); /* as the program does, before BLAS is called: then it has one thread */
    kernels_initialise();
    watch_replace(quiet_machine);
    interrupt_by = SIGINT;
    snprintf(work->folder, sizeof work->folder, "runner.XXXXXX");
    *state = work;
    return mkdtemp(work->folder) == NULL;
}

static inline int tear_down(void **state)
{
    struct place_to_work *work = *state;
    clock_replace(NULL);
    watch_replace(NULL);
    testing_remove_folder(work->folder);
    free(work->said);
    memory_free(work);
    return 0;
}

/* Runs a sweep file given as text; what it returned. */
static inline bool run(struct place_to_work *work, const char *text, struct sweep_options options)
{
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &work->error);
    if (file == NULL)
        fail_msg("%s", work->error.message);
    free(work->said);
    size_t length;
    options.out = open_memstream(&work->said, &length);
    options.results = work->folder;
    bool done = sweep_run(file, &options, &work->outcome, &work->error);
    fclose(options.out);
    sweep_file_free(file);
    return done;
}

static inline void run_well(struct place_to_work *work, const char *text,
                            struct sweep_options options)
{
    work->error = (struct error){0};
    if (!run(work, text, options))
        fail_msg("%s", work->error.message);
}

static const struct sweep_options plainly = {0};

static inline void check_said(const struct place_to_work *work, const char *part)
{
    if (strstr(work->said, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, work->said);
}

/* Opens the store of the last run and reads its trials; to be closed with store_of_run_close(). */
static inline struct store *store_of_run(const struct place_to_work *work, bool superseded,
                                         struct stored_trials *list)
{
    struct error error = {0};
    struct store *store = store_open(work->outcome.folder, &error);
    if (store == NULL || !store_read_trials(store, superseded, list, &error))
        fail_msg("%s", error.message);
    return store;
}

static inline void store_of_run_close(struct store *store, struct stored_trials *list)
{
    stored_trials_clear(list);
    store_close(store);
}

static inline int by_id(const void *a, const void *b)
{
    const struct stored_trial *left = a, *right = b;
    return (left->id > right->id) - (left->id < right->id);
}

/* The trials of some finals (0: of the sweep) were recorded in the rounds of this order.
 * `positions` are the places in the plan of those that take part, at most three; the seed is 7. */
static inline void check_order(const struct place_to_work *work, const struct entry *order,
                               int64_t final, const int64_t *positions, size_t count)
{
    struct stored_trials list;
    struct store *store = store_of_run(work, false, &list);
    int64_t round = 0;
    size_t turn = count;
    uint32_t turns[3];
    qsort(list.rows, list.count, sizeof *list.rows, by_id);
    for (size_t i = 0; i < list.count; i++) {
        if (list.rows[i].final != final)
            continue;
        if (turn == count) {
            round_turns(order, 7, ++round, count, turns);
            turn = 0;
        }
        assert_int_equal(list.rows[i].repeat, round);
        assert_int_equal(list.rows[i].position, positions[turns[turn++]]);
    }
    assert_int_equal(turn, count);
    store_of_run_close(store, &list);
}

/* The digest of all that is recorded except times; also counts the trials. */
static inline void fingerprint(const struct place_to_work *work, char text[static DIGEST_TEXT],
                               size_t *trials)
{
    struct stored_trials list = {0};
    struct store *store = store_of_run(work, false, &list);
    struct digest *digest = digest_create();
    *trials = 0;
    for (size_t i = 0; i < list.count; i++) {
        char line[1024];
        configuration_describe(&list.rows[i].values, line, sizeof line);
        digest_add_text(digest, line);
        digest_add(digest, &list.rows[i].final, sizeof list.rows[i].final);
        digest_add(digest, &list.rows[i].repeat, sizeof list.rows[i].repeat);
        digest_add(digest, &list.rows[i].position, sizeof list.rows[i].position);
        digest_add(digest, &list.rows[i].status, sizeof list.rows[i].status);
        digest_add_text(digest, list.rows[i].digest);
        *trials += list.rows[i].id != 0;
    }
    digest_finish(digest, text);
    store_of_run_close(store, &list);
}

static inline size_t count_trials(const struct place_to_work *work)
{
    char digest[DIGEST_TEXT];
    size_t trials;
    fingerprint(work, digest, &trials);
    return trials;
}

/* Replaces or adds a trial of the first configuration, of other bits than this program computes. */
static inline void forge(const struct place_to_work *work, int64_t final, int64_t repeat)
{
    struct error error = {0};
    struct stored_trials list;
    struct store *store = store_open_to_write(work->outcome.folder, &error);
    if (store == NULL || !store_read_trials(store, false, &list, &error))
        fail_msg("%s", error.message);
    double w[2] = {0.0, 0.0};
    struct trial trial = {.status = list.rows[0].status, .features = 2, .w = w, .digest = "other"};
    trial.kernel = list.rows[0].kernel;
    const struct trial_origin origin = {
        .key = {list.rows[0].configuration, final, repeat},
        .attempt = 1,
        .machine = list.rows[0].machine,
        .models = 1,
    };
    if (!store_add_trial(store, &origin, &trial, &error))
        fail_msg("%s", error.message);
    store_of_run_close(store, &list);
}

static inline double counting_clock(void)
{
    asked++;
    if (asked == interrupt_at)
        raise(interrupt_by);
    return 1e-6 * (double)asked;
}

#define TEST(name_) cmocka_unit_test_setup_teardown(name_, set_up, tear_down)

#endif
