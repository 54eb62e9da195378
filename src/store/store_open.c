/* SPDX-License-Identifier: MIT
 *
 * Opening, closing and transactions; where a store lies, and its lock, are in place.c.
 *
 * Write-ahead logging (WAL) lets reports be made while a sweep writes, and survives a kill at any
 * instant: an unfinished transaction is not in the log, or is and has no commit mark.
 * synchronous=NORMAL spares a wait for the disk at every trial; only a power cut can then lose the
 * last trials, and never damages the file. The log is copied into the file about once a second, so
 * that the file by itself is a little behind at most, whoever copies it or whatever happens to the
 * log: pages that many small trials share are then copied once.
 *
 * Readers share memory with the writer through a file. Where that file cannot be made, because the
 * folder cannot be written or the disk is full, no process is recording either. If no log is
 * waiting, the store is then opened as a file that no process changes (immutable), else as one that
 * is not shared (locking_mode = EXCLUSIVE).
 */
#include "store/store_internal.h"

#include "base/memory.h"
#include "store/machines.h"
#include "store/place.h"
#include "store/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* 64 MiB: trials are sorted there, and neither read twice nor put on a disk. */
#define CACHE_OF_READERS "PRAGMA cache_size = -65536"

enum { BUSY_MILLISECONDS = 5000 }; /* a checkpoint of the writer may make a reader wait */

/* The log is copied into the file at most once in so many seconds, and so many times less long than
 * it waits between. */
static const double CHECKPOINT_SECONDS = 1.0, CHECKPOINT_SHARE = 50.0;

/* The folder without slashes at its end, and without the file's own name, if that was given. */
static char *plain_folder(const char *folder)
{
    char *plain = memory_copy_text(*folder != '\0' ? folder : ".");
    struct stat facts;
    char *slash = strrchr(plain, '/');
    const char *base = slash != NULL ? slash + 1 : plain;
    if (strcmp(base, STORE_FILE) == 0 && (stat(plain, &facts) != 0 || !S_ISDIR(facts.st_mode))) {
        if (slash == NULL) /* the file alone: it is in the working directory */
            strcpy(plain, ".");
        else
            slash[slash == plain] = '\0';
    }
    for (size_t end = strlen(plain); end > 1 && plain[end - 1] == '/'; end--)
        plain[end - 1] = '\0';
    return plain;
}

bool store_exists(const char *folder)
{
    char *path = store_path(folder, STORE_FILE);
    bool found = store_path_exists(path);
    memory_free(path);
    return found;
}

bool store_is_same(const char *a, const char *b)
{
    struct stat left, right;
    char *folders[] = {plain_folder(a), plain_folder(b)};
    bool same = stat(folders[0], &left) == 0 && stat(folders[1], &right) == 0 &&
                left.st_dev == right.st_dev && left.st_ino == right.st_ino;
    memory_free(folders[0]);
    memory_free(folders[1]);
    return same;
}

struct store *store_create(const char *folder, bool writable)
{
    struct store *store = memory_allocate(1, sizeof *store);
    store->folder = plain_folder(folder);
    store->writable = writable;
    store->lock = -1;
    store_protect(store->folder);
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_protect(store->folder); /* it may have been made meanwhile */
    store_finalize(store);
    numbering_clear(&store->machines);
    store_leave_place(store);
    sqlite3_close(store->db);
    if (store->lock >= 0)
        close(store->lock);
    memory_free(store->folder);
    memory_free(store);
}

const char *store_library_version(void)
{
    return sqlite3_libversion();
}

/* --- Opening ------------------------------------------------------------------------------- */

/* The path as a URI: what has a meaning there is written in hexadecimal. */
static char *uri_of(const char *path, const char *query)
{
    char *uri = memory_resize(NULL, 3 * strlen(path) + strlen(query) + sizeof "file:", 1);
    char *end = stpcpy(uri, "file:");
    for (; *path != '\0'; path++)
        if (strchr("%?#", *path) != NULL)
            end += sprintf(end, "%%%02x", (unsigned)*path);
        else
            *end++ = *path;
    strcpy(end, query);
    return uri;
}

static bool open_database(struct store *store, const char *query, int flags, struct error *error)
{
    char *path = store_path(store->folder, STORE_FILE);
    char *uri = uri_of(path, query);
    bool done = sqlite3_open_v2(uri, &store->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                                NULL) == SQLITE_OK &&
                sqlite3_busy_timeout(store->db, BUSY_MILLISECONDS) == SQLITE_OK;
    if (store->db == NULL)
        memory_exhausted(1, sizeof *store);
    if (!done)
        store_failed(store, error);
    memory_free(uri);
    memory_free(path);
    return done;
}

static bool check_content(struct store *store, struct error *error)
{
    return rules_check_facts(store, error) && store_number_machines(store, error);
}

static bool prepare_to_write(struct store *store, struct error *error)
{
    bool empty = false;
    return open_database(store, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
           schema_check(store, &empty, error) &&
           store_execute(store,
                         "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                         "PRAGMA wal_autocheckpoint = 4000; PRAGMA foreign_keys = ON",
                         error) &&
           (empty ? schema_create(store, error) : schema_add_columns(store, error)) &&
           check_content(store, error) && store_note_place(store, error);
}

struct store *store_open_to_write(const char *folder, struct error *error)
{
    struct store *store = store_create(folder, true);
    if (store_create_folder(store->folder, error) && store_check_path(store, error) &&
        store_lock(store, error) && prepare_to_write(store, error))
        return store;
    store_close(store);
    return NULL;
}

/* Says what is wrong with a folder that should hold a store, before SQLite is asked. */
static bool check_folder(const struct store *store, struct error *error)
{
    char *path = store_path(store->folder, STORE_FILE);
    char *guess = NULL;
    if (!store_path_exists(path) && (errno == ENOENT || errno == ENOTDIR)) {
        guess = store_guess(store->folder);
        if (guess != NULL)
            error_usage(error, "%s: no results here; did you mean %s?", store->folder, guess);
        else
            error_usage(error,
                        "%s: no results here (no file %s); expected a folder that `descent sweep` "
                        "wrote, such as results/NAME",
                        store->folder, path);
    } else if (access(path, R_OK) != 0) {
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
    } else {
        store_check_path(store, error);
    }
    memory_free(guess);
    memory_free(path);
    return error->kind == ERROR_NONE;
}

/* Nothing waits in a log beside the file: it is complete by itself. */
static bool log_is_empty(const struct store *store)
{
    struct stat facts;
    char *path = store_path(store->folder, STORE_FILE "-wal");
    bool empty = stat(path, &facts) != 0 || facts.st_size == 0;
    memory_free(path);
    return empty;
}

/* Reads where SQLite has no place for its shared memory. */
static bool open_without_shared_memory(struct store *store, bool *empty, struct error *error)
{
    sqlite3_close(store->db);
    store->db = NULL;
    if (log_is_empty(store))
        return open_database(store, "?immutable=1", SQLITE_OPEN_READONLY, error) &&
               schema_check(store, empty, error);
    return open_database(store, "", SQLITE_OPEN_READWRITE, error) &&
           store_execute(store, "PRAGMA locking_mode = EXCLUSIVE", error) &&
           schema_check(store, empty, error);
}

/* The log of a store that was killed can only be read where SQLite may write. */
static bool refuse_unreadable_log(const struct store *store, struct error *error)
{
    return error_failed(error,
                        "%s: what was recorded last is still in the log, store.sqlite-wal, which "
                        "SQLite reads only where it can write, and this folder is read-only; copy "
                        "the folder to a place where you can write, and read it there",
                        store->folder);
}

static bool prepare_to_read(struct store *store, bool *empty, struct error *error)
{
    struct error first = {0}, second = {0};
    if (open_database(store, "", SQLITE_OPEN_READONLY, &first) &&
        schema_check(store, empty, &first))
        return true;
    int failure = store->failure;
    if ((failure == SQLITE_CANTOPEN || failure == SQLITE_READONLY || failure == SQLITE_IOERR ||
         failure == SQLITE_FULL) &&
        open_without_shared_memory(store, empty, &second))
        return true;
    if ((failure == SQLITE_CANTOPEN || failure == SQLITE_READONLY) && !log_is_empty(store) &&
        !store_is_writable(store->folder))
        return refuse_unreadable_log(store, error);
    *error = first;
    return false;
}

bool store_is_ours(const char *folder)
{
    struct store *store = store_create(folder, false);
    struct error ignored = {0};
    int64_t application = 0, tables = 0;
    bool read = open_database(store, "", SQLITE_OPEN_READONLY, &ignored) &&
                store_number(store, "PRAGMA application_id", &application, &ignored) &&
                store_number(store, "SELECT count(*) FROM sqlite_master", &tables, &ignored);
    store_close(store);
    return read && (application == APPLICATION_ID || (application == 0 && tables == 0));
}

struct store *store_open(const char *folder, struct error *error)
{
    struct store *store = store_create(folder, false);
    bool empty = false;
    if (check_folder(store, error) && prepare_to_read(store, &empty, error)) {
        if (empty)
            error_usage(error, "%s: nothing is recorded here yet%s", store->folder,
                        log_is_empty(store) ? "; if this is a copy, store.sqlite-wal, beside the "
                                              "store that it was made of, belongs to it"
                                            : "");
        else if (store_execute(store, CACHE_OF_READERS, error) && check_content(store, error))
            return store;
    }
    store_close(store);
    return NULL;
}

/* --- Transactions -------------------------------------------------------------------------- */

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Copies the log into the file, if that was not done for a second, or for fifty times as long as it
 * took: it waits for the disk, and trials do not. It leaves out what a reader holds, and what it
 * cannot do, the end or the next one does. */
static void bring_file_up_to_date(struct store *store)
{
    double begin = seconds_now();
    if (begin < store->next_checkpoint)
        return;
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    double end = seconds_now(), pause = CHECKPOINT_SHARE * (end - begin);
    store->next_checkpoint = end + (pause > CHECKPOINT_SECONDS ? pause : CHECKPOINT_SECONDS);
}

bool store_begin(struct store *store, struct error *error)
{
    return store_run(store, store->writable ? STATEMENT_BEGIN : STATEMENT_BEGIN_READING, NULL, 0,
                     error);
}

bool store_commit(struct store *store, struct error *error)
{
    if (!store_is_in_place(store, error)) {
        store_rollback(store);
        return false;
    }
    if (!store_run(store, STATEMENT_COMMIT, NULL, 0, error))
        return false;
    if (store->writable)
        bring_file_up_to_date(store);
    return true;
}

/* Its own failure is ignored: SQLite has undone the transaction then, or will when it is opened. */
void store_rollback(struct store *store)
{
    if (store->db != NULL && sqlite3_get_autocommit(store->db) == 0)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

bool store_begin_or_join(struct store *store, bool *own, struct error *error)
{
    *own = sqlite3_get_autocommit(store->db) != 0;
    return !*own || store_begin(store, error);
}

bool store_finish(struct store *store, bool own, bool done, struct error *error)
{
    if (own && done)
        return store_commit(store, error);
    if (own)
        store_rollback(store);
    return done;
}
