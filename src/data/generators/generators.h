/* SPDX-License-Identifier: MIT
 *
 * The rows of generator_table, one file each, and what they have in common: labels.
 */
#ifndef DESCENT_DATA_GENERATORS_GENERATORS_H
#define DESCENT_DATA_GENERATORS_GENERATORS_H

#include "data/generators/generator.h"

extern const struct generator generator_cats_and_dogs; /* generator_cats_and_dogs.c */
extern const struct generator generator_pets;          /* generator_pets.c */
extern const struct generator generator_blobs;         /* generator_blobs.c */

/* The class row i is drawn from: classes alternate, so that they are balanced, and neither is
 * missing from any set of two rows. */
static inline int generator_class(size_t row)
{
    return (int)(row % 2);
}

#endif
