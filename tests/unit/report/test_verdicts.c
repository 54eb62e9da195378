/* SPDX-License-Identifier: MIT
 *
 * What a verdict rests on, from stores made by hand: arrivals between recorded epochs, seeds, the
 * best of a side, machines and lambdas of several stores, and statuses, which are counted from the
 * one list that there is.
 */
#include "made_store.h"

#include <jansson.h>
#include <math.h>

enum { ROUNDS = 8 };
static const double way_down[] = {1.0, 0.3, 0.05}; /* one target, at the second step */

static void add_rounds(struct made *made, int64_t configuration, double seconds, int64_t stride)
{
    made->stride = stride;
    for (int64_t r = 1; r <= ROUNDS; r++)
        made_trial(made, configuration,
                   (struct made_trial){r, 1, STATUS_EPOCHS, seconds * (1.0 + 0.01 * (double)r), 3,
                                       way_down, 0});
    made->stride = 1;
}

/* --- Arrivals ------------------------------------------------------------------------------ */

/* The one side is there in epoch 2; the other, of which every fourth epoch is recorded, in one of 5
 * to 8. Its epochs take `seconds`. */
static char *compare_strides(double seconds, bool json)
{
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, made_configuration(made, "solver=gd record=every rate=1"), 1.0, 1);
    add_rounds(made, made_configuration(made, "solver=gd record=geometric rate=1"), seconds, 4);
    char *text = made_compare(made, "record", json);
    made_clear(made);
    return text;
}

static void arrivals_between_epochs_give_no_verdict_that_some_of_them_deny(void **state)
{
    (void)state;
    char *text = compare_strides(0.3, false); /* after 1.2 s, at 2.4 s: 2 s are between */
    assert_says(text, "no significant difference: arrivals are known only between recorded epochs; "
                      "`record: every` would tell (every, geometric)\n");
    assert_says(text, "| 5 to 8 |");
    assert_says(text, "| 0.60 to 1.20 [0.60, 1.20] |");
    assert_tells(text, "Where `record` leaves epochs out");
    memory_free(text);
}

static void arrivals_between_epochs_give_the_verdict_that_all_of_them_give(void **state)
{
    (void)state;
    char *text = compare_strides(1.0, false);
    assert_says(text, "every is 2.00 to 4.00 times faster than geometric [2.00, 4.00]");
    memory_free(text);
    text = compare_strides(0.1, false);
    assert_says(text, "geometric is 2.50 to 5.00 times faster than every [2.50, 5.00]");
    memory_free(text);
}

static json_t *first_target(const char *text, json_t **root)
{
    *root = json_loads(text, 0, NULL);
    assert_non_null(*root);
    json_t *problem = json_array_get(json_object_get(*root, "problems"), 0);
    return json_array_get(json_object_get(problem, "targets"), 0);
}

static double number(json_t *object, const char *name)
{
    assert_true(json_is_number(json_object_get(object, name)));
    return json_number_value(json_object_get(object, name));
}

static void the_json_has_both_ends(void **state)
{
    (void)state;
    json_t *root;
    char *text = compare_strides(1.0, true);
    json_t *place = json_array_get(json_object_get(first_target(text, &root), "places"), 1);
    json_t *ratio = json_object_get(place, "times_slower");
    assert_true(json_is_null(json_object_get(ratio, "ratio")));
    assert_true(fabs(number(ratio, "ratio_least") - 2.0) < 1e-12);
    assert_true(fabs(number(ratio, "ratio_most") - 4.0) < 1e-12);
    assert_true(number(ratio, "between") == (double)ROUNDS);
    assert_true(number(place, "first_epochs") == 5.0 && number(place, "epochs") == 8.0);
    assert_true(number(place, "seconds_after") < number(place, "seconds"));
    json_decref(root);
    memory_free(text);
}

/* The best of a side by the latest that its configurations may have taken need not be its best in
 * truth: another one of it may have been sooner. */
static void another_of_the_side_may_have_been_sooner(void **state)
{
    (void)state;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, made_configuration(made, "solver=sgd rate=1"), 1.0, 1); /* 2 s */
    add_rounds(made, made_configuration(made, "solver=gd rate=1"), 1.25, 1); /* 2.5 s */
    add_rounds(made, made_configuration(made, "solver=gd rate=2 record=geometric"), 0.4, 4);
    char *text = made_compare(made, "family", false); /* the last: after 1.6 s, at 3.2 s */
    assert_says(text, "no significant difference: arrivals are known only between recorded epochs");
    memory_free(text);
    made_clear(made);
}

/* --- Seeds --------------------------------------------------------------------------------- */

static void add_seeds(struct made *made, const char *solver, int seeds, const double *seconds)
{
    for (int s = 0; s < seeds; s++) {
        char words[64];
        snprintf(words, sizeof words, "solver=%s rate=1 seed=%d", solver, s + 1);
        int64_t id = made_configuration(made, words);
        for (int64_t r = 1; r <= 3; r++)
            made_trial(made, id,
                       (struct made_trial){r, 1, STATUS_EPOCHS, seconds[s] * (1.0 + (double)r / 64),
                                           3, way_down, 0});
    }
}

static void each_seed_counts_once(void **state)
{
    (void)state;
    const double batch[] = {1, 1, 1, 1, 1, 1, 1}, slow[] = {3, 2, 4, 3, 2, 4, 5};
    struct made *made = made_create(3);
    made_optimum(made, 0.0, 0.0);
    add_seeds(made, "gd", 7, batch);
    add_seeds(made, "sgd", 7, slow);
    char *text = made_compare(made, "family", false);
    assert_says(text, "- gap 1e-01: batch is 3.00 times faster than SGD [2.00, 5.00]\n");
    assert_silent(text, "another seed may differ");
    assert_tells(text, "at least 6 seeds are needed");
    memory_free(text);
    json_t *root;
    text = made_compare(made, "family", true);
    json_t *target = first_target(text, &root);
    assert_string_equal(json_string_value(json_object_get(target, "covers")), "seeds");
    assert_true(json_is_null(json_object_get(target, "condition")));
    json_t *place = json_array_get(json_object_get(target, "places"), 0);
    json_t *ratio = json_object_get(place, "times_slower");
    assert_true(number(ratio, "seeds") == 7 && number(ratio, "draws") == 7);
    assert_true(number(ratio, "rounds") == 21);
    json_decref(root);
    memory_free(text);
    made_clear(made);
}

static void the_seed_of_a_verdict_is_named(void **state)
{
    (void)state;
    json_t *root;
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    add_rounds(made, made_configuration(made, "solver=gd rate=1 seed=5"), 1.0, 1);
    add_rounds(made, made_configuration(made, "solver=sgd rate=1 seed=5"), 2.0, 1);
    char *text = made_compare(made, "family", true);
    json_t *target = first_target(text, &root);
    assert_string_equal(json_string_value(json_object_get(target, "covers")), "clock");
    assert_string_equal(json_string_value(json_object_get(target, "condition")),
                        "for seed 5 only; another seed may differ");
    assert_true(number(target, "seed") == 5);
    json_decref(root);
    memory_free(text);
    /* Where the sides are seeds, rounds are paired without them, and nothing is left to name. */
    add_rounds(made, made_configuration(made, "solver=gd rate=1 seed=6"), 3.0, 1);
    text = made_compare(made, "seed", false);
    assert_says(text, "- gap 1e-01: seed 5 is 3.00 times faster than seed 6 [3.00, 3.00]\n");
    memory_free(text);
    made_clear(made);
}

/* Two stores of several seeds are paired by the seeds that both have. */
static void seeds_of_one_side_alone_do_not_count(void **state)
{
    (void)state;
    const double second[] = {1, 1, 1, 1, 1, 1, 1}, slow[] = {3};
    struct made *made = made_create(3);
    made_optimum(made, 0.0, 0.0);
    add_seeds(made, "gd", 7, second);
    add_seeds(made, "sgd", 1, slow);
    char *text = made_compare(made, "family", false);
    assert_says(
        text,
        "no significant difference: batch, SGD (too few rounds in common for an interval: 3)\n");
    memory_free(text);
    made_clear(made);
}

/* --- The best of a side -------------------------------------------------------------------- */

/* None of the side arrives in most of its trials; one of them does in some. */
static void the_best_arrives_most_often_and_then_soonest(void **state)
{
    (void)state;
    const double misses[] = {1.0, 0.9, 0.8};
    const struct {
        const char *words;
        int64_t arriving;
        double seconds;
    } sgd[] = {{"solver=sgd rate=1", 0, 1.0},
               {"solver=sgd rate=2", 3, 1.0},
               {"solver=sgd rate=3", 4, 9.0},
               {"solver=sgd rate=4", 4, 2.0}};
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    for (size_t i = 0; i < sizeof sgd / sizeof *sgd; i++) {
        int64_t id = made_configuration(made, sgd[i].words);
        for (int64_t r = 1; r <= ROUNDS; r++)
            made_trial(made, id,
                       (struct made_trial){r, 1, STATUS_EPOCHS, sgd[i].seconds, 3,
                                           r <= sgd[i].arriving ? way_down : misses, 0});
    }
    add_rounds(made, made_configuration(made, "solver=gd rate=1"), 5.0, 1);
    char *text = made_compare(made, "family", false);
    assert_says(text, "|                    4/8 |");
    assert_says(text, "| A    | sgd    |    4 |");
    memory_free(text);
    made_clear(made);
}

/* One that arrives in each of its trials is before one that is sooner and misses in some. */
static void a_sooner_one_that_misses_is_not_the_best(void **state)
{
    (void)state;
    const double misses[] = {1.0, 0.9, 0.8};
    struct made *made = made_create(ROUNDS);
    made_optimum(made, 0.0, 0.0);
    int64_t hasty = made_configuration(made, "solver=sgd rate=1");
    for (int64_t r = 1; r <= ROUNDS; r++)
        made_trial(made, hasty,
                   (struct made_trial){r, 1, STATUS_EPOCHS, 0.1, 3, r > 1 ? way_down : misses, 0});
    add_rounds(made, made_configuration(made, "solver=sgd rate=2"), 2.0, 1);
    add_rounds(made, made_configuration(made, "solver=gd rate=1"), 1.0, 1);
    char *text = made_compare(made, "family", false);
    assert_says(text, "batch is 2.00 times faster than SGD [2.00, 2.00]");
    memory_free(text);
    made_clear(made);
}

/* --- Several stores ------------------------------------------------------------------------ */

static struct made *store_on(const char *machine, const char *words, double lambda)
{
    struct made *made = made_create(ROUNDS);
    if (machine != NULL)
        assert_true(store_add_machine(made->store, machine, &made->machine, &made->error));
    made_optimum(made, lambda, 0.0);
    add_rounds(made, made_configuration(made, words), 1.0, 1);
    assert_true(store_set_plan(made->store, made->plan, made->planned, &made->error));
    return made;
}

static char *compare_two(struct made *one, struct made *other, bool json)
{
    char *text = NULL;
    size_t length;
    struct error error = {0};
    struct comparison comparison;
    struct opened_store opened[2] = {{.store = one->store, .name = "one"},
                                     {.store = other->store, .name = "other"}};
    FILE *out = open_memstream(&text, &length);
    for (int s = 0; s < 2; s++)
        assert_true(results_read(opened[s].store, &opened[s].results, &error));
    assert_true(comparison_create(&comparison, "store", opened, 2, &error));
    (json ? comparison_json : comparison_markdown)(&comparison, out);
    comparison_clear(&comparison);
    for (int s = 0; s < 2; s++)
        results_clear(&opened[s].results);
    fclose(out);
    return text;
}

/* And what differs is told; another commit is what two stores are compared for. */
static void another_machine_is_another_machine_in_any_store(void **state)
{
    (void)state;
    static const char built[] = "{\"commit\":\"a\",\"processor\":7,\"release\":\"6.1\"}",
                      later[] = "{\"commit\":\"b\",\"processor\":7,\"release\":\"6.1\"}",
                      newer[] = "{\"commit\":\"b\",\"processor\":7,\"release\":\"6.2\"}";
    const struct {
        const char *one, *other, *warned;
    } cases[] = {{NULL, NULL, NULL},
                 {NULL, "{\"processor\":2}", "(processor 1 and 2)"},
                 {"{\"processor\":3}", "{\"processor\":3}", NULL},
                 {"{\"processor\":3}", "{\"processor\":1}", "(processor 3 and 1)"},
                 {built, later, NULL},
                 {built, newer, "(kernel 6.1 and 6.2)"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct made *one = store_on(cases[i].one, "solver=gd rate=1", 0.0);
        struct made *other = store_on(cases[i].other, "solver=gd rate=1", 0.0);
        char *text = compare_two(one, other, false);
        assert_true((strstr(text, "WARNING:") != NULL) == (cases[i].warned != NULL));
        if (cases[i].warned != NULL)
            assert_tells(text, cases[i].warned);
        memory_free(text);
        made_clear(one);
        made_clear(other);
    }
}

/* A lambda of its own in each store is another objective, although none of the two differs within
 * its store. */
static void stores_of_other_lambdas_have_no_problem_in_common(void **state)
{
    (void)state;
    struct made *one = store_on(NULL, "solver=gd rate=1 lambda=0.1", 0.1);
    struct made *other = store_on(NULL, "solver=gd rate=1 lambda=0.5", 0.5);
    char *text = compare_two(one, other, false);
    assert_says(text, "features), lambda 0.1\n");
    assert_says(text, "features), lambda 0.5\n");
    assert_silent(text, "times faster");
    memory_free(text);
    made_clear(other);
    other = store_on(NULL, "solver=gd rate=1 lambda=0.1", 0.1);
    text = compare_two(one, other, true);
    json_t *root = json_loads(text, 0, NULL);
    json_t *problems = json_object_get(root, "problems");
    assert_int_equal(json_array_size(problems), 1);
    assert_true(number(json_array_get(problems, 0), "lambda") == 0.1);
    json_decref(root);
    memory_free(text);
    made_clear(one);
    made_clear(other);
}

/* --- Statuses ------------------------------------------------------------------------------ */

static void every_status_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < trial_status_count; i++) {
        enum trial_status status = trial_status_at(i);
        char expected[64];
        assert_int_equal(trial_status_find(trial_status_name(status)), status);
        if (!trial_status_is_end(status))
            continue; /* they are never recorded */
        struct made *made = made_create(1);
        made_trial(made, made_configuration(made, "solver=gd rate=1"),
                   (struct made_trial){1, 1, status, 1.0, 3, way_down, 0});
        char *text = made_show(made, 5);
        if (status == STATUS_WAITING) /* it is recorded, and not done */
            snprintf(expected, sizeof expected, "Trials done   0 of 1\n");
        else
            snprintf(expected, sizeof expected, "Trials done   1 of 1 (1 %s)\n",
                     trial_status_words(status));
        assert_says(text, expected);
        memory_free(text);
    }
}

/* Two trials of each side in one go, and one that went on from a checkpoint. */
static void times_in_parts_are_not_compared(void **state)
{
    (void)state;
    struct made *made = made_create(3);
    made_optimum(made, 0.0, 0.0);
    const int64_t sgd = made_configuration(made, "solver=sgd rate=1"),
                  gd = made_configuration(made, "solver=gd rate=1");
    for (int64_t repeat = 1; repeat <= 3; repeat++) {
        made->continued = repeat == 3 ? 2 : 0;
        made_trial(made, sgd, (struct made_trial){repeat, 1, STATUS_EPOCHS, 0.5, 3, way_down, 0});
        made_trial(made, gd, (struct made_trial){repeat, 1, STATUS_EPOCHS, 1.0, 3, way_down, 0});
    }
    char *text = made_compare(made, "family", false);
    assert_says(text, "- not compared: times of 2 trials, in parts");
    assert_tells(text, "2 trials went on from a checkpoint after an interruption");
    memory_free(text);
    text = made_compare(made, "family", true);
    assert_says(text, "\"continued\":2");
    memory_free(text);
    text = made_show(made, 5);
    assert_tells(text, "2 trials went on from a checkpoint");
    assert_says(text, "continued: from a checkpoint");
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrivals_between_epochs_give_no_verdict_that_some_of_them_deny),
        cmocka_unit_test(arrivals_between_epochs_give_the_verdict_that_all_of_them_give),
        cmocka_unit_test(the_json_has_both_ends),
        cmocka_unit_test(another_of_the_side_may_have_been_sooner),
        cmocka_unit_test(each_seed_counts_once),
        cmocka_unit_test(the_seed_of_a_verdict_is_named),
        cmocka_unit_test(seeds_of_one_side_alone_do_not_count),
        cmocka_unit_test(the_best_arrives_most_often_and_then_soonest),
        cmocka_unit_test(a_sooner_one_that_misses_is_not_the_best),
        cmocka_unit_test(another_machine_is_another_machine_in_any_store),
        cmocka_unit_test(stores_of_other_lambdas_have_no_problem_in_common),
        cmocka_unit_test(every_status_is_counted),
        cmocka_unit_test(times_in_parts_are_not_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
