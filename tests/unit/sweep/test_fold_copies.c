/* SPDX-License-Identifier: MIT
 *
 * What is trained without a fold is trained as on a file that has only the other rows: the same
 * features, scale and class weights, and the same model; with numbers, and with categories and
 * missing values, which are encoded by the rows that are left.
 */
#include "base/memory.h"
#include "data/preparation/folds.h"
#include "data/sources/source_load.h"
#include "file_fixture.h"
#include "fixture.h"
#include "sweep/workload/fold_copies.h"
#include "sweep/workload/queue.h"
#include "sweep/workload/workload.h"

#include <math.h>

enum { ROWS = 90, FOLDS = 4, TEXT_MOST = 20000 };

static char only[] = "only.XXXXXX";

/* Row i as a line of CSV; the level "rare" is of one row, and some lack their first value. */
static int write_row(char *text, size_t i, bool categories)
{
    static const char *const levels[] = {"red", "green", "blue"};
    struct random_stream stream = random_open(11, RANDOM_FEATURES, i);
    double a = random_normal(&stream), b = 100.0 + 5.0 * random_normal(&stream);
    int y = a + 0.1 * (b - 100.0) + random_normal(&stream) > 0.0, used = 0;
    if (!categories || i % 9 != 4)
        used += sprintf(text, "%.17g", a);
    used += sprintf(text + used, ",%.17g", b);
    if (categories)
        used += sprintf(text + used, ",%s", i == 7 ? "rare" : levels[i % 3]);
    return used + sprintf(text + used, ",%s\n", y ? "yes" : "no");
}

/* The rows of the file whose part is (`inside`) or is not `part`; parts NULL: all. */
static void write_rows(const char *name, const uint16_t *parts, size_t part, bool inside,
                       bool categories)
{
    char *text = malloc(TEXT_MOST);
    size_t used = 0;
    used += (size_t)sprintf(text, categories ? "a,b,colour,label\n" : "a,b,label\n");
    for (size_t i = 0; i < ROWS; i++)
        if (parts == NULL || (parts[i] == part) == inside)
            used += (size_t)write_row(text + used, i, categories);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, used, file), used);
    assert_int_equal(fclose(file), 0);
    free(text);
}

static struct sweep_file *open_sweep(struct workload *workload, const char *rest)
{
    char text[1024];
    struct error error = {0};
    snprintf(text, sizeof text, "data: [{file: %s, format: csv, label: label}]\nfolds: 4\n%s", path,
             rest);
    struct sweep_file *file = sweep_file_parse_in("", "test.yaml", text, &error);
    if (file == NULL || !workload_create(file, workload, &error))
        fail_msg("%s", error.message);
    return file;
}

static void train(const struct dataset *data, struct configuration configuration,
                  struct trial *trial)
{
    const struct configuration *pointer = &configuration;
    const struct training_hooks hooks = {0};
    configuration.folds = configuration.fold = 0;
    training_run(data, &pointer, 1, &hooks, trial);
}

static void same_models(const struct dataset *copy, const struct dataset *other,
                        const struct configuration *configuration)
{
    struct trial trial, separate;
    train(copy, *configuration, &trial);
    train(other, *configuration, &separate);
    assert_true(fabs(trial_last(&trial)->objective - trial_last(&separate)->objective) <= 1e-12);
    assert_true(fabs(trial_last(&trial)->loss - trial_last(&separate)->loss) <= 1e-12);
    assert_int_equal(trial.features, separate.features);
    for (size_t j = 0; j < trial.features; j++)
        assert_true(fabs(trial.w[j] - separate.w[j]) <= 1e-10);
    trial_clear(&trial);
    trial_clear(&separate);
}

/* The copy of every planned item against a file of its own. */
static void compare_with_files(const char *rest, bool categories)
{
    struct workload workload;
    struct error error = {0};
    write_rows(path, NULL, 0, false, categories);
    struct sweep_file *file = open_sweep(&workload, rest);
    assert_int_equal(workload.expansion.count % FOLDS, 0);
    for (size_t i = 0; i < workload.expansion.count; i++) {
        const struct configuration *configuration = &workload.expansion.items[i].configuration;
        const struct fold fold = configuration_fold(configuration);
        uint16_t *parts = fold_deal(workload.data[0], &fold);
        const struct dataset *copy = fold_copies_take(workload.folds, 0, configuration, &error);
        if (copy == NULL)
            fail_msg("%s", error.message);
        struct source source = file->sources[0];
        source.path = only;
        write_rows(only, parts, fold_part(&fold), false, categories);
        struct dataset *other = source_load(&source, true, 1, &error);
        if (other == NULL)
            fail_msg("%s", error.message);
        assert_int_equal(copy->rows, other->rows);
        assert_int_equal(copy->rows + copy->heldout->rows, ROWS);
        assert_int_equal(copy->features, other->features);
        assert_true(copy->class_weights[0] == other->class_weights[0]);
        same_models(copy, other, configuration);
        dataset_free(other);
        fold_copies_return(workload.folds, copy);
        memory_free(parts);
    }
    workload_clear(&workload);
    sweep_file_free(file);
}

static void numbers_are_scaled_by_the_rows_left(void **state)
{
    (void)state;
    compare_with_files("scale: standard\nweights: balanced\nlambda: 0.01\n"
                       "solver: [newton, gd, lbfgs, sgd]\nrate: 0.05\nstop: {epochs: 5}\n",
                       false);
    compare_with_files("solver: gd\nrate: 1e-4\nfold_repeats: 2\nfold_seed: 9\nstop: {epochs: 5}\n",
                       false);
}

static void categories_are_encoded_by_the_rows_left(void **state)
{
    (void)state;
    compare_with_files("scale: minmax\nmissing: mean\nsolver: newton\nlambda: 0.01\n"
                       "stop: {epochs: 5}\n",
                       true);
}

/* Trains the group of an item as a sweep does, and finds its trial. */
static void train_masked(const struct workload *workload, size_t group, struct trial *trials)
{
    const size_t *members = &workload->groups.members[workload->groups.starts[group]];
    const size_t count = workload->groups.starts[group + 1] - workload->groups.starts[group];
    const struct configuration *configurations[GROUP_MOST];
    struct error error = {0};
    for (size_t m = 0; m < count; m++)
        configurations[m] = &workload->expansion.items[members[m]].configuration;
    const struct training_hooks hooks = {
        .masks = fold_masks_take(workload->folds, 0, configurations[0], &error), .batched = true};
    if (hooks.masks == NULL)
        fail_msg("%s", error.message);
    training_run(workload->data[0], configurations, count, &hooks, trials);
}

static void same_ends(const struct trial *trial, const struct trial *other)
{
    const struct trace_point *a = trial_last(trial), *b = trial_last(other);
    assert_int_equal(trial->trace.count, other->trace.count);
    assert_true(fabs(a->objective - b->objective) <= 1e-12);
    assert_true(fabs(a->gradient_norm - b->gradient_norm) <= 1e-10);
    assert_true(fabs(a->heldout_loss - b->heldout_loss) <= 1e-12);
    assert_true(a->accuracy == b->accuracy && a->heldout_accuracy == b->heldout_accuracy);
    for (size_t j = 0; j < trial->features; j++)
        assert_true(fabs(trial->w[j] - other->w[j]) <= 1e-10);
}

/* Passes that leave rows out against copies of the others; `least`: groups of several folds. */
static void compare_with_copies(const char *rest, size_t least)
{
    struct workload workload;
    struct error error = {0};
    size_t mixed = 0;
    struct sweep_file *file = open_sweep(&workload, rest);
    for (size_t g = 0; g < workload.groups.count; g++) {
        const size_t first = workload.groups.starts[g], end = workload.groups.starts[g + 1];
        struct trial trials[GROUP_MOST], copied;
        if (!workload.expansion.items[workload.groups.members[first]].masked)
            continue;
        mixed += end - first >= FOLDS;
        train_masked(&workload, g, trials);
        for (size_t m = first; m < end; m++) {
            const struct configuration *configuration =
                &workload.expansion.items[workload.groups.members[m]].configuration;
            const struct dataset *copy = fold_copies_take(workload.folds, 0, configuration, &error);
            assert_non_null(copy);
            train(copy, *configuration, &copied);
            same_ends(&trials[m - first], &copied);
            fold_copies_return(workload.folds, copy);
            trial_clear(&copied);
            trial_clear(&trials[m - first]);
        }
    }
    assert_int_equal(mixed, least);
    workload_clear(&workload);
    sweep_file_free(file);
}

/* The last feature is 0 in all rows but one: without its fold nothing moves its weight. */
static void write_rare(const char *name)
{
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    fputs("a,b,rare,label\n", out);
    for (size_t i = 0; i < ROWS; i++) {
        struct random_stream stream = random_open(12, RANDOM_FEATURES, i);
        double a = random_normal(&stream), b = 3.0 + 2.0 * random_normal(&stream);
        fprintf(out, "%.17g,%.17g,%d,%d\n", a, b, i == 31, a + b + random_normal(&stream) > 3.0);
    }
    assert_int_equal(fclose(out), 0);
}

static void passes_leave_folds_out(void **state)
{
    (void)state;
    static const char *const scales[] = {"none", "standard", "minmax", "maxabs", "unit"};
    char rest[256];
    write_rare(path);
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
        snprintf(rest, sizeof rest,
                 "scale: %s\nexecution: batched\nsolver: [gd, gd-momentum, gd-nesterov]\n"
                 "rate: 0.2\nlambda: [0, 0.1]\nfold_repeats: 2\nstop: {epochs: 8}\n",
                 scales[s]);
        compare_with_copies(rest, 6);
    }
}

/* Where rows have an order, or more than a scale is fitted, or each is alone, folds are apart. */
static void others_train_on_copies(void **state)
{
    (void)state;
    write_rare(path);
    compare_with_copies("execution: batched\nsolver: [sgd, minibatch, newton, lbfgs]\n", 0);
    compare_with_copies("execution: batched\nsolver: gd\nweights: balanced\n", 0);
    compare_with_copies("execution: batched\nsolver: gd\nprecision: float32\n", 0);
    compare_with_copies("execution: batched\nsolver: gd\nrate: auto\n", 0);
    compare_with_copies("execution: batched\nsolver: gd\nkernel: fused\n", 0);
    compare_with_copies("solver: gd\n", 0);
    write_rows(path, NULL, 0, false, true);
    compare_with_copies("execution: batched\nsolver: gd\nmissing: mean\n", 0);
}

/* A copy is kept until another fold is wanted, and longer while it is at work. */
static void one_copy_is_kept(void **state)
{
    (void)state;
    struct workload workload;
    struct error error = {0};
    write_rows(path, NULL, 0, false, false);
    struct sweep_file *file = open_sweep(&workload, "solver: gd\n");
    const struct planned *items = workload.expansion.items;
    const struct dataset *one =
        fold_copies_take(workload.folds, 0, &items[0].configuration, &error);
    fold_copies_return(workload.folds, one);
    assert_ptr_equal(fold_copies_take(workload.folds, 0, &items[0].configuration, &error), one);
    const struct dataset *other =
        fold_copies_take(workload.folds, 0, &items[1].configuration, &error);
    assert_ptr_not_equal(other, one);
    assert_ptr_equal(fold_copies_take(workload.folds, 0, &items[0].configuration, &error), one);
    workload.expansion.items[0].configuration.folds = 80; /* more than the rows of a class */
    assert_null(fold_copies_take(workload.folds, 0, &items[0].configuration, &error));
    assert_non_null(strstr(error.message, "folds 80 are more than"));
    workload.expansion.items[0].configuration.folds = FOLDS;
    fold_copies_return(workload.folds, one);
    fold_copies_return(workload.folds, one);
    fold_copies_return(workload.folds, other);
    workload_clear(&workload);
    sweep_file_free(file);
}

/* Of a copy and of the whole: found once, and what is trained with them has the same bits. */
static void ranges_are_kept_with_the_rows(void **state)
{
    (void)state;
    struct workload workload;
    struct error error = {0};
    write_rows(path, NULL, 0, false, false);
    struct sweep_file *file = open_sweep(
        &workload, "solver: [newton, newton-sampled]\nlambda: 0.01\nstop: {epochs: 6}\n");
    for (size_t i = 0; i < workload.expansion.count; i++) {
        struct configuration configuration = workload.expansion.items[i].configuration;
        const struct configuration *pointer = &configuration;
        const struct dataset *copy = fold_copies_take(workload.folds, 0, pointer, &error);
        const struct training_hooks hooks = {.ranges = fold_copies_ranges(workload.folds, 0, copy)};
        struct trial found, given;
        assert_ptr_equal(fold_copies_ranges(workload.folds, 0, copy), hooks.ranges);
        assert_ptr_not_equal(fold_copies_ranges(workload.folds, 0, workload.data[0]), hooks.ranges);
        train(copy, configuration, &found);
        configuration.folds = configuration.fold = 0;
        training_run(copy, &pointer, 1, &hooks, &given);
        assert_string_equal(given.digest, found.digest);
        trial_clear(&found);
        trial_clear(&given);
        fold_copies_return(workload.folds, copy);
    }
    workload_clear(&workload);
    sweep_file_free(file);
}

/* Whatever the order of the round, groups on the same rows follow each other. */
static void a_round_goes_from_fold_to_fold(void **state)
{
    (void)state;
    struct workload workload;
    write_rows(path, NULL, 0, false, false);
    struct sweep_file *file =
        open_sweep(&workload, "solver: gd\nrate: [0.1, 0.2, 0.3]\nrepeats: 3\n");
    struct queue queue;
    size_t group, taken = 0, changes = 0;
    int64_t fold = 0;
    queue_open(&queue, &workload, (struct shard){0, 0});
    for (; queue_take_any(&queue, &group); taken++) {
        size_t item = workload.groups.members[workload.groups.starts[group]];
        changes += workload.expansion.items[item].configuration.fold != fold;
        fold = workload.expansion.items[item].configuration.fold;
    }
    assert_int_equal(taken, 3 * 3 * FOLDS);
    assert_between(changes, 3 * (FOLDS - 1) + 1, 3 * FOLDS);
    queue_close(&queue);
    workload_clear(&workload);
    sweep_file_free(file);
}

static int create_files(void **state)
{
    int file = mkstemp(only);
    return file < 0 ? -1 : close(file) + create_file(state);
}

static int remove_files(void **state)
{
    return unlink(only) + remove_file(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_scaled_by_the_rows_left),
        cmocka_unit_test(categories_are_encoded_by_the_rows_left),
        cmocka_unit_test(passes_leave_folds_out),
        cmocka_unit_test(others_train_on_copies),
        cmocka_unit_test(one_copy_is_kept),
        cmocka_unit_test(ranges_are_kept_with_the_rows),
        cmocka_unit_test(a_round_goes_from_fold_to_fold),
    };
    return cmocka_run_group_tests(tests, create_files, remove_files);
}
