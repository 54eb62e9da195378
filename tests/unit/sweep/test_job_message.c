/* SPDX-License-Identifier: MIT
 *
 * A trial that travels from one rank to another arrives as it was.
 */
#include "base/memory.h"
#include "kernels/kernel.h"
#include "sweep/run/models_message.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { POINTS = 5, FEATURES = 7 };

/* Every field has a value of its own. */
static struct trial made_trial(void)
{
    struct trial trial = {
        .status = STATUS_DIVERGED,
        .epochs = 11,
        .features = FEATURES,
        .b = -0.25,
        .train_seconds = 1.5,
        .evaluate_seconds = 2.5,
        .record_seconds = 3.5,
        .group = 13,
        .shared = 17,
        .optimum = 0.125,
        .rate = 0.0625,
        .kernel = kernel_table.entries[kernel_table.count - 1]->name,
    };
    for (int i = 0; i < POINTS; i++) {
        struct trace_point point = {.epoch = 2 * i};
        for (size_t v = 0; v < TRACE_VALUE_COUNT; v++)
            *trace_value(&point, v) = v + 1 < TRACE_VALUE_COUNT ? i + 0.1 * (double)v : NAN;
        trace_append(&trial.trace, point);
    }
    trial.w = memory_allocate(FEATURES, sizeof *trial.w);
    for (int f = 0; f < FEATURES; f++)
        trial.w[f] = 1.0 / (f + 3);
    snprintf(trial.message, sizeof trial.message, "not the same bits");
    trial_seal(&trial);
    return trial;
}

static struct evidence made_evidence(void)
{
    struct evidence evidence = evidence_unknown();
    for (size_t i = 0; i + 1 < EVIDENCE_VALUE_COUNT; i++)
        *evidence_value(&evidence, i) = 0.5 + (double)i;
    snprintf(evidence.processors, sizeof evidence.processors, "0-3,8");
    snprintf(evidence.disturbed, sizeof evidence.disturbed, "steal");
    return evidence;
}

static void check_traces(const struct trace *left, const struct trace *right)
{
    assert_int_equal(left->count, right->count);
    for (size_t i = 0; i < left->count; i++) {
        assert_int_equal(left->points[i].epoch, right->points[i].epoch);
        for (size_t v = 0; v < TRACE_VALUE_COUNT; v++) {
            double a = trace_value_of(&left->points[i], v),
                   b = trace_value_of(&right->points[i], v);
            assert_memory_equal(&a, &b, sizeof a);
        }
    }
}

static void check_equal(const struct trial *left, const struct trial *right)
{
    assert_int_equal(left->status, right->status);
    assert_int_equal(left->epochs, right->epochs);
    check_traces(&left->trace, &right->trace);
    assert_int_equal(left->features, right->features);
    assert_memory_equal(left->w, right->w, left->features * sizeof *left->w);
    assert_true(left->b == right->b);
    assert_true(left->train_seconds == right->train_seconds);
    assert_true(left->evaluate_seconds == right->evaluate_seconds);
    assert_true(left->record_seconds == right->record_seconds);
    assert_int_equal(left->group, right->group);
    assert_int_equal(left->shared, right->shared);
    assert_true(left->optimum == right->optimum);
    assert_true(left->rate == right->rate);
    assert_string_equal(left->kernel, right->kernel);
    assert_null(right->phases);
    assert_string_equal(left->digest, right->digest);
    assert_string_equal(left->message, right->message);
}

static void check_same_evidence(const struct evidence *left, const struct evidence *right)
{
    for (size_t i = 0; i < EVIDENCE_VALUE_COUNT; i++) {
        double a = evidence_value_of(left, i), b = evidence_value_of(right, i);
        assert_memory_equal(&a, &b, sizeof a);
    }
    assert_string_equal(left->processors, right->processors);
    assert_string_equal(left->disturbed, right->disturbed);
}

static void a_trial_arrives_as_it_was(void **state)
{
    (void)state;
    struct trial sent = made_trial(), got;
    struct evidence seen = made_evidence(), told = evidence_unknown();
    size_t size, index;
    void *bytes = trial_message_write(&sent, 3, &seen, &size);
    assert_true((double)size == trial_message_bytes(&sent));
    trial_message_read(bytes, size, &got, &index, &told);
    memory_free(bytes);
    assert_int_equal(index, 3);
    check_equal(&sent, &got);
    check_same_evidence(&seen, &told);
    trial_seal(&got); /* of what arrived */
    assert_string_equal(sent.digest, got.digest);
    trial_clear(&sent);
    trace_append(&got.trace, (struct trace_point){.epoch = 99}); /* its own, and it can grow */
    assert_int_equal(trial_last(&got)->epoch, 99);
    trial_clear(&got);
}

static void a_trial_that_was_not_watched(void **state)
{
    (void)state;
    struct trial sent = made_trial(), got;
    struct evidence before = made_evidence(), told = before;
    size_t size, index;
    void *bytes = trial_message_write(&sent, 0, NULL, &size);
    trial_message_read(bytes, size, &got, &index, &told);
    memory_free(bytes);
    check_equal(&sent, &got);
    check_same_evidence(&before, &told);
    trial_clear(&sent);
    trial_clear(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trial_arrives_as_it_was),
        cmocka_unit_test(a_trial_that_was_not_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
