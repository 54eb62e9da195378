/* SPDX-License-Identifier: MIT
 *
 * The order of rounds: in every block each configuration stands at each position once.
 */
#include "sweep/file/sweep_file.h"
#include "sweep/workload/rounds.h"
#include "testing.h"

#include <string.h>

enum { MOST = 7, BLOCKS = 4 };

/* turns[round][position] of the first `rounds` rounds of k configurations. */
static void read_rounds(uint64_t seed, size_t k, size_t rounds, uint32_t turns[][MOST])
{
    for (size_t i = 0; i < rounds; i++)
        round_turns(&order_interleaved, seed, (int64_t)i + 1, k, turns[i]);
}

/* A Latin square: no configuration twice in a round, or twice at a position. */
static void check_block(size_t k, uint32_t turns[][MOST])
{
    bool in_round[MOST][MOST] = {{false}}, at_position[MOST][MOST] = {{false}};
    for (size_t round = 0; round < k; round++)
        for (size_t position = 0; position < k; position++) {
            uint32_t configuration = turns[round][position];
            assert_true(configuration < k);
            assert_false(in_round[round][configuration]);
            assert_false(at_position[position][configuration]);
            in_round[round][configuration] = at_position[position][configuration] = true;
        }
}

static void every_block_is_a_latin_square(void **state)
{
    (void)state;
    uint32_t turns[BLOCKS * MOST][MOST];
    for (size_t k = 1; k <= MOST; k++)
        for (uint64_t seed = 0; seed < 5; seed++) {
            read_rounds(seed, k, BLOCKS * k, turns);
            for (size_t block = 0; block < BLOCKS; block++)
                check_block(k, turns + block * k);
        }
}

static void two_sides_take_turns_to_be_first(void **state)
{
    (void)state;
    uint32_t turns[2 * BLOCKS][MOST];
    size_t zero_first = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        read_rounds(seed, 2, 2 * BLOCKS, turns);
        for (size_t block = 0; block < BLOCKS; block++) {
            assert_int_equal(turns[2 * block][0], turns[2 * block + 1][1]);
            assert_int_equal(turns[2 * block][1], turns[2 * block + 1][0]);
            zero_first += turns[2 * block][0] == 0;
        }
    }
    assert_between(zero_first, 60, 140); /* of 200 blocks: AB BA and BA AB alike */
}

static void blocks_and_seeds_have_orders_of_their_own(void **state)
{
    (void)state;
    uint32_t turns[BLOCKS * MOST][MOST], other[MOST][MOST];
    read_rounds(44, MOST, (size_t)BLOCKS * MOST, turns);
    for (size_t a = 0; a < BLOCKS; a++)
        for (size_t b = 0; b < a; b++)
            assert_memory_not_equal(turns[a * MOST], turns[b * MOST], sizeof turns[0]);
    read_rounds(45, MOST, MOST, other);
    assert_memory_not_equal(turns[0], other[0], sizeof turns[0]);
}

/* A round does not depend on those before it: an interrupted sweep goes on in its order. */
static void a_round_is_the_same_whenever_it_is_asked_for(void **state)
{
    (void)state;
    uint32_t turns[BLOCKS * MOST][MOST], again[MOST];
    read_rounds(3, MOST, (size_t)BLOCKS * MOST, turns);
    for (int64_t round = BLOCKS * MOST; round >= 1; round--) {
        round_turns(&order_interleaved, 3, round, MOST, again);
        assert_memory_equal(again, turns[round - 1], sizeof again);
    }
}

static void listed_is_the_order_of_the_file(void **state)
{
    (void)state;
    uint32_t turns[MOST] = {0};
    for (int64_t round = 1; round <= 3; round++) {
        round_turns(&order_listed, 44, round, MOST, turns);
        for (uint32_t i = 0; i < MOST; i++)
            assert_int_equal(turns[i], i);
    }
}

static void no_sides_have_no_order(void **state)
{
    (void)state;
    uint32_t none = 7;
    round_turns(&order_interleaved, 44, 1, 0, &none);
    round_turns(&order_listed, 44, 1, 0, &none);
    assert_int_equal(none, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_block_is_a_latin_square),
        cmocka_unit_test(two_sides_take_turns_to_be_first),
        cmocka_unit_test(blocks_and_seeds_have_orders_of_their_own),
        cmocka_unit_test(a_round_is_the_same_whenever_it_is_asked_for),
        cmocka_unit_test(listed_is_the_order_of_the_file),
        cmocka_unit_test(no_sides_have_no_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
