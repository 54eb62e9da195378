/* SPDX-License-Identifier: MIT
 *
 * Signs of sums of products, against integers of 128 bits.
 */
#include "base/random.h"
#include "solvers/optimum/exact_sign.h"
#include "testing.h"

#include <math.h>

__extension__ typedef __int128 wide;

enum { TERMS = 8, SUMS = 20000 };

/* Sums that nearly cancel: the last product is what is left, or one more or less. */
static void signs_are_those_of_integers(void **state)
{
    (void)state;
    struct random_stream stream = random_open(25, RANDOM_FEATURES, 0);
    int counts[3] = {0};
    for (int i = 0; i < SUMS; i++) {
        double parts[2 * TERMS + 1];
        struct exact_sum exact_sum = {.parts = parts};
        wide sum = 0;
        for (int t = 0; t + 2 < TERMS; t++) {
            const int bits = 1 + (int)random_below(&stream, 50);
            const int64_t a = (int64_t)random_below(&stream, (uint64_t)1 << bits);
            const int64_t b = (int64_t)random_below(&stream, (uint64_t)1 << bits) - (1 << 20);
            sum += (wide)a * b;
            exact_sum_add(&exact_sum, (double)a, (double)b);
        }
        const int64_t high = (int64_t)(sum >> 40);
        const int64_t low = (int64_t)(sum - (wide)high * ((wide)1 << 40));
        const int rest = (int)random_below(&stream, 3) - 1;
        if (high > ((int64_t)1 << 53) || high < -((int64_t)1 << 53))
            continue; /* not a double */
        exact_sum_add(&exact_sum, -(double)high, 0x1p40);
        exact_sum_add(&exact_sum, -(double)low + rest, 1.0);
        assert_int_equal(exact_sum_sign(&exact_sum), rest);
        counts[rest + 1]++;
    }
    assert_true(counts[0] > 1000 && counts[1] > 1000 && counts[2] > 1000);
}

static void what_is_no_double_is_unknown(void **state)
{
    (void)state;
    static const double out_of_range[][2] = {
        {1e-200, 1e-200}, {1e200, 1e200}, {INFINITY, 1.0}, {NAN, 1.0}};
    for (size_t i = 0; i < sizeof out_of_range / sizeof *out_of_range; i++) {
        double parts[3];
        struct exact_sum exact_sum = {.parts = parts};
        exact_sum_add(&exact_sum, out_of_range[i][0], out_of_range[i][1]);
        assert_int_equal(exact_sum_sign(&exact_sum), EXACT_SIGN_UNKNOWN);
    }
    double parts[3];
    struct exact_sum nothing = {.parts = parts};
    exact_sum_add(&nothing, 1e-300, 0.0);
    assert_int_equal(exact_sum_sign(&nothing), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_are_those_of_integers),
        cmocka_unit_test(what_is_no_double_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
