/* SPDX-License-Identifier: MIT
 *
 * Text that is read while it is unpacked is what it is when it is read as a whole: the same bits,
 * the same first error, with any number of threads.
 */
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/formats/text_stream.h"
#include "data/input.h"
#include "file_fixture.h"
#include "packed_fixture.h"

#if defined(SANITIZED)
enum { THREADS = 2 }; /* a run takes ten times as long */
#else
enum { THREADS = 4 };
#endif
enum { LINES = 105000, ROOM = 16 << 20, BLANKS = 600000 };

/* A text of more than is unpacked before it is looked at, with something in it that is special. */
static struct {
    char *bytes; /* (size) */
    size_t size;
} text;

static void add(const char *what)
{
    size_t length = strlen(what);
    memcpy(text.bytes + text.size, what, length);
    text.size += length;
}

static void rows_add(bool sparse, int count)
{
    for (int i = 0; i < count; i++) {
        char *line = text.bytes + text.size;
        int seed = i * 7919 % 10007;
        text.size +=
            (size_t)(sparse ? sprintf(line, "%d 1:%d.25 %d:0.%05d 700:0 90001:%d.000000000\n",
                                      i % 2, seed, 2 + i % 300, seed, i)
                            : sprintf(line, "%d.25,%d,0.%05d,%d,%d.0000000000000000000,%d\n", seed,
                                      i, seed, -i, i % 1000, i % 2));
    }
}

/* Reads the text, plain and packed, with several numbers of threads. */
static void assert_same(const struct format *format)
{
    struct error expected, error;
    struct source source = {.format = format};
    struct packed packed = pack_zstd(text.bytes, text.size);
    struct dataset *plain = read_as(text.bytes, text.size, source, 1, &expected);
    assert_true(text.size > 4 << 20);
    for (int threads = 2; threads <= THREADS; threads += 2) {
        struct dataset *data = read_as(packed.bytes, packed.size, source, threads, &error);
        assert_string_equal(error.message, expected.message);
        assert_true((data == NULL) == (plain == NULL));
        if (data != NULL)
            assert_string_equal(data->digest, plain->digest);
        dataset_free(data);
    }
    memory_free(packed.bytes);
    dataset_free(plain);
    text.size = 0;
}

static int text_make(void **state)
{
    text.bytes = memory_allocate_untouched(ROOM, 1);
    return create_file(state);
}

static int text_free(void **state)
{
    memory_free(text.bytes);
    return remove_file(state);
}

static void long_texts_stream(void **state)
{
    (void)state;
    struct input input;
    struct error error = {0};
    size_t ready;
    bool whole = false;
    rows_add(false, LINES);
    struct packed packed = pack_zstd(text.bytes, text.size);
    file_fill(packed.bytes, packed.size);
    assert_true(input_open_begin(&input, path, &error));
    assert_non_null(input.rest);
    assert_true(input.size < text.size && input.bytes[input.size - 1] == '\n');
    assert_int_equal(memcmp(input.bytes, text.bytes, input.size), 0);
    for (size_t before = input.size; !whole; before = ready) {
        assert_true(input_more(&input, &ready, &whole, &error));
        assert_true(ready >= before && ready <= text.size);
        assert_int_equal(memcmp(input.bytes, text.bytes, ready), 0);
    }
    assert_int_equal(input.size, text.size);
    input_close(&input);
    assert_true(input_open_begin(&input, path, &error)); /* one that is not read to its end */
    input_close(&input);
    memory_free(packed.bytes);
    text.size = 0;
}

static void tables_are_the_same(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "9,8,7,6,5,1", "\n \n\t\r\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        add(i == 1 ? "a,b,c,d,e,label\n" : "");
        rows_add(false, LINES);
        add(ends[i]);
        assert_same(&format_csv);
    }
    rows_add(false, LINES); /* more blank lines than a block has bytes */
    memset(text.bytes + text.size, '\n', BLANKS);
    text.size += BLANKS;
    assert_same(&format_csv);
}

static void faults_are_the_same(void **state)
{
    (void)state;
    static const char *const faults[] = {"1,2,three,4,5,1\n", "1,2,3,4,5\n", "1,2,3,4,5,2\n", "\n",
                                         "1,2,3,4,5,yes\n"};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        rows_add(false, LINES);
        add(faults[i]);
        rows_add(false, 10);
        add(faults[i]);
        assert_same(&format_csv);
    }
}

static void sparse_sets_are_the_same(void **state)
{
    (void)state;
    static const char *const ends[] = {"",        "1 3:4", "# a comment\n\n", "1 3:4 2:5\n",
                                       "2 1:1\n", "1 3:x"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        rows_add(true, LINES);
        add(ends[i]);
        assert_same(&format_libsvm);
    }
}

/* Rows and values that are shorter than the first, so that more come than room was made for. */
static void more_rows_than_guessed_are_read(void **state)
{
    (void)state;
    for (int sparse = 0; sparse < 2; sparse++) {
        rows_add(sparse != 0, LINES);
        for (int i = 0; i < 5 * LINES; i++)
            add(sparse != 0 ? i % 3 == 0 ? "1 3:4 7:1\n" : "0 3:1\n" : "1,2,3,4,5,1\n");
        assert_same(sparse != 0 ? &format_libsvm : &format_csv);
    }
}

/* What is unpacked is not read as if it were all. */
static void the_end_of_the_stream_decides(void **state)
{
    (void)state;
    struct error error;
    rows_add(false, LINES);
    struct packed packed = pack_gzip(text.bytes, text.size);
    for (int threads = 1; threads <= 3; threads++) {
        assert_null(read_as(packed.bytes, packed.size - 1, (struct source){0}, threads, &error));
        assert_non_null(strstr(error.message, "the gzip stream is cut off: after "));
        packed.bytes[packed.size - 8] ^= 1;
        assert_null(read_as(packed.bytes, packed.size, (struct source){0}, threads, &error));
        assert_non_null(strstr(error.message, "the gzip stream is damaged at byte "));
        packed.bytes[packed.size - 8] ^= 1;
    }
    memory_free(packed.bytes);
    text.size = 0;
}

/* --- Parts ----------------------------------------------------------------------------------- */

/* The same with any number of threads, whatever it is. */
static void assert_threads_agree(struct packed packed)
{
    struct error expected, error;
    struct dataset *alone = read_as(packed.bytes, packed.size, (struct source){0}, 1, &expected);
    for (int threads = 2; threads <= 3; threads++) {
        struct dataset *data =
            read_as(packed.bytes, packed.size, (struct source){0}, threads, &error);
        assert_string_equal(error.message, expected.message);
        assert_true((data == NULL) == (alone == NULL));
        if (data != NULL)
            assert_string_equal(data->digest, alone->digest);
        dataset_free(data);
    }
    dataset_free(alone);
}

/* Cut off, damaged in a stream and where one begins, whole, followed by something else. */
static void parts_are_one_stream(void **state)
{
    (void)state;
    struct packed (*const packs[])(const char *bytes, size_t size) = {pack_bgzip, pack_zstd,
                                                                      pack_bzip2};
    rows_add(false, LINES / 3 * 2);
    for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
        struct packed packed = pack_many(packs[i], text.bytes, text.size, 60000);
        assert_threads_agree((struct packed){packed.bytes, packed.size / 8 * 7});
        packed.bytes[packed.size / 8 * 7] ^= 1;
        assert_threads_agree(packed);
        packed.bytes[packed.size / 8 * 7] ^= 1;
        char *last = memrchr(packed.bytes, packed.bytes[1], packed.size / 8 * 7);
        *last ^= 3;
        assert_threads_agree(packed);
        *last ^= 3;
        memset(packed.bytes + packed.size, 0, 100);
        assert_threads_agree((struct packed){packed.bytes, packed.size + 100});
        packed.bytes[packed.size + 99] = 'x';
        assert_threads_agree((struct packed){packed.bytes, packed.size + 100});
        memory_free(packed.bytes);
    }
    text.size = 0;
}

/* A length that is too small, and one too large, of streams that are sound. */
static void what_parts_say_of_themselves_is_not_believed(void **state)
{
    (void)state;
    rows_add(false, LINES / 3 * 2);
    for (int change = -1; change <= 1; change += 2) {
        struct packed packed = pack_many(pack_bgzip, text.bytes, text.size, 60000);
        size_t at = 0, count = 0;
        while (at < packed.size) {
            unsigned char *length = (unsigned char *)packed.bytes + at + 16;
            at += (size_t)(length[0] | length[1] << 8) + 1;
            if (++count % 16 == 0)
                length[0] = (unsigned char)(length[0] + change);
        }
        assert_threads_agree(packed);
        memory_free(packed.bytes);
    }
    text.size = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_texts_stream),
        cmocka_unit_test(tables_are_the_same),
        cmocka_unit_test(faults_are_the_same),
        cmocka_unit_test(sparse_sets_are_the_same),
        cmocka_unit_test(more_rows_than_guessed_are_read),
        cmocka_unit_test(the_end_of_the_stream_decides),
        cmocka_unit_test(parts_are_one_stream),
        cmocka_unit_test(what_parts_say_of_themselves_is_not_believed),
    };
    return cmocka_run_group_tests(tests, text_make, text_free);
}
