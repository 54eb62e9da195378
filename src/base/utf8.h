/* SPDX-License-Identifier: MIT
 *
 * Text of other programs as UTF-8. Names in a data file may be in the encoding of whoever wrote it;
 * they are converted once, where they are read, so that whatever keeps them has the same bytes.
 */
#ifndef DESCENT_BASE_UTF8_H
#define DESCENT_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point of the UTF-8 character that begins here in `*length` bytes; 0 bytes: there is
 * none. Overlong forms, surrogates and what lies beyond U+10FFFF are none (RFC 3629). */
uint32_t utf8_decode(const char *at, size_t *length);

/* A copy, to be freed with memory_free(). A text that is not UTF-8 is taken for Windows-1252, which
 * is Latin-1 with letters and signs in place of the control characters 0x80 to 0x9f. */
char *utf8_copy(const char *text);

#endif
