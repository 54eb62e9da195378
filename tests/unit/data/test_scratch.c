/* SPDX-License-Identifier: MIT
 *
 * A text whose rows memory does not hold is read by way of the cache, and is the same set.
 */
#include "base/memory.h"
#include "base/text.h"
#include "data/cache/cache_table.h"
#include "data/sources/source_cache.h"
#include "file_fixture.h"

#include <sys/resource.h>

enum { ROWS = 60000, FEATURES = 50, LINE = 2 * FEATURES + 2, LEFT = 8 << 20 };

static char folder[] = "/tmp/descent-scratch-XXXXXX";

/* Digits: X takes eight times the memory that the text does on the disk. */
static char *text_make(void)
{
    char *text = memory_allocate(ROWS, LINE);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t j = 0; j <= FEATURES; j++) {
            char *cell = text + i * LINE + 2 * j;
            cell[0] = (char)(j < FEATURES ? '1' + (i * i + j * i) % 7 : '0' + i % 2);
            cell[1] = j < FEATURES ? ',' : '\n';
        }
    return text;
}

/* Bytes that the process has taken, by which the limit counts (proc(5)). */
static size_t data_taken(void)
{
    char line[256];
    size_t kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmData:", 7) == 0)
            kilobytes = strtoul(line + 7, NULL, 10);
    if (file != NULL)
        fclose(file);
    return kilobytes * 1024;
}

static void limit_set(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_DATA, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_DATA, &limit), 0);
}

static void rows_that_memory_does_not_hold_are_read_by_way_of_the_cache(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip(); /* they take memory as they like */
#endif
    struct error error;
    char *text = text_make();
    struct source plain = {.path = NULL}, cached = {.cache = &cache_yes};
    struct dataset *expected = read_as(text, (size_t)ROWS * LINE, plain, 1, &error);
    assert_non_null(expected);
    memory_free(text);
    plain.path = cached.path = path;
    limit_set(data_taken() + LEFT);
    struct dataset *none = source_load(&plain, false, 1, &error);
    struct dataset *first = source_load(&cached, false, 1, &error);
    struct dataset *second = source_load(&cached, false, 1, &error);
    limit_set(RLIM_INFINITY);
    assert_null(none);
    assert_non_null(strstr(error.message, "of memory, but"));
    assert_non_null(first);
    assert_non_null(second);
    assert_string_equal(first->digest, expected->digest);
    assert_string_equal(second->digest, expected->digest);
    assert_non_null(strstr(first->cache, ", written"));
    assert_non_null(strstr(second->cache, ", read"));
    dataset_free(expected);
    dataset_free(first);
    dataset_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_that_memory_does_not_hold_are_read_by_way_of_the_cache,
                                        create_file, remove_file),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    setenv("XDG_CACHE_HOME", folder, 1);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    testing_remove_folder(folder);
    return failed;
}
