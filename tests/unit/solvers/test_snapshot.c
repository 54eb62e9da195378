/* SPDX-License-Identifier: MIT
 *
 * Training that is paused and goes on, in the same company or another, ends with the same trace and
 * the same bits as training that never stopped, for every solver; and a snapshot whose bytes were
 * damaged is an error.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "data/precision.h"
#include "fixture.h"
#include "kernels/kernel.h"
#include "solvers/optimum/optimum.h"
#include "solvers/snapshot.h"
#include "solvers/solver.h"

#include <math.h>

static const struct snapshot_identity identity = {"a build", "some data", "a configuration"};
static const int64_t pauses[] = {1, 3, 7};
enum { PAUSES = sizeof pauses / sizeof *pauses, MODELS = 5 };

static char *written(const struct snapshot *snapshot, size_t *size)
{
    struct memory_stream stream;
    snapshot_write(snapshot, &identity, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    *size = stream.length;
    return bytes;
}

/* The snapshot, having been bytes. */
static struct snapshot *carried_over(struct snapshot *snapshot)
{
    struct error error = {.kind = ERROR_NONE};
    size_t size;
    char *bytes = written(snapshot, &size);
    struct snapshot *read = snapshot_read(bytes, size, &identity, &error);
    assert_non_null(read);
    memory_free(bytes);
    snapshot_free(snapshot);
    return read;
}

static bool same_bits(double a, double b)
{
    uint64_t left, right;
    memcpy(&left, &a, sizeof left);
    memcpy(&right, &b, sizeof right);
    return left == right || (isnan(a) && isnan(b));
}

/* But for the seconds. */
static void assert_same_point(const struct trace_point *a, const struct trace_point *b)
{
    assert_int_equal(a->epoch, b->epoch);
    assert_int_equal(a->between, b->between);
    for (size_t v = 1; v < TRACE_VALUE_COUNT; v++)
        assert_true(same_bits(trace_value_of(a, v), trace_value_of(b, v)));
}

static void assert_same_trial(const struct trial *a, const struct trial *b)
{
    assert_string_equal(trial_status_name(a->status), trial_status_name(b->status));
    assert_int_equal(a->epochs, b->epochs);
    assert_int_equal(a->trace.count, b->trace.count);
    for (size_t i = 0; i < a->trace.count; i++)
        assert_same_point(&a->trace.points[i], &b->trace.points[i]);
    assert_string_equal(a->digest, b->digest);
}

/* The trial of `words`, paused after so many epochs, and at every later multiple of them. */
static struct trial trained_with_pauses(const struct dataset *data, const char *words,
                                        struct training_hooks hooks, int64_t every)
{
    struct snapshot *snapshot = NULL;
    struct trial trial;
    for (hooks.pause = every;; hooks.pause += every) {
        struct snapshot *paused[1] = {NULL};
        const struct snapshot *const resume[1] = {snapshot};
        hooks.paused = paused;
        hooks.resume = snapshot != NULL ? resume : NULL;
        trial = trained(data, words, &hooks);
        snapshot_free(snapshot);
        if (trial.status != STATUS_PAUSED)
            break;
        assert_int_equal(trial.epochs, hooks.pause);
        assert_int_equal(paused[0]->point.epoch, hooks.pause);
        assert_true(paused[0]->point.objective > 0.0);
        trial_clear(&trial);
        snapshot = carried_over(paused[0]);
    }
    return trial;
}

static void check_pauses(const struct dataset *data, const char *words, struct training_hooks hooks)
{
    struct trial whole = trained(data, words, &hooks);
    for (size_t p = 0; p < PAUSES; p++) {
        struct trial trial = trained_with_pauses(data, words, hooks, pauses[p]);
        assert_same_trial(&whole, &trial);
        trial_clear(&trial);
    }
    trial_clear(&whole);
}

static void every_solver_goes_on_as_if_it_had_not_paused(void **state)
{
    (void)state;
    static const char *const others[] = {"shuffle=epoch record=every",
                                         "shuffle=once record=geometric schedule=cosine",
                                         "shuffle=none record=geometric lambda=0.02 momentum=0.5"};
    struct dataset *dense = random_data(140, 5), *sparse = thinned(dense);
    const struct training_hooks none = {0};
    for (size_t s = 0; s < solver_table.count; s++)
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            char words[192];
            snprintf(words, sizeof words,
                     "solver=%s epochs=16 rate=0.1 batch=30 workers=3 average_every=7 threads=1 %s",
                     solver_table.entries[s]->name, others[i]);
            check_pauses(dense, words, none);
            check_pauses(sparse, words, none);
        }
    dataset_free(dense);
    dataset_free(sparse);
}

/* --- In another company ---------------------------------------------------------------------- */

static const char *const own_words[MODELS] = {
    "rate=0.1 lambda=0.01 epochs=12", "rate=1e9 lambda=1 epochs=12", "rate=0.2 epochs=9",
    "rate=0.15 epochs=20 loss=0.55",  "rate=0.01 epochs=4",
};

struct company {
    struct configuration configurations[MODELS];
    const struct configuration *pointers[MODELS];
    struct trial trials[MODELS];
    struct snapshot *paused[MODELS];
};

static void gather(struct company *company, const char *solver)
{
    *company = (struct company){0};
    for (size_t j = 0; j < MODELS; j++) {
        char words[192];
        snprintf(words, sizeof words, "solver=%s record=geometric batch=30 workers=3 %s", solver,
                 own_words[j]);
        company->configurations[j] = configured(words);
        company->pointers[j] = &company->configurations[j];
    }
}

/* Trains members (count) of it side by side, from their snapshots if they have some, to a pause or
 * the end (0). */
static void train_members(const struct dataset *data, struct company *company,
                          const size_t *members, size_t count, int64_t pause)
{
    const struct configuration *pointers[MODELS];
    const struct snapshot *resume[MODELS] = {NULL};
    struct snapshot *paused[MODELS] = {NULL};
    struct trial trials[MODELS];
    for (size_t i = 0; i < count; i++) {
        pointers[i] = company->pointers[members[i]];
        resume[i] = company->paused[members[i]];
    }
    const struct training_hooks hooks = {.batched = true,
                                         .resume = resume[0] != NULL ? resume : NULL,
                                         .paused = pause > 0 ? paused : NULL,
                                         .pause = pause};
    training_run(data, pointers, count, &hooks, trials);
    for (size_t i = 0; i < count; i++) {
        snapshot_free(company->paused[members[i]]);
        company->paused[members[i]] = paused[i];
        trial_clear(&company->trials[members[i]]);
        company->trials[members[i]] = trials[i];
    }
}

/* All that have not ended, so many at a time. */
static void train_parts(const struct dataset *data, struct company *company, size_t together,
                        int64_t pause)
{
    size_t members[MODELS], count = 0;
    for (size_t j = 0; j < MODELS; j++) {
        const enum trial_status status = company->trials[j].status;
        if (status == STATUS_RUNNING || status == STATUS_PAUSED)
            members[count++] = j;
        if (count == together || (count > 0 && j + 1 == MODELS)) {
            train_members(data, company, members, count, pause);
            count = 0;
        }
    }
}

static void free_company(struct company *company)
{
    for (size_t j = 0; j < MODELS; j++) {
        trial_clear(&company->trials[j]);
        snapshot_free(company->paused[j]);
    }
}

/* One, two and all at a time, then others, then others again. */
static void models_go_on_beside_others(void **state)
{
    (void)state;
    static const size_t sizes[][3] = {{MODELS, 1, 2}, {1, MODELS, 3}, {2, 3, MODELS}};
    struct dataset *dense = random_data(140, 5), *sparse = thinned(dense);
    for (size_t s = 0; s < solver_table.count; s++)
        for (size_t i = 0; i < 6 && !solver_of(solver_table.entries[s])->alone; i++) {
            const struct dataset *data = i < 3 ? dense : sparse;
            struct company whole, parts;
            gather(&whole, solver_table.entries[s]->name);
            train_parts(data, &whole, MODELS, 0);
            gather(&parts, solver_table.entries[s]->name);
            train_parts(data, &parts, sizes[i % 3][0], 3);
            train_parts(data, &parts, sizes[i % 3][1], 8);
            train_parts(data, &parts, sizes[i % 3][2], 0);
            for (size_t j = 0; j < MODELS; j++)
                assert_same_trial(&whole.trials[j], &parts.trials[j]);
            free_company(&whole);
            free_company(&parts);
        }
    dataset_free(dense);
    dataset_free(sparse);
}

/* --- What else belongs to a model ------------------------------------------------------------- */

/* Targets of the gap, the point before each, and rows held out. */
static void targets_are_met_in_the_same_epochs(void **state)
{
    (void)state;
    static const char *const words[] = {
        "solver=gd rate=2 epochs=200 lambda=0.01 record=geometric gap=1e-5",
        "solver=svrg rate=0.1 epochs=40 lambda=0.01 record=geometric gap=1e-5",
        "solver=lbfgs epochs=40 lambda=0.01 record=geometric gap=1e-9",
        "solver=sgd rate=0.01 epochs=20 lambda=0.01 record=geometric gap=1e-3"};
    struct dataset *data = random_data(300, 5);
    data->heldout = random_data(40, 5);
    const struct optimum optimum = optimum_find(data, 0.01, 1);
    assert_int_equal(optimum.status, OPTIMUM_FOUND);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        check_pauses(data, words[i], (struct training_hooks){.optima = &optimum.objective});
    dataset_free(data);
}

static void rows_in_fewer_bits_are_left_at_the_same_epoch(void **state)
{
    (void)state;
    static const char *const precisions[] = {"float32", "bfloat16", "int8"};
    for (size_t p = 0; p < 3; p++)
        for (int refine = 0; refine <= 1; refine++) {
            struct dataset *data = random_data(300, 7);
            struct error error = {.kind = ERROR_NONE};
            assert_true(precision_apply(table_find(&precision_table, precisions[p]), refine, data,
                                        1, &error));
            check_pauses(data, "solver=lbfgs lambda=0.01 epochs=24", (struct training_hooks){0});
            check_pauses(data, "solver=gd rate=2 lambda=0.01 epochs=24 record=geometric",
                         (struct training_hooks){0});
            dataset_free(data);
        }
}

static double ticks;

static double ticking_clock(void)
{
    return ticks += 1.0;
}

/* Every reading is a second: the time limit counts what went before the pause. */
static void clocks_go_on(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    const char *const words = "solver=sgd epochs=1000 seconds=20";
    clock_replace(ticking_clock);
    struct trial whole = trained(data, words, NULL);
    struct trial parts = trained_with_pauses(data, words, (struct training_hooks){0}, 3);
    clock_replace(NULL);
    assert_int_equal(whole.status, STATUS_TIME_LIMIT);
    assert_same_trial(&whole, &parts);
    assert_true(whole.train_seconds == parts.train_seconds);
    assert_true(whole.evaluate_seconds == parts.evaluate_seconds);
    for (size_t i = 0; i < whole.trace.count; i++)
        assert_true(whole.trace.points[i].seconds == parts.trace.points[i].seconds);
    trial_clear(&whole);
    trial_clear(&parts);
    dataset_free(data);
}

static void phases_add_up(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    const struct training_hooks hooks = {.phases = true};
    struct trial whole = trained(data, "solver=gd epochs=8", &hooks);
    struct trial parts = trained_with_pauses(data, "solver=gd epochs=8", hooks, 3);
    assert_true(parts.phases->cost[PHASE_PRODUCTS].flops ==
                whole.phases->cost[PHASE_PRODUCTS].flops);
    assert_true(parts.phases->wall > 0.0);
    trial_clear(&whole);
    trial_clear(&parts);
    dataset_free(data);
}

static atomic_int interrupt;

static void interrupt_at_three(void *context, const struct observation *seen)
{
    (void)context;
    if (seen->point->epoch == 3)
        interrupt = 1;
}

/* After 4 epochs, which `record` does not name once they are past: the trace has no point of it. */
static void an_interrupt_pauses(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    const char *const words = "solver=sgd epochs=20 record=geometric";
    struct snapshot *paused[1] = {NULL};
    interrupt = 0;
    const struct training_hooks hooks = {
        .observe = interrupt_at_three, .interrupt = &interrupt, .paused = paused};
    struct trial first = trained(data, words, &hooks);
    assert_int_equal(first.status, STATUS_PAUSED);
    assert_int_equal(first.epochs, 4);
    const struct snapshot *const resume[1] = {paused[0]};
    struct trial second = trained(data, words, &(struct training_hooks){.resume = resume});
    struct trial whole = trained(data, words, NULL);
    assert_same_trial(&whole, &second);
    trial_clear(&first);
    trial_clear(&second);
    trial_clear(&whole);
    snapshot_free(paused[0]);
    dataset_free(data);
}

/* --- Damage ----------------------------------------------------------------------------------- */

static struct snapshot *some_snapshot(const struct dataset *data)
{
    struct snapshot *paused[1] = {NULL};
    const struct training_hooks hooks = {.paused = paused, .pause = 3, .phases = true};
    struct trial trial = trained(data, "solver=minibatch-adam epochs=9 batch=20", &hooks);
    trial_clear(&trial);
    return paused[0];
}

static void assert_refused(const char *bytes, size_t size)
{
    struct error error = {.kind = ERROR_NONE};
    assert_null(snapshot_read(bytes, size, &identity, &error));
    assert_int_equal(error.kind, ERROR_FAILED);
}

static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct snapshot *snapshot = some_snapshot(data);
    size_t size;
    char *bytes = written(snapshot, &size);
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= (char)(1 << i % 8);
        assert_refused(bytes, size);
        bytes[i] ^= (char)(1 << i % 8);
        assert_refused(bytes, i);
    }
    memory_free(bytes);
    snapshot_free(snapshot);
    dataset_free(data);
}

/* With the digest of what it became: it is read or refused, and never read beyond. */
static void what_is_forged_does_no_harm(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct snapshot *snapshot = some_snapshot(data);
    size_t size, body;
    char *bytes = written(snapshot, &size);
    body = size - DIGEST_TEXT;
    for (size_t i = 0; i < body; i++)
        for (int value = 0; value < 3; value++) {
            static const char forged[] = {0, 1, (char)0xff};
            struct error error = {.kind = ERROR_NONE};
            char *copy = memory_allocate_untouched(size, 1);
            memcpy(copy, bytes, size);
            copy[i] = forged[value];
            digest_of_bytes(copy, body, copy + body);
            struct snapshot *read = snapshot_read(copy, size, &identity, &error);
            assert_true((read == NULL) == (error.kind != ERROR_NONE));
            snapshot_free(read);
            memory_free(copy);
        }
    memory_free(bytes);
    snapshot_free(snapshot);
    dataset_free(data);
}

static void another_identity_is_named(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2);
    struct snapshot *snapshot = some_snapshot(data);
    size_t size;
    char *bytes = written(snapshot, &size);
    const struct {
        struct snapshot_identity identity;
        const char *message;
    } cases[] = {
        {{"b", "some data", "a configuration"}, "was written by another build of descent"},
        {{"a build", "b", "a configuration"}, "is of other data"},
        {{"a build", "some data", "b"}, "is of another configuration"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {.kind = ERROR_NONE};
        assert_null(snapshot_read(bytes, size, &cases[i].identity, &error));
        assert_string_equal(error.message, cases[i].message);
    }
    memory_free(bytes);
    snapshot_free(snapshot);
    dataset_free(data);
}

static void a_snapshot_of_something_else_does_not_resume(void **state)
{
    (void)state;
    struct dataset *data = random_data(50, 2), *wide = random_data(50, 3);
    struct snapshot *snapshot = some_snapshot(data);
    const struct configuration same = configured("solver=minibatch-adam epochs=9 batch=20"),
                               done = configured("solver=minibatch-adam epochs=3 batch=20"),
                               other = configured("solver=minibatch epochs=9 batch=20");
    assert_true(training_resumes(data, &same, snapshot));
    assert_false(training_resumes(wide, &same, snapshot));
    assert_false(training_resumes(data, &done, snapshot));
    assert_false(training_resumes(data, &other, snapshot));
    snapshot_free(snapshot);
    dataset_free(data);
    dataset_free(wide);
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_solver_goes_on_as_if_it_had_not_paused),
        cmocka_unit_test(models_go_on_beside_others),
        cmocka_unit_test(targets_are_met_in_the_same_epochs),
        cmocka_unit_test(rows_in_fewer_bits_are_left_at_the_same_epoch),
        cmocka_unit_test(clocks_go_on),
        cmocka_unit_test(phases_add_up),
        cmocka_unit_test(an_interrupt_pauses),
        cmocka_unit_test(what_is_damaged_is_refused),
        cmocka_unit_test(what_is_forged_does_no_harm),
        cmocka_unit_test(another_identity_is_named),
        cmocka_unit_test(a_snapshot_of_something_else_does_not_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
