/* SPDX-License-Identifier: MIT
 *
 * The table of generators.
 */
#include "data/generators/generator.h"

#include "data/generators/generators.h"

static const struct entry *const rows[] = {&generator_pets.entry, &generator_cats_and_dogs.entry,
                                           &generator_blobs.entry};

const struct table generator_table = TABLE("generator", rows);
