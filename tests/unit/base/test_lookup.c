/* SPDX-License-Identifier: MIT
 *
 * Numbers of keys, against a search from the first to the last.
 */
#include "base/lookup.h"

#include "base/random.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_have_the_numbers_of_a_search),
        cmocka_unit_test(keys_are_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
