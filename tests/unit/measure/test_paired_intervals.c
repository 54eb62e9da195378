/* SPDX-License-Identifier: MIT
 *
 * Arrivals that are known only to lie between two times, and rounds of several seeds. Properties,
 * over numbers drawn once and for all: whatever the true arrivals, a verdict that is given is also
 * that of the true ones, and what is told of the ratio holds theirs.
 */
#include "measure/statistics/paired.h"

#include "base/random.h"
#include "testing.h"

#include <math.h>

enum { MOST = 24, CASES = 3000 };

/* Rounds (count) of which about half are intervals, and the true arrivals within them. */
static void draw(struct random_stream *stream, size_t count, size_t seeds, double lead,
                 struct paired_round *rounds, struct paired_round *truth)
{
    for (size_t i = 0; i < count; i++) {
        struct arrival *sides[2][2] = {{&rounds[i].a, &truth[i].a}, {&rounds[i].b, &truth[i].b}};
        rounds[i].seed = truth[i].seed = (int64_t)(i % seeds);
        for (int s = 0; s < 2; s++) {
            double time = exp(0.1 * random_normal(stream)) * (s == 1 ? lead : 1.0);
            bool between = random_uniform(stream) < 0.5, missed = random_uniform(stream) < 0.05;
            double before = between ? random_uniform(stream) * 0.3 : 0.0;
            double beyond = between ? random_uniform(stream) * 0.3 : 0.0;
            *sides[s][0] = (struct arrival){time * (1.0 - before), time * (1.0 + beyond)};
            *sides[s][1] = (struct arrival){time, time};
            if (missed)
                *sides[s][0] = *sides[s][1] = (struct arrival){INFINITY, INFINITY};
        }
    }
}

static void a_verdict_holds_whatever_the_true_arrivals(void **state)
{
    (void)state;
    size_t verdicts = 0, unsure = 0;
    for (uint64_t i = 0; i < CASES; i++) {
        struct random_stream stream = random_open(31, RANDOM_START, i);
        struct paired_round rounds[MOST], truth[MOST];
        size_t count = 1 + i % MOST, seeds = i % 3 == 0 ? 1 + i % 11 : 1;
        draw(&stream, count, seeds, exp(random_normal(&stream) * 0.3), rounds, truth);
        struct paired_ratio told = paired_rounds(rounds, count, 0.05);
        struct paired_ratio real = paired_rounds(truth, count, 0.05);
        assert_true(told.rounds == real.rounds && told.draws == real.draws);
        assert_true(told.low <= real.low && real.high <= told.high);
        if (real.rounds == 0)
            continue;
        assert_true(told.least <= real.ratio && real.ratio <= told.most);
        assert_true(told.least <= told.ratio && told.ratio <= told.most);
        enum paired_outcome said = separation_of(&told), is = separation_of(&real);
        if (said == SEPARATION_FIRST || said == SEPARATION_SECOND)
            assert_int_equal(said, is);
        if (is == SEPARATION_FIRST || is == SEPARATION_SECOND)
            assert_true(said == is || said == SEPARATION_BETWEEN);
        verdicts += said == SEPARATION_FIRST || said == SEPARATION_SECOND;
        unsure += said == SEPARATION_BETWEEN;
    }
    assert_true(verdicts > 100 && unsure > 100);
}

static void swapped_sides_have_the_reciprocal(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 500; i++) {
        struct random_stream stream = random_open(32, RANDOM_START, i);
        struct paired_round rounds[MOST], truth[MOST], swapped[MOST];
        size_t count = 1 + i % MOST;
        draw(&stream, count, 1 + i % 4, 1.1, rounds, truth);
        for (size_t r = 0; r < count; r++)
            swapped[r] = (struct paired_round){rounds[r].seed, rounds[r].b, rounds[r].a};
        struct paired_ratio one = paired_rounds(rounds, count, 0.05);
        struct paired_ratio other = paired_rounds(swapped, count, 0.05);
        assert_true(one.blurred == other.blurred && one.between == other.between);
        if (isfinite(one.high) && one.low > 0.0)
            assert_true(fabs(one.low * other.high - 1.0) < 1e-12 &&
                        fabs(one.high * other.low - 1.0) < 1e-12);
    }
}

/* More rounds of the same seeds, and another order of them, change nothing. */
static void rounds_of_a_seed_are_no_draws(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 200; i++) {
        struct random_stream stream = random_open(33, RANDOM_START, i);
        struct paired_round rounds[MOST], truth[MOST], again[3 * MOST];
        size_t seeds = 2 + i % (MOST - 1);
        draw(&stream, seeds, seeds, 1.3, rounds, truth);
        for (size_t r = 0; r < 3 * seeds; r++)
            again[r] = rounds[seeds - 1 - r % seeds];
        struct paired_ratio once = paired_rounds(rounds, seeds, 0.05);
        struct paired_ratio thrice = paired_rounds(again, 3 * seeds, 0.05);
        assert_true(thrice.rounds == 3 * once.rounds && thrice.draws == once.draws);
        assert_true(thrice.low == once.low && thrice.high == once.high);
        if (once.rounds > 0)
            assert_true(thrice.least == once.least && thrice.most == once.most);
        assert_int_equal(separation_of(&thrice), separation_of(&once));
    }
}

/* That a's arrival may have been at once leaves the ratio without a bound, and nothing else. */
static void an_arrival_may_have_been_at_once(void **state)
{
    (void)state;
    struct paired_round rounds[8];
    for (size_t i = 0; i < 8; i++)
        rounds[i] = (struct paired_round){0, {0.0, 1.0}, {2.0, 2.0}};
    struct paired_ratio told = paired_rounds(rounds, 8, 0.05);
    assert_true(told.least == 2.0 && told.most == INFINITY && told.low == 2.0);
    assert_int_equal(separation_of(&told), SEPARATION_FIRST);
    for (size_t i = 0; i < 8; i++)
        rounds[i] = (struct paired_round){0, {0.0, 1.0}, {0.0, 1.0}};
    told = paired_rounds(rounds, 8, 0.05);
    assert_true(told.least == 0.0 && told.most == INFINITY && told.ratio == 1.0);
    assert_int_equal(separation_of(&told), SEPARATION_BETWEEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_holds_whatever_the_true_arrivals),
        cmocka_unit_test(swapped_sides_have_the_reciprocal),
        cmocka_unit_test(rounds_of_a_seed_are_no_draws),
        cmocka_unit_test(an_arrival_may_have_been_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
