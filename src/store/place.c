/* SPDX-License-Identifier: MIT
 *
 * SQLite alone would let two sweeps take turns. So the writer also holds a lock of the system on a
 * file of its own, which is gone with the process however it ends. A lock is on a file and not on
 * its name: whoever removes the file lets another writer lock a new one of that name. So the name
 * is compared with the file once it is locked, and again at each commit; and so are the names of
 * the store and of its log, which could be removed, renamed or replaced while this process goes on
 * writing to files that will not be found.
 *
 * The lock is not followed through a symbolic link, and what it does not know it does not
 * overwrite: nothing outside the folder is changed.
 */
#include "store/place.h"

#include "base/memory.h"
#include "base/output_guard.h"
#include "base/system/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LOCK_TEXT = 32, /* bytes: a process number, and a line break */
    LOCK_TRIES = 100,
    HEADER_BYTES = 100, /* of a database, and where in it the application is named */
    HEADER_APPLICATION = 68,
};

static const char *const suffixes[PLACE_FILES] = {"", "-wal", "-shm"};

char *store_path(const char *folder, const char *file)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, file) < 0)
        memory_exhausted(1, strlen(folder));
    return path;
}

void store_protect(const char *folder)
{
    static const char *const files[] = {STORE_FILE, STORE_FILE "-wal", STORE_FILE "-shm",
                                        LOCK_FILE};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        output_protect_in(folder, files[i]);
}

bool store_path_exists(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

bool store_create_folder(const char *folder, struct error *error)
{
    return path_create_folder(folder, 0777, error);
}

/* --- What may be opened -------------------------------------------------------------------- */

static bool check_length(const struct store *store, struct error *error)
{
    const size_t most = (size_t)sqlite3_vfs_find(NULL)->mxPathname, log = strlen("-journal");
    char *folder = realpath(store->folder, NULL);
    size_t length = folder != NULL ? strlen(folder) + strlen("/" STORE_FILE) : 0;
    memory_free(folder);
    return length + log <= most ||
           error_usage(error,
                       "%s: the whole path of the store has %zu bytes, and SQLite opens files with "
                       "paths of up to %zu; keep results in a folder with a shorter path "
                       "(--results)",
                       store->folder, length, most - log);
}

bool store_check_path(const struct store *store, struct error *error)
{
    struct stat facts;
    char *path = store_path(store->folder, STORE_FILE);
    bool sound =
        stat(path, &facts) != 0 || S_ISREG(facts.st_mode) ||
        error_usage(error, "%s is %s, not a store; name another folder, or remove it", path,
                    S_ISDIR(facts.st_mode)    ? "a folder"
                    : S_ISFIFO(facts.st_mode) ? "a named pipe"
                                              : "no regular file");
    memory_free(path);
    return sound && check_length(store, error);
}

bool store_is_writable(const char *folder)
{
    char *path = store_path(folder, STORE_FILE);
    bool writable = faccessat(AT_FDCWD, folder, W_OK, AT_EACCESS) == 0 &&
                    (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0 || errno == ENOENT);
    memory_free(path);
    return writable;
}

/* --- The lock ------------------------------------------------------------------------------ */

/* Another process holds the lock: says which, as far as the file tells. */
static bool refuse_second_writer(const struct store *store, struct error *error)
{
    char pid[LOCK_TEXT] = "";
    ssize_t length = pread(store->lock, pid, sizeof pid - 1, 0);
    pid[length > 0 ? strspn(pid, "0123456789") : 0] = '\0';
    return error_failed(error,
                        "%s: process %s is recording here; wait until it ends, or end it, and run "
                        "the same command again",
                        store->folder, *pid != '\0' ? pid : "(unknown)");
}

/* Is it a file that a writer left, and nothing else that was put there? */
static bool check_lock(const struct store *store, const char *path, struct error *error)
{
    struct stat facts;
    char text[LOCK_TEXT];
    if (fstat(store->lock, &facts) != 0)
        return error_failed(error, "cannot read %s: %s", path, strerror(errno));
    bool sound = S_ISREG(facts.st_mode) && facts.st_size < LOCK_TEXT;
    ssize_t length = sound ? pread(store->lock, text, sizeof text - 1, 0) : -1;
    sound = sound && length >= 0;
    for (ssize_t i = 0; i < length; i++)
        sound = sound && strchr("0123456789\n", text[i]) != NULL;
    return sound || error_failed(error,
                                 "%s is not the lock of a sweep, which holds a process number; "
                                 "remove it, or name another folder",
                                 path);
}

static bool open_lock(struct store *store, const char *path, struct error *error)
{
    if (store->lock >= 0)
        close(store->lock);
    store->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
    if (store->lock >= 0)
        return check_lock(store, path, error);
    if (errno == ELOOP)
        return error_failed(error, "%s is a symbolic link, which a lock must not be; remove it",
                            path);
    return error_failed(error, "cannot write %s: %s", path, strerror(errno));
}

/* Takes the lock. A file system that cannot lock is refused: two writers there would not know of
 * each other. */
static bool take_lock(const struct store *store, struct error *error)
{
    if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return refuse_second_writer(store, error);
    return error_failed(error, "%s cannot be locked: %s; keep results on a local disk (--results)",
                        store->folder, strerror(errno));
}

/* Is the locked file the one of that name? */
static bool lock_is_in_place(const struct store *store)
{
    struct stat held, named;
    char *path = store_path(store->folder, LOCK_FILE);
    bool same = fstat(store->lock, &held) == 0 && lstat(path, &named) == 0 &&
                held.st_dev == named.st_dev && held.st_ino == named.st_ino;
    memory_free(path);
    return same;
}

bool store_lock(struct store *store, struct error *error)
{
    char *path = store_path(store->folder, LOCK_FILE);
    char pid[LOCK_TEXT];
    int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    bool locked = false, done = true;
    for (int i = 0; i < LOCK_TRIES && done && !locked; i++) {
        done = open_lock(store, path, error) && take_lock(store, error);
        locked = done && lock_is_in_place(store);
    }
    if (done && !locked)
        done = error_failed(error, "another program removes %s again and again", path);
    if (done &&
        (ftruncate(store->lock, 0) != 0 || pwrite(store->lock, pid, (size_t)length, 0) != length))
        done = error_failed(error, "cannot write %s: %s", path, strerror(errno));
    memory_free(path);
    return done;
}

/* --- Still there? -------------------------------------------------------------------------- */

static struct file_identity identity_of(const struct store *store, int file)
{
    struct stat facts;
    char *path = NULL; /* SQLite's own: it may have followed a link */
    if (asprintf(&path, "%s%s", sqlite3_db_filename(store->db, "main"), suffixes[file]) < 0)
        memory_exhausted(1, 1);
    bool known = stat(path, &facts) == 0;
    memory_free(path);
    return known ? (struct file_identity){true, facts.st_dev, facts.st_ino, facts.st_size}
                 : (struct file_identity){.known = false};
}

static bool is_same_file(struct file_identity a, struct file_identity b)
{
    return a.known && b.known && a.device == b.device && a.inode == b.inode;
}

/* Does the name in the folder still lead to the store that is open? */
static bool store_file_is_in_place(const struct store *store)
{
    struct stat facts;
    char *path = store_path(store->folder, STORE_FILE);
    bool there = stat(path, &facts) == 0 && store->files[0].device == facts.st_dev &&
                 store->files[0].inode == facts.st_ino;
    memory_free(path);
    return there;
}

/* SQLite lets the files of an open store grow, and never cuts them: another program has where one
 * is shorter than it was. */
static bool files_are_in_place(struct store *store)
{
    for (int i = 0; i < PLACE_FILES; i++) {
        const struct file_identity now = identity_of(store, i);
        if (!store->files[i].known)
            continue;
        if (!is_same_file(store->files[i], now) || now.size < store->files[i].size)
            return false;
        store->files[i].size = now.size;
    }
    return !store->files[0].known || store_file_is_in_place(store);
}

/* The store that is open is the one that has that name now, unless SQLite says otherwise. */
bool store_note_place(struct store *store, struct error *error)
{
    int moved = 0;
    for (int i = 0; i < PLACE_FILES; i++)
        store->files[i] = identity_of(store, i);
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    store->files[0].known = true; /* without it nothing is in place */
    return moved == 0 || store_is_in_place(store, error);
}

bool store_is_in_place(struct store *store, struct error *error)
{
    int moved = 0;
    if (!store->writable)
        return true;
    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved != 0 || !files_are_in_place(store))
        return error_failed(
            error,
            "%s/" STORE_FILE
            " or its log was removed, renamed, replaced or cut short by another program while this "
            "one recorded in it; nothing more can be recorded, and earlier results are in the file "
            "that was there; run the same command again",
            store->folder);
    return lock_is_in_place(store) ||
           error_failed(error,
                        "%s/" LOCK_FILE " was removed or replaced while this program recorded "
                        "here: another one could do so at the same time; run the same command "
                        "again",
                        store->folder);
}

void store_leave_place(struct store *store)
{
    struct error ignored = {0};
    if (store->db == NULL || store_is_in_place(store, &ignored))
        return;
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

/* --- Removing ------------------------------------------------------------------------------ */

/* The first bytes name the application, unless they are still in the log. */
static bool header_is_ours(const char *path, bool *empty)
{
    unsigned char header[HEADER_BYTES];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file >= 0 ? read(file, header, sizeof header) : -1;
    if (file >= 0)
        close(file);
    *empty = length == 0;
    uint32_t application = 0;
    for (int i = 0; length == HEADER_BYTES && i < 4; i++)
        application = application << 8 | header[HEADER_APPLICATION + i];
    return application == APPLICATION_ID && memcmp(header, "SQLite format 3", 16) == 0;
}

/* A store that is damaged is removed, and so is one that was never written to; a file of another
 * program is not. */
static bool check_ours(const struct store *store, const char *path, struct error *error)
{
    bool empty = false;
    return !store_path_exists(path) || header_is_ours(path, &empty) || empty ||
           store_is_ours(store->folder) ||
           error_usage(error,
                       "%s: not a store of descent, and not removed; name another folder "
                       "(--results), or remove it yourself",
                       path);
}

static bool remove_files(const struct store *store, struct error *error)
{
    for (int i = 0; i < PLACE_FILES; i++) {
        char *file = NULL;
        if (asprintf(&file, "%s/" STORE_FILE "%s", store->folder, suffixes[i]) < 0)
            memory_exhausted(1, strlen(store->folder));
        if (unlink(file) != 0 && errno != ENOENT)
            error_failed(error, "cannot remove %s: %s", file, strerror(errno));
        memory_free(file);
    }
    return error->kind == ERROR_NONE;
}

/* `own`: this process has made it, so that nothing needs to be read, which a full disk forbids. */
static bool remove_store(const char *folder, bool own, struct error *error)
{
    struct store *store = store_create(folder, true);
    char *path = store_path(store->folder, STORE_FILE);
    if (store_path_exists(store->folder) && store_check_path(store, error) &&
        (own || check_ours(store, path, error)) && store_lock(store, error))
        remove_files(store, error);
    memory_free(path);
    store_close(store);
    return error->kind == ERROR_NONE;
}

bool store_remove(const char *folder, struct error *error)
{
    return remove_store(folder, false, error);
}

bool store_remove_folder(const char *folder, struct error *error)
{
    bool removed = remove_store(folder, true, error);
    char *lock = store_path(folder, LOCK_FILE);
    if (removed && unlink(lock) == 0)
        rmdir(folder);
    memory_free(lock);
    return removed;
}
