/* SPDX-License-Identifier: MIT
 *
 * The file of `descent train --checkpoint`: what is written is read; what is not whole, or of
 * something else, is an error that says what to do.
 */
#include "base/memory.h"
#include "base/memory_stream.h"
#include "commands/training/checkpoint_file.h"
#include "testing.h"

#include <math.h>
#include <string.h>

static const struct checkpoint_origin origin = {
    .build = "a build",
    .digest = "0123",
    .data = "some data",
    .key = "4567",
    .words = "solver=gd",
};

static struct fold_means folds[] = {
    {.heldout_loss.mean = 0.5, .heldout_auc.mean = 0.75, .loss.mean = 0.25},
    {.heldout_loss.mean = NAN, .heldout_accuracy.mean = 1.0},
};

static char *written(size_t *size)
{
    double w[] = {1.0, -2.0};
    struct trace_point point = {.epoch = 0, .loss = 0.125};
    struct snapshot snapshot = {
        .epoch = 3,
        .features = 2,
        .w = w,
        .b = 0.5,
        .next_record = 4,
        .trace = {.count = 1, .capacity = 1, .points = &point},
    };
    const struct checkpoint_content content = {2, 2, folds, &snapshot};
    struct memory_stream stream;
    checkpoint_file_write(&origin, &content, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    *size = stream.length;
    return bytes;
}

static void what_is_written_is_read(void **state)
{
    struct error error = {.kind = ERROR_NONE};
    struct checkpoint_content content;
    size_t size;
    char *bytes = written(&size);
    (void)state;
    assert_true(checkpoint_file_read("f", bytes, size, &origin, &content, &error));
    assert_int_equal(content.continued, 2);
    assert_int_equal(content.measured, 2);
    for (size_t i = 0; i < 2; i++)
        for (size_t m = 0; m < fold_measure_count; m++) {
            const double was = fold_mean_find(&fold_measures[m], &folds[i])->mean;
            const double is = fold_mean_find(&fold_measures[m], &content.folds[i])->mean;
            assert_true(is == was || (isnan(is) && isnan(was)));
        }
    assert_int_equal(content.snapshot->epoch, 3);
    assert_true(content.snapshot->w[1] == -2.0 && content.snapshot->b == 0.5);
    checkpoint_content_clear(&content);
    memory_free(bytes);
}

static void assert_refused(const char *bytes, size_t size, const struct checkpoint_origin *wanted,
                           const char *why)
{
    struct error error = {.kind = ERROR_NONE};
    struct checkpoint_content content;
    assert_false(checkpoint_file_read("f", bytes, size, wanted, &content, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    if (strncmp(error.message, why, strlen(why)) != 0)
        fail_msg("'%s' does not begin with '%s'", error.message, why);
    assert_null(content.snapshot);
}

static void what_is_of_something_else_is_refused(void **state)
{
    size_t size;
    char *bytes = written(&size);
    struct checkpoint_origin other = origin;
    (void)state;
    other.build = "another";
    assert_refused(bytes, size, &other,
                   "f: a checkpoint of another build or processor: 'a build', and here it is "
                   "'another'; go on there, ");
    other = origin;
    other.digest = "0124";
    assert_refused(bytes, size, &other, "f: a checkpoint of other data, 'some data'; give those, ");
    other = origin;
    other.key = "";
    assert_refused(bytes, size, &other,
                   "f: a checkpoint of another configuration, 'solver=gd'; give all options ");
    memory_free(bytes);
}

static void what_is_not_whole_is_refused(void **state)
{
    size_t size;
    char *bytes = written(&size);
    (void)state;
    for (size_t length = 0; length < size; length += 7) {
        char *part = memory_allocate_untouched(length + 1, 1); /* so that a look beyond is seen */
        memcpy(part, bytes, length);
        assert_refused(part, length, &origin, "f: ");
        memory_free(part);
    }
    for (size_t at = 0; at < size; at += 5) {
        bytes[at] ^= 1;
        assert_refused(bytes, size, &origin, "f: ");
        bytes[at] ^= 1;
    }
    memory_free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_of_something_else_is_refused),
        cmocka_unit_test(what_is_not_whole_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
