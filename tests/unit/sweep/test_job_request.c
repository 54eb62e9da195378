/* SPDX-License-Identifier: MIT
 *
 * What is asked of Slurm: the forms in which it reads time and memory (sbatch(1)), and what comes
 * of an estimate.
 */
#include "sweep/slurm/job_request.h"

#include "testing.h"

#include <math.h>

static void times_have_six_forms(void **state)
{
    static const struct {
        const char *text;
        int64_t minutes;
    } cases[] = {
        {"1", 1},          {"90", 90},        {"90:00", 90},   {"90:01", 91},
        {"0:01", 1},       {"1:30:00", 90},   {"1:30:30", 91}, {"2-12", 60 * 60},
        {"2-12:00", 3600}, {"2-12:05", 3605}, {"0-0:0:1", 1},  {"1-00:00:00", 1440},
        {"007", 7},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t minutes = -1;
        if (!job_minutes_parse(cases[i].text, &minutes) || minutes != cases[i].minutes)
            fail_msg("%s: %lld minutes", cases[i].text, (long long)minutes);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const texts[] = {"",          "0",        "0:00",    "-1",
                                        "1:",        ":30",      "1h",      "1.5",
                                        "1-",        "-1:00",    "1:2:3:4", "1-2:3:4:5",
                                        " 1",        "1 ",       "1--2",    "1-2-3",
                                        "100000001", "infinite", "1:-1",    "99999999999999999999"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t minutes;
        if (job_minutes_parse(texts[i], &minutes))
            fail_msg("'%s': %lld minutes", texts[i], (long long)minutes);
    }
}

static void memory_has_units(void **state)
{
    static const struct {
        const char *text;
        int64_t mebibytes;
    } cases[] = {{"0", 0},     {"500", 500}, {"500M", 500}, {"1K", 1},
                 {"1025K", 2}, {"4G", 4096}, {"4g", 4096},  {"2T", 2097152}};
    static const char *const wrong[] = {"", "G", "-1", "1.5G", "4GB", "4 G", "1P", "1e3"};
    int64_t mebibytes;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!job_mebibytes_parse(cases[i].text, &mebibytes) || mebibytes != cases[i].mebibytes)
            fail_msg("%s: %lld MiB", cases[i].text, (long long)mebibytes);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (job_mebibytes_parse(wrong[i], &mebibytes))
            fail_msg("'%s': %lld MiB", wrong[i], (long long)mebibytes);
}

static void more_is_asked_for_than_is_expected(void **state)
{
    (void)state;
    assert_int_equal(job_minutes(0.0), 5);
    assert_int_equal(job_minutes(60.0), 7);
    assert_int_equal(job_minutes(60.1), 8);
    assert_int_equal(job_minutes(1e12), 0);
    assert_int_equal(job_minutes(INFINITY), 0);
    assert_int_equal(job_minutes(NAN), 0);
    assert_int_equal(job_mebibytes(0.0), 512);
    assert_int_equal(job_mebibytes(100.0 * 1048576.0), 662);
    assert_int_equal(job_mebibytes(1.0), 513);
}

static void notice_is_long_enough_for_a_trial_and_never_all_of_the_time(void **state)
{
    (void)state;
    assert_int_equal(job_notice(0.0, 60), 60);
    assert_int_equal(job_notice(10.2, 60), 81);
    assert_int_equal(job_notice(3600.0, 60), 1800);
    assert_int_equal(job_notice(INFINITY, 60), 1800);
    assert_int_equal(job_notice(INFINITY, 1), 30);
    assert_int_equal(job_notice(1e6, 1000000), 65535);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_six_forms),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(memory_has_units),
        cmocka_unit_test(more_is_asked_for_than_is_expected),
        cmocka_unit_test(notice_is_long_enough_for_a_trial_and_never_all_of_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
