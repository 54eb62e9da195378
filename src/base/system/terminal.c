/* SPDX-License-Identifier: MIT
 *
 * The locale is asked for its character set without being set: the program runs in "C", where a
 * number has a point whatever the user's language.
 */
#include "base/system/terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_utf8(void)
{
    locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
    if (locale == (locale_t)0)
        return false;
    bool utf8 = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
    freelocale(locale);
    return utf8;
}

static size_t width_of(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return TERMINAL_WIDTH;
    return size.ws_col;
}

struct terminal terminal_of(FILE *out)
{
    const char *kind = getenv("TERM"), *no_color = getenv("NO_COLOR");
    struct terminal terminal = {0};
    if (out == NULL || isatty(terminal_descriptor(out)) != 1)
        return terminal;
    terminal.redraw = kind != NULL && *kind != '\0' && strcmp(kind, "dumb") != 0;
    terminal.colors = terminal.redraw && (no_color == NULL || *no_color == '\0');
    terminal.utf8 = is_utf8();
    terminal.width = width_of(terminal_descriptor(out));
    return terminal;
}

/* Those of styles, in their order; a line is begun again, and cleared to its end. */
const char *const terminal_sequences[] = {
    [STYLE_PLAIN] = "\033[0m",
    [STYLE_BOLD] = "\033[1m",
    [STYLE_DIM] = "\033[2m",
    [STYLE_ACCENT] = "\033[36m",
    [STYLE_WARNING] = "\033[33m",
    "\r",
    "\033[K",
    NULL,
};

const char *terminal_style(const struct terminal *terminal, enum style style)
{
    return terminal->colors ? terminal_sequences[style] : "";
}

size_t terminal_columns(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80; /* not the rest of a character */
    return count;
}
