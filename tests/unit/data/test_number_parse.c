/* SPDX-License-Identifier: MIT
 *
 * Numbers from text against strtod(), bit for bit: at the edges of the format, as programs print
 * them, strung together at random, and where rounding twice goes wrong.
 */
#include "data/formats/number_words.h"

#include "base/random.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy behind which more digits stand, some of which may be read. */
static void assert_same_in_words(const char *text, size_t length, double expected)
{
    enum { MORE = 32, MOST = 128 };
    char copy[MOST + MORE];
    if (length + MORE > sizeof copy)
        return;
    memset(copy, '7', sizeof copy);
    memcpy(copy, text, length);
    copy[length] = ';';
    double value = 0.0;
    size_t more = (size_t)(unsigned char)text[length / 2] % MORE;
    const char *stop = number_parse_before(copy, copy + length + more, &value);
    if (stop != copy + length || memcmp(&value, &expected, sizeof value) != 0)
        fail_msg("'%s', %zu more: %a instead of %a", text, more, value, expected);
}

static void assert_same_as_strtod(const char *text)
{
    char *end;
    double expected = strtod(text, &end), value = 0.0;
    const char *stop = number_parse(text, &value);
    if (stop != end || memcmp(&value, &expected, sizeof value) != 0)
        fail_msg("'%s': %a instead of %a", text, value, expected);
    assert_same_in_words(text, (size_t)(end - text), expected);
}

static const char *const edges[] = {
    "0",
    "-0",
    "+0",
    "0.0",
    "-0.000",
    "1",
    "-1",
    "+1.5",
    ".5",
    "-.5",
    "5.",
    "0.1",
    "0.869",
    "1e0",
    "1E5",
    "1e+5",
    "1e-5",
    "00000000000000000000000001.5",
    "0.00000000000000000000001",
    "9007199254740992",
    "9007199254740993",
    "9007199254740995",
    "-9007199254740993",
    "9007199254740992e22",
    "9007199254740993e22",
    "1e22",
    "1e23",
    "8.5e22",
    "1e27",
    "1e28",
    "18446744073709551615",
    "18446744073709551616",
    "9999999999999999999",
    "99999999999999999999",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "1e308",
    "1e309",
    "-1e400",
    "1e99999999999999999999",
    "2.2250738585072014e-308",
    "2.2250738585072011e-308",
    "4.9e-324",
    "2.4703282292062328e-324",
    "2.4703282292062327e-324",
    "1e-400",
    "-1e-400",
    "0e99999",
    "0e-99999",
    "0.0e400",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
    "1.0000000000000001110223024625156540",
    "123456789012345678901234567890e-20",
    "0.000000000000000000000000000012345678901234567890123",
    "6.02214076e23",
    "1.6e-35",
};

static void numbers_equal_strtod_at_the_edges(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        assert_same_as_strtod(edges[i]);
}

/* Numbers as programs print them, of any magnitude, and digits strung together at random. */
static void numbers_equal_strtod_at_random(void **state)
{
    (void)state;
    char text[128];
    struct random_stream stream = random_open(44, RANDOM_START, 0);
    for (int i = 0; i < 2000000; i++) {
        uint64_t bits = random_bits(&stream);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (i % 2 == 0)
            value = random_normal(&stream) * pow(10.0, (double)random_below(&stream, 30) - 15.0);
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.*g", 1 + (int)random_below(&stream, 20), value);
        assert_same_as_strtod(text);
    }
    for (int i = 0; i < 1000000; i++) {
        snprintf(text, sizeof text, "%s%llu.%0*llue%d", i % 3 == 0 ? "-" : "",
                 (unsigned long long)(random_bits(&stream) >> random_below(&stream, 64)),
                 (int)random_below(&stream, 20) + 1,
                 (unsigned long long)(random_bits(&stream) >> random_below(&stream, 64)),
                 (int)random_below(&stream, 80) - 40);
        assert_same_as_strtod(text);
    }
}

/* Decimals exactly half way between two doubles, and a last digit next to it, with and without an
 * exponent: where rounding twice goes wrong. */
static void numbers_equal_strtod_at_ties(void **state)
{
    (void)state;
    char text[128];
    struct random_stream stream = random_open(45, RANDOM_START, 0);
    for (int i = 0; i < 300000; i++) {
        uint64_t mantissa = (random_bits(&stream) >> 11) | (UINT64_C(1) << 52);
        uint64_t middle = 2 * mantissa + 1;
        for (uint64_t near = middle - 1; near <= middle + 1; near++) {
            snprintf(text, sizeof text, "%llu", (unsigned long long)near);
            assert_same_as_strtod(text);
            snprintf(text, sizeof text, "%llue%d", (unsigned long long)near,
                     (int)random_below(&stream, 60) - 30);
            assert_same_as_strtod(text);
            snprintf(text, sizeof text, "%.1f", (double)mantissa / 4.0);
            assert_same_as_strtod(text);
        }
    }
}

/* A fraction of more zeros than any exponent that is a double, and an exponent to make up for it.
 */
static void numbers_equal_strtod_at_great_length(void **state)
{
    (void)state;
    enum { ZEROS = 200000 };
    static char text[ZEROS + 32];
    memset(text, '0', ZEROS);
    text[1] = '.';
    snprintf(text + ZEROS, 32, "125e%d", ZEROS);
    assert_same_as_strtod(text);
    memset(text, '7', ZEROS);
    snprintf(text + ZEROS, 32, "e-%d", ZEROS);
    assert_same_as_strtod(text);
}

static void texts_that_are_no_numbers_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"",    "-",    ".",    "+.",    "e5",    "1e",  "1e+",
                                        "abc", "0x10", "1,5",  "1.2.3", "1 2",   "--1", "1-",
                                        "nan", "inf",  "1e5.", "1d5",   "1_000", "١",   "infinity"};
    double value;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_false(number_parse_whole(texts[i], strlen(texts[i]), &value));
    assert_true(number_not_finite("nan", 3) && number_not_finite("-Inf", 4) &&
                number_not_finite("+INFINITY", 9));
    assert_false(number_not_finite("", 0) || number_not_finite("infi", 4));
}

/* The integer m as a decimal, written in one of many ways. */
static void integer_write(struct random_stream *stream, int64_t m, char *text, size_t size)
{
    static const char *const zeros[] = {"", "0", "00", "000"};
    char digits[64];
    int shift = (int)random_below(stream, 30) - 10;
    snprintf(digits, sizeof digits, "%s%llu", zeros[random_below(stream, 4)],
             (unsigned long long)llabs(m));
    int whole = (int)random_below(stream, strlen(digits) + 1); /* digits before the point */
    int exponent = (int)strlen(digits) - whole;
    char sign = '-', *end = text;
    if (m >= 0)
        sign = random_below(stream, 2) ? '+' : ' ';
    end += snprintf(end, size, "%s%.*s.%s", sign == ' ' ? "" : (char[]){sign, '\0'}, whole, digits,
                    digits + whole);
    for (int i = 0; i < shift; i++)
        end += snprintf(end, size - (size_t)(end - text), "0");
    snprintf(end, size - (size_t)(end - text), "%c%+d", random_below(stream, 2) ? 'e' : 'E',
             exponent);
}

/* Pairs that are equal, or differ in the last digit, at any size and however they are written. */
static void numbers_are_compared_exactly(void **state)
{
    (void)state;
    enum { PAIRS = 20000 };
    struct random_stream stream = random_open(45, RANDOM_START, 0);
    for (int pair = 0; pair < PAIRS; pair++) {
        int64_t m = (int64_t)(random_bits(&stream) >> (1 + random_below(&stream, 62)));
        m = random_below(&stream, 2) ? m : -m;
        int64_t n = m + (int64_t)random_below(&stream, 3) - 1;
        n = random_below(&stream, 8) == 0 ? -m : n;
        char a[160], b[160];
        integer_write(&stream, m, a, sizeof a);
        integer_write(&stream, n, b, sizeof b);
        int order = number_compare(a, strlen(a), b, strlen(b));
        if ((order > 0) - (order < 0) != (m > n) - (m < n))
            fail_msg("%s and %s: %d", a, b, order);
    }
    assert_true(number_compare("0", 1, "-0.0e5", 6) == 0);
    assert_true(number_compare("1e99999999999999999999", 22, "1e5", 3) > 0);
    assert_true(number_compare("-1e-99999999999999999999", 24, "-1e5", 4) > 0);
    assert_true(number_compare("0.1", 3, "0.10000000000000000001", 22) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_equal_strtod_at_the_edges),
        cmocka_unit_test(numbers_equal_strtod_at_random),
        cmocka_unit_test(numbers_equal_strtod_at_ties),
        cmocka_unit_test(numbers_equal_strtod_at_great_length),
        cmocka_unit_test(texts_that_are_no_numbers_are_refused),
        cmocka_unit_test(numbers_are_compared_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
