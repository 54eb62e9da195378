/* SPDX-License-Identifier: MIT
 *
 * The choices, the first of which is the default.
 */
#include "data/cache/cache_table.h"

static const struct entry cache_no = {"no", "the file is read each time"};
const struct entry cache_yes = {"yes", "what was read is kept, and taken the next time"};
static const struct entry *const rows[] = {&cache_no, &cache_yes};
const struct table cache_table = TABLE("cache", rows);
