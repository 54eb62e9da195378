/* SPDX-License-Identifier: MIT
 *
 * What may be written to a stream beside plain text. To a file or a pipe: nothing. To a terminal: a
 * line may be drawn again, unless TERM is dumb or missing, and colours, unless NO_COLOR is set and
 * not empty. Block characters need a locale of UTF-8. Reference: https://no-color.org.
 */
#ifndef DESCENT_BASE_SYSTEM_TERMINAL_H
#define DESCENT_BASE_SYSTEM_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TERMINAL_WIDTH = 80 }; /* where the width is unknown */

struct terminal {
    bool redraw; /* it knows \r and the escape sequence that clears a line */
    bool colors;
    bool utf8;    /* characters beyond ASCII are shown */
    size_t width; /* columns; 0: it is no terminal */
};

/* As it is now: its window may have another size at the next call. */
struct terminal terminal_of(FILE *out);

/* Escape sequences of a style, or "" where there are no colours. */
enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_ACCENT, STYLE_WARNING };
const char *terminal_style(const struct terminal *terminal, enum style style);

/* All that the program itself sends to a terminal beside text, ended by NULL. */
extern const char *const terminal_sequences[];

/* To be called first by main(). From then on what is printed to stdout and stderr passes a guard:
 * bytes that would drive a terminal, or are not UTF-8, arrive as "\u001b" and "\xff"; line
 * breaks and tabs pass, and on a terminal what is in terminal_sequences[]. And a standard stream
 * that is closed stays so: no file that is opened gets its number. */
void terminal_guard(void);

/* The stream of standard output for data, which are for programs and arrive as they are; on a
 * terminal the guarded one. */
FILE *terminal_data(void);

/* fileno(), for streams that are guarded as well. */
int terminal_descriptor(FILE *out);

/* The columns that a text takes, of characters that take one each. */
size_t terminal_columns(const char *text);

#endif
