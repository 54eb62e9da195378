/* SPDX-License-Identifier: MIT
 *
 * Attributes of data in sweep files: which sets an entry becomes, what wins, and what is refused at
 * which place.
 */
#include "base/memory.h"
#include "data/sources/source_load.h"
#include "sweep/file/sweep_file.h"
#include "testing.h"

#include <stdio.h>
#include <string.h>

enum { SETS_MAX = 8 };

struct sweep_case {
    const char *text;
    const char *sets[SETS_MAX]; /* their descriptions, in order */
};

static const struct sweep_case understood[] = {
    {"data: pets\n", {"pets"}},
    {"data: {generate: pets, scale: standard, split: 0.2, weights: balanced}\n",
     {"pets (scale standard, split 0.2, weights balanced)"}},
    {"data: {generate: pets, rows: 50, split: 0.2, split_seed: 7}\n",
     {"pets:rows=50 (split 0.2, split_seed 7)"}},
    {"data: {file: /dev/null, label: y, scale: unit}\n", {"/dev/null (label y, scale unit)"}},
    {"data: {file: /dev/null, features: 9, first_index: 0, format: libsvm, label: none}\n",
     {"/dev/null (label none, format libsvm, first_index 0, features 9)"}},
    {"data: {generate: blobs, features: 9, split: 0.5}\n", {"blobs:features=9 (split 0.5)"}},
    {"data: {file: /dev/null, label: [a, b]}\nscale: unit\n",
     {"/dev/null (label a, scale unit)", "/dev/null (label b, scale unit)"}},
    /* An attribute that is a list has variants in a list of lists. */
    {"data: {file: /dev/null, drop: [id, date]}\n", {"/dev/null (drop id,date)"}},
    {"data: {file: /dev/null, drop: [id, [id, date]], missing: [drop, mean]}\n",
     {"/dev/null (drop id, missing drop)", "/dev/null (drop id, missing mean)",
      "/dev/null (drop id,date, missing drop)", "/dev/null (drop id,date, missing mean)"}},
    {"data: {file: /dev/null, drop: ['a,b', c]}\n", {"/dev/null (drop \"a,b\",c)"}},
    {"data: {file: /dev/null, columns: [[1, 3-7]]}\n", {"/dev/null (columns 1,3-7)"}},
    {"data: {file: /dev/null, categories: [onehot, ordinal, hash:8]}\n",
     {"/dev/null", "/dev/null (categories ordinal)", "/dev/null (categories hash:8)"}},
    {"data: [pets, blobs]\nscale: standard\n", {"pets (scale standard)", "blobs (scale standard)"}},
    /* Lists multiply every set, the last attribute fastest. */
    {"data: [pets, blobs]\nscale: [none, standard]\n",
     {"pets", "pets (scale standard)", "blobs", "blobs (scale standard)"}},
    {"data: pets\nscale: [none, unit]\nweights: [none, balanced]\n",
     {"pets", "pets (weights balanced)", "pets (scale unit)",
      "pets (scale unit, weights balanced)"}},
    {"data: {generate: pets, split: [0.1, 0.2]}\n", {"pets (split 0.1)", "pets (split 0.2)"}},
    /* What stands beside the set wins. */
    {"data: [pets, {generate: blobs, scale: none}]\nscale: maxabs\n",
     {"pets (scale maxabs)", "blobs"}},
    {"data: [pets, {generate: blobs, scale: unit, split: 0.3}]\nscale: [maxabs, none]\nsplit: "
     "0.1\n",
     {"pets (scale maxabs, split 0.1)", "pets (split 0.1)", "blobs (scale unit, split 0.3)"}},
    /* A seed without a split is no other set. */
    {"data: pets\nsplit: [0, 0.2]\nsplit_seed: [0, 1]\n",
     {"pets", "pets (split 0.2)", "pets (split 0.2, split_seed 1)"}},
};

static void check_understood(const struct sweep_case *row)
{
    struct error error = {0};
    char text[512];
    snprintf(text, sizeof text, "%ssolver: gd\n", row->text);
    struct sweep_file *file = sweep_file_parse("test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    size_t count = 0;
    while (count < SETS_MAX && row->sets[count] != NULL)
        count++;
    assert_int_equal(file->source_count, count);
    for (size_t i = 0; i < count; i++) {
        char *description = source_describe(&file->sources[i]);
        assert_string_equal(description, row->sets[i]);
        assert_int_equal(file->source_places[i].line, 1);
        memory_free(description);
    }
    sweep_file_free(file);
}

static void entries_become_the_sets_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof understood / sizeof *understood; i++)
        check_understood(&understood[i]);
}

struct refused {
    const char *text;
    const char *place;
    const char *message;
};

static const struct refused refused[] = {
    {"data: pets\nscale: standart\n", "2:8", "unknown scale 'standart'; did you mean 'standard'?"},
    {"data: pets\nscale: [none, 3]\n", "2:15", "unknown scale '3'; known: none, standard"},
    {"data: pets\nscale: []\n", "2:8", "scale: the list is empty"},
    {"data: pets\nscale: [unit, none, unit]\n", "2:21",
     "scale: 'unit' is given twice; leave one out"},
    {"data: pets\nsplit: [0.2, 2e-1]\n", "2:14", "split: '2e-1' is given twice"},
    {"data: {file: /dev/null, label: [a, b, a]}\n", "1:39", "label: 'a' is given twice"},
    {"data: {file: /dev/null, drop: [a, a]}\n", "1:35", "drop: 'a' is given twice"},
    {"data: {file: /dev/null, drop: [[a], []]}\n", "1:37", "drop: the list is empty"},
    {"data: {file: /dev/null, drop: [[a, [b]]]}\n", "1:36",
     "drop: expected a text; this is a list"},
    {"data: pets\nscale: {a: 1}\n", "2:8",
     "scale: expected one of none, standard, maxabs, minmax, unit; this is a"},
    {"data: pets\nscale: [[unit]]\n", "2:9",
     "scale: expected one of none, standard, maxabs, minmax, unit; this is a"},
    {"data: pets\nsplit: 1\n", "2:8", "'1' is not allowed for split; give a number >= 0 and < 1"},
    {"data: pets\nsplit:\n", "2:1", "split: expected a number >= 0 and < 1; this is nothing"},
    {"data: pets\nsplit: 0.2\nsplit_seed: -3\n", "3:13", "'-3' is not allowed for split_seed"},
    {"data: pets\nweights: heavy\n", "2:10", "unknown weights 'heavy'; known: none, balanced"},
    {"data: {generate: pets, scale: on}\n", "1:31", "unknown scale 'on'"},
    {"data: {generate: pets, split_sed: 1}\n", "1:24", "did you mean 'split_seed'?"},
    {"data: {file: /dev/null, scael: unit}\n", "1:25", "did you mean 'scale'?"},
    {"data: {file: /dev/null, label: {a: 1}}\n", "1:32",
     "label: expected a text; this is a mapping"},
    {"data: {file: /dev/null, format: [libsvm, csv], first_index: 0}\n", "1:14",
     "'first_index' is for LIBSVM files, and this is read as csv"},
    {"data: {generate: pets, label: 1}\n", "1:24", "unknown key 'label' for pets"},
    {"data: pets\nlabel: 1\n", "2:1", "unknown key 'label' at the top level"},
    {"data: pets\nsplit_seed: 3\n", "2:13", "split_seed is not used without split"},
    {"data: [{generate: pets, split_seed: 3}, {generate: blobs, split: 0.5}]\n", "1:37",
     "split_seed is not used without split"},
    {"data: [pets, {generate: pets, scale: none}]\n", "1:14", "pets is given on line 1 already"},
    {"data: pets\nruns: [{solver: gd, scale: unit}]\n", "2:21", "unknown key 'scale' in a run"},
};

static void bad_preparations_are_refused_at_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct error error = {0};
        char text[512], place[64];
        snprintf(text, sizeof text, "%ssolver: gd\n", refused[i].text);
        snprintf(place, sizeof place, "test.yaml:%s: ", refused[i].place);
        assert_null(sweep_file_parse("test.yaml", text, &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        if (strncmp(error.message, place, strlen(place)) != 0 ||
            strstr(error.message, refused[i].message) == NULL)
            fail_msg("%sgave:\n%s", text, error.message);
    }
}

static void too_many_sets_are_refused(void **state)
{
    (void)state;
    char text[8192] = "data: pets\nsolver: gd\nsplit: 0.5\nsplit_seed: [0";
    for (int seed = 1; seed <= 1000; seed++)
        snprintf(text + strlen(text), sizeof text - strlen(text), ", %d", seed);
    strcat(text, "]\n");
    struct error error = {0};
    assert_null(sweep_file_parse("test.yaml", text, &error));
    assert_non_null(strstr(error.message, "make more than 1000 data sets of one"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_become_the_sets_they_say),
        cmocka_unit_test(bad_preparations_are_refused_at_their_place),
        cmocka_unit_test(too_many_sets_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
