/* SPDX-License-Identifier: MIT
 *
 * Digests: 128 bits that name a content. They tell whether a data set or a sweep file changed,
 * identify a configuration, and compare two trials bit for bit. XXH3 is fast enough to be
 * forgotten beside reading the data; it is not meant to withstand an attacker.
 */
#ifndef DESCENT_BASE_DIGEST_H
#define DESCENT_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_TEXT = 33 }; /* 32 hexadecimal digits and the end of the text */

struct digest;

struct digest *digest_create(void);
void digest_add(struct digest *digest, const void *bytes, size_t count);
void digest_add_text(struct digest *digest, const char *text); /* with its terminating NUL */

/* Writes the hexadecimal digits and frees the digest. */
void digest_finish(struct digest *digest, char text[static DIGEST_TEXT]);

/* A digest that is not finished, as bytes (digest_state_size()) that another process of the same
 * build goes on with: the digest of what several processes have between them, one after the other.
 * digest_enter() puts it in the place of what was added here. */
size_t digest_state_size(void);
void digest_leave(const struct digest *digest, void *state);
void digest_enter(struct digest *digest, const void *state);

/* That of one text. */
void digest_of_text(const char *text, char digest[static DIGEST_TEXT]);

/* That of bytes. */
void digest_of_bytes(const void *bytes, size_t count, char digest[static DIGEST_TEXT]);

/* 64 bits of bytes, for tables in memory. */
uint64_t digest_hash(const void *bytes, size_t count);

/* Writes the version of xxHash that runs: "0.8.1". */
void digest_library_version(char text[static DIGEST_TEXT]);

#endif
