/* SPDX-License-Identifier: MIT
 *
 * The last frame of an animated GIF is given its time, and nothing else in the file changes.
 */
#include "report/plots/film.h"

#include "testing.h"

#include <stdint.h>
#include <string.h>

enum { MOST = 256 };

/* A GIF of one pixel: screen, two colours, and then what is added. */
struct gif {
    uint8_t bytes[MOST];
    size_t count;
};

static void add(struct gif *gif, const void *bytes, size_t count)
{
    memcpy(gif->bytes + gif->count, bytes, count);
    gif->count += count;
}

static struct gif begin(void)
{
    struct gif gif = {.count = 0};
    add(&gif, "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff", 19);
    return gif;
}

/* A frame shown for 10 hundredths, with two colours of its own or not, whose data look like a
 * control extension. */
static void add_frame(struct gif *gif, bool coloured)
{
    add(gif, "\x21\xf9\4\0\x0a\0\0\0", 8);
    add(gif, "\x2c\0\0\0\0\1\0\1\0", 9);
    add(gif, coloured ? "\x80\1\2\3\4\5\6" : "\0", coloured ? 7 : 1);
    add(gif, "\2\x08\x21\xf9\4\0\x0a\0\0\0\0", 11);
}

static struct gif made(const struct gif *gif, int pause)
{
    struct error error = {.kind = ERROR_NONE};
    FILE *frames = tmpfile(), *output = tmpfile();
    struct gif result = {.count = 0};
    fwrite(gif->bytes, 1, gif->count, frames);
    assert_true(film_make_gif(frames, pause, output, "a.gif", &error));
    rewind(output);
    result.count = fread(result.bytes, 1, MOST, output);
    fclose(frames);
    fclose(output);
    assert_int_equal(result.count, gif->count);
    return result;
}

static void the_last_frame_stands(void **state)
{
    (void)state;
    for (int coloured = 0; coloured < 2; coloured++) {
        struct gif gif = begin();
        add(&gif, "\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0", 19); /* for ever */
        for (int i = 0; i < 3; i++)
            add_frame(&gif, coloured);
        size_t frame = (size_t)(coloured ? 35 : 29), last = gif.count - frame + 4;
        add(&gif, "\x3b", 1);
        struct gif result = made(&gif, 513);
        assert_int_equal(result.bytes[last], 1);
        assert_int_equal(result.bytes[last + 1], 2);
        result.bytes[last] = 10;
        result.bytes[last + 1] = 0;
        assert_memory_equal(result.bytes, gif.bytes, gif.count);
    }
}

static void what_has_no_end_or_no_frame_is_left(void **state)
{
    (void)state;
    struct gif gif = begin();
    struct gif result = made(&gif, 200);
    assert_memory_equal(result.bytes, gif.bytes, gif.count);
    add_frame(&gif, false);
    for (; gif.count > 20; gif.count--) /* cut off anywhere */
        made(&gif, 200);
    gif.count = 3;
    made(&gif, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_frame_stands),
        cmocka_unit_test(what_has_no_end_or_no_frame_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
