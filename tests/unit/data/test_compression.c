/* SPDX-License-Identifier: MIT
 *
 * What is compressed is what was compressed, whatever the way in; and no part of it is taken for
 * the whole.
 */
#include "data/formats/csv/csv.h"
#include "data/formats/libsvm/format_libsvm.h"
#include "data/formats/npy/format_npy.h"
#include "data/input.h"
#include "file_fixture.h"
#include "packed_fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

enum { LARGE = 1300001 };

/* Digits and line breaks, which repeat only in part. */
static char *made_text(size_t size)
{
    char *text = memory_allocate(size + 1, 1);
    uint32_t state = 1;
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525 + 1013904223;
        text[i] = "0123456789.,\n-e5"[state >> 28];
    }
    return text;
}

static void assert_content(const struct input *input, const char *text, size_t size)
{
    static const char zeros[INPUT_PADDING];
    assert_int_equal(input->size, size);
    assert_int_equal(memcmp(input->bytes, text, size), 0);
    assert_int_equal(memcmp(input->bytes + size, zeros, INPUT_PADDING), 0);
}

static void assert_opens_as(const struct packed *packed, const char *text, size_t size)
{
    struct input input;
    struct error error = {0};
    file_fill(packed->bytes, packed->size);
    if (!input_open(&input, path, &error))
        fail_msg("%s", error.message);
    assert_content(&input, text, size);
    assert_true(input_is_unchanged(&input, &error));
    input_close(&input);
}

static void assert_refused(const struct packed *packed, const char *message)
{
    struct input input;
    struct error error = {0};
    file_fill(packed->bytes, packed->size);
    assert_false(input_open(&input, path, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strstr(error.message, message) == NULL)
        fail_msg("'%s' instead of '%s'", error.message, message);
}

static void streams_are_unpacked(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 1000, LARGE};
    char *text = made_text(LARGE);
    for (size_t i = 0; i < PACKERS; i++)
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct packed packed = packers[i].pack(text, sizes[k]);
            assert_opens_as(&packed, text, sizes[k]);
            memory_free(packed.bytes);
        }
    memory_free(text);
}

/* Two, of which the first has nothing, and then the zeros of a tape. */
static void streams_follow_each_other(void **state)
{
    (void)state;
    char *text = made_text(5000);
    for (size_t i = 0; i < PACKERS; i++) {
        struct packed parts[3] = {packers[i].pack(text, 3000), packers[i].pack(text, 0),
                                  packers[i].pack(text + 3000, 2000)};
        struct packed whole = {memory_allocate(1 << 16, 1), 0};
        for (int k = 0; k < 3; k++) {
            memcpy(whole.bytes + whole.size, parts[k].bytes, parts[k].size);
            whole.size += parts[k].size;
            memory_free(parts[k].bytes);
        }
        assert_opens_as(&whole, text, 5000);
        whole.size += 512;
        assert_opens_as(&whole, text, 5000);
        whole.bytes[whole.size - 1] = 'x';
        assert_refused(&whole, " stream, and what follows them is not; the file was damaged");
        memory_free(whole.bytes);
    }
    memory_free(text);
}

static void what_is_cut_off_is_refused(void **state)
{
    (void)state;
    char *text = made_text(2000);
    for (size_t i = 0; i < PACKERS; i++) {
        struct packed packed = packers[i].pack(text, 2000);
        for (size_t cut = 10; cut < packed.size; cut += 7)
            assert_refused(&(struct packed){packed.bytes, cut}, " stream is cut off: after ");
        packed.size--;
        assert_refused(&packed, " stream is cut off: after ");
        memory_free(packed.bytes);
    }
    memory_free(text);
}

/* One bit in any byte: it is refused, or does not matter; or the file is no such stream. */
static void what_is_damaged_is_refused(void **state)
{
    (void)state;
    char *text = made_text(400);
    for (size_t i = 0; i < PACKERS; i++) {
        struct packed packed = packers[i].pack(text, 400);
        for (size_t k = 0; k < packed.size; k++) {
            struct input input;
            struct error error = {0};
            packed.bytes[k] ^= 4;
            file_fill(packed.bytes, packed.size);
            if (input_open(&input, path, &error)) {
                bool as_it_is = input.size == packed.size;
                assert_content(&input, as_it_is ? packed.bytes : text,
                               as_it_is ? packed.size : 400);
                input_close(&input);
            }
            packed.bytes[k] ^= 4;
        }
        memory_free(packed.bytes);
    }
    memory_free(text);
}

struct writer {
    int file;
    struct packed packed;
};

/* In small parts, so that a stream is met in the middle. */
static void *pipe_write(void *context)
{
    struct writer *writer = context;
    for (size_t at = 0; at < writer->packed.size;) {
        size_t left = writer->packed.size - at, part = at == 0 ? 3 : 4093;
        ssize_t count = write(writer->file, writer->packed.bytes + at, left < part ? left : part);
        at += count > 0 ? (size_t)count : 0;
    }
    close(writer->file);
    return NULL;
}

static bool pipe_open(struct input *input, struct packed packed, struct error *error)
{
    int ends[2];
    char name[64];
    pthread_t thread;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    struct writer writer = {ends[1], packed};
    assert_int_equal(pthread_create(&thread, NULL, pipe_write, &writer), 0);
    snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    bool opened = input_open(input, name, error);
    pthread_join(thread, NULL);
    close(ends[0]);
    return opened;
}

static void pipes_are_unpacked(void **state)
{
    (void)state;
    char *text = made_text(LARGE);
    struct zip_file file = {.name = "a.csv", .bytes = text, .size = 100000, .deflated = true};
    struct input input;
    struct error error = {0};
    for (size_t i = 0; i < PACKERS; i++) {
        struct packed packed = packers[i].pack(text, LARGE);
        assert_true(pipe_open(&input, packed, &error));
        assert_content(&input, text, LARGE);
        input_close(&input);
        packed.size /= 2;
        assert_false(pipe_open(&input, packed, &error));
        assert_non_null(strstr(error.message, " stream is cut off: after "));
        memory_free(packed.bytes);
    }
    struct packed zip = zip_make(&file, 1, "");
    assert_true(pipe_open(&input, zip, &error));
    assert_content(&input, text, file.size);
    input_close(&input);
    memory_free(zip.bytes);
    memory_free(text);
}

/* A pipe that is kept is unpacked once. */
static void pipes_are_kept_unpacked(void **state)
{
    (void)state;
    char *text = made_text(1000);
    struct packed packed = pack_xz(text, 1000);
    struct error error = {0};
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], packed.bytes, packed.size), packed.size);
    close(ends[1]);
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", ends[0]);
    input_keep_pipes();
    for (int i = 0; i < 2; i++) {
        struct input input;
        assert_true(input_open(&input, name, &error));
        assert_content(&input, text, 1000);
        input_close(&input);
    }
    close(ends[0]);
    memory_free(packed.bytes);
    memory_free(text);
}

static void the_compressed_file_is_watched(void **state)
{
    (void)state;
    struct packed packed = pack_gzip("1,0\n2,1\n", 8);
    struct input input;
    struct error error = {0};
    file_fill(packed.bytes, packed.size);
    const struct timespec times[2] = {{1000, 0}, {1000, 0}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_true(input_open(&input, path, &error));
    file_fill("1,0\n2,1\n", 8);
    assert_false(input_is_unchanged(&input, &error));
    assert_non_null(strstr(error.message, "the file has changed since it was read"));
    input_close(&input);
    memory_free(packed.bytes);
}

/* --- Archives -------------------------------------------------------------------------------- */

static void archives_of_one_file_are_unpacked(void **state)
{
    (void)state;
    char *text = made_text(100000);
    for (int i = 0; i < 8; i++) {
        const struct zip_file files[] = {
            {.name = "folder/", .bytes = ""},
            {.name = "folder/a.csv",
             .bytes = text,
             .size = i == 7 ? 0 : 100000,
             .deflated = (i & 1) != 0,
             .large = (i & 2) != 0},
            {.name = "__MACOSX/folder/._a.csv", .bytes = "x", .size = 1},
        };
        struct packed zip = zip_make(files, 3, (i & 4) != 0 ? "a comment" : "");
        assert_opens_as(&zip, text, files[1].size);
        memory_free(zip.bytes);
    }
    memory_free(text);
}

static void assert_archive_refused(const struct zip_file *files, size_t count, const char *message)
{
    struct packed zip = zip_make(files, count, "");
    assert_refused(&zip, message);
    memory_free(zip.bytes);
}

static void archives_are_refused_with_the_way_out(void **state)
{
    (void)state;
    struct zip_file file = {.name = "a.csv", .bytes = "1,0\n2,1\n", .size = 8, .deflated = true};
    struct packed zip = zip_make(&file, 1, "");
    for (size_t cut = 4; cut < zip.size; cut++)
        assert_refused(&(struct packed){zip.bytes, cut}, "the archive (zip) is damaged or cut off");
    zip.bytes[30 + 5 + 3] ^= 1;
    assert_refused(&zip, ": ");
    memory_free(zip.bytes);

    const struct zip_file two[] = {file, {.name = "b.csv", .bytes = "1", .size = 1}};
    assert_archive_refused(two, 2, "this archive has 2 files, and a set of data is one");
}

static void damaged_members_are_refused(void **state)
{
    (void)state;
    struct zip_file file = {.name = "a.csv", .bytes = "1,0\n2,1\n", .size = 8};
    struct packed zip = zip_make(&file, 1, "");
    zip.bytes[30 + 5] = '3';
    assert_refused(&zip, "'a.csv' in this archive is damaged: its sum or its length is not");
    memory_free(zip.bytes);
    file.encrypted = true;
    assert_archive_refused(&file, 1, "'a.csv' in this archive is encrypted; unpack it: unzip FILE");
    file.encrypted = false;
    file.method = 14;
    assert_archive_refused(&file, 1, "is compressed in a way that descent does not read");
}

/* Documents are named by those who know them. */
static void documents_stay_as_they_are(void **state)
{
    (void)state;
    static const char *const names[][2] = {{"[Content_Types].xml", "xl/workbook.xml"},
                                           {"X.npy", "y.npy"}};
    for (size_t i = 0; i < 2; i++) {
        const struct zip_file files[] = {{.name = names[i][0], .bytes = "a", .size = 1},
                                         {.name = names[i][1], .bytes = "b", .size = 1}};
        struct packed zip = zip_make(files, 2, "");
        assert_opens_as(&zip, zip.bytes, zip.size);
        memory_free(zip.bytes);
    }
}

/* --- Formats --------------------------------------------------------------------------------- */

static void the_ending_before_tells_the_format(void **state)
{
    (void)state;
    assert_ptr_equal(format_of_path("a9a.libsvm.bz2"), &format_libsvm);
    assert_ptr_equal(format_of_path("X.NPY.ZST"), &format_npy);
    assert_ptr_equal(format_of_path("a.npz"), &format_npy);
    assert_ptr_equal(format_of_path("a.svm.xz"), &format_libsvm);
    assert_ptr_equal(format_of_path("a.svm/b.lz4"), &format_csv);
    assert_ptr_equal(format_of_path("data.gz"), &format_csv);
    assert_false(format_has_ending("folder.csv/data.gz"));
    assert_true(format_is_told("data.csv.zip"));
    assert_true(format_same_ending("a.csv.gz", "b.CSV"));
    assert_false(format_same_ending("a.csv.gz", "b.gz"));
}

static void sets_are_the_same(void **state)
{
    (void)state;
    char *text = memory_allocate(1 << 20, 1);
    size_t size = 0;
    for (int i = 0; i < 20000; i++)
        size += (size_t)sprintf(text + size, "%d,%d.5,%d\n", i % 97, i % 13, i % 2);
    struct error error;
    struct dataset *plain = read_bytes(text, size, NULL, 1, &error);
    for (size_t i = 0; i < PACKERS; i++)
        for (int threads = 1; threads <= 3; threads++) {
            struct packed packed = packers[i].pack(text, size);
            struct dataset *data = read_bytes(packed.bytes, packed.size, NULL, threads, &error);
            assert_non_null(data);
            assert_string_equal(data->digest, plain->digest);
            dataset_free(data);
            memory_free(packed.bytes);
        }
    dataset_free(plain);
    memory_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_are_unpacked),
        cmocka_unit_test(streams_follow_each_other),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(what_is_damaged_is_refused),
        cmocka_unit_test(pipes_are_unpacked),
        cmocka_unit_test(the_compressed_file_is_watched),
        cmocka_unit_test(archives_of_one_file_are_unpacked),
        cmocka_unit_test(archives_are_refused_with_the_way_out),
        cmocka_unit_test(damaged_members_are_refused),
        cmocka_unit_test(documents_stay_as_they_are),
        cmocka_unit_test(the_ending_before_tells_the_format),
        cmocka_unit_test(sets_are_the_same),
        cmocka_unit_test(pipes_are_kept_unpacked),
    };
    return cmocka_run_group_tests(tests, create_file, remove_file);
}
