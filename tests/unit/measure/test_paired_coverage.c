/* SPDX-License-Identifier: MIT
 *
 * Do intervals hold what they say? In 20,000 simulated comparisons of each kind the true ratio has
 * to lie within the interval as often as its confidence says, whatever the noise and the drift, and
 * two sides that are the same must not be told apart more often than in one of twenty. The numbers
 * drawn are always the same.
 */
#include "measure/statistics/paired.h"

#include "base/random.h"
#include "testing.h"

#include <math.h>

enum { SIMULATIONS = 20000, MOST_ROUNDS = 31 };

/* Draws times (rounds) of two sides that are in truth the same. */
typedef void noise_draw(struct random_stream *stream, double *a, double *b, size_t rounds);

static double normal_time(struct random_stream *stream)
{
    return exp(0.05 * random_normal(stream));
}

static void draw_normal(struct random_stream *stream, double *a, double *b, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++) {
        a[i] = normal_time(stream);
        b[i] = normal_time(stream);
    }
}

/* Delays that have not even a mean. */
static double cauchy_time(struct random_stream *stream)
{
    return 1.0 + 0.02 * tan(1.5707963267948966 * random_uniform(stream));
}

static void draw_cauchy(struct random_stream *stream, double *a, double *b, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++) {
        a[i] = cauchy_time(stream);
        b[i] = cauchy_time(stream);
    }
}

/* One time in ten, something else runs. */
static double disturbed_time(struct random_stream *stream)
{
    double disturbance = random_uniform(stream) < 0.1 ? 3.0 : 1.0;
    return disturbance * normal_time(stream);
}

static void draw_spikes(struct random_stream *stream, double *a, double *b, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++) {
        a[i] = disturbed_time(stream);
        b[i] = disturbed_time(stream);
    }
}

/* Both sides become slower by 30 % from the first round to the last. */
static void draw_linear_drift(struct random_stream *stream, double *a, double *b, size_t rounds)
{
    draw_normal(stream, a, b, rounds);
    for (size_t i = 0; i < rounds; i++) {
        double drift = 1.0 + 0.3 * (double)i / (double)(rounds - 1);
        a[i] *= drift;
        b[i] *= drift;
    }
}

static void draw_random_walk(struct random_stream *stream, double *a, double *b, size_t rounds)
{
    double drift = 1.0;
    draw_normal(stream, a, b, rounds);
    for (size_t i = 0; i < rounds; i++) {
        drift *= exp(0.1 * random_normal(stream));
        a[i] *= drift;
        b[i] *= drift;
    }
}

/* Simulations in which the interval held the true ratio, and in which a verdict was found. */
struct tally {
    size_t held, first, second;
    double confidence;
};

static void count(struct tally *tally, const double *a, const double *b, size_t rounds,
                  double truth)
{
    struct paired_ratio paired = paired_ratio(a, b, rounds, 0.05);
    enum paired_outcome verdict = separation_of(&paired);
    tally->held += paired.low <= truth && truth <= paired.high;
    tally->first += verdict == SEPARATION_FIRST;
    tally->second += verdict == SEPARATION_SECOND;
    tally->confidence = paired.confidence;
}

/* 0.006 is more than four standard deviations of a share near 0.96. */
static void assert_share(size_t held, double confidence)
{
    double share = (double)held / (double)SIMULATIONS;
    assert_true(share >= 0.94);
    assert_true(fabs(share - confidence) < 0.006);
}

static void check(noise_draw *draw, uint64_t seed, size_t rounds)
{
    double a[MOST_ROUNDS], b[MOST_ROUNDS];
    struct tally same = {0}, slower = {0};
    for (uint64_t i = 0; i < SIMULATIONS; i++) {
        struct random_stream stream = random_open(seed, RANDOM_START, i);
        draw(&stream, a, b, rounds);
        count(&same, a, b, rounds, 1.0);
        for (size_t j = 0; j < rounds; j++)
            b[j] *= 3.1;
        count(&slower, a, b, rounds, 3.1);
    }
    assert_share(same.held, same.confidence);
    assert_share(slower.held, slower.confidence);
    assert_true((double)(same.first + same.second) <= 0.05 * (double)SIMULATIONS);
    assert_int_equal(same.held, SIMULATIONS - same.first - same.second);
    assert_int_equal(slower.second, 0);
}

static void check_sizes(noise_draw *draw, uint64_t seed)
{
    check(draw, seed, 6);
    check(draw, seed, 15);
    check(draw, seed, MOST_ROUNDS);
}

static void normal_noise(void **state)
{
    (void)state;
    check_sizes(draw_normal, 1);
}

static void cauchy_tails(void **state)
{
    (void)state;
    check_sizes(draw_cauchy, 2);
}

static void spikes(void **state)
{
    (void)state;
    check_sizes(draw_spikes, 3);
}

static void linear_drift_of_both(void **state)
{
    (void)state;
    check_sizes(draw_linear_drift, 4);
}

static void random_walk_of_both(void **state)
{
    (void)state;
    check_sizes(draw_random_walk, 5);
}

/* That equals are not told apart is worth something only if others are: 10 % are found. */
static void a_tenth_is_found(void **state)
{
    (void)state;
    double a[15], b[15];
    struct tally tally = {0};
    for (uint64_t i = 0; i < SIMULATIONS; i++) {
        struct random_stream stream = random_open(6, RANDOM_START, i);
        draw_normal(&stream, a, b, 15);
        for (size_t j = 0; j < 15; j++)
            b[j] *= 1.1;
        count(&tally, a, b, 15, 1.1);
    }
    assert_true((double)tally.first >= 0.9 * (double)SIMULATIONS);
    assert_int_equal(tally.second, 0);
}

/* Seeds that differ in what they train: in each the sides' ratio is another, in truth around 1, and
 * every seed is timed in several rounds. */
static void draw_seeds(struct random_stream *stream, struct paired_round *rounds, size_t seeds,
                       size_t each)
{
    for (size_t s = 0; s < seeds; s++) {
        double luck = exp(0.3 * random_normal(stream));
        for (size_t r = 0; r < each; r++) {
            double a = normal_time(stream), b = luck * normal_time(stream);
            rounds[s * each + r] = (struct paired_round){(int64_t)s, {a, a}, {b, b}};
        }
    }
}

/* Sides that are the same over all seeds are told apart no more often than in one of twenty,
 * however many rounds each seed has; and what was drawn is as many as the seeds. */
static void seeds_count_once(void **state)
{
    (void)state;
    enum { SEEDS = 8, EACH = 5, FEWER = 4000 };
    struct paired_round rounds[SEEDS * EACH];
    size_t apart = 0, one_seed = 0;
    for (uint64_t i = 0; i < FEWER; i++) {
        struct random_stream stream = random_open(21, RANDOM_START, i);
        draw_seeds(&stream, rounds, SEEDS, EACH);
        struct paired_ratio all = paired_rounds(rounds, SEEDS * EACH, 0.05);
        assert_true(all.seeds == SEEDS && all.draws == SEEDS && all.rounds == SEEDS * EACH);
        apart += separation_of(&all) != SEPARATION_NONE;
        draw_seeds(&stream, rounds, 1, 15);
        struct paired_ratio one = paired_rounds(rounds, 15, 0.05);
        assert_true(one.seeds == 1 && one.draws == 15);
        one_seed += separation_of(&one) != SEPARATION_NONE;
    }
    assert_true((double)apart <= 0.05 * (double)FEWER);
    /* The rounds of one seed show the ratio of that seed only, which is why a verdict names the
     * seed. */
    assert_true((double)one_seed > 0.5 * (double)FEWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_noise),
        cmocka_unit_test(cauchy_tails),
        cmocka_unit_test(spikes),
        cmocka_unit_test(linear_drift_of_both),
        cmocka_unit_test(random_walk_of_both),
        cmocka_unit_test(a_tenth_is_found),
        cmocka_unit_test(seeds_count_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
