/* SPDX-License-Identifier: MIT
 *
 * A thin coat over the streaming interface of xxHash (XXH3, 128 bits).
 */
#include "base/digest.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* shows what a state consists of */
#include <xxhash.h>

struct digest {
    XXH3_state_t *state;
};

struct digest *digest_create(void)
{
    struct digest *digest = memory_allocate(1, sizeof *digest);
    digest->state = XXH3_createState();
    if (digest->state == NULL)
        memory_exhausted(1, sizeof(void *));
    XXH3_128bits_reset(digest->state);
    return digest;
}

void digest_add(struct digest *digest, const void *bytes, size_t count)
{
    XXH3_128bits_update(digest->state, bytes, count);
}

void digest_add_text(struct digest *digest, const char *text)
{
    digest_add(digest, text, strlen(text) + 1);
}

void digest_finish(struct digest *digest, char text[static DIGEST_TEXT])
{
    XXH128_hash_t hash = XXH3_128bits_digest(digest->state);
    XXH3_freeState(digest->state);
    snprintf(text, DIGEST_TEXT, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    memory_free(digest);
}

size_t digest_state_size(void)
{
    return sizeof(XXH3_state_t);
}

void digest_leave(const struct digest *digest, void *state)
{
    memcpy(state, digest->state, sizeof(XXH3_state_t));
}

/* A state points to a table of the library, which lies elsewhere in every process. */
void digest_enter(struct digest *digest, const void *state)
{
    const unsigned char *table = digest->state->extSecret;
    memcpy(digest->state, state, sizeof(XXH3_state_t));
    digest->state->extSecret = table;
}

void digest_of_bytes(const void *bytes, size_t count, char digest[static DIGEST_TEXT])
{
    struct digest *state = digest_create();
    digest_add(state, bytes, count);
    digest_finish(state, digest);
}

void digest_of_text(const char *text, char digest[static DIGEST_TEXT])
{
    digest_of_bytes(text, strlen(text) + 1, digest);
}

uint64_t digest_hash(const void *bytes, size_t count)
{
    return XXH3_64bits(bytes, count);
}

void digest_library_version(char text[static DIGEST_TEXT])
{
    unsigned version = XXH_versionNumber(); /* 100 * 100 * major + 100 * minor + release */
    snprintf(text, DIGEST_TEXT, "%u.%u.%u", version / 10000, version / 100 % 100, version % 100);
}
