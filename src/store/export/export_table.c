/* SPDX-License-Identifier: MIT
 *
 * The table of formats of exports.
 */
#include "store/export/export.h"

static const struct entry *const rows[] = {&export_format_csv.entry, &export_format_json.entry,
                                           &export_format_gbench.entry};
const struct table export_format_table = TABLE("export format", rows);
