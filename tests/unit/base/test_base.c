/* SPDX-License-Identifier: MIT
 *
 * The foundation: texts of numbers, nearest names, errors with places, random streams, memory.
 */
#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/system/clock.h"
#include "base/table.h"
#include "base/text.h"
#include "testing.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void numbers_survive_as_text(void **state)
{
    (void)state;
    struct random_stream stream = random_open(1, RANDOM_START, 0);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = random_bits(&stream);
        double value, back;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        char text[TEXT_NUMBER];
        assert_true(text_to_real(text_from_real(text, value), &back));
        assert_true(back == value);
    }
    char text[TEXT_NUMBER];
    assert_string_equal(text_from_real(text, 0.1), "0.1");
    assert_string_equal(text_from_real(text, 1e23), "1e+23");
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    (void)state;
    double real;
    int64_t integer;
    const char *const not_reals[] = {"", " 1", "1 ", "1x", "--1", "one"};
    for (size_t i = 0; i < sizeof not_reals / sizeof *not_reals; i++)
        assert_false(text_to_real(not_reals[i], &real));
    const char *const not_integers[] = {"", "1.5", "1e400", "99999999999999999999", "x", "nan"};
    for (size_t i = 0; i < sizeof not_integers / sizeof *not_integers; i++)
        assert_false(text_to_integer(not_integers[i], &integer));
    const char *const empty[] = {"+",  "-",   ".",    "e5",   "1e", "1e+",
                                 "0x", "0xg", "1 e5", "1e5 ", "1_0"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_false(text_to_integer(empty[i], &integer));
        assert_false(text_to_real(empty[i], &real));
    }
}

/* Integers are what they are written as, however that is: none is rounded to a double first. */
static void integers_are_exact(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        {"1e5", 100000},
        {"-3", -3},
        {"+7", 7},
        {"007", 7},
        {"0x1F", 31},
        {"-0x10", -16},
        {"1.5e3", 1500},
        {"1500e-2", 15},
        {"2.000", 2},
        {".5e1", 5},
        {"0e999999999999999999999", 0},
        {"9007199254740993", INT64_C(9007199254740993)},
        {"9007199254740993.0", INT64_C(9007199254740993)},
        {"0.9007199254740993e16", INT64_C(9007199254740993)},
        {"0x20000000000001", INT64_C(9007199254740993)},
        {"9223372036854775807", INT64_MAX},
    };
    int64_t integer;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!text_to_integer(cases[i].text, &integer) || integer != cases[i].value)
            fail_msg("%s: read as %lld", cases[i].text, (long long)integer);
    }
    static const char *const none[] = {
        "0.99999999999999999999", "9007199254740992.5", "1e-400", "1e-1",
        "9223372036854775808",    "0x8000000000000000", "1e19",   "15e-1",
        "1e99999999999999999999"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (text_to_integer(none[i], &integer))
            fail_msg("%s: read as %lld", none[i], (long long)integer);
}

/* Any integer, with its point moved anywhere: read back as itself; with one digit more behind the
 * point, not at all. */
static void integers_survive_any_spelling(void **state)
{
    (void)state;
    struct random_stream stream = random_open(11, RANDOM_FEATURES, 0);
    for (int i = 0; i < 20000; i++) {
        int64_t number = (int64_t)(random_bits(&stream) >> (1 + random_bits(&stream) % 62)), back;
        char digits[TEXT_NUMBER], text[128];
        size_t length = (size_t)snprintf(digits, sizeof digits, "%" PRId64, number);
        size_t point = random_bits(&stream) % (length + 1);
        snprintf(text, sizeof text, "%.*s.%se%zu", (int)point, digits, digits + point,
                 length - point);
        if (!text_to_integer(text, &back) || back != number)
            fail_msg("%s is not read as %s", text, digits);
        snprintf(text, sizeof text, "%.*s.%s5e%zu", (int)point, digits, digits + point,
                 length - point);
        if (text_to_integer(text, &back))
            fail_msg("%s is read as an integer", text);
    }
}

static void numbers_that_a_double_loses_are_none(void **state)
{
    (void)state;
    static const char *const small[] = {"1e-400", "-1e-400", "0.1e-323", "2e-324", "0x1p-2000"};
    static const char *const large[] = {"1e400", "-1e309", "1.8e308", "0x1p2000"};
    double real;
    for (size_t i = 0; i < sizeof small / sizeof *small; i++) {
        assert_false(text_to_real(small[i], &real));
        assert_non_null(strstr(text_real_fault(small[i]), "below 4.9e-324"));
    }
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        assert_false(text_to_real(large[i], &real));
        assert_non_null(strstr(text_real_fault(large[i]), "beyond 1.8e308"));
    }
    static const char *const held[] = {"0",      "-0",      "0e-400", "0.0e999",  "5e-324",
                                       "1e-310", "1.7e308", "inf",    "-infinity"};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        assert_true(text_to_real(held[i], &real));
        assert_string_equal(text_real_fault(held[i]), "");
    }
    assert_string_equal(text_real_fault("1e-400x"), "");
}

static void words_are_quoted_for_the_shell(void **state)
{
    static const char *const cases[][2] = {
        {"/opt/a-b_c.d:1,2", "/opt/a-b_c.d:1,2"},
        {"", "''"},
        {"a b", "'a b'"},
        {"it's", "'it'\\''s'"},
        {"$HOME `x` \"y\" \\", "'$HOME `x` \"y\" \\'"},
        {"~", "'~'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text;
        size_t length;
        FILE *file = open_memstream(&text, &length);
        text_write_word(cases[i][0], file);
        fclose(file);
        assert_string_equal(text, cases[i][1]);
        free(text);
    }
}

static void the_nearest_name_is_what_was_meant(void **state)
{
    (void)state;
    const char *const names[] = {"rate", "batch", "schedule", "shuffle", "lambda", "seed"};
    const size_t count = sizeof names / sizeof *names;
    assert_string_equal(text_nearest("raet", names, count), "rate");
    assert_string_equal(text_nearest("schedul", names, count), "schedule");
    assert_string_equal(text_nearest("lamda", names, count), "lambda");
    assert_null(text_nearest("zebra", names, count));
    assert_null(text_nearest("2", (const char *const[]){"1", "0"}, 2));
    assert_int_equal(text_distance("", "abc"), 3);
    assert_int_equal(text_distance("kitten", "sitting"), 3);
    assert_int_equal(text_distance("ab", "ba"), 1);
}

static void unknown_names_are_answered(void **state)
{
    (void)state;
    const struct entry a = {"sgd", ""}, b = {"gd", ""};
    const struct entry *const rows[] = {&a, &b};
    const struct table table = TABLE("solver", rows);
    char text[256];
    assert_ptr_equal(table_find(&table, "gd"), &b);
    assert_null(table_find(&table, "g"));
    assert_string_equal(table_unknown(&table, "sdg", text, sizeof text),
                        "unknown solver 'sdg'; did you mean 'sgd'? known: sgd, gd");
}

static void errors_say_where(void **state)
{
    (void)state;
    struct error error = {.kind = ERROR_NONE};
    struct place place = {"a.csv", 3, 5};
    assert_false(error_at(&error, place, "1,2,x,4\nnext", "'%s' is not a number", "x"));
    assert_int_equal(error.kind, ERROR_USAGE);
    assert_string_equal(error.message, "a.csv:3:5: 'x' is not a number\n    1,2,x,4\n        ^");
    assert_false(error_failed(&error, "a second one"));
    assert_int_equal(error.kind, ERROR_USAGE);
}

static void errors_show_a_window_of_long_lines(void **state)
{
    (void)state;
    char line[5000];
    memset(line, '1', sizeof line);
    line[4000] = 'x';
    line[sizeof line - 1] = '\0';
    struct error error = {.kind = ERROR_NONE};
    error_at(&error, (struct place){"a.csv", 1, 4001}, line, "bad");
    const char *caret = strrchr(error.message, '^'), *shown = strchr(error.message, 'x');
    assert_non_null(shown);
    assert_int_equal(caret - strrchr(error.message, '\n'), shown - strchr(error.message, '\n'));
}

static void streams_depend_on_their_name_alone(void **state)
{
    (void)state;
    struct random_stream a = random_open(1, RANDOM_ORDER, 7), b = random_open(1, RANDOM_ORDER, 7);
    struct random_stream c = random_open(1, RANDOM_ORDER, 8), d = random_open(1, RANDOM_LABELS, 7);
    uint64_t first = random_bits(&a);
    assert_true(first == random_bits(&b));
    assert_true(first != random_bits(&c) && first != random_bits(&d));
}

/* Philox4x64-10 of counter 0 and key 0, from the known answers published with Random123. */
static void philox_gives_the_published_numbers(void **state)
{
    (void)state;
    struct random_stream stream = random_open(0, (enum random_purpose)0, 0);
    const uint64_t expected[4] = {0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b,
                                  0x7e68b68aec7ba23b};
    for (int i = 0; i < 4; i++)
        assert_true(random_bits(&stream) == expected[i]);
}

static void moments_are_those_of_the_distribution(void **state)
{
    (void)state;
    enum { COUNT = 200000 };
    struct random_stream stream = random_open(11, RANDOM_START, 0);
    double sum = 0.0, squares = 0.0, uniform = 0.0;
    for (int i = 0; i < COUNT; i++) {
        double normal = random_normal(&stream), u = random_uniform(&stream);
        assert_true(u >= 0.0 && u < 1.0);
        sum += normal;
        squares += normal * normal;
        uniform += u;
    }
    assert_true(fabs(sum / (double)COUNT) < 0.01);
    assert_true(fabs(squares / (double)COUNT - 1.0) < 0.02);
    assert_true(fabs(uniform / (double)COUNT - 0.5) < 0.005);
}

static void permutations_are_permutations_and_fair(void **state)
{
    (void)state;
    unsigned first[5] = {0};
    for (uint64_t i = 0; i < 5000; i++) {
        uint32_t order[5];
        unsigned seen = 0;
        struct random_stream stream = random_open(2, RANDOM_ORDER, i);
        random_permutation(&stream, order, 5);
        for (int j = 0; j < 5; j++)
            seen |= 1u << order[j];
        assert_int_equal(seen, 31);
        first[order[0]]++;
    }
    for (int j = 0; j < 5; j++)
        assert_between(first[j], 850, 1150);
}

static void digests_tell_contents_apart(void **state)
{
    (void)state;
    char a[DIGEST_TEXT], b[DIGEST_TEXT];
    struct digest *digest = digest_create();
    digest_add_text(digest, "ab");
    digest_add_text(digest, "c");
    digest_finish(digest, a);
    digest = digest_create();
    digest_add_text(digest, "a");
    digest_add_text(digest, "bc");
    digest_finish(digest, b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 32);
}

static void memory_is_aligned_zeroed_and_bounded(void **state)
{
    (void)state;
    double *block = memory_allocate(3, sizeof *block);
    assert_int_equal((uintptr_t)block % MEMORY_ALIGNMENT, 0);
    assert_true(block[0] == 0.0 && block[2] == 0.0);
    memory_free(block);
    struct error error = {.kind = ERROR_NONE};
    assert_true(memory_check(1024.0, "a kilobyte", &error));
    assert_false(memory_check(1e18, "an exabyte", &error));
    assert_non_null(strstr(error.message, "an exabyte needs 9.09e+05 TiB of memory"));
}

static void memory_sees_the_limits_of_the_process(void **state)
{
    (void)state;
    static const __rlimit_resource_t resources[] = {RLIMIT_AS, RLIMIT_DATA};
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++) {
        pid_t child = fork();
        if (child == 0) {
            struct rlimit limit = {(rlim_t)1 << 31, (rlim_t)1 << 31};
            setrlimit(resources[i], &limit);
            _exit(memory_available() < (size_t)1 << 31 ? 0 : 1);
        }
        int status;
        waitpid(child, &status, 0);
#if !defined(SANITIZED)
        assert_int_equal(WEXITSTATUS(status), 0);
#endif
    }
}

static double stopped_clock(void)
{
    return 42.0;
}

static void the_clock_can_be_replaced(void **state)
{
    (void)state;
    double before = clock_seconds();
    assert_true(clock_seconds() >= before);
    clock_replace(stopped_clock);
    assert_true(clock_seconds() == 42.0);
    clock_replace(NULL);
    assert_true(clock_seconds() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_survive_as_text),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(integers_are_exact),
        cmocka_unit_test(integers_survive_any_spelling),
        cmocka_unit_test(numbers_that_a_double_loses_are_none),
        cmocka_unit_test(words_are_quoted_for_the_shell),
        cmocka_unit_test(the_nearest_name_is_what_was_meant),
        cmocka_unit_test(unknown_names_are_answered),
        cmocka_unit_test(errors_say_where),
        cmocka_unit_test(errors_show_a_window_of_long_lines),
        cmocka_unit_test(streams_depend_on_their_name_alone),
        cmocka_unit_test(philox_gives_the_published_numbers),
        cmocka_unit_test(moments_are_those_of_the_distribution),
        cmocka_unit_test(permutations_are_permutations_and_fair),
        cmocka_unit_test(digests_tell_contents_apart),
        cmocka_unit_test(memory_is_aligned_zeroed_and_bounded),
        cmocka_unit_test(memory_sees_the_limits_of_the_process),
        cmocka_unit_test(the_clock_can_be_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
