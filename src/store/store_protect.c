/* SPDX-License-Identifier: MIT
 *
 * The files of a store as inputs, which no output of the same command may take the place of.
 */
#include "base/output_guard.h"
#include "store/place.h"

void store_protect(const char *folder)
{
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm",
                                        LOCK_FILE};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        output_protect_in(folder, files[i]);
}
