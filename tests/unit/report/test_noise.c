/* SPDX-License-Identifier: MIT
 *
 * Noise: a verdict rests on undisturbed rounds only, and where too few are left there is none, and
 * the first line says so. A profile is likewise of undisturbed trials.
 */
#include "made_profile.h"
#include "made_store.h"
#include "report/scaling/studies.h"
#include "report/scaling/study_point.h"

#include <jansson.h>
#include <math.h>

enum { ROUNDS = 15 };

static const double way_down[] = {1.0, 0.5, 0.05};

/* Batch takes a second per epoch, SGD two; in the first `disturbed` rounds SGD looks ten times as
 * fast as batch. */
static struct made *busy(int64_t rounds, int64_t disturbed)
{
    struct made *made = made_create(rounds);
    made_optimum(made, 0.0, 0.0);
    int64_t batch = made_configuration(made, "solver=gd rate=0.5"),
            sgd = made_configuration(made, "solver=sgd rate=0.5");
    for (int64_t r = 1; r <= rounds; r++) {
        made->disturbed = r <= disturbed;
        made_trial(
            made, batch,
            (struct made_trial){r, 1, STATUS_EPOCHS, made->disturbed ? 20.0 : 1.0, 3, way_down, 0});
        made->disturbed = false;
        made_trial(made, sgd, (struct made_trial){r, 1, STATUS_EPOCHS, 2.0, 3, way_down, 0});
    }
    return made;
}

static json_t *compare(struct made *made)
{
    char *text = made_compare(made, "family", true);
    json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    memory_free(text);
    return root;
}

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static json_t *first_target(json_t *root)
{
    json_t *problem = json_array_get(json_object_get(root, "problems"), 0);
    return json_array_get(json_object_get(problem, "targets"), 0);
}

static void begins(const char *text, const char *expected)
{
    assert_memory_equal(text, expected, strlen(expected));
}

/* Nine rounds of fifteen would turn the verdict round; the six others decide. */
static void disturbed_rounds_do_not_count(void **state)
{
    (void)state;
    struct made *made = busy(ROUNDS, 9);
    char *text = made_compare(made, "family", false);
    begins(text, "**batch is 2.00 times faster than SGD to a gap of 1e-01 [2.00, 2.00], for seed 0 "
                 "only; another seed may differ**\n");
    assert_tells(text, "30 % of the trials were disturbed by other programs: only rounds in which "
                       "nothing disturbed either side count.");
    memory_free(text);
    json_t *root = compare(made);
    assert_true(json_is_true(json_object_get(root, "trusted")));
    assert_string_equal(text_of(first_target(root), "outcome"), "faster");
    assert_string_equal(text_of(first_target(root), "ahead"), "batch");
    json_decref(root);
    made_clear(made);
}

static void too_few_quiet_rounds_give_no_verdict(void **state)
{
    (void)state;
    for (int64_t disturbed = 10; disturbed <= ROUNDS; disturbed++) {
        struct made *made = busy(ROUNDS, disturbed);
        char *text = made_compare(made, "family", false), expected[256];
        snprintf(expected, sizeof expected,
                 "**not measurable here: %.0f %% of the trials were disturbed by other programs; "
                 "`descent machine` says what to do**\n",
                 100.0 * (double)disturbed / (double)(2 * ROUNDS));
        begins(text, expected);
        assert_says(text, "- gap 1e-01: not measurable: too few rounds were undisturbed: ");
        assert_silent(text, "times faster");
        memory_free(text);
        json_t *root = compare(made), *answer = json_object_get(root, "answer");
        assert_true(json_is_false(json_object_get(root, "trusted")));
        assert_true(json_is_false(json_object_get(answer, "trusted")));
        assert_true(json_is_null(json_object_get(answer, "side")));
        assert_true(json_is_null(json_object_get(answer, "ratio")));
        assert_string_equal(text_of(first_target(root), "outcome"), "disturbed");
        json_decref(root);
        made_clear(made);
    }
}

/* Rounds that would be too few also without noise are too few, whatever disturbed them. */
static void few_rounds_are_not_blamed_on_noise(void **state)
{
    (void)state;
    struct made *made = busy(4, 2);
    json_t *root = compare(made);
    assert_true(json_is_true(json_object_get(root, "trusted")));
    assert_string_equal(text_of(first_target(root), "outcome"), "not significant");
    assert_string_equal(text_of(json_object_get(root, "answer"), "words"),
                        "too few rounds to tell batch from SGD at a gap of 1e-01");
    json_decref(root);
    made_clear(made);
}

/* Who reaches a target does not hang on the clock. */
static void the_only_one_that_arrives_needs_no_clock(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    int64_t batch = made_configuration(made, "solver=gd rate=0.5"),
            sgd = made_configuration(made, "solver=sgd rate=0.5");
    made->disturbed = true;
    for (int64_t r = 1; r <= ROUNDS; r++) {
        made_trial(made, batch, (struct made_trial){r, 1, STATUS_EPOCHS, 1.0, 3, way_down, 0});
        made_trial(made, sgd, (struct made_trial){r, 1, STATUS_EPOCHS, 1.0, 2, way_down, 0});
    }
    json_t *root = compare(made);
    assert_string_equal(text_of(first_target(root), "outcome"), "only");
    assert_string_equal(text_of(json_object_get(root, "answer"), "words"),
                        "only batch reaches a gap of 1e-01");
    assert_true(json_is_true(json_object_get(root, "trusted")));
    json_decref(root);
    made_clear(made);
}

/* The answer in large type has fifteen words at most. */
static void the_answer_is_short(void **state)
{
    (void)state;
    for (int64_t disturbed = 0; disturbed <= ROUNDS; disturbed += 5) {
        struct made *made = busy(ROUNDS, disturbed);
        json_t *root = compare(made);
        size_t words = 1;
        for (const char *at = text_of(json_object_get(root, "answer"), "words"); *at != '\0'; at++)
            words += *at == ' ';
        assert_true(words <= 15);
        json_decref(root);
        made_clear(made);
    }
}

/* --- Profiles -------------------------------------------------------------------------------- */

/* Three trials on one thread and three on two; of the latter so many are disturbed, and then take
 * ten times as long. */
static struct made *busy_profile(int64_t disturbed)
{
    struct made *made = made_create(3);
    made_ceilings(made, 1);
    made_ceilings(made, 2);
    for (int threads = 1; threads <= 2; threads++) {
        char words[64];
        snprintf(words, sizeof words, "solver=gd rate=0.5 threads=%d", threads);
        int64_t configuration = made_configuration(made, words);
        for (int64_t r = 1; r <= 3; r++) {
            made->disturbed = threads == 2 && r <= disturbed;
            made_profiled_trial(made, configuration, r, threads,
                                made->disturbed ? 10.0 : 1.0 / threads, 1000.0);
        }
    }
    made->disturbed = false;
    return made;
}

static char *read_profile(struct made *made, struct results *results, struct studies *studies)
{
    char *text;
    size_t length;
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    assert_true(results_read(made->store, results, &made->error));
    assert_true(studies_read(made->store, results, studies, &made->error));
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    studies_print(studies, SIZE_MAX, out);
    fclose(out);
    return text;
}

static void a_profile_is_of_the_undisturbed_trials(void **state)
{
    (void)state;
    for (int64_t disturbed = 0; disturbed <= 3; disturbed++) {
        struct made *made = busy_profile(disturbed);
        struct results results;
        struct studies studies;
        char *text = read_profile(made, &results, &studies);
        const struct study *study = &studies.strong[OVER_THREADS].items[0];
        const struct study_point *two = &study->points[1];
        assert_int_equal(study->count, 2);
        assert_true(two->noisy == (disturbed == 3));
        if (disturbed < 3) {
            assert_true(two->seconds == 0.5 && study_count(study, two)->speedup == 2.0);
            assert_int_equal(two->count, 3 - disturbed);
            assert_int_equal(two->disturbed, disturbed);
            assert_silent(text, "not measurable");
        } else {
            assert_true(isnan(study_count(study, two)->speedup) && !study->fitted);
            assert_says(text, "1 of 2 points are not measurable here: 50 % of the trials were ");
            assert_says(text, "2 threads: not diagnosed: other programs disturbed every trial (3)");
        }
        memory_free(text);
        studies_free(&studies);
        results_clear(&results);
        made_clear(made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(disturbed_rounds_do_not_count),
        cmocka_unit_test(too_few_quiet_rounds_give_no_verdict),
        cmocka_unit_test(few_rounds_are_not_blamed_on_noise),
        cmocka_unit_test(the_only_one_that_arrives_needs_no_clock),
        cmocka_unit_test(the_answer_is_short),
        cmocka_unit_test(a_profile_is_of_the_undisturbed_trials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
