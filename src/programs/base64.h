/* SPDX-License-Identifier: MIT
 *
 * Bytes as text: base64 of RFC 4648, section 4, with padding.
 */
#ifndef DESCENT_PROGRAMS_BASE64_H
#define DESCENT_PROGRAMS_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* A text of 4 ceil(size / 3) characters; free with memory_free(). */
char *base64_encode(const void *bytes, size_t size);

/* Decodes a text into exactly `size` bytes; false where it is none, or has another number of them.
 */
bool base64_decode(const char *text, void *bytes, size_t size);

#endif
