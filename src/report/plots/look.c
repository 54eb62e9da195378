/* SPDX-License-Identifier: MIT
 *
 * A size is refused where its sheet would have no room for axes and their labels.
 */
#include "report/plots/look.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Points of a screen: of a picture at most, of its sheet at least; and the height of type. */
enum { SIZE_MOST = 16384, SHEET_WIDTH = 360, SHEET_HEIGHT = 260, TYPE_LEAST = 4, TYPE_MOST = 200 };

static const struct theme theme_light = {
    .entry = {"light", "dark ink on white, for pages and print"}, .zoom = 1.0, .lines = 1.0};
static const struct theme theme_dark = {
    .entry = {"dark", "light ink on a dark background"}, .dark = true, .zoom = 1.0, .lines = 1.0};
static const struct theme theme_slide = {
    .entry = {"slide", "large type and thick lines on white, 1280x720"},
    .width = 1280,
    .height = 720,
    .zoom = 1.6,
    .lines = 1.3};

static const struct entry *const rows[] = {&theme_light.entry, &theme_dark.entry,
                                           &theme_slide.entry};
const struct table theme_table = TABLE("theme", rows);

struct look look_usual(void)
{
    return (struct look){.theme = &theme_light, .type = LOOK_TYPE};
}

double look_zoom(const struct look *look)
{
    return look->theme->zoom * look->type / LOOK_TYPE;
}

/* "960x400" */
static bool read_size(const char *text, struct look *look, struct error *error)
{
    char width[16], height[16];
    const char *cross = strchr(text, 'x');
    size_t first = cross != NULL ? (size_t)(cross - text) : sizeof width;
    int64_t w = 0, h = 0;
    bool read = first < sizeof width && strlen(cross + 1) < sizeof height;
    if (read) {
        snprintf(width, sizeof width, "%.*s", (int)first, text);
        snprintf(height, sizeof height, "%s", cross + 1);
        read = text_to_integer(width, &w) && text_to_integer(height, &h);
    }
    if (!read || w < 1 || h < 1 || w > SIZE_MOST || h > SIZE_MOST)
        return error_usage(error,
                           "--size: '%s' is not WIDTHxHEIGHT, such as 960x400, of 1 to %d each",
                           text, SIZE_MOST);
    look->width = (int)w;
    look->height = (int)h;
    return true;
}

/* "NAME", "NAME,SIZE" or ",SIZE" */
static bool read_font(const char *text, struct look *look, struct error *error)
{
    const char *comma = strrchr(text, ',');
    size_t length = comma != NULL ? (size_t)(comma - text) : strlen(text);
    if (length >= LOOK_FONT || memchr(text, ',', length) != NULL || (length == 0 && comma == NULL))
        return error_usage(error, "--font: '%s' is not NAME or NAME,SIZE", text);
    if (comma != NULL && (!text_to_real(comma + 1, &look->type) ||
                          look->type < (double)TYPE_LEAST || look->type > (double)TYPE_MOST))
        return error_usage(error, "--font: '%s' is not a size of type, %d to %d", comma + 1,
                           TYPE_LEAST, TYPE_MOST);
    snprintf(look->font, sizeof look->font, "%.*s", (int)length, text);
    return true;
}

static bool check_room(const struct look *look, struct error *error)
{
    double zoom = look_zoom(look), width = ceil((double)SHEET_WIDTH * zoom),
           height = ceil((double)SHEET_HEIGHT * zoom);
    if (look->width == 0 || (look->width >= width && look->height >= height))
        return true;
    return error_usage(error,
                       "%dx%d has no room for a picture with type of this size: --size takes "
                       "%.0fx%.0f and more, or --font a smaller SIZE",
                       look->width, look->height, width, height);
}

bool look_read(const struct look_options *options, struct look *look, struct error *error)
{
    *look = look_usual();
    look->title = options->title;
    if (options->theme != NULL) {
        const struct entry *entry = table_find(&theme_table, options->theme);
        char reason[256];
        if (entry == NULL)
            return error_usage(error, "--theme: %s",
                               table_unknown(&theme_table, options->theme, reason, sizeof reason));
        look->theme = (const struct theme *)(const void *)entry;
    }
    look->width = look->theme->width;
    look->height = look->theme->height;
    return (options->size == NULL || read_size(options->size, look, error)) &&
           (options->font == NULL || read_font(options->font, look, error)) &&
           check_room(look, error);
}
