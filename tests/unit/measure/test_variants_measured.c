/* SPDX-License-Identifier: MIT
 *
 * Variants are measured, chosen and kept. The clock is not the machine's: it moves by what a made
 * kernel says that its variants take, or by the same each time that it is looked at.
 */
#include "base/digest.h"
#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/path.h"
#include "kernel_fixture.h"
#include "measure/variants/shape_times.h"
#include "measure/variants/variant_file.h"
#include "measure/variants/variant_tuning.h"
#include "virtual_clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- A kernel whose variants take what is declared ------------------------------------------- */

static const struct entry made_entries[] = {{"plain", ""}, {"quick", ""}, {"slow", ""}};
static const struct entry *const made_rows[] = {&made_entries[0], &made_entries[1],
                                                &made_entries[2]};
static const struct table made_variants = TABLE("variant", made_rows);
static double made_costs[3]; /* seconds a row */
static size_t made_passes[3];

static void made_pass(const struct entry *variant, const struct dataset *data, size_t row_begin,
                      size_t row_end, const struct models *models, const struct pass_sums *sums,
                      double *scratch)
{
    (void)models, (void)sums, (void)scratch;
    assert_true(row_begin < row_end && row_end <= data->rows);
    virtual_work(made_costs[variant - made_entries] * (double)(row_end - row_begin));
#pragma omp atomic
    made_passes[variant - made_entries]++;
}

static size_t made_scratch(size_t rows, size_t features, size_t models)
{
    return rows + features + models;
}

static const struct kernel made_kernel = {
    .entry = {"made", ""},
    .scratch = made_scratch,
    .variants = &made_variants,
    .pass_by = made_pass,
};

/* Measures with those costs, and checks the times. */
static size_t best_with(double plain, double quick, double slow, size_t rows, int threads)
{
    const double costs[] = {plain, quick, slow};
    struct dataset *data = random_data(rows, 2);
    const struct variant_case what = variant_case_of(&made_kernel, rows, 2, 8, 1, threads);
    struct variant_times times;
    memcpy(made_costs, costs, sizeof costs);
    memset(made_passes, 0, sizeof made_passes);
    virtual_clock_begin();
    variants_measure(data, &what, &times);
    clock_replace(NULL);
    for (size_t v = 0; v < made_variants.count; v++) {
        double expected = costs[v] * (double)rows / threads;
        assert_true(fabs(times.seconds[v] - expected) < 1e-6 * expected);
    }
    size_t best = times.best;
    variant_times_clear(&times);
    dataset_free(data);
    return best;
}

static void the_fastest_is_chosen(void **state)
{
    (void)state;
    static const size_t rows[] = {1, 3, 64, 1000};
    EACH (n, rows) {
        assert_int_equal(best_with(2e-5, 1e-5, 4e-5, *n, 1), 1);
        assert_int_equal(best_with(1e-8, 2e-8, 0.9e-8, *n, 1), 2);
        assert_int_equal(best_with(2e-3, 1e-3, 4e-3, *n, 1), 1);
    }
    assert_int_equal(best_with(2e-5, 1e-5, 4e-5, 1000, 2), 1);
}

static void the_first_stays_unless_another_is_clearly_faster(void **state)
{
    (void)state;
    assert_int_equal(best_with(1e-5, 0.995e-5, 1e-5, 1000, 1), 0);
    assert_int_equal(best_with(1e-5, 0.95e-5, 1e-5, 1000, 1), 1);
}

/* Twice, to be known for what it is. */
static void what_is_far_behind_is_looked_at_no_more(void **state)
{
    (void)state;
    best_with(1e-5, 1.05e-5, 5e-5, 1000, 1);
    assert_true(made_passes[2] < made_passes[1] / 2);
}

/* --- The file -------------------------------------------------------------------------------- */

static char folder[] = "/tmp/descent-test-XXXXXX";

static double stepping_clock(void)
{
    static double now;
    return now += 0.001;
}

static void remove_kept(void)
{
    char *path = variant_file_path(), *tuning = path_folder(path), *above = path_folder(tuning);
    unlink(path);
    rmdir(tuning);
    rmdir(above);
    memory_free(path);
    memory_free(tuning);
    memory_free(above);
}

static const struct entry *last_of(const struct kernel *kernel)
{
    return kernel->variants->entries[kernel->variants->count - 1];
}

static struct variant_choice choice_for(const struct kernel *kernel, size_t features)
{
    return (struct variant_choice){variant_case_of(kernel, 1000, features, 8, 3, 2),
                                   last_of(kernel)};
}

/* Two choices are kept; where they are is returned. */
static char *keep_two(void)
{
    struct error error = {.kind = ERROR_NONE};
    const struct variant_choice one = choice_for(&kernel_fused, 7),
                                two = choice_for(&kernel_batched, 9);
    char *path = variant_file_path();
    variants_forget();
    variant_choose(&one);
    variant_choose(&two);
    assert_true(variant_file_write(path, &error));
    variants_forget();
    return path;
}

static bool reads_two(const char *path)
{
    size_t count;
    const struct variant_choice one = choice_for(&kernel_fused, 7),
                                two = choice_for(&kernel_batched, 9);
    variants_forget();
    bool read = variant_file_read(path);
    variants_chosen(&count);
    assert_int_equal(count, read ? 2 : 0);
    assert_true(!read ||
                (variant_of(&one.what) == one.variant && variant_of(&two.what) == two.variant));
    variants_forget();
    return read;
}

static void what_is_kept_is_read(void **state)
{
    (void)state;
    char *path = keep_two();
    assert_true(reads_two(path));
    remove_kept();
    assert_false(reads_two(path));
    memory_free(path);
}

static char *contents(const char *path, size_t *size)
{
    char *bytes = memory_allocate(1 << 16, 1);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    *size = fread(bytes, 1, 1 << 16, file);
    fclose(file);
    return bytes;
}

static void put(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Cut anywhere, with any byte changed, and anything else of that name: nothing is taken of it, and
 * the next choice is kept in its place. */
static void what_is_damaged_is_not_believed(void **state)
{
    (void)state;
    size_t size;
    struct error error = {.kind = ERROR_NONE};
    char *path = keep_two(), *bytes = contents(path, &size);
    for (size_t i = 0; i < size; i += i < 64 || i + 64 > size ? 1 : 37) {
        put(path, bytes, i);
        assert_false(reads_two(path));
        bytes[i] ^= 4;
        put(path, bytes, size);
        assert_false(reads_two(path));
        bytes[i] ^= 4;
    }
    put(path, bytes, size);
    assert_true(reads_two(path));
    put(path, "", 0);
    assert_false(reads_two(path));
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0); /* who writes to one waits for a reader */
    assert_false(reads_two(path));
    assert_false(variant_file_write(path, &error));
    unlink(path);
    mkdir(path, 0700);
    assert_false(reads_two(path));
    rmdir(path);
    memory_free(path);
    path = keep_two();
    assert_true(reads_two(path));
    remove_kept();
    memory_free(bytes);
    memory_free(path);
}

/* Lines that this program would not write, with the right digest. */
static void what_is_unknown_is_not_believed(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "fused 7 1 1 20 no-such-variant\n",
        "chain 7 1 1 20 4-whole-l1-256-8k\n",
        "nothing 7 1 1 20 4-whole-l1-256-8k\n",
        "fused 0 1 1 20 4-whole-l1-256-8k\n",
        "fused 7 1 -1 20 4-whole-l1-256-8k\n",
        "fused 7 1 1 99 4-whole-l1-256-8k\n",
        "fused 7 1 1 20\n",
        "fused 7 1 1 20 4-whole-l1-256-8k more\n",
        "fused 99999999999999999999 1 1 20 4-whole-l1-256-8k\n",
        "\x01\xff\n",
    };
    size_t size;
    char digest[DIGEST_TEXT], *path = keep_two(), *bytes = contents(path, &size);
    char *body = strchr(bytes, '\n') + 1, *end = bytes + size;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        strcpy(end, lines[i]);
        digest_of_text(body, digest);
        memcpy(bytes, digest, DIGEST_TEXT - 1);
        put(path, bytes, strlen(bytes));
        assert_false(reads_two(path));
    }
    remove_kept();
    memory_free(bytes);
    memory_free(path);
}

/* --- When ------------------------------------------------------------------------------------ */

static bool is_kept(void)
{
    struct stat status;
    char *path = variant_file_path();
    bool there = path != NULL && stat(path, &status) == 0;
    memory_free(path);
    return there;
}

/* Is it chosen, after so many passes are told? */
static bool prepared(const struct dataset *data, double passes)
{
    struct variant_work work = {data, {0}, passes};
    work.what = variant_case_of(&kernel_fused, data->rows, data->features, 8, 1, 1);
    variant_tuning_prepare(&work, 1);
    return variant_is_chosen(&work.what);
}

static void long_work_is_measured_once(void **state)
{
    (void)state;
    struct dataset *data = random_data(500, 6);
    unsetenv("DESCENT_TUNING");
    clock_replace(stepping_clock);
    variant_tuning_begin(true);
    assert_false(prepared(data, 10.0));
    assert_false(is_kept());
    assert_true(prepared(data, 1e9));
    assert_true(is_kept());
    variant_tuning_begin(true); /* another run */
    assert_true(prepared(data, 1.0));
    variant_tuning_begin(false);
    assert_false(prepared(data, 1e9));
    setenv("DESCENT_TUNING", "no", 1);
    variant_tuning_begin(true);
    assert_false(prepared(data, 1e9));
    remove_kept();
    clock_replace(NULL);
    variants_forget();
    dataset_free(data);
}

/* Nowhere to keep it: it is measured, and no more is made of it. */
static void nothing_is_said_where_nothing_can_be_kept(void **state)
{
    (void)state;
    struct dataset *data = random_data(500, 6);
    unsetenv("DESCENT_TUNING");
    setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
    clock_replace(stepping_clock);
    variant_tuning_begin(true);
    assert_true(prepared(data, 1e9));
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    assert_null(variant_file_path());
    variant_tuning_begin(true);
    assert_true(prepared(data, 1e9));
    setenv("XDG_CACHE_HOME", folder, 1);
    clock_replace(NULL);
    variants_forget();
    dataset_free(data);
}

/* --- Shapes ---------------------------------------------------------------------------------- */

static void shapes_are_read_as_they_are_written(void **state)
{
    (void)state;
    static const char *const sound[] = {"1x1", "200000x784", "2000x100x64", "2000x100@bfloat16"};
    static const char *const unsound[] = {
        "",         "7",    "7x",         "x7",
        "0x1",      "1x0",  "1x1x0",      "-1x1",
        "1x1x1x1",  "1X1",  "1.5x2",      "1x1x",
        "1x1@int7", "1x1@", "1x1x2@int8", "99999999999999999999x1"};
    struct shape shape;
    char text[SHAPE_TEXT];
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++) {
        assert_true(shape_parse(sound[i], &shape));
        assert_string_equal(shape_text(&shape, text), sound[i]);
    }
    for (size_t i = 0; i < sizeof unsound / sizeof *unsound; i++)
        assert_false(shape_parse(unsound[i], &shape));
}

static void a_shape_is_measured_and_chosen_for(void **state)
{
    (void)state;
    static const char *const shapes[] = {"60x5", "60x5x9", "60x5@int8"};
    static const int threads[] = {1, 2};
    struct error error = {.kind = ERROR_NONE};
    clock_replace(stepping_clock);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct shape shape;
        struct shape_times times[2];
        assert_true(shape_parse(shapes[i], &shape));
        assert_true(shape_measure(&shape, threads, 2, times, &error));
        for (size_t t = 0; t < 2; t++) {
            assert_true(times[t].times.best < times[t].times.variants->count);
            assert_true(times[t].limit > 0.0);
            assert_true(variant_is_chosen(&times[t].what));
            assert_int_equal(times[t].what.threads, threads[t]);
            shape_times_clear(&times[t]);
        }
    }
    clock_replace(NULL);
    variants_forget();
}

int main(void)
{
    threads_initialise();
    kernels_initialise();
    if (mkdtemp(folder) == NULL)
        return 1;
    setenv("XDG_CACHE_HOME", folder, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fastest_is_chosen),
        cmocka_unit_test(the_first_stays_unless_another_is_clearly_faster),
        cmocka_unit_test(what_is_far_behind_is_looked_at_no_more),
        cmocka_unit_test(what_is_kept_is_read),
        cmocka_unit_test(what_is_damaged_is_not_believed),
        cmocka_unit_test(what_is_unknown_is_not_believed),
        cmocka_unit_test(long_work_is_measured_once),
        cmocka_unit_test(nothing_is_said_where_nothing_can_be_kept),
        cmocka_unit_test(shapes_are_read_as_they_are_written),
        cmocka_unit_test(a_shape_is_measured_and_chosen_for),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}
