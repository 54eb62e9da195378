/* SPDX-License-Identifier: MIT
 *
 * A text that memory does not hold, compressed or not, or whose rows it does not hold, is read by
 * way of the cache, and is the same set.
 */
#include "base/memory.h"
#include "base/text.h"
#include "data/cache/cache_table.h"
#include "data/formats/arff/format_arff.h"
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/sources/source_cache.h"
#include "file_fixture.h"
#include "packed_fixture.h"

#include <sys/resource.h>

enum {
    ROWS = 50000,
    FEATURES = 50,
    WIDE = 1200,
    WIDE_ROWS = 10000,
    ROOM = 32 << 20,
    LONG_ROWS = 2000,
    LEFT = 5 << 20,
    THREADS = 3
};

static char folder[] = "/tmp/descent-scratch-XXXXXX";

static char *put(char *at, size_t number, char end)
{
    char digits[24];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0)
        *at++ = digits[--count];
    *at++ = end;
    return at;
}

/* Digits: X takes four times the memory that the text does, which is more than there will be. */
static char *csv_row(char *at, size_t i)
{
    for (size_t j = 0; j < FEATURES; j++)
        at = put(at, 100 + (i * i + j * i) % 7, ',');
    return put(at, i % 2, '\n');
}

/* INDEX:VALUE in some columns of many, so that rows are sparse; or in all of few. */
static char *indexed_row(char *at, size_t i, size_t apart)
{
    at = put(at, i % 2, ' ');
    for (size_t j = 0; j < FEATURES; j++) {
        at = put(at, 1 + apart * j + i % apart, ':');
        at = put(at, 1 + (i * i + j * i) % 7, j + 1 < FEATURES ? ' ' : '\n');
    }
    return at;
}

static char *sparse_row(char *at, size_t i)
{
    return indexed_row(at, i, 4);
}

static char *dense_row(char *at, size_t i)
{
    return indexed_row(at, i, 1);
}

static char *arff_row(char *at, size_t i)
{
    static const char header[] = "@relation r\n", data[] = "@data\n";
    for (size_t j = 0; i == 0 && j <= FEATURES; j++)
        at += sprintf(at, "%s@attribute a%zu numeric\n", j == 0 ? header : "", j);
    at += i == 0 ? sprintf(at, data) : 0;
    return csv_row(at, i);
}

/* Zeros in all but a few of many columns. */
static char *wide_row(char *at, size_t i)
{
    for (size_t j = 0; j < WIDE; j++) {
        *at++ = (char)('0' + ((i + j) % 8 == 0));
        *at++ = ',';
    }
    return put(at, i % 2, '\n');
}

/* Long cells first, by which rows seem to be few; then short ones. */
static char *shrinking_row(char *at, size_t i)
{
    static uint32_t state = 1;
    size_t digits = i < LONG_ROWS ? 60 : 1;
    for (size_t j = 0; j < FEATURES; j++) {
        for (size_t k = 0; k < digits; k++) {
            state = state * 1664525 + 1013904223;
            *at++ = (char)('0' + (state >> 24) % 10);
        }
        *at++ = ',';
    }
    return put(at, i % 2, '\n');
}

static struct packed pack_none(const char *bytes, size_t size)
{
    return (struct packed){memcpy(memory_allocate_untouched(size, 1), bytes, size), size};
}

/* Frames, of which those that come next are unpacked ahead. */
static struct packed pack_frames(const char *bytes, size_t size)
{
    return pack_many(pack_zstd, bytes, size, 1 << 18);
}

struct text {
    const struct format *format;
    char *(*row)(char *at, size_t i);
    size_t rows;
    struct packed (*pack)(const char *bytes, size_t size);
};

static struct packed text_make(const struct text *text)
{
    char *bytes = memory_allocate_untouched(ROOM, 1), *at = bytes;
    for (size_t i = 0; i < text->rows; i++)
        at = text->row(at, i);
    assert_true(at - bytes < ROOM);
    struct packed packed = text->pack(bytes, (size_t)(at - bytes));
    memory_free(bytes);
    return packed;
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

/* Reads a text as it is, and with so much more memory: refused; then by way of the cache, twice. */
static void text_check(const struct text *text, size_t left, int threads)
{
    struct error error;
    struct packed packed = text_make(text);
    struct source plain = {.format = text->format}, cached = {.cache = &cache_yes};
    struct dataset *expected = read_as(packed.bytes, packed.size, plain, threads, &error);
    assert_non_null(expected);
    memory_free(packed.bytes);
    plain.path = cached.path = path;
    cached.format = text->format;
    limit_set(data_taken() + left);
    struct dataset *none = source_load(&plain, false, threads, &error);
    struct error refused = error;
    error = (struct error){0};
    struct dataset *first = source_load(&cached, false, threads, &error);
    struct dataset *second = source_load(&cached, false, threads, &error);
    limit_set(RLIM_INFINITY);
    assert_null(none);
    if (strstr(refused.message, "of memory, but") == NULL &&
        strstr(refused.message, "memory does not hold what is in it") == NULL)
        fail_msg("%s", refused.message);
    if (first == NULL || second == NULL) {
        fail_msg("%s", error.message);
        return;
    }
    assert_string_equal(first->digest, expected->digest);
    assert_string_equal(second->digest, expected->digest);
    assert_non_null(strstr(first->cache, ", written"));
    assert_non_null(strstr(second->cache, ", read"));
    dataset_free(expected);
    dataset_free(first);
    dataset_free(second);
}

static void rows_that_memory_does_not_hold_are_read_by_way_of_the_cache(void **state)
{
    (void)state;
#if defined(SANITIZED)
    skip(); /* they take memory as they like */
#endif
    static const struct text texts[] = {
        {&format_csv, csv_row, ROWS, pack_none},
        {&format_csv, csv_row, ROWS, pack_frames},
        {&format_csv, wide_row, WIDE_ROWS, pack_zstd},
        {&format_libsvm, sparse_row, ROWS, pack_none},
        {&format_libsvm, sparse_row, ROWS, pack_gzip},
        {&format_libsvm, dense_row, ROWS, pack_lz4},
        {&format_arff, arff_row, ROWS, pack_zstd},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_check(&texts[i], LEFT, i % 2 == 0 ? 1 : THREADS);
}

/* The text is read while it is unpacked, until memory is short. */
static void rows_that_are_more_than_the_beginning_shows_are_read(void **state)
{
    (void)state;
#if defined(SANITIZED)
    skip();
#endif
    const struct text text = {&format_csv, shrinking_row, 2 * ROWS, pack_zstd};
    text_check(&text, 8 * LEFT, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_memory_does_not_hold_are_read_by_way_of_the_cache),
        cmocka_unit_test(rows_that_are_more_than_the_beginning_shows_are_read),
    };
    if (mkdtemp(folder) == NULL)
        return 1;
    setenv("XDG_CACHE_HOME", folder, 1);
    int failed = cmocka_run_group_tests(tests, create_file, remove_file);
    testing_remove_folder(folder);
    return failed;
}
