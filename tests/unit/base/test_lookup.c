/* SPDX-License-Identifier: MIT
 *
 * Numbers of keys, against a search from the first to the last; and the families of data sets,
 * which weak scaling is told within.
 */
#include "base/lookup.h"

#include "base/memory.h"
#include "base/random.h"
#include "report/scaling/data_family.h"
#include "testing.h"

#include <string.h>

enum { KEYS = 400, LOOKS = 4000 };

static void keys_have_the_numbers_of_a_search(void **state)
{
    (void)state;
    struct lookup lookup = {0};
    char seen[KEYS][16];
    size_t count = 0;
    struct random_stream stream = random_open(41, RANDOM_START, 0);
    assert_true(lookup_find(&lookup, "", 0) == SIZE_MAX);
    for (size_t i = 0; i < LOOKS; i++) {
        char key[16];
        size_t bytes =
            (size_t)snprintf(key, sizeof key, "%d", (int)(random_uniform(&stream) * (double)KEYS));
        size_t expected = 0;
        while (expected < count && strcmp(seen[expected], key) != 0)
            expected++;
        size_t found = lookup_find(&lookup, key, bytes);
        assert_true(found == (expected < count ? expected : SIZE_MAX));
        if (expected == count)
            memcpy(seen[count++], key, bytes + 1);
        assert_true(lookup_number(&lookup, key, bytes) == expected);
        assert_true(lookup.count == count);
    }
    assert_true(count > KEYS / 2);
    lookup_clear(&lookup);
}

/* Bytes of any kind, and none: a key is not a text. */
static void keys_are_bytes(void **state)
{
    (void)state;
    struct lookup lookup = {0};
    assert_true(lookup_number(&lookup, "a\0b", 3) == 0);
    assert_true(lookup_number(&lookup, "a\0c", 3) == 1);
    assert_true(lookup_number(&lookup, "a", 1) == 2);
    assert_true(lookup_number(&lookup, "", 0) == 3);
    assert_true(lookup_number(&lookup, "", 0) == 3);
    assert_true(lookup_number(&lookup, "a\0b", 3) == 0);
    lookup_clear(&lookup);
}

static void families_differ_in_rows_alone(void **state)
{
    (void)state;
    static const struct {
        const char *one, *other; /* descriptions */
        bool alike;
    } cases[] = {
        {"blobs:rows=500,features=5", "blobs:rows=1000,features=5", true},
        {"blobs:features=5", "blobs:rows=1000,features=5", true},
        {"blobs", "blobs:rows=1000", true},
        {"blobs:rows=10 (scale standard)", "blobs (scale standard)", true},
        {"blobs:rows=500,features=5", "blobs:rows=1000,features=6", false},
        {"blobs:rows=500,seed=1", "blobs:rows=1000,seed=2", false},
        {"blobs:rows=500 (scale standard)", "blobs:rows=1000", false},
        {"blobs:rows=200,features=2", "pets", false},
        {"small.csv", "large.csv", false},
        {"data:rows=5.csv", "data:rows=6.csv", false},
        {"x.csv", "x.csv", false}, /* of another content */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *one = data_family(cases[i].one, "1"), *other = data_family(cases[i].other, "2");
        assert_true((strcmp(one, other) == 0) == cases[i].alike);
        memory_free(one);
        memory_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_numbers_of_a_search),
        cmocka_unit_test(keys_are_bytes),
        cmocka_unit_test(families_differ_in_rows_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
