/* SPDX-License-Identifier: MIT
 *
 * Where a store lies: its folder, its files and its lock. Included by nothing outside this folder.
 */
#ifndef DESCENT_STORE_PLACE_H
#define DESCENT_STORE_PLACE_H

#include "store/store_internal.h"

/* The files in the folder of a store; SQLite has two more beside the first. */
#define STORE_FILE "store.sqlite"
#define LOCK_FILE "lock"
#define APPLICATION_ID 0x64736374 /* "dsct" */

/* A store in that folder, with nothing opened. */
struct store *store_create(const char *folder, bool writable);

/* Is the file there a store of descent, of any version, or one that nothing was written to? */
bool store_is_ours(const char *folder);

/* "FOLDER/FILE"; free with memory_free(). */
char *store_path(const char *folder, const char *file);
bool store_path_exists(const char *path);

/* The folder with a store that may have been meant by one that has none, or NULL; free with
 * memory_free(). */
char *store_guess(const char *folder);

/* Refuses what SQLite would wait for or could not open: a store that is no regular file, and a path
 * that is too long for it. A missing file is none of these. */
bool store_check_path(const struct store *store, struct error *error);

/* Takes the lock, which ends with this process however it ends, and notes in its file who has it.
 */
bool store_lock(struct store *store, struct error *error);

/* Notes which files are open, for store_is_in_place() (store.h). */
bool store_note_place(struct store *store, struct error *error);

/* Before a store is closed: SQLite then removes files by their names, which must not be those of
 * another store by now. */
void store_leave_place(struct store *store);

#endif
