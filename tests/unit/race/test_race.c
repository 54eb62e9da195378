/* SPDX-License-Identifier: MIT
 *
 * Races of made times on a made clock: in which order sides run, how many rounds there are, how
 * often equal sides and slower ones are told apart, and what is said of all else that differs.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/system/clock.h"
#include "race/race_plan.h"
#include "race/race_text.h"
#include "race/race_verdict.h"
#include "testing.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

enum { RUNS_KEPT = 3000, TASKS_MOST = 4 };

/* What the sides of a race are like. */
struct made {
    struct random_stream noises[RACE_SIDES]; /* of each side, as two may run at a time */
    double scatter;                          /* of a run's logarithm */
    double factors[TASKS_MOST][RACE_SIDES];  /* of the time of a run, 1 s */
    double processors[RACE_SIDES], peaks[RACE_SIDES];
    double last_weights[RACE_SIDES]; /* the second of two */
    double layouts;                  /* standard deviation from order to order of links */
    size_t order;                    /* of links */
    size_t fails_at;                 /* this run of all fails, from 1; 0: none */
    double second_half;              /* how much slower the second half of the processors is */
    size_t halves[RACE_SIDES][2];    /* how often a side was there */
    size_t runs;
    enum race_side turns[RUNS_KEPT]; /* (runs) */
};

static double made_time;
static pthread_mutex_t made_lock = PTHREAD_MUTEX_INITIALIZER;

static double made_clock(void)
{
    return made_time;
}

static bool made_run_alone(struct made *made, size_t task, enum race_side side,
                           struct race_sample *sample, struct race_output *output,
                           char reason[static RACE_REASON])
{
    made->turns[made->runs++ % RUNS_KEPT] = side;
    if (made->runs == made->fails_at) {
        snprintf(reason, RACE_REASON, "it was killed by signal 11");
        return false;
    }
    struct random_stream layout =
        random_open(made->noises[0].key[0], RANDOM_LABELS, made->order * RACE_SIDES + side);
    sample->seconds =
        made->factors[task][side] * exp(made->scatter * random_normal(&made->noises[side]) +
                                        made->layouts * random_normal(&layout));
    sample->processors = made->processors[side];
    sample->peak_bytes = made->peaks[side];
    output->count = 2;
    output->numbers = memory_allocate(2, sizeof *output->numbers);
    output->numbers[0] = 1.0;
    output->numbers[1] = made->last_weights[side];
    digest_of_bytes(output->numbers, 2 * sizeof *output->numbers, output->digest);
    output->objective = 0.5;
    made_time += sample->seconds;
    return true;
}

/* In a duet two at a time: each as if it were alone, but that the halves differ. */
static bool made_run(void *context, struct race_turn turn, struct race_sample *sample,
                     struct race_output *output, char reason[static RACE_REASON])
{
    struct made *made = context;
    pthread_mutex_lock(&made_lock);
    const bool done = made_run_alone(made, turn.task, turn.side, sample, output, reason);
    pthread_mutex_unlock(&made_lock);
    sample->seconds *= turn.half == 1 ? made->second_half : 1.0;
    made->halves[turn.side][turn.half == 1]++;
    return done;
}

static bool made_relink(void *context, size_t order, char reason[static RACE_REASON])
{
    (void)reason;
    ((struct made *)context)->order = order;
    return true;
}

/* Sides alike but for B's time. */
static struct made make(uint64_t number, double scatter, double b)
{
    struct made made = {.scatter = scatter,
                        .processors = {1.0, 1.0, 1.0},
                        .peaks = {64e6, 64e6, 64e6},
                        .last_weights = {0.25, 0.25, 0.25},
                        .second_half = 1.0};
    for (size_t side = 0; side < RACE_SIDES; side++)
        made.noises[side] = random_open(number, RANDOM_FEATURES, side);
    for (size_t task = 0; task < TASKS_MOST; task++)
        for (size_t side = 0; side < RACE_SIDES; side++)
            made.factors[task][side] = side == RACE_B ? b : 1.0;
    return made;
}

static const char *const names[TASKS_MOST] = {"first", "second", "third", "fourth"};

static struct race race_of(size_t tasks)
{
    return (struct race){.options = {.resolution = 0.02,
                                     .fail_slower = 0.0,
                                     .rounds_most = 300,
                                     .seconds_most = 1e6,
                                     .seed = 11},
                         .sides = RACE_SIDES,
                         .tasks = tasks,
                         .names = names};
}

static bool run_made(struct race *race, struct made *made, struct error *error)
{
    const struct race_runner runner = {made_run, made_relink, made};
    clock_replace(made_clock);
    const bool done = race_run(race, &runner, NULL, error);
    clock_replace(NULL);
    return done;
}

/* Runs it to its end and judges it; both are to be cleared. */
static struct race_verdicts judge_made(struct race *race, struct made *made)
{
    struct error error = {.kind = ERROR_NONE};
    assert_true(run_made(race, made, &error));
    return race_judge(race);
}

/* How one race of one task ends. */
static enum race_outcome outcome_of(struct made made)
{
    struct race race = race_of(1);
    struct race_verdicts verdicts = judge_made(&race, &made);
    const enum race_outcome outcome = verdicts.list[verdicts.main].outcome;
    race_verdicts_clear(&verdicts);
    race_clear(&race);
    return outcome;
}

/* --- Order --------------------------------------------------------------------------------- */

static void every_side_has_every_place_as_often(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(1, 0.03, 1.0);
    struct error error = {.kind = ERROR_NONE};
    assert_true(run_made(&race, &made, &error));
    assert_int_equal(race.rounds % RACE_SIDES, 0);
    assert_int_equal(made.runs, (race.rounds + 1) * RACE_SIDES);
    assert_true(race.rounds > race_pilot(&race));
    size_t counts[RACE_SIDES][RACE_SIDES] = {{0}}, firsts[RACE_SIDES][RACE_SIDES] = {{0}};
    for (size_t i = RACE_SIDES; i < made.runs; i++) {
        counts[made.turns[i]][i % RACE_SIDES]++;
        if (i % (RACE_SIDES * RACE_SIDES) == RACE_SIDES)
            firsts[made.turns[i]][made.turns[i + 1]]++;
    }
    size_t orders = 0;
    for (size_t side = 0; side < RACE_SIDES; side++)
        for (size_t place = 0; place < RACE_SIDES; place++) {
            assert_int_equal(counts[side][place], race.rounds / RACE_SIDES);
            orders += firsts[side][place] > 0;
        }
    assert_true(orders > 3); /* of the six: squares begin with others */
    race_clear(&race);
}

static void a_failure_names_side_and_round_and_keeps_what_was_measured(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(1, 0.01, 1.0);
    struct error error = {.kind = ERROR_NONE};
    made.fails_at =
        3 * RACE_SIDES + 1; /* the first of round 3, behind the one that does not count */
    assert_false(run_made(&race, &made, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_int_equal(race.rounds, 2);
    char expected[128];
    snprintf(expected, sizeof expected, "race: %s failed in round 3: it was killed by signal 11",
             race_side_names[made.turns[made.runs - 1]]);
    assert_non_null(strstr(error.message, expected));
    race_clear(&race);
}

/* --- How many rounds ----------------------------------------------------------------------- */

static void noise_and_resolution_say_how_many_rounds(void **state)
{
    (void)state;
    size_t before = 0;
    const double scatters[] = {0.002, 0.02, 0.04};
    for (size_t i = 0; i < sizeof scatters / sizeof *scatters; i++) {
        struct race race = race_of(1);
        struct made made = make(5, scatters[i], 1.0);
        struct error error = {.kind = ERROR_NONE};
        assert_true(run_made(&race, &made, &error));
        assert_true(race.rounds > before && race.rounds == race.plan.wanted);
        assert_true(race.plan.scatter > 0.5 * scatters[i] && race.plan.scatter < 2.0 * scatters[i]);
        assert_true(fabs(race.seconds / (double)(race.rounds * RACE_SIDES) - 1.0) < 0.1);
        before = race.rounds;
        race_clear(&race);
    }
}

static void limits_are_kept_and_named(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(5, 0.05, 1.0);
    race.options.rounds_most = 20;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_int_equal(race.rounds, 18);
    assert_string_equal(race.plan.limited_by, "--rounds");
    assert_int_equal(verdicts.list[0].outcome, RACE_NOISY);
    char *answer = race_answer(&race, &verdicts);
    assert_non_null(strstr(answer, "invalid: noise hides differences below "));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    race_clear(&race);

    race = race_of(1);
    made = make(5, 0.05, 1.0);
    race.options.seconds_most = 60.0;
    struct error error = {.kind = ERROR_NONE};
    assert_true(run_made(&race, &made, &error));
    assert_string_equal(race.plan.limited_by, "--time");
    assert_true(race.seconds < 66.0 && race.seconds > 40.0);
    race_clear(&race);
}

/* --- How often ----------------------------------------------------------------------------- */

struct tally {
    int slower, faster, invalid;
};

static struct tally tally(int races, double b)
{
    struct tally tally = {0};
    for (int i = 0; i < races; i++) {
        const enum race_outcome outcome = outcome_of(make(100 + (uint64_t)i, 0.01, b));
        tally.slower += outcome == RACE_SLOWER;
        tally.faster += outcome == RACE_FASTER;
        tally.invalid += race_outcome_is_invalid(outcome);
    }
    return tally;
}

static void equal_sides_are_not_told_apart(void **state)
{
    (void)state;
    const struct tally found = tally(60, 1.0);
    assert_between(found.slower, 0, 2);
    assert_between(found.faster, 0, 2);
    assert_between(found.invalid, 0, 3);
}

static void a_difference_of_the_resolution_is_found(void **state)
{
    (void)state;
    assert_between(tally(40, 1.02).slower, 36, 40);
    assert_between(tally(20, 1.0 / 1.02).faster, 18, 20);
    assert_int_equal(tally(20, 1.05).slower, 20);
}

static void what_is_allowed_is_not_slower(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(2, 0.003, 1.03);
    race.options.fail_slower = 0.05;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_int_equal(verdicts.list[0].outcome, RACE_MORE_TIME);
    char *answer = race_answer(&race, &verdicts);
    assert_non_null(strstr(answer, " % slower ("));
    assert_non_null(strstr(answer, "not more than the 5 % that are allowed"));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

/* --- The control --------------------------------------------------------------------------- */

static void copies_that_differ_leave_no_verdict(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(3, 0.003, 1.2);
    made.factors[0][RACE_COPY] = 1.05;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_int_equal(verdicts.list[0].outcome, RACE_COPIES_APART);
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

static void what_copies_differ_by_is_no_difference_of_b(void **state)
{
    (void)state;
    struct made made = make(3, 0.0005, 1.004);
    made.factors[0][RACE_COPY] = 1.006;
    assert_int_equal(outcome_of(made), RACE_NOT_APART);
    made = make(3, 0.0005, 1.02);
    made.factors[0][RACE_COPY] = 1.006;
    assert_int_equal(outcome_of(made), RACE_SLOWER);
}

static void a_side_against_its_copy_is_recorded(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(4, 0.01, 1.0);
    race.sides = RACE_B;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_int_equal(verdicts.list[0].outcome, RACE_RECORDED);
    assert_int_equal(race.rounds % 2, 0);
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

/* --- Several tasks ------------------------------------------------------------------------- */

static void one_slow_task_of_several_is_named(void **state)
{
    (void)state;
    struct race race = race_of(TASKS_MOST);
    struct made made = make(6, 0.005, 1.0);
    made.factors[2][RACE_B] = 1.07;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_int_equal(verdicts.count, TASKS_MOST + 1);
    assert_int_equal(verdicts.list[2].outcome, RACE_SLOWER);
    assert_int_equal(verdicts.list[0].outcome, RACE_NOT_APART);
    assert_int_equal(verdicts.main, 2);
    char *answer = race_answer(&race, &verdicts);
    assert_int_equal(strncmp(answer, "in 1 of 4; third: B is ", 23), 0);
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

/* Holm: the smallest is held against alpha / 5, the next, after that is refuted, against alpha / 4,
 * and those after the first that is not against what that was. */
static void each_task_is_held_against_its_share(void **state)
{
    (void)state;
    struct race race = race_of(TASKS_MOST);
    struct made made = make(7, 0.005, 1.0);
    made.factors[0][RACE_B] = 1.2;
    struct race_verdicts verdicts = judge_made(&race, &made);
    size_t fifths = 0, least = 0;
    for (size_t i = 0; i < verdicts.count; i++) {
        fifths += verdicts.list[i].alpha == RACE_ALPHA / 5.0;
        least = verdicts.list[i].shift.p < verdicts.list[least].shift.p ? i : least;
    }
    assert_int_equal(fifths, 1);
    assert_true(verdicts.list[least].alpha == RACE_ALPHA / 5.0);
    for (size_t i = 0; i < verdicts.count; i++) {
        const struct race_verdict *verdict = &verdicts.list[i];
        const bool apart = verdict->shift.low > 0.0 || verdict->shift.high < 0.0;
        assert_true(apart == (verdict->shift.p <= verdict->alpha));
    }
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

/* --- Orders of links ----------------------------------------------------------------------- */

/* Files of one order each: 3 % of layout is told as if it were of B, or of A's copy. In twelve
 * orders it is told as what it is. */
static void layout_is_told_apart_from_noise(void **state)
{
    (void)state;
    double layouts = 0.0;
    int apart = 0, kept = 0;
    for (uint64_t i = 0; i < 10; i++) {
        struct made made = make(200 + i, 0.003, 1.0);
        made.layouts = 0.03;
        apart += outcome_of(made) != RACE_NOT_APART;
        struct race race = race_of(1);
        race.options.orders = 12;
        race.options.resolution = 0.1;
        struct race_verdicts verdicts = judge_made(&race, &made);
        assert_int_equal(race.rounds % 12, 0);
        layouts += verdicts.list[0].layout / 10.0;
        kept += verdicts.list[0].outcome == RACE_NOT_APART;
        race_verdicts_clear(&verdicts);
        race_clear(&race);
    }
    assert_true(fabs(layouts - 0.03) < 0.006);
    assert_true(apart > 5 && kept >= 9);
}

static void no_layout_is_none(void **state)
{
    (void)state;
    struct race race = race_of(1);
    struct made made = make(9, 0.01, 1.05);
    race.options.orders = 12;
    struct race_verdicts verdicts = judge_made(&race, &made);
    assert_true(verdicts.list[0].layout < 0.006);
    assert_int_equal(verdicts.list[0].outcome, RACE_SLOWER);
    char *answer = race_answer(&race, &verdicts);
    assert_non_null(strstr(answer, "; 12 orders of links scatter by 0."));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    race_clear(&race);
}

/* --- Duets --------------------------------------------------------------------------------- */

/* A half that is slower is so for all sides as often. */
static void duets_swap_the_halves(void **state)
{
    (void)state;
    for (int slower = 0; slower < 2; slower++) {
        struct race race = race_of(1);
        struct made made = make(10, 0.003, slower != 0 ? 1.05 : 1.0);
        race.options.duet = true;
        race.options.rounds_most = 60;
        made.second_half = 1.003;
        struct race_verdicts verdicts = judge_made(&race, &made);
        assert_int_equal(race.rounds % 4, 0);
        assert_int_equal(verdicts.list[0].outcome, slower != 0 ? RACE_SLOWER : RACE_NOT_APART);
        assert_true(fabs(expm1(verdicts.list[0].shift.estimate) - 0.05 * slower) < 0.005);
        for (size_t side = RACE_COPY; side < RACE_SIDES; side++)
            assert_true(made.halves[side][0] + made.halves[side][1] == race.rounds + 1 &&
                        made.halves[side][0] * 2 >= race.rounds &&
                        made.halves[side][1] * 2 >= race.rounds);
        race_verdicts_clear(&verdicts);
        race_clear(&race);
    }
}

/* --- What else differs --------------------------------------------------------------------- */

static char *answer_of(struct made made, struct race_verdicts *verdicts)
{
    struct race race = race_of(1);
    *verdicts = judge_made(&race, &made);
    char *answer = race_answer(&race, verdicts);
    race_clear(&race);
    return answer;
}

static void a_faster_build_that_loses_the_last_bit_is_not_faster(void **state)
{
    (void)state;
    struct race_verdicts verdicts;
    struct made made = make(8, 0.003, 0.9);
    made.last_weights[RACE_B] = nextafter(0.25, 1.0);
    char *answer = answer_of(made, &verdicts);
    assert_int_equal(verdicts.list[0].outcome, RACE_LESS_TIME);
    assert_int_equal(strncmp(answer, "not faster: B takes ", 20), 0);
    assert_non_null(strstr(answer, "with other results: weights differ in the last bit"));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
}

static void more_processors_and_more_memory_are_told(void **state)
{
    (void)state;
    struct race_verdicts verdicts;
    struct made made = make(8, 0.003, 0.9);
    made.processors[RACE_B] = 2.0;
    made.peaks[RACE_B] = 80e6;
    char *answer = answer_of(made, &verdicts);
    assert_int_equal(verdicts.list[0].outcome, RACE_FASTER);
    assert_non_null(strstr(answer, " % faster ("));
    assert_non_null(strstr(answer, ", by using more processors: 2.00 against 1.00"));
    assert_non_null(strstr(answer, ", with more memory: 76.3 MiB against 61 MiB"));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
}

static bool tells_processors(double times, double processors)
{
    struct race_verdicts verdicts;
    struct made made = make(8, 0.003, times);
    made.processors[RACE_B] = processors;
    char *answer = answer_of(made, &verdicts);
    const bool tells = strstr(answer, " processors: ") != NULL;
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    return tells;
}

/* A tenth of the work elsewhere, and the same the other way round. */
static void fewer_than_half_a_processor_are_told_where_they_explain_it(void **state)
{
    (void)state;
    assert_true(tells_processors(0.9, 1.11));
    assert_true(tells_processors(1.1, 0.91));
    assert_false(tells_processors(0.9, 1.02));
    assert_false(tells_processors(0.9, 0.9));
    assert_false(tells_processors(1.0, 1.11));
}

/* The copy's results differ from A's as B's do. */
static void results_that_are_never_the_same_are_not_held_against_b(void **state)
{
    (void)state;
    struct race_verdicts verdicts;
    struct made made = make(8, 0.003, 0.9);
    made.last_weights[RACE_COPY] = 0.25 + 1e-9;
    made.last_weights[RACE_B] = 0.25 - 1e-9;
    char *answer = answer_of(made, &verdicts);
    assert_int_equal(verdicts.list[0].outcome, RACE_FASTER);
    memory_free(answer);
    race_verdicts_clear(&verdicts);
    made.last_weights[RACE_B] = 0.25 - 1e-6;
    answer = answer_of(made, &verdicts);
    assert_int_equal(verdicts.list[0].outcome, RACE_LESS_TIME);
    assert_non_null(strstr(answer, "weights differ by 1e-06 of the largest"));
    memory_free(answer);
    race_verdicts_clear(&verdicts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_side_has_every_place_as_often),
        cmocka_unit_test(a_failure_names_side_and_round_and_keeps_what_was_measured),
        cmocka_unit_test(noise_and_resolution_say_how_many_rounds),
        cmocka_unit_test(limits_are_kept_and_named),
        cmocka_unit_test(equal_sides_are_not_told_apart),
        cmocka_unit_test(a_difference_of_the_resolution_is_found),
        cmocka_unit_test(what_is_allowed_is_not_slower),
        cmocka_unit_test(copies_that_differ_leave_no_verdict),
        cmocka_unit_test(what_copies_differ_by_is_no_difference_of_b),
        cmocka_unit_test(a_side_against_its_copy_is_recorded),
        cmocka_unit_test(one_slow_task_of_several_is_named),
        cmocka_unit_test(each_task_is_held_against_its_share),
        cmocka_unit_test(layout_is_told_apart_from_noise),
        cmocka_unit_test(no_layout_is_none),
        cmocka_unit_test(duets_swap_the_halves),
        cmocka_unit_test(a_faster_build_that_loses_the_last_bit_is_not_faster),
        cmocka_unit_test(more_processors_and_more_memory_are_told),
        cmocka_unit_test(fewer_than_half_a_processor_are_told_where_they_explain_it),
        cmocka_unit_test(results_that_are_never_the_same_are_not_held_against_b),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
