/* SPDX-License-Identifier: MIT
 *
 * Whether what is read of a file is kept: the choices of the attribute `cache`.
 */
#ifndef DESCENT_DATA_CACHE_CACHE_TABLE_H
#define DESCENT_DATA_CACHE_CACHE_TABLE_H

#include "base/table.h"

extern const struct table cache_table; /* no, yes */
extern const struct entry cache_yes;

#endif
