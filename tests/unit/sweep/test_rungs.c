/* SPDX-License-Identifier: MIT
 *
 * Who is compared with whom, after which epochs, and who goes on.
 */
#include "base/memory.h"
#include "base/random.h"
#include "sweep/workload/rungs.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static double features[1];
static const struct dataset hundred = {.rows = 100, .features = 1, .X = features};
static const struct dataset *const sets[] = {&hundred, &hundred};

struct fixture {
    struct sweep_file *file;
    struct expansion expansion;
    struct rungs rungs;
};

static struct fixture open_file(const char *text)
{
    struct fixture fixture = {0};
    struct error error = {0};
    fixture.file = sweep_file_parse("test.yaml", text, &error);
    if (fixture.file == NULL || !expansion_create(fixture.file, sets, &fixture.expansion, &error) ||
        !rungs_create(fixture.file, &fixture.expansion, &fixture.rungs, &error))
        fail_msg("%s", error.message);
    return fixture;
}

static void close_file(struct fixture *fixture)
{
    rungs_clear(&fixture->rungs);
    expansion_clear(&fixture->expansion);
    sweep_file_free(fixture->file);
}

#define HALVING(keys_) "data: pets\nsolver: gd\nmethod: halving\n" keys_
#define RATES "rate: {min: 0.01, max: 1, steps: 64, scale: log}\n"

static void check_epochs(const char *text, size_t count, const int64_t *epochs)
{
    struct fixture fixture = open_file(text);
    assert_int_equal(fixture.rungs.count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(rungs_epoch(&fixture.rungs, i), epochs[i]);
    assert_true(rungs_epoch(&fixture.rungs, count) == TO_THE_END);
    close_file(&fixture);
}

/* The last rung is the end, and a cut of one candidate is none. */
static void cuts_come_after_powers_of_eta(void **state)
{
    (void)state;
    check_epochs(HALVING(RATES "stop: {epochs: 64}\n"), 3, (int64_t[]){1, 4, 16});
    check_epochs(HALVING(RATES "stop: {epochs: 65}\n"), 3, (int64_t[]){1, 4, 16});
    check_epochs(HALVING(RATES "stop: {epochs: 16}\n"), 2, (int64_t[]){1, 4});
    check_epochs(HALVING(RATES "eta: 2\nfirst: 3\nstop: {epochs: 40}\n"), 4,
                 (int64_t[]){3, 6, 12, 24});
    check_epochs(HALVING("rate: [1, 2, 3]\nstop: {epochs: 64}\n"), 1, (int64_t[]){1});
    check_epochs(HALVING(RATES "stop: {epochs: 9007199254740992}\n"), 3, (int64_t[]){1, 4, 16});
}

/* 16 is none of 0 1 2 3 4 6 9 13 19 28 42 63. */
static void cuts_come_after_recorded_epochs(void **state)
{
    (void)state;
    check_epochs(HALVING(RATES "record: geometric\nstop: {epochs: 64}\n"), 3,
                 (int64_t[]){1, 4, 13});
    check_epochs(HALVING(RATES "eta: 2\nfirst: 5\nrecord: geometric\nstop: {epochs: 64}\n"), 4,
                 (int64_t[]){4, 9, 19, 28});
}

static void of_every_eta_one_goes_on(void **state)
{
    (void)state;
    assert_int_equal(rungs_kept(64, 4, 0), 16);
    assert_int_equal(rungs_kept(64, 4, 2), 1);
    assert_int_equal(rungs_kept(65, 4, 0), 17);
    assert_int_equal(rungs_kept(1, 4, 5), 1);
    struct fixture fixture = open_file(HALVING(RATES "stop: {epochs: 64}\n"));
    const struct rung_set *set = &fixture.rungs.sets[0];
    assert_true(rung_set_work(&fixture.rungs, set, 4, &fixture.expansion) ==
                64 + 16 * 3 + 4 * 12 + 48);
    close_file(&fixture);
}

static void check_sets(const char *text, size_t count, size_t configurations, size_t candidates)
{
    struct fixture fixture = open_file(text);
    assert_int_equal(fixture.rungs.set_count, count);
    for (size_t s = 0; s < count; s++) {
        assert_int_equal(fixture.rungs.sets[s].count, configurations);
        assert_int_equal(fixture.rungs.sets[s].candidate_count, candidates);
    }
    close_file(&fixture);
}

/* Objectives of different lambda, and of different data, are not compared; seeds are one. */
static void what_is_comparable_is_a_set(void **state)
{
    (void)state;
    check_sets(HALVING("rate: [1, 2, 3]\nlambda: [0, 0.1]\n"), 2, 3, 3);
    check_sets(HALVING("rate: [1, 2, 3]\nlambda: [0, 0.1]\ncut_by: gap\n"), 1, 6, 6);
    check_sets(HALVING("rate: [1, 2]\nlambda: [0, 0.1]\ncut_by: heldout_loss\nsplit: 0.2\n"), 1, 4,
               4);
    check_sets(HALVING("rate: [1, 2]\nseed: [1, 2, 3]\n"), 1, 6, 2);
    check_sets("data: [pets, blobs]\nsolver: gd\nmethod: halving\nrate: [1, 2]\n", 2, 2, 2);
}

/* In proportion to eta^s / (s + 1), s being the cuts of a bracket: 16, 16 / 3 and 2. */
static void brackets_have_their_shares_and_later_first_cuts(void **state)
{
    (void)state;
    struct fixture fixture =
        open_file(HALVING("trials: 150\nrate: {min: 0.01, max: 1}\nbrackets: 3\neta: 4\n"
                          "stop: {epochs: 64}\n"));
    size_t total = 0, count[3] = {0};
    assert_int_equal(fixture.rungs.count, 3);
    assert_int_equal(fixture.rungs.set_count, 3);
    for (size_t s = 0; s < 3; s++) {
        count[fixture.rungs.sets[s].bracket] = fixture.rungs.sets[s].count;
        total += fixture.rungs.sets[s].count;
    }
    assert_int_equal(total, 150);
    assert_between(count[0], 104, 106);
    assert_between(count[1], 34, 36);
    assert_between(count[2], 12, 14);
    for (size_t s = 0; s < 3; s++) {
        const struct rung_set *set = &fixture.rungs.sets[s];
        for (size_t rung = 0; rung < set->bracket; rung++)
            assert_int_equal(rung_set_candidates(set, 4, rung), set->count);
        assert_int_equal(rung_set_candidates(set, 4, set->bracket), (set->count + 3) / 4);
    }
    close_file(&fixture);
}

static void refused(const char *text, const char *part, const char *remedy)
{
    struct error error = {0};
    struct expansion expansion = {0};
    struct rungs rungs;
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    assert_non_null(file);
    assert_true(expansion_create(file, sets, &expansion, &error));
    assert_false(rungs_create(file, &expansion, &rungs, &error));
    assert_non_null(strstr(error.message, part));
    assert_non_null(strstr(error.message, remedy));
    rungs_clear(&rungs);
    expansion_clear(&expansion);
    sweep_file_free(file);
}

static void more_brackets_than_cuts_are_refused(void **state)
{
    (void)state;
    refused(HALVING("trials: 50\nrate: {min: 0.01, max: 1}\nbrackets: 4\nstop: {epochs: 64}\n"),
            "brackets: 4", "give at most 3");
}

static void a_set_of_one_is_refused(void **state)
{
    (void)state;
    refused(HALVING("lambda: [0, 0.1]\n"), "no two configurations to compare", "cut_by: gap");
}

/* Among equals the first of the plan; what has no value is last; who is out has no place. */
static void places_are_by_value_then_as_planned(void **state)
{
    (void)state;
    struct fixture fixture = open_file(HALVING("rate: [1, 2, 3, 4, 5, 6]\n"));
    const double values[] = {3.0, NAN, 1.0, INFINITY, 3.0, 0.0};
    const bool in[] = {true, true, true, true, true, false};
    size_t places[6];
    rung_places(&fixture.rungs.sets[0], values, in, places);
    const size_t expected[] = {2, 4, 1, 5, 3, 0};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(places[i], expected[i]);
    close_file(&fixture);
}

static void seeds_are_judged_by_their_median(void **state)
{
    (void)state;
    struct fixture fixture = open_file(HALVING("rate: [1, 2]\nseed: [1, 2, 3]\n"));
    const struct rung_set *set = &fixture.rungs.sets[0];
    double values[6];
    const bool in[] = {true, true};
    size_t places[2], seen[2] = {0};
    const double first[] = {0.0, 5.0, 6.0}, second[] = {4.0, 4.5, INFINITY};
    for (size_t i = 0; i < set->count; i++) {
        const size_t candidate = set->members[i].candidate;
        values[i] = candidate == 0 ? first[seen[0]++] : second[seen[1]++];
    }
    rung_places(set, values, in, places);
    assert_int_equal(places[0], 2);
    assert_int_equal(places[1], 1);
    close_file(&fixture);
}

/* However the values come about, places are 1 to n, and in order. */
static void places_are_a_permutation(void **state)
{
    (void)state;
    struct fixture fixture = open_file(HALVING(RATES));
    struct random_stream stream = random_open(7, RANDOM_ROUNDS, 0);
    double values[64];
    bool in[64], taken[65] = {false};
    size_t places[64];
    for (size_t i = 0; i < 64; i++) {
        values[i] = floor(8.0 * random_uniform(&stream));
        in[i] = true;
    }
    rung_places(&fixture.rungs.sets[0], values, in, places);
    for (size_t i = 0; i < 64; i++) {
        assert_between(places[i], 1, 64);
        assert_false(taken[places[i]]);
        taken[places[i]] = true;
        for (size_t j = 0; j < i; j++)
            assert_true(values[i] == values[j]
                            ? places[i] > places[j]
                            : (values[i] > values[j]) == (places[i] > places[j]));
    }
    close_file(&fixture);
}

/* --- Cuts ---------------------------------------------------------------------------------- */

enum { CANDIDATES = 64 };

struct cut_case {
    struct fixture fixture;
    const struct rung_set *set;
    double values[CANDIDATES];
    bool known[CANDIDATES];
    struct rung_standing standings[CANDIDATES];
};

static struct cut_case *open_case(const char *text)
{
    struct cut_case *cut = memory_allocate(1, sizeof *cut);
    struct random_stream stream = random_open(3, RANDOM_ROUNDS, 0);
    cut->fixture = open_file(text);
    cut->set = &cut->fixture.rungs.sets[0];
    assert_int_equal(cut->set->candidate_count, CANDIDATES);
    for (size_t c = 0; c < CANDIDATES; c++) {
        cut->values[c] = floor(20.0 * random_uniform(&stream));
        cut->known[c] = true;
    }
    return cut;
}

static void close_case(struct cut_case *cut)
{
    close_file(&cut->fixture);
    memory_free(cut);
}

#define ASHA(keys_) "data: pets\nsolver: gd\nmethod: asha\n" keys_

/* Of every cut: who is how good among those at the rung that come before it in the plan. */
static void asha_compares_with_those_before(void **state)
{
    (void)state;
    struct cut_case *cut = open_case(ASHA(RATES "stop: {epochs: 64}\n"));
    struct rung_standing before[CANDIDATES] = {{RUNG_IN, 0, 0, 0}};
    for (size_t rung = 0; rung < 3; rung++) {
        rung_decide(cut->set, 4, rung, cut->values, cut->known, cut->standings);
        for (size_t c = 0, there = 0; c < CANDIDATES; c++) {
            size_t better = 0;
            if (before[c].state == RUNG_OUT)
                continue;
            there++;
            for (size_t e = 0; e < c; e++)
                better += before[e].state == RUNG_IN && cut->values[e] <= cut->values[c];
            assert_int_equal(cut->standings[c].place, better + 1);
            assert_int_equal(cut->standings[c].candidates, there);
            assert_int_equal(cut->standings[c].kept, (there + 3) / 4);
            assert_int_equal(cut->standings[c].state == RUNG_IN, better < (there + 3) / 4);
        }
        memcpy(before, cut->standings, sizeof before);
    }
    close_case(cut);
}

/* In whatever order values come to be known, what is decided of somebody stays decided. */
static void cuts_do_not_depend_on_who_arrives_first(void **state)
{
    (void)state;
    static const char *const texts[] = {ASHA(RATES "stop: {epochs: 64}\n"),
                                        HALVING(RATES "stop: {epochs: 64}\n")};
    for (size_t t = 0; t < 2; t++) {
        struct cut_case *whole = open_case(texts[t]), *part = open_case(texts[t]);
        struct random_stream stream = random_open(5, RANDOM_ROUNDS, 0);
        rung_decide(whole->set, 4, 0, whole->values, whole->known, whole->standings);
        memset(part->known, 0, sizeof part->known);
        for (int step = 0; step < 300; step++) {
            part->known[(size_t)(CANDIDATES * random_uniform(&stream))] = true;
            memset(part->standings, 0, sizeof part->standings);
            rung_decide(part->set, 4, 0, part->values, part->known, part->standings);
            for (size_t c = 0; c < CANDIDATES; c++)
                assert_true(part->standings[c].state == RUNG_OPEN ||
                            part->standings[c].state == whole->standings[c].state);
        }
        close_case(whole);
        close_case(part);
    }
}

/* Nobody waits for those after it; of halving, all wait for the last. */
static void asha_decides_up_to_the_first_that_is_missing(void **state)
{
    (void)state;
    struct cut_case *asha = open_case(ASHA(RATES "stop: {epochs: 64}\n"));
    struct cut_case *halving = open_case(HALVING(RATES "stop: {epochs: 64}\n"));
    asha->known[40] = halving->known[40] = false;
    rung_decide(asha->set, 4, 0, asha->values, asha->known, asha->standings);
    rung_decide(halving->set, 4, 0, halving->values, halving->known, halving->standings);
    for (size_t c = 0; c < CANDIDATES; c++) {
        assert_int_equal(asha->standings[c].state == RUNG_OPEN, c >= 40);
        assert_int_equal(halving->standings[c].state, RUNG_OPEN);
    }
    close_case(asha);
    close_case(halving);
}

/* The best at a rung goes on, wherever it stands in the plan. */
static void asha_never_cuts_the_best(void **state)
{
    (void)state;
    for (size_t best = 0; best < CANDIDATES; best += 7) {
        struct cut_case *cut = open_case(ASHA(RATES "stop: {epochs: 64}\n"));
        cut->values[best] = -1.0;
        for (size_t rung = 0; rung < 3; rung++)
            rung_decide(cut->set, 4, rung, cut->values, cut->known, cut->standings);
        assert_int_equal(cut->standings[best].state, RUNG_IN);
        close_case(cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_come_after_powers_of_eta),
        cmocka_unit_test(cuts_come_after_recorded_epochs),
        cmocka_unit_test(of_every_eta_one_goes_on),
        cmocka_unit_test(what_is_comparable_is_a_set),
        cmocka_unit_test(brackets_have_their_shares_and_later_first_cuts),
        cmocka_unit_test(more_brackets_than_cuts_are_refused),
        cmocka_unit_test(a_set_of_one_is_refused),
        cmocka_unit_test(places_are_by_value_then_as_planned),
        cmocka_unit_test(seeds_are_judged_by_their_median),
        cmocka_unit_test(places_are_a_permutation),
        cmocka_unit_test(asha_compares_with_those_before),
        cmocka_unit_test(cuts_do_not_depend_on_who_arrives_first),
        cmocka_unit_test(asha_decides_up_to_the_first_that_is_missing),
        cmocka_unit_test(asha_never_cuts_the_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
