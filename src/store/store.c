/* SPDX-License-Identifier: MIT
 *
 * Opening, closing, locking and transactions.
 *
 * Write-ahead logging (WAL) lets reports be made while a sweep writes, and survives a kill at any
 * instant: an unfinished transaction is not in the log, or is and has no commit mark.
 * synchronous=NORMAL spares a wait for the disk at every trial; only a power cut can then lose the
 * last trials, and never damages the file. The log is copied into the file every 4000 pages (16
 * MiB): pages that many small trials share are then copied once.
 *
 * SQLite alone would let two sweeps take turns. So the writer also holds a lock of the system on a
 * file of its own, which is gone with the process however it ends.
 *
 * Readers share memory with the writer through a file. Where that file cannot be made, because the
 * folder cannot be written or the disk is full, nobody is recording either. If no log is waiting,
 * the store is then opened as a file that nobody changes (immutable), else as one that is not
 * shared (locking_mode = EXCLUSIVE).
 */
#include "store/store_internal.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION_ID 0x64736374 /* "dsct" */

enum { BUSY_MILLISECONDS = 5000 }; /* a checkpoint of the writer may make a reader wait */

static char *join(const char *folder, const char *file)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, file) < 0)
        memory_exhausted(1, strlen(folder));
    return path;
}

static bool exists(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

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
    char *path = join(folder, STORE_FILE);
    bool found = exists(path);
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

static struct store *store_create(const char *folder, bool writable)
{
    struct store *store = memory_allocate(1, sizeof *store);
    store->folder = plain_folder(folder);
    store->writable = writable;
    store->lock = -1;
    store_protect(store->folder);
    return store;
}

static void finalize_statements(struct store *store)
{
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store_protect(store->folder); /* it may have been made meanwhile */
    finalize_statements(store);
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

/* --- The lock ------------------------------------------------------------------------------ */

/* Another process holds the lock: says which, as far as the file tells. */
static bool refuse_second_writer(const struct store *store, struct error *error)
{
    char pid[32] = "";
    ssize_t length = pread(store->lock, pid, sizeof pid - 1, 0);
    pid[length > 0 ? strcspn(pid, "\n") : 0] = '\0';
    return error_failed(error,
                        "%s: process %s is recording here; wait until it ends, or end it, and run "
                        "the same command again",
                        store->folder, *pid != '\0' ? pid : "(unknown)");
}

/* Takes the lock, which ends with this process however it ends. A file system that cannot lock is
 * refused: two writers there would not know of each other. */
static bool take_lock(const struct store *store, struct error *error)
{
    if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return refuse_second_writer(store, error);
    return error_failed(error, "%s cannot be locked: %s; keep results on a local disk (--results)",
                        store->folder, strerror(errno));
}

/* Takes the lock and notes in its file who has it. */
static bool lock_store(struct store *store, struct error *error)
{
    char *path = join(store->folder, LOCK_FILE);
    char pid[32];
    int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    bool locked = store->lock >= 0 && take_lock(store, error);
    bool noted = locked && ftruncate(store->lock, 0) == 0 &&
                 pwrite(store->lock, pid, (size_t)length, 0) == length;
    if (!noted) /* no second message where there is one */
        error_failed(error, "cannot write %s: %s", path, strerror(errno));
    memory_free(path);
    return noted;
}

bool store_create_folder(const char *folder, struct error *error)
{
    char *path = memory_copy_text(folder);
    bool done = true;
    for (char *end = path + 1; done && end != NULL; end++) {
        end = strchr(end, '/');
        if (end != NULL)
            *end = '\0';
        done = mkdir(path, 0777) == 0 || errno == EEXIST;
        if (end == NULL)
            break;
        *end = '/';
    }
    if (!done)
        error_failed(error, "cannot create the folder %s: %s", path, strerror(errno));
    memory_free(path);
    return done;
}

/* --- Opening ------------------------------------------------------------------------------- */

/* Is this file ours, and can this program read it? `*empty`: nothing was ever written to it. */
static bool check_identity(struct store *store, bool *empty, struct error *error)
{
    int64_t application = 0, version = 0, tables = 0;
    if (!store_number(store, "PRAGMA application_id", &application, error) ||
        !store_number(store, "PRAGMA user_version", &version, error) ||
        !store_number(store, "SELECT count(*) FROM sqlite_master", &tables, error))
        return false;
    *empty = application == 0 && version == 0 && tables == 0;
    if (*empty)
        return true;
    if (application != APPLICATION_ID || version < 1)
        return error_usage(error, "%s/" STORE_FILE ": not a store of descent", store->folder);
    if (version > STORE_VERSION)
        return error_usage(error,
                           "%s: written by a newer descent (store version %lld, this program reads "
                           "up to %d); use a newer program, or --fresh to start over",
                           store->folder, (long long)version, STORE_VERSION);
    if (version < STORE_VERSION && !store->writable)
        return error_usage(error,
                           "%s: written by an earlier descent (store version %lld, this program "
                           "reads %d); run `descent sweep` on its file once, which brings it up to "
                           "date and keeps what is recorded",
                           store->folder, (long long)version, STORE_VERSION);
    return true;
}

/* Brings a store of an earlier version up to date. */
static bool bring_up_to_date(struct store *store, struct error *error)
{
    int64_t version = 0;
    return store_number(store, "PRAGMA user_version", &version, error) &&
           (version == STORE_VERSION || schema_upgrade(store, version, error)) &&
           schema_add_columns(store, error);
}

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
    char *path = join(store->folder, STORE_FILE);
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

static bool prepare_to_write(struct store *store, struct error *error)
{
    bool empty = false;
    return open_database(store, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
           check_identity(store, &empty, error) &&
           store_execute(store,
                         "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                         "PRAGMA wal_autocheckpoint = 4000; PRAGMA foreign_keys = ON",
                         error) &&
           (empty ? schema_create(store, error) : bring_up_to_date(store, error));
}

struct store *store_open_to_write(const char *folder, struct error *error)
{
    struct store *store = store_create(folder, true);
    if (store_create_folder(store->folder, error) && lock_store(store, error) &&
        prepare_to_write(store, error))
        return store;
    store_close(store);
    return NULL;
}

/* Says what is wrong with a folder that should hold a store, before SQLite is asked. */
static bool check_folder(const struct store *store, struct error *error)
{
    char *path = join(store->folder, STORE_FILE);
    char *guess = join("results", store->folder);
    char *guessed = join(guess, STORE_FILE);
    if (!exists(path) && (errno == ENOENT || errno == ENOTDIR)) {
        if (exists(guessed))
            error_usage(error, "%s: no results here; did you mean %s?", store->folder, guess);
        else
            error_usage(error,
                        "%s: no results here (no file %s); expected a folder that `descent sweep` "
                        "wrote, such as results/NAME",
                        store->folder, path);
    } else if (access(path, R_OK) != 0) {
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
    }
    memory_free(guessed);
    memory_free(guess);
    memory_free(path);
    return error->kind == ERROR_NONE;
}

/* Nothing waits in a log beside the file: it is complete by itself. */
static bool log_is_empty(const struct store *store)
{
    struct stat facts;
    char *path = join(store->folder, STORE_FILE "-wal");
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
               check_identity(store, empty, error);
    return open_database(store, "", SQLITE_OPEN_READWRITE, error) &&
           store_execute(store, "PRAGMA locking_mode = EXCLUSIVE", error) &&
           check_identity(store, empty, error);
}

static bool prepare_to_read(struct store *store, bool *empty, struct error *error)
{
    struct error first = {0}, second = {0};
    if (open_database(store, "", SQLITE_OPEN_READONLY, &first) &&
        check_identity(store, empty, &first))
        return true;
    int failure = store->failure;
    if ((failure == SQLITE_CANTOPEN || failure == SQLITE_READONLY || failure == SQLITE_IOERR ||
         failure == SQLITE_FULL) &&
        open_without_shared_memory(store, empty, &second))
        return true;
    *error = first;
    return false;
}

struct store *store_open(const char *folder, struct error *error)
{
    struct store *store = store_create(folder, false);
    bool empty = false;
    if (check_folder(store, error) && prepare_to_read(store, &empty, error)) {
        if (!empty)
            return store;
        error_usage(error, "%s: nothing is recorded here yet", store->folder);
    }
    store_close(store);
    return NULL;
}

bool store_remove(const char *folder, struct error *error)
{
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm"};
    struct store *store = store_create(folder, true);
    if (exists(store->folder) && lock_store(store, error))
        for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
            char *path = join(store->folder, files[i]);
            if (unlink(path) != 0 && errno != ENOENT)
                error_failed(error, "cannot remove %s: %s", path, strerror(errno));
            memory_free(path);
        }
    store_close(store);
    return error->kind == ERROR_NONE;
}

bool store_remove_folder(const char *folder, struct error *error)
{
    bool removed = store_remove(folder, error);
    char *lock = join(folder, LOCK_FILE);
    if (removed && unlink(lock) == 0)
        rmdir(folder);
    memory_free(lock);
    return removed;
}

/* --- Transactions -------------------------------------------------------------------------- */

bool store_begin(struct store *store, struct error *error)
{
    return store_run(store, store->writable ? STATEMENT_BEGIN : STATEMENT_BEGIN_READING, NULL, 0,
                     error);
}

bool store_commit(struct store *store, struct error *error)
{
    return store_run(store, STATEMENT_COMMIT, NULL, 0, error);
}

/* Its own failure is ignored: SQLite has undone the transaction then, or will when it is opened. */
void store_rollback(struct store *store)
{
    if (store->db != NULL && sqlite3_get_autocommit(store->db) == 0)
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}
