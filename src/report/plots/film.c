/* SPDX-License-Identifier: MIT
 *
 * The head of an .mp4 is written last, so ffmpeg is given a file without a name, and what it made
 * is copied to where it belongs. The codec is ffmpeg's choice for the format, H.264 where it has
 * that. Players want colours at half the resolution (yuv420p), and so an even number of pixels.
 *
 * gnuplot has one time for all frames of a GIF, and leaves out a frame that is like the one before:
 * the time of the last is written into the file.
 */
#include "report/plots/film.h"

#include "base/memory.h"
#include "base/system/child.h"
#include "base/system/output.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const char missing[] =
    "films (.mp4) are made by ffmpeg, which is not installed: the Debian package is ffmpeg; an "
    "animation is written as .gif without it";

bool film_can_be_made(struct error *error)
{
    static const char *const arguments[] = {"ffmpeg", "-version", NULL};
    static const struct child ffmpeg = {arguments, "tell its version", "version", missing};
    return child_can_run(&ffmpeg, error);
}

static bool fail_to_write(const char *name, struct error *error)
{
    return error_failed(error, "%s: cannot be written: %s", name, output_fault(errno));
}

static bool fail_for_lack(struct error *error)
{
    return error_failed(error, "a temporary file cannot be created: %s", strerror(errno));
}

static bool copy_film(FILE *film, FILE *output, const char *name, struct error *error)
{
    rewind(film);
    return (lseek(fileno(film), 0, SEEK_SET) == 0 && child_copy(fileno(film), output) > 0) ||
           fail_to_write(name, error);
}

bool film_make(FILE *frames, int delay, int pause, FILE *output, const char *name,
               struct error *error)
{
    char rate[32], filter[128];
    int longer = pause > delay ? pause - delay : 0;
    snprintf(rate, sizeof rate, "100/%d", delay);
    snprintf(filter, sizeof filter,
             "tpad=stop_mode=clone:stop_duration=%d.%02d,crop=trunc(iw/2)*2:trunc(ih/2)*2",
             longer / 100, longer % 100);
    const char *const arguments[] = {
        "ffmpeg", "-loglevel",  "error", /* which it then tells */
        "-f",     "image2pipe", "-codec:v", "png",       "-framerate", rate,      "-i",
        "pipe:0", "-filter:v",  filter,     "-pix_fmt",  "yuv420p",    "-fflags", "+bitexact",
        "-f",     "mp4",        "-y",       "/dev/fd/1", NULL};
    const struct child ffmpeg = {arguments, "make the film", "film", missing};
    FILE *film = tmpfile();
    if (film == NULL)
        return fail_for_lack(error);
    bool made =
        child_run_seeking(&ffmpeg, frames, film, error) && copy_film(film, output, name, error);
    fclose(film);
    return made;
}

/* --- GIF ------------------------------------------------------------------------------------- */

/* A file in memory; what lies beyond its end is 0. */
struct bytes {
    uint8_t *at; /* (count) */
    size_t count;
};

static uint8_t byte_at(const struct bytes *bytes, size_t i)
{
    return i < bytes->count ? bytes->at[i] : 0;
}

/* Bytes of a table of colours, as the flags of a screen or an image tell them. */
static size_t colours_of(uint8_t flags)
{
    return (flags & 0x80) != 0 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Where the sub-blocks that begin here are over. */
static size_t blocks_end(const struct bytes *bytes, size_t i)
{
    while (byte_at(bytes, i) != 0)
        i += byte_at(bytes, i) + (size_t)1;
    return i + 1;
}

/* The place of the time in the last graphic control extension (GIF89a, section 23), 0: none. */
static size_t last_delay(const struct bytes *gif)
{
    enum { EXTENSION = 0x21, CONTROL = 0xf9, IMAGE = 0x2c, SCREEN = 13, DESCRIPTOR = 10 };
    size_t found = 0, i = SCREEN + colours_of(byte_at(gif, 10));
    for (;;) {
        if (byte_at(gif, i) == EXTENSION) {
            if (byte_at(gif, i + 1) == CONTROL && i + 8 <= gif->count)
                found = i + 4;
            i = blocks_end(gif, i + 2);
        } else if (byte_at(gif, i) == IMAGE) {
            i += DESCRIPTOR + colours_of(byte_at(gif, i + 9));
            i = blocks_end(gif, i + 1);
        } else {
            return found;
        }
    }
}

/* All of a file; free with memory_free(). */
static struct bytes read_bytes(FILE *file)
{
    struct bytes bytes = {0};
    if (fseek(file, 0, SEEK_END) == 0 && ftell(file) > 0)
        bytes.count = (size_t)ftell(file);
    bytes.at = memory_allocate(bytes.count + 1, 1);
    rewind(file);
    bytes.count = fread(bytes.at, 1, bytes.count, file);
    return bytes;
}

bool film_make_gif(FILE *frames, int pause, FILE *output, const char *name, struct error *error)
{
    struct bytes gif = read_bytes(frames);
    size_t delay = last_delay(&gif);
    if (delay > 0 && pause > 0) {
        gif.at[delay] = (uint8_t)(pause & 0xff);
        gif.at[delay + 1] = (uint8_t)(pause >> 8 & 0xff);
    }
    bool written = fwrite(gif.at, 1, gif.count, output) == gif.count && fflush(output) == 0;
    memory_free(gif.at);
    return written || fail_to_write(name, error);
}
