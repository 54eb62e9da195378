/* SPDX-License-Identifier: MIT
 *
 * Hints: every remedy in the table is something that exists and takes the value that it is told to
 * be given, every word is looked at, and what a sweep file is told stands at its place.
 */
#include "sweep/file/hints.h"

#include "base/memory.h"
#include "commands/parsing/command.h"
#include "data/generators/generator.h"
#include "data/sources/attributes.h"
#include "solvers/hyperparameter.h"
#include "sweep/file/sweep_file.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

/* The row of that name, or NULL: keys of sweep files, hyper-parameters, attributes and settings. */
static const struct setting *setting_of(const char *key)
{
    const struct hyperparameter *row = hyperparameter_find(key);
    const struct source_attribute *attribute = source_attribute_find(key);
    const struct generator_setting *setting = generator_setting_find(key);
    for (size_t i = 0; i < sweep_key_count; i++)
        if (strcmp(sweep_keys[i].entry.name, key) == 0)
            return &sweep_keys[i].setting;
    if (row != NULL)
        return &row->setting;
    return attribute != NULL ? &attribute->setting : setting != NULL ? &setting->setting : NULL;
}

static bool is_structure(const char *key)
{
    return strcmp(key, "data") == 0 || strcmp(key, "file") == 0 || strcmp(key, "generate") == 0;
}

static void every_remedy_exists(void **state)
{
    (void)state;
    for (size_t i = 0; i < hint_count; i++) {
        const struct hint *hint = &hints[i];
        char reason[512] = "";
        struct value value;
        if (hint->key == NULL) {
            assert_non_null(hint->about);
            continue;
        }
        const struct setting *row = setting_of(hint->key);
        if (row == NULL && !is_structure(hint->key))
            fail_msg("%s: there is no key '%s'", hint->word, hint->key);
        if (hint->written != NULL &&
            (row == NULL || !setting_parse(row, hint->written, &value, reason, sizeof reason)))
            fail_msg("%s: %s: %s is refused: %s", hint->word, hint->key, hint->written, reason);
    }
}

/* A word with any value is no key of ours; a key of ours has rows for values that it refuses. */
static void every_word_is_looked_at(void **state)
{
    (void)state;
    for (size_t i = 0; i < hint_count; i++) {
        const struct hint *hint = &hints[i];
        const struct setting *row = setting_of(hint->word);
        char reason[512];
        struct value value;
        if (hint_find(hint->word, hint->value) != hint)
            fail_msg("%s: another row is found first", hint->word);
        if (row == NULL || (hint->key != NULL && strcmp(hint->key, "file") ==
                                                     0)) /* or one of `data`, which ours is not */
            continue;
        if (hint->value == NULL || setting_parse(row, hint->value, &value, reason, sizeof reason))
            fail_msg("%s: this is a key of ours, and %s", hint->word,
                     hint->value == NULL ? "never unknown" : hint->value);
    }
}

static void words_are_the_same_however_they_are_joined(void **state)
{
    (void)state;
    const struct hint *rate = hint_find("learning_rate", "0.1");
    assert_string_equal(rate->key, "rate");
    assert_ptr_equal(hint_find("learning-rate", NULL), rate);
    assert_ptr_equal(hint_find("learningRate", NULL), rate);
    assert_string_equal(hint_find("learning_rate", "invscaling")->written, "inverse-sqrt");
    assert_null(hint_find("learning", NULL));
    assert_null(hint_find("", NULL));
    assert_null(hint_find_value("solver", "gradient"));
    assert_null(hint_find_value("lr", "0.1"));
}

static const struct {
    const char *text, *message;
} told[] = {
    {"data: pets\nlearning_rate: 0.1\n",
     "2:1: unknown key 'learning_rate' at the top level; write rate: 0.1"},
    {"data: pets\nlr: [0.1, 1]\n", "2:1: unknown key 'lr' at the top level; write rate: [0.1, 1]"},
    {"data: pets\nruns:\n  - {eta0: 1}\n", "3:6: unknown key 'eta0' in a run; write rate: 1"},
    {"data: {generate: blobs, rows: 1000}\nC: [0.1, 10]\n",
     "write lambda: [0.01, 0.0001], which is 1/(n C) with n = 1000"},
    {"data: {generate: blobs, rows: 1000}\nruns: [{C: 10}]\n",
     "write lambda: 0.0001, which is 1/(n C)"},
    {"data: pets\nsplit: 0.2\nC: 10\n",
     "write lambda: 1/(n * 10), as a number; n is how many rows are trained on"},
    {"data: [pets, blobs]\nC: 10\n", "write lambda: 1/(n * 10), as a number"},
    {"data: /dev/null\nC: much\n", "write lambda: 1/(n * much), as a number"},
    {"data: pets\nmax_iter: 100\n", "write stop: {epochs: 100}"},
    {"data: pets\nsolver: gd\nstop: {max_iter: 100}\n",
     "3:8: unknown key 'max_iter' in stop; write epochs: 100"},
    {"data: pets\nsolver: gd\nstop: {lr: 1}\n",
     "unknown key 'lr' in stop; write rate: 1 at the top level"},
    {"data: pets\ntol: 1e-4\n", "write stop: {gap: 1e-4} (or gradient_norm"},
    {"data: pets\noptimizer: adam\n", "write solver: minibatch-adam"},
    {"data: pets\nsolver: liblinear\n",
     "2:9: unknown solver 'liblinear'; write solver: newton; known: perceptron, "},
    {"data: pets\nsolver: [gd, sag]\n", "2:14: unknown solver 'sag'; write solver: saga"},
    {"data: pets\npenalty: l1\n", "leave it out: the penalty is lambda/2 ||w||^2"},
    {"data: pets\npenalty: l2\n", "write lambda: 0.001"},
    {"data: pets\nn_jobs: -1\n", "write threads: all"},
    {"data: pets\nn_estimators: 100\n", "leave it out: descent trains one neuron"},
    {"data: pets\ntest_size: 0.2\n", "write split: 0.2"},
    {"data: {generate: pets, test_size: 0.2}\n",
     "1:24: unknown key 'test_size' for pets; write split: 0.2"},
    {"data: {file: /dev/null, target: y}\n",
     "1:25: unknown key 'target' beside file; write label: y"},
    {"data: pets\ntarget: y\n", "write label: y beside file"},
    {"data: {path: a.csv}\n", "1:8: unknown key 'path' in data; write file: a.csv"},
    {"dataset: {file: a.csv}\n", "1:1: unknown key 'dataset' at the top level; write data: ..."},
    {"data: {file: /dev/null, na_values: '-'}\n", "write missing_tokens: -"},
    {"data: {file: /dev/null, missing_values: median}\n", "write missing: median"},
    {"data: {file: /dev/null, missing_values: '?'}\n", "write missing_tokens: ?"},
    {"data: {file: /dev/null, dropna: yes}\n", "write missing: drop"},
    {"data: {file: /dev/null, header: none}\n",
     "unknown header 'none'; write header: no; known: auto, yes, no"},
    {"data: {file: /dev/null, first_line: row}\n", "write header: no"},
    {"data: pets\nclass_weight: balanced\n", "write weights: balanced"},
    {"data: pets\nscale: StandardScaler\n",
     "unknown scale 'StandardScaler'; write scale: standard; known: none"},
};

static void sweep_files_are_told_at_the_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        struct error error = {0};
        assert_null(sweep_file_parse("a.yaml", told[i].text, &error));
        if (strncmp(error.message, "a.yaml:", 7) != 0 ||
            strstr(error.message, told[i].message) == NULL)
            fail_msg("%sgave:\n%s", told[i].text, error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_remedy_exists),
        cmocka_unit_test(every_word_is_looked_at),
        cmocka_unit_test(words_are_the_same_however_they_are_joined),
        cmocka_unit_test(sweep_files_are_told_at_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
