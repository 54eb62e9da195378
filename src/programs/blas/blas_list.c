/* SPDX-License-Identifier: MIT
 *
 * Names of files come from a table; the same file may be found by several, and counts once.
 */
#include "programs/blas/blas_list.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/path.h"
#include "base/text.h"
#include "kernels/blas_library.h"
#include "programs/blas/blas_process.h"

#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* --- Files ---------------------------------------------------------------------------------- */

/* What a library may be called. In a folder that has a file of the first kind one of a later kind
 * is its other face, with fewer functions: BLIS's libblas.so.3 cannot be asked anything. */
static const char *const file_names[] = {"libopenblas*.so.[0-9]", "libblis.so.[0-9]",
                                         "libblas.so.[0-9]"};
enum { FILE_NAMES = sizeof file_names / sizeof *file_names };

struct paths {
    size_t count, capacity;
    char **paths;
};

static void add_path(struct paths *all, const char *path)
{
    char *real = path_real(path);
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->paths[i], real) == 0) {
            memory_free(real);
            return;
        }
    all->paths = memory_grow(all->paths, &all->capacity, all->count + 1, sizeof *all->paths);
    all->paths[all->count++] = real;
}

/* Calls `visit` for each name in a folder. */
static void walk(const char *folder, struct paths *all,
                 void (*visit)(const char *folder, const char *name, struct paths *all))
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.')
            visit(folder, entries[i]->d_name, all);
        free(entries[i]);
    }
    free(entries);
}

static size_t kind_of(const char *name)
{
    size_t kind = 0;
    while (kind < FILE_NAMES && fnmatch(file_names[kind], name, 0) != 0)
        kind++;
    return kind;
}

/* Files of the best kind in the folder. */
static void look_in(const char *folder, struct paths *all)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    size_t best = FILE_NAMES;
    for (int i = 0; i < count; i++)
        best = kind_of(entries[i]->d_name) < best ? kind_of(entries[i]->d_name) : best;
    for (int i = 0; i < count; i++) {
        if (best < FILE_NAMES && kind_of(entries[i]->d_name) == best) {
            char *path = path_in(folder, entries[i]->d_name);
            add_path(all, path);
            memory_free(path);
        }
        free(entries[i]);
    }
    free(entries);
}

/* Only folders whose name says so: there may be a thousand others. */
static void visit_folder(const char *above, const char *name, struct paths *all)
{
    static const char *const words[] = {"blas", "blis", "atlas"};
    bool may = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        may = may || strstr(name, words[i]) != NULL;
    if (!may)
        return;
    char *folder = path_in(above, name);
    look_in(folder, all);
    memory_free(folder);
}

/* The linked library comes first. */
static void find_files(struct paths *all)
{
    struct blas_library linked;
    blas_library_read(&linked);
    if (linked.path[0] == '\0')
        return;
    char *own = path_folder(linked.path), *above = path_in(own, "..");
    char *folder = path_real(above);
    add_path(all, linked.path);
    look_in(own, all);
    look_in(folder, all);
    walk(folder, all, visit_folder);
    memory_free(folder);
    memory_free(above);
    memory_free(own);
}

/* --- What they are -------------------------------------------------------------------------- */

static char *text_of(const json_t *answer, const char *name)
{
    const char *text = json_string_value(json_object_get(answer, name));
    return text != NULL ? memory_copy_text(text) : NULL;
}

static void refuse(struct blas_listed *library, const char *reason)
{
    library->reason = memory_copy_text(reason);
}

/* The loader may have been led elsewhere, by a path in the program itself for example. */
static void take_answer(struct blas_listed *library, const json_t *answer)
{
    char *path = text_of(answer, "path"), *missing = text_of(answer, "missing");
    char reason[512];
    if (missing != NULL) {
        snprintf(reason, sizeof reason, "it has no function %s", missing);
        refuse(library, reason);
    } else if (path == NULL || strcmp(path, library->path) != 0) {
        snprintf(reason, sizeof reason, "a process that was given it has %s",
                 path != NULL ? text_shown(path) : "another");
        refuse(library, reason);
    }
    library->family = text_of(answer, "family");
    library->version = text_of(answer, "version");
    library->flavour = text_of(answer, "flavour");
    library->threading = text_of(answer, "threading");
    library->core = text_of(answer, "core");
    library->configuration = text_of(answer, "configuration");
    library->threads = (int)json_integer_value(json_object_get(answer, "threads"));
    library->lapack = json_is_true(json_object_get(answer, "lapack"));
    memory_free(path);
    memory_free(missing);
}

static void ask(const char *program, struct blas_listed *library)
{
    struct error error = {0};
    struct blas_process *process = blas_process_start(program, library->path, true, &error);
    json_t *answer = process != NULL ? blas_process_ask(process, &error, "library") : NULL;
    if (answer != NULL)
        take_answer(library, answer);
    else
        refuse(library, error.message);
    json_decref(answer);
    blas_process_stop(process);
}

/* --- Names ---------------------------------------------------------------------------------- */

static void name_plainly(struct blas_listed *library)
{
    if (library->family == NULL)
        snprintf(library->name, BLAS_NAME, "-");
    else
        snprintf(library->name, BLAS_NAME, "%s%s%s", library->family,
                 library->flavour != NULL ? "-" : "",
                 library->flavour != NULL ? library->flavour : "");
}

static bool is_taken(const struct blas_list *list, size_t until, const char *name)
{
    for (size_t i = 0; i < until; i++)
        if (strcmp(list->libraries[i].name, name) == 0)
            return true;
    return false;
}

/* A second one of a name has its version too, and a third of that its place in the list. */
static void name_apart(const struct blas_list *list, size_t index)
{
    struct blas_listed *library = &list->libraries[index];
    char plain[BLAS_NAME - 32];
    snprintf(plain, sizeof plain, "%.63s", library->name);
    if (library->version != NULL && is_taken(list, index, library->name))
        snprintf(library->name, BLAS_NAME, "%s-%.24s", plain, library->version);
    if (is_taken(list, index, library->name))
        snprintf(library->name, BLAS_NAME, "%s-%zu", plain, index + 1);
}

/* The linked one, those that can be used by name, the others. */
static int compare(const void *left, const void *right)
{
    const struct blas_listed *a = left, *b = right;
    if (a->linked != b->linked)
        return a->linked ? -1 : 1;
    if ((a->reason == NULL) != (b->reason == NULL))
        return a->reason == NULL ? -1 : 1;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->path, b->path);
}

bool blas_list_find(const char *program, const char *const *paths, size_t count,
                    struct blas_list *list, struct error *error)
{
    struct paths all = {0};
    find_files(&all);
    for (size_t i = 0; i < count; i++)
        add_path(&all, paths[i]);
    *list = (struct blas_list){all.count, memory_allocate(all.count + 1, sizeof *list->libraries)};
    for (size_t i = 0; i < all.count; i++) {
        list->libraries[i].path = all.paths[i];
        list->libraries[i].linked = i == 0;
        ask(program, &list->libraries[i]);
        name_plainly(&list->libraries[i]);
    }
    memory_free(all.paths);
    qsort(list->libraries, list->count, sizeof *list->libraries, compare);
    for (size_t i = 0; i < list->count; i++)
        name_apart(list, i);
    if (list->count > 0 && list->libraries[0].reason == NULL)
        return true;
    error_failed(error, "the BLAS of this program cannot be asked in a child: %s",
                 list->count > 0 ? list->libraries[0].reason : "its file is not known");
    blas_list_clear(list);
    return false;
}

void blas_list_clear(struct blas_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct blas_listed *library = &list->libraries[i];
        memory_free(library->path);
        memory_free(library->family);
        memory_free(library->version);
        memory_free(library->flavour);
        memory_free(library->threading);
        memory_free(library->core);
        memory_free(library->configuration);
        memory_free(library->reason);
    }
    memory_free(list->libraries);
    *list = (struct blas_list){0};
}

/* --- Choosing ------------------------------------------------------------------------------- */

static const struct blas_listed *find_path(const struct blas_list *list, const char *word)
{
    char *real = path_real(word);
    const struct blas_listed *found = NULL;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->libraries[i].path, real) == 0)
            found = &list->libraries[i];
    memory_free(real);
    return found;
}

static const struct blas_listed *find_name(const struct blas_list *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->libraries[i].name, word) == 0)
            return &list->libraries[i];
    for (size_t i = 0; i < list->count; i++)
        if (list->libraries[i].family != NULL && strcmp(list->libraries[i].family, word) == 0)
            return &list->libraries[i];
    return NULL;
}

static bool fail_unknown(const struct blas_list *list, const char *word, struct error *error)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    for (size_t i = 0; i < list->count; i++)
        if (list->libraries[i].reason == NULL)
            fprintf(out, "%s%s", i > 0 ? ", " : "", list->libraries[i].name);
    char *names = memory_stream_close(&stream), *advice = blas_list_advice(list);
    error_usage(error, "BLAS '%s' is not on this machine; there are: %s%s%s", text_shown(word),
                names, advice != NULL ? "; others come with " : "", advice != NULL ? advice : "");
    memory_free(names);
    memory_free(advice);
    return false;
}

const struct blas_listed *blas_list_choose(const struct blas_list *list, const char *word,
                                           struct error *error)
{
    const struct blas_listed *found =
        strchr(word, '/') != NULL ? find_path(list, word) : find_name(list, word);
    if (found == NULL)
        fail_unknown(list, word, error);
    else if (found->reason != NULL)
        error_usage(error, "BLAS '%s' cannot be used: %s", text_shown(word), found->reason);
    return found != NULL && found->reason == NULL ? found : NULL;
}

/* --- What to install ------------------------------------------------------------------------ */

static const struct {
    const char *name, *package;
} packages[] = {
    {"openblas-openmp", "libopenblas0-openmp"},
    {"openblas-pthread", "libopenblas0-pthread"},
    {"openblas-serial", "libopenblas0-serial"},
    {"blis-openmp", "libblis4-openmp"},
    {"blis-pthread", "libblis4-pthread"},
    {"blis-serial", "libblis4-serial"},
    {"atlas", "libatlas3-base"},
    {"reference", "libblas3"},
};

char *blas_list_advice(const struct blas_list *list)
{
    struct memory_stream stream;
    FILE *out = memory_stream_open(&stream);
    bool any = false;
    fprintf(out, "apt-get install");
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++)
        if (!is_taken(list, list->count, packages[i].name)) {
            fprintf(out, " %s", packages[i].package);
            any = true;
        }
    char *text = memory_stream_close(&stream);
    if (any)
        return text;
    memory_free(text);
    return NULL;
}
