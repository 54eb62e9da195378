/* SPDX-License-Identifier: MIT
 *
 * A sweep that is killed (SIGKILL) or interrupted within its trials, at readings of the clock that
 * the test chooses, again and again, records what it records undisturbed; a checkpoint that cannot
 * be used is dropped, and that is said. Each run is a process of its own.
 */
#include "runner_fixture.h"
#include "store/checkpoint.h"

#include <sys/wait.h>
#include <unistd.h>

/* After every epoch there is a checkpoint. */
#define COMMON                                                                                     \
    "# Is it the same?\n"                                                                          \
    "data: ['blobs:rows=120,features=3,seed=1']\n"                                                 \
    "threads: 1\noptimum: never\nstop: {epochs: 9}\nrecord: geometric\nwarmup: 0\n"                \
    "binding: none\ntuning: no\ncheckpoint: 0 s\nretries: 0\n"
#define SOLO                                                                                       \
    COMMON "runs:\n  - solver: [gd-nesterov, lbfgs, newton-sampled, minibatch-adam]\n"             \
           "    batch: 50\n"
#define BATCHED                                                                                    \
    COMMON "execution: batched\nfinals: 0\nrepeats: 2\nruns:\n"                                    \
           "  - {solver: saga, rate: [0.01, 0.02, 0.03]}\n"                                        \
           "  - {solver: gd, rate: [0.1, 1e9, 0.2]}\n"

#define FOLDS COMMON "folds: 2\nsolver: saga\nrate: 0.01\n"

enum { WHOLE = 0, INTERRUPTED = 1, KILLED = 2, READINGS = 3 };

static const char *const file_of_readings = "readings";

/* Runs it in a process that the signal comes to at reading `at` of the clock (0: never). What
 * became of it; `said` of it is in the file `said`. */
static int run_apart(struct place_to_work *work, const char *text, int signal, long at)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        interrupt_by = signal;
        interrupt_at = at;
        asked = 0;
        clock_replace(counting_clock);
        work->error = (struct error){0};
        const bool done = run(work, text, plainly);
        FILE *out = fopen(file_of_readings, "w");
        fprintf(out, "%ld\n%s", asked, work->said);
        fclose(out);
        _exit(done ? (work->outcome.interrupted ? INTERRUPTED : WHOLE) : READINGS);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        assert_int_equal(WTERMSIG(status), SIGKILL);
        return KILLED;
    }
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != READINGS);
    return WEXITSTATUS(status);
}

/* How often the last process that came to an end has read the clock. */
static long readings(void)
{
    long count = 0;
    FILE *in = fopen(file_of_readings, "r");
    assert_non_null(in);
    assert_int_equal(fscanf(in, "%ld", &count), 1);
    fclose(in);
    return count;
}

static void name_folder(struct place_to_work *work)
{
    snprintf(work->outcome.folder, sizeof work->outcome.folder, "%s/test", work->folder);
}

/* The most often that a trial was continued. */
static int64_t most_continued(const struct place_to_work *work)
{
    struct stored_trials list = {0};
    struct store *store = store_of_run(work, false, &list);
    int64_t most = 0;
    for (size_t i = 0; i < list.count; i++) {
        most = list.rows[i].continued > most ? list.rows[i].continued : most;
        assert_false(list.rows[i].continued > 0 && stored_trial_is_solo(&list.rows[i]));
    }
    store_of_run_close(store, &list);
    return most;
}

/* Killed at every `at`-th reading until it is whole. A process that comes no farther than the one
 * before would never be. */
static void check_kills(struct place_to_work *work, const char *text, int signal)
{
    char whole[DIGEST_TEXT], resumed[DIGEST_TEXT];
    struct error error = {0};
    size_t trials;
    int64_t continued = 0;
    name_folder(work);
    assert_int_equal(run_apart(work, text, signal, 0), WHOLE);
    fingerprint(work, whole, &trials);
    const long last = readings();
    for (long part = 2; part <= 6; part++) {
        int runs = 1;
        assert_true(store_remove(work->outcome.folder, &error));
        while (run_apart(work, text, signal, last / part + 7 * (runs % 3)) != WHOLE)
            assert_between(++runs, 2, 60);
        fingerprint(work, resumed, &trials);
        assert_string_equal(whole, resumed);
        continued += most_continued(work);
    }
    assert_true(continued > 0);
    unlink(file_of_readings);
}

static void killed_within_trials_it_goes_on(void **state)
{
    check_kills(*state, SOLO, SIGKILL);
}

static void interrupted_within_trials_it_goes_on(void **state)
{
    check_kills(*state, SOLO, SIGINT);
}

static void killed_within_groups_it_goes_on(void **state)
{
    check_kills(*state, BATCHED, SIGKILL);
}

static void interrupted_within_groups_it_goes_on(void **state)
{
    check_kills(*state, BATCHED, SIGINT);
}

/* Each on a copy of the rows that a fold leaves. */
static void killed_within_folds_it_goes_on(void **state)
{
    check_kills(*state, FOLDS, SIGKILL);
}

/* --- Checkpoints that cannot be used ---------------------------------------------------------- */

/* A store in which a trial is in flight: the first, of repeat 1. */
static struct trial_key begin_a_trial(struct place_to_work *work)
{
    name_folder(work);
    for (long at = 10;; at += 5) {
        struct error error = {0};
        assert_int_equal(run_apart(work, SOLO, SIGKILL, at), KILLED);
        struct store *store = store_open_to_write(work->outcome.folder, &error);
        assert_non_null(store);
        for (int64_t configuration = 1; configuration <= 4; configuration++) {
            const struct trial_key key = {configuration, 0, 1};
            struct checkpoint checkpoint;
            assert_true(store_find_checkpoint(store, key, false, &checkpoint, &error));
            if (checkpoint.epoch > 1) {
                store_close(store);
                return key;
            }
        }
        store_close(store);
    }
}

static void check_dropped(struct place_to_work *work, const char *why)
{
    char said[4096], line[4096] = "";
    FILE *in;
    assert_int_equal(run_apart(work, SOLO, SIGKILL, 0), WHOLE);
    in = fopen(file_of_readings, "r");
    assert_non_null(in);
    said[fread(said, 1, sizeof said - 1, in)] = '\0';
    fclose(in);
    snprintf(line, sizeof line, "%s; the trial starts over", why);
    if (strstr(said, line) == NULL)
        fail_msg("'%s' is not in:\n%s", line, said);
    assert_int_equal(most_continued(work), 0);
    unlink(file_of_readings);
}

static void a_damaged_checkpoint_is_dropped(void **state)
{
    struct place_to_work *work = *state;
    struct error error = {0};
    struct checkpoint checkpoint;
    const struct trial_key key = begin_a_trial(work);
    struct store *store = store_open_to_write(work->outcome.folder, &error);
    assert_true(store_find_checkpoint(store, key, true, &checkpoint, &error));
    ((char *)checkpoint.bytes)[checkpoint.size / 2] ^= 4;
    assert_true(store_set_checkpoint(store, key, &checkpoint, &error));
    store_close(store);
    memory_free(checkpoint.bytes);
    check_dropped(work, "is damaged");
}

static void a_checkpoint_of_another_machine_is_dropped(void **state)
{
    struct place_to_work *work = *state;
    struct error error = {0};
    struct checkpoint checkpoint;
    int64_t other = 0;
    const struct trial_key key = begin_a_trial(work);
    struct store *store = store_open_to_write(work->outcome.folder, &error);
    assert_true(store_add_machine(store, "{\"cpu\": \"another\"}", &other, &error));
    assert_true(store_find_checkpoint(store, key, true, &checkpoint, &error));
    checkpoint.machine = other;
    assert_true(store_set_checkpoint(store, key, &checkpoint, &error));
    store_close(store);
    memory_free(checkpoint.bytes);
    check_dropped(work, "was written on another machine, or by another build");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(killed_within_trials_it_goes_on),
        TEST(interrupted_within_trials_it_goes_on),
        TEST(killed_within_groups_it_goes_on),
        TEST(interrupted_within_groups_it_goes_on),
        TEST(killed_within_folds_it_goes_on),
        TEST(a_damaged_checkpoint_is_dropped),
        TEST(a_checkpoint_of_another_machine_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
