/* SPDX-License-Identifier: MIT
 *
 * What a text was read as, kept for the next time (`cache: yes`): the second run takes numbers from
 * a file of this program's own, in place of parsing text. It takes the same numbers, and says the
 * same of them; what the cache cannot do is noted, and the text read.
 */
#ifndef DESCENT_DATA_SOURCES_SOURCE_CACHE_H
#define DESCENT_DATA_SOURCES_SOURCE_CACHE_H

#include "data/share.h"
#include "data/source.h"

/* Reads a file as source_read() does. */
typedef struct dataset *source_reader(const struct source *source, struct share *share, int threads,
                                      struct error *error);

/* The same set, from the cache if it is there, or else from `read`, and then it is kept. Where it
 * is kept, and what came of that, stands in data->cache. */
struct dataset *source_cached(const struct source *source, struct share *share, int threads,
                              source_reader *read, struct error *error);

#endif
