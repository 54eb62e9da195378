/* SPDX-License-Identifier: MIT
 *
 * The sweep file that a profile is: that it says what was asked for, that a sweep reads it, and
 * what is answered where a value is wrong.
 */
#include "sweep/workload/profile_plan.h"

#include "base/memory.h"
#include "data/sources/source_load.h"
#include "sweep/file/sweep_file.h"
#include "testing.h"

#include <string.h>

enum { AXES = 4 };

/* The plan for data, with lists of solvers, threads, kernels and ranks; NULL: not given. */
static char *planned(const char *operand, const char *const lists[AXES], int64_t models, bool weak,
                     struct error *error)
{
    struct source source;
    const struct profile_axis axes[AXES] = {
        {"solver", lists[0]}, {"threads", lists[1]}, {"kernel", lists[2]}, {"ranks", lists[3]}};
    assert_true(source_parse(&source, operand, error));
    const struct profile_plan plan = {.name = "p",
                                      .operand = operand,
                                      .source = &source,
                                      .axes = axes,
                                      .axis_count = AXES,
                                      .epochs = 7,
                                      .repeats = 3,
                                      .models = models,
                                      .weak = weak};
    char *text = profile_plan_text(&plan, error);
    source_clear(&source);
    return text;
}

static void check_plan(const char *operand, const char *const lists[AXES], int64_t models,
                       bool weak, const char *const *lines, size_t count)
{
    struct error error = {0};
    char *text = planned(operand, lists, models, weak, &error);
    assert_non_null(text);
    for (size_t i = 0; i < count; i++)
        if (strstr(text, lines[i]) == NULL)
            fail_msg("'%s' is not in:\n%s", lines[i], text);
    struct sweep_file *file = sweep_file_parse("p", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    assert_ptr_equal(file->profile, &profile_on);
    assert_int_equal(file->repeats, 3);
    sweep_file_free(file);
    memory_free(text);
}

static void a_profile_is_a_sweep(void **state)
{
    (void)state;
    static const char *const lists[AXES] = {"gd,sgd,newton", "1,2", "fused,blas"};
    static const char *const lines[] = {
        "profile: on\n",
        "  - {generate: blobs, rows: 500, features: 5, seed: 3}\n",
        "  - {solver: gd, rate: [auto], threads: [1,2], kernel: [fused,blas]}\n",
        "  - {solver: sgd, rate: [auto], kernel: [fused,blas]}\n",
        "  - {solver: newton, threads: [1,2], kernel: [fused,blas]}\n",
        "stop: {epochs: 7}\n",
    };
    check_plan("blobs:rows=500,features=5,seed=3", lists, 1, false, lines,
               sizeof lines / sizeof *lines);
}

static void weak_scaling_has_more_rows(void **state)
{
    (void)state;
    static const char *const lists[AXES] = {"gd", "1,2,4", NULL};
    static const char *const lines[] = {
        "  - {generate: blobs, features: 5}\n",
        "  - {generate: blobs, rows: 2000, features: 5}\n",
        "  - {generate: blobs, rows: 4000, features: 5}\n",
    };
    check_plan("blobs:features=5", lists, 1, true, lines, sizeof lines / sizeof *lines);
}

/* Where ranks are an axis, rows grow with them and not with the threads. */
static void rows_grow_with_ranks_where_they_are_an_axis(void **state)
{
    (void)state;
    static const char *const lists[AXES] = {"gd,sgd", "1,8", NULL, "1,3"};
    static const char *const lines[] = {
        "# Where does the time per epoch go, and how does it scale with ranks?\n",
        ("data:\n  - {generate: blobs, features: 5}\n  - {generate: blobs, rows: 3000, features: "
         "5}\nruns:"),
        "  - {solver: gd, rate: [auto], threads: [1,8], ranks: [1,3]}\n",
        "  - {solver: sgd, rate: [auto]}\n",
    };
    check_plan("blobs:features=5", lists, 1, true, lines, sizeof lines / sizeof *lines);
}

static void models_side_by_side_differ_in_their_rates(void **state)
{
    (void)state;
    static const char *const lists[AXES] = {"gd", "1", NULL};
    static const char *const lines[] = {
        "rate: {min: 0.001, max: 0.01, steps: 16, scale: log}",
        "execution: batched\nfinals: 0\n",
    };
    check_plan("pets", lists, 16, false, lines, sizeof lines / sizeof *lines);
}

static void names_of_files_are_quoted(void **state)
{
    (void)state;
    static const char *const lists[AXES] = {"gd", "1", NULL};
    struct error error = {0};
    char *text = planned("./a \"b\\c: d.csv", lists, 1, false, &error);
    assert_non_null(strstr(text, "  - {file: \"./a \\\"b\\\\c: d.csv\"}\n"));
    memory_free(text);
}

static void check_refused(const char *operand, const char *const lists[AXES], bool weak,
                          const char *message)
{
    struct error error = {0};
    assert_null(planned(operand, lists, 1, weak, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strstr(error.message, message) == NULL)
        fail_msg("%s", error.message);
}

static void wrong_values_are_refused_by_option(void **state)
{
    (void)state;
    check_refused("pets", (const char *const[AXES]){"gd,sdg", "1", NULL}, false,
                  "--solver: unknown solver 'sdg'; did you mean 'sgd'?");
    check_refused("pets", (const char *const[AXES]){"gd", "1,,2", NULL}, false, "--threads: ");
    check_refused("pets", (const char *const[AXES]){"gd", "0", NULL}, false, "--threads: ");
    check_refused("pets", (const char *const[AXES]){"gd", "1", NULL, "0"}, false, "--ranks: ");
    check_refused("my.csv", (const char *const[AXES]){"gd", "1", NULL}, true,
                  "--weak: my.csv has a fixed number of rows; give a generator");
}

static void threads_are_doubled_up_to_all(void **state)
{
    (void)state;
    char text[PROFILE_THREADS_TEXT];
    assert_string_equal(profile_plan_threads(1, text), "1");
    assert_string_equal(profile_plan_threads(2, text), "1,2");
    assert_string_equal(profile_plan_threads(6, text), "1,2,4,6");
    assert_string_equal(profile_plan_threads(16, text), "1,2,4,8,16");
}

static void epochs_follow_the_work(void **state)
{
    (void)state;
    assert_int_equal(profile_plan_epochs(4, 8), 1000);
    assert_int_equal(profile_plan_epochs(1e9, 1e11), 3);
    assert_int_equal(profile_plan_epochs(1e5, 5e6), 93);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_a_sweep),
        cmocka_unit_test(weak_scaling_has_more_rows),
        cmocka_unit_test(rows_grow_with_ranks_where_they_are_an_axis),
        cmocka_unit_test(models_side_by_side_differ_in_their_rates),
        cmocka_unit_test(names_of_files_are_quoted),
        cmocka_unit_test(wrong_values_are_refused_by_option),
        cmocka_unit_test(threads_are_doubled_up_to_all),
        cmocka_unit_test(epochs_follow_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
