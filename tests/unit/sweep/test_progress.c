/* SPDX-License-Identifier: MIT
 *
 * Progress on a pseudo-terminal and in a pipe, by a clock that is set: what is drawn, how often, in
 * how many columns, and that no escape sequence comes where there is no terminal.
 */
#include "base/memory.h"
#include "base/sparkline.h"
#include "base/system/clock.h"
#include "base/system/terminal.h"
#include "sweep/run/progress.h"
#include "testing.h"

#include <fcntl.h>
#include <math.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { POINTS = 20, TRIALS = 40 };

static double now;

static double set_clock(void)
{
    return now;
}

/* A terminal of which `out` is what a program writes to, and `other` what a person sees. */
struct screen {
    FILE *out;
    int other;
    char seen[8192];
};

static void environment(const char *kind, const char *no_color, const char *locale)
{
    setenv("TERM", kind, 1);
    setenv("NO_COLOR", no_color, 1);
    setenv("LC_ALL", locale, 1);
}

static void screen_resize(struct screen *screen, unsigned short columns)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};
    assert_int_equal(ioctl(screen->other, TIOCSWINSZ, &size), 0);
}

static void screen_open(struct screen *screen, unsigned short columns)
{
    int inner;
    assert_int_equal(openpty(&screen->other, &inner, NULL, NULL, NULL), 0);
    assert_int_equal(fcntl(screen->other, F_SETFL, O_NONBLOCK), 0);
    screen->out = fdopen(inner, "w");
    assert_non_null(screen->out);
    screen_resize(screen, columns);
}

/* What has been written since the last time. */
static const char *screen_read(struct screen *screen)
{
    fflush(screen->out);
    ssize_t count = read(screen->other, screen->seen, sizeof screen->seen - 1);
    screen->seen[count > 0 ? count : 0] = '\0';
    return screen->seen;
}

static void screen_close(struct screen *screen)
{
    fclose(screen->out);
    close(screen->other);
}

/* Ends a trial that came to `objective` by halves, half a second after the one before. */
static void end_trial(struct progress *progress, double objective)
{
    struct trace_point points[POINTS] = {{0}};
    const struct trial trial = {.trace = {.count = POINTS, .points = points}};
    for (size_t i = 0; i < POINTS; i++)
        points[i].objective = objective * exp2((double)(POINTS - 1 - i));
    now += 0.5;
    progress_add(progress, 0, 0.5, &trial);
}

static void begin(struct progress *progress, FILE *out)
{
    now = 100.0;
    clock_replace(set_clock);
    progress_open(progress, out, TRIALS, 1);
    for (size_t i = 0; i < TRIALS; i++)
        progress_count_remaining(progress, 0);
}

static void a_terminal_has_all_parts_in_one_line(void **state)
{
    (void)state;
    struct screen screen;
    struct progress progress;
    environment("xterm", "1", "C.UTF-8");
    screen_open(&screen, 120);
    begin(&progress, screen.out);
    progress_repeat(&progress); /* not due */
    assert_string_equal(screen_read(&screen), "");
    end_trial(&progress, 0.25);
    assert_string_equal(screen_read(&screen),
                        "\r[............] 1/40 trials  2.00/s  19.5 s left  best 0.25 "
                        "█▇▆▅▄▃▂▁  1 repeated\033[K");
    progress_close(&progress);
    assert_string_equal(screen_read(&screen), "\r\033[K");
    screen_close(&screen);
}

/* Columns of the last line that was drawn, without its escape sequences. */
static size_t drawn_columns(const char *seen)
{
    const char *line = strrchr(seen, '\r');
    size_t columns = 0;
    assert_non_null(line);
    for (line++; *line != '\0'; line++)
        if (*line == '\033')
            line += strcspn(line, "mK");
        else
            columns += ((unsigned char)*line & 0xC0) != 0x80;
    return columns;
}

/* The window becomes narrower and wider between two lines. */
static void no_width_is_exceeded(void **state)
{
    (void)state;
    struct screen screen;
    struct progress progress;
    environment("xterm", "", "C.UTF-8");
    screen_open(&screen, 80);
    begin(&progress, screen.out);
    progress_begin_finals(&progress, 1000);
    for (unsigned short width = 2; width < 110; width++) {
        screen_resize(&screen, width);
        progress_repeat(&progress);
        end_trial(&progress, 0.001234);
        progress.classes[0].remaining++;
        assert_between(drawn_columns(screen_read(&screen)), 1, width < 80 ? width - 1 : 79);
    }
    progress_close(&progress);
    screen_close(&screen);
}

static void parts_drop_out_in_their_order(void **state)
{
    (void)state;
    static const char *const parts[] = {"trials", "left", "best", "repeated", "[", "_", "/s"};
    const size_t count = sizeof parts / sizeof *parts;
    struct progress progress;
    begin(&progress, NULL);
    progress_repeat(&progress);
    end_trial(&progress, 0.25);
    size_t before = 0;
    for (size_t width = 12; width <= 80; width++) {
        char text[PROGRESS_LINE];
        size_t there = 0;
        progress_line(&progress, now, &(struct terminal){.width = width}, text);
        while (there < count && strstr(text, parts[there]) != NULL)
            there++;
        for (size_t i = there; i < count; i++)
            assert_null(strstr(text, parts[i]));
        assert_true(there >= before);
        before = there;
    }
    assert_int_equal(before, count);
    progress_close(&progress);
}

static void colours_only_where_they_are_wanted(void **state)
{
    (void)state;
    struct screen screen;
    screen_open(&screen, 80);
    environment("xterm", "", "C");
    assert_true(terminal_of(screen.out).colors);
    assert_false(terminal_of(screen.out).utf8);
    assert_string_not_equal(terminal_style(&(struct terminal){.colors = true}, STYLE_BOLD), "");
    environment("xterm", "1", "C.UTF-8");
    assert_false(terminal_of(screen.out).colors);
    assert_true(terminal_of(screen.out).redraw);
    assert_true(terminal_of(screen.out).utf8);
    environment("dumb", "", "C");
    assert_false(terminal_of(screen.out).colors);
    assert_false(terminal_of(screen.out).redraw);
    screen_close(&screen);
}

/* Twenty trials in ten seconds: one line. */
static void check_plain(FILE *out, const char *(*seen)(void *context), void *context)
{
    struct progress progress;
    begin(&progress, out);
    progress_repeat(&progress);
    progress_begin_finals(&progress, 2);
    for (int i = 0; i < 20; i++)
        end_trial(&progress, 0.25);
    progress_close(&progress);
    fflush(out);
    const char *text = seen(context);
    assert_null(strpbrk(text, "\033"));
    assert_non_null(strstr(text, "20/42 trials (finals)  2.00/s  10.0 s left  "
                                 "best objective 0.25  1 repeated"));
}

static const char *screen_text(void *context)
{
    return screen_read(context);
}

static void a_dumb_terminal_has_plain_lines(void **state)
{
    (void)state;
    struct screen screen;
    environment("dumb", "", "C.UTF-8");
    screen_open(&screen, 80);
    check_plain(screen.out, screen_text, &screen);
    screen_close(&screen);
}

static const char *pipe_text(void *context)
{
    static char text[4096];
    ssize_t count = read(*(int *)context, text, sizeof text - 1);
    text[count > 0 ? count : 0] = '\0';
    assert_null(strchr(text, '\r'));
    return text;
}

static void a_pipe_has_plain_lines(void **state)
{
    (void)state;
    int ends[2];
    environment("xterm", "", "C.UTF-8");
    assert_int_equal(pipe(ends), 0);
    FILE *out = fdopen(ends[1], "w");
    check_plain(out, pipe_text, &ends[0]);
    fclose(out);
    close(ends[0]);
}

static void sparklines(void **state)
{
    (void)state;
    char text[SPARKLINE_TEXT];
    const double powers[] = {1e8, 1e6, 1e4, 1e2, 1.0}, odd[] = {INFINITY, NAN, 1.0, 2.0, 0.0, -1.0};
    double many[30];
    assert_string_equal(sparkline(powers, 5, true, text), "█▆▅▃▁");
    assert_string_equal(sparkline(powers, 5, false, text), "#+=-_");
    assert_string_equal(sparkline(odd, 6, false, text), "##_#__");
    assert_string_equal(sparkline(powers, 0, true, text), "");
    for (size_t i = 0; i < 30; i++)
        many[i] = i < 18 ? 1.0 : 2.0;
    assert_string_equal(sparkline(many, 30, false, text), "________");
}

static int restore(void **state)
{
    (void)state;
    clock_replace(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_terminal_has_all_parts_in_one_line, restore),
        cmocka_unit_test_teardown(no_width_is_exceeded, restore),
        cmocka_unit_test_teardown(parts_drop_out_in_their_order, restore),
        cmocka_unit_test_teardown(colours_only_where_they_are_wanted, restore),
        cmocka_unit_test_teardown(a_dumb_terminal_has_plain_lines, restore),
        cmocka_unit_test_teardown(a_pipe_has_plain_lines, restore),
        cmocka_unit_test(sparklines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
