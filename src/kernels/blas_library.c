/* SPDX-License-Identifier: MIT
 *
 * A family of libraries is a row: the symbol that only its libraries have, and the names of the
 * functions that tell more. A library belongs to the first row whose symbol it has; BLIS comes
 * before the reference because it contains the CBLAS of that.
 */
#include "kernels/blas_library.h"

#include "kernels/kernel.h"

#include <cblas.h>
#include <dlfcn.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef const char *text_function(void);
typedef int number_function(void);
typedef void set_function(long threads);

struct family {
    const char *name, *mark;
    const char *configuration;             /* text_function, or NULL */
    const char *set_threads, *get_threads; /* set_function, number_function, or NULL */
    const char *(*core)(void);
    const char *(*threading)(void); /* NULL: there is no way to ask */
};

/* Where the function lies that all of this is about, in the library or in the program. */
static bool find_object(Dl_info *info)
{
    void (*function)(void) = (void (*)(void))cblas_dgemm;
    void *address;
    memcpy(&address, &function, sizeof address);
    return dladdr(address, info) != 0;
}

/* ISO C has no conversion of what dlsym() returns to a function. */
static bool look_up(const char *name, void *function)
{
    void *address = name != NULL ? dlsym(RTLD_DEFAULT, name) : NULL;
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static const char *ask_text(const char *name)
{
    text_function *function;
    return look_up(name, &function) ? function() : NULL;
}

/* A narrower integer than theirs: numbers are small, and their width depends on how a library was
 * built. */
static int ask_number(const char *name, int otherwise)
{
    number_function *function;
    return look_up(name, &function) ? function() : otherwise;
}

/* --- OpenBLAS ------------------------------------------------------------------------------- */

static const char *openblas_core(void)
{
    return ask_text("openblas_get_corename");
}

static const char *openblas_threading(void)
{
    static const char *const names[] = {"sequential", "pthreads", "OpenMP"};
    const int parallel = ask_number("openblas_get_parallel", -1);
    return parallel >= 0 && parallel <= 2 ? names[parallel] : NULL;
}

/* --- BLIS ----------------------------------------------------------------------------------- */

static const char *blis_core(void)
{
    const char *(*name)(int core);
    const int core = ask_number("bli_arch_query_id", -1);
    return core >= 0 && look_up("bli_arch_string", &name) ? name(core) : NULL;
}

static const char *blis_threading(void)
{
    if (ask_number("bli_info_get_enable_openmp", 0) != 0)
        return "OpenMP";
    return ask_number("bli_info_get_enable_pthreads", 0) != 0 ? "pthreads" : "sequential";
}

/* --- The table ------------------------------------------------------------------------------ */

static const struct family families[] = {
    {"openblas", "openblas_get_config", "openblas_get_config", "openblas_set_num_threads",
     "openblas_get_num_threads", openblas_core, openblas_threading},
    {"blis", "bli_info_get_version_str", "bli_info_get_version_str", "bli_thread_set_num_threads",
     "bli_thread_get_num_threads", blis_core, blis_threading},
    {"atlas", "ATL_buildinfo", NULL, NULL, NULL, NULL, NULL},
    {"reference", "RowMajorStrg", NULL, NULL, NULL, NULL, NULL},
    {"unknown", "cblas_dgemm", NULL, NULL, NULL, NULL, NULL},
};

/* The last row is there for what no other takes. */
static const struct family *family_here(void)
{
    const size_t last = sizeof families / sizeof *families - 1;
    for (size_t i = 0; i < last; i++)
        if (dlsym(RTLD_DEFAULT, families[i].mark) != NULL)
            return &families[i];
    return &families[last];
}

/* --- What is told --------------------------------------------------------------------------- */

/* "OpenBLAS 0.3.21 NO_LAPACKE ..." or "0.9.0": the first word that begins with a digit. */
static void version_of_words(const char *words, char version[static BLAS_VERSION])
{
    const char *at = words;
    while (*at != '\0' && !(*at >= '0' && *at <= '9' && (at == words || at[-1] == ' ')))
        at++;
    snprintf(version, BLAS_VERSION, "%.*s", (int)strcspn(at, " "), at);
}

/* "libblas.so.3.11.0": what stands behind ".so.", if that is more than one number. */
static void version_of_file(const char *path, char version[static BLAS_VERSION])
{
    const char *name = strrchr(path, '/'), *end = name != NULL ? strstr(name, ".so.") : NULL;
    if (end != NULL && strchr(end + 4, '.') != NULL)
        snprintf(version, BLAS_VERSION, "%s", end + 4);
}

static void find_path(char path[static BLAS_PATH])
{
    Dl_info info;
    char *real = NULL;
    if (find_object(&info))
        real = realpath(info.dli_fname, NULL);
    snprintf(path, BLAS_PATH, "%s", real != NULL ? real : "");
    free(real);
}

void blas_library_read(struct blas_library *library)
{
    const struct family *family = family_here();
    *library = (struct blas_library){
        .family = family->name,
        .threading = family->threading != NULL ? family->threading() : NULL,
        .core = family->core != NULL ? family->core() : NULL,
        .configuration = ask_text(family->configuration),
    };
    find_path(library->path);
    if (library->configuration != NULL)
        version_of_words(library->configuration, library->version);
    else
        version_of_file(library->path, library->version);
}

const char *blas_library_flavour(const struct blas_library *library)
{
    static const char *const words[][2] = {
        {"OpenMP", "openmp"}, {"pthreads", "pthread"}, {"sequential", "serial"}};
    for (size_t i = 0; i < sizeof words / sizeof *words && library->threading != NULL; i++)
        if (strcmp(words[i][0], library->threading) == 0)
            return words[i][1];
    return NULL;
}

void blas_library_set_threads(int threads)
{
    set_function *function;
    if (look_up(family_here()->set_threads, &function))
        function(threads);
}

int blas_library_threads(void)
{
    const int threads = ask_number(family_here()->get_threads, 0);
    return threads > 0 ? threads : 0;
}

const char *blas_library_missing(void)
{
    static const char *const functions[] = {"cblas_ddot", "cblas_dgemm", "cblas_dgemv",
                                            "cblas_dscal", "cblas_dsyrk"};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (dlsym(RTLD_DEFAULT, functions[i]) == NULL)
            return functions[i];
    return NULL;
}

bool blas_library_has_lapack(void)
{
    static const char *const functions[] = {"dpotrf_", "dpotrs_", "dpstrf_", "dtrtri_", "dtrtrs_"};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (dlsym(RTLD_DEFAULT, functions[i]) == NULL)
            return false;
    return true;
}

/* --- The name that the loader is asked for -------------------------------------------------- */

/* Where an object is loaded; 0: it is not. */
static uintptr_t loaded_at(const char *name)
{
    struct link_map *map = NULL;
    void *handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
    if (handle == NULL)
        return 0;
    if (dlinfo(handle, RTLD_DI_LINKMAP, (void *)&map) != 0)
        map = NULL;
    dlclose(handle);
    return map != NULL ? map->l_addr : 0;
}

/* Some machines leave the addresses of this section as the file has them, without the place where
 * the program lies. */
static const char *strings_of(const struct link_map *program)
{
    const char *section = (const char *)program->l_ld;
    for (const ElfW(Dyn) *row = program->l_ld; row->d_tag != DT_NULL; row++)
        if (row->d_tag == DT_STRTAB) {
            uintptr_t at = (uintptr_t)row->d_un.d_ptr;
            at += at < program->l_addr ? program->l_addr : 0;
            return section + (ptrdiff_t)(at - (uintptr_t)section);
        }
    return NULL;
}

bool blas_library_needed(char *name, size_t size)
{
    Dl_info info;
    struct link_map *program = NULL;
    void *self = dlopen(NULL, RTLD_LAZY);
    if (!find_object(&info) || self == NULL || dlinfo(self, RTLD_DI_LINKMAP, (void *)&program) != 0)
        return false;
    const char *strings = strings_of(program);
    for (const ElfW(Dyn) *row = program->l_ld; strings != NULL && row->d_tag != DT_NULL; row++) {
        const char *needed = row->d_tag == DT_NEEDED ? strings + row->d_un.d_val : NULL;
        if (needed != NULL && loaded_at(needed) == (uintptr_t)info.dli_fbase) {
            snprintf(name, size, "%s", needed);
            return true;
        }
    }
    return false;
}

/* --- For records ---------------------------------------------------------------------------- */

static const struct blas_library *library_here(void)
{
    static struct blas_library library; /* asked once: none is put in its place */
    if (library.family == NULL)
        blas_library_read(&library);
    return &library;
}

const char *kernels_blas_version(void)
{
    static char words[BLAS_VERSION + 32];
    const struct blas_library *library = library_here();
    if (strcmp(library->family, "openblas") == 0)
        return library->configuration;
    snprintf(words, sizeof words, "%.24s %.31s", library->family, library->version);
    return words;
}

const char *kernels_blas_core(void)
{
    return library_here()->core != NULL ? library_here()->core : "unknown";
}

const char *kernels_blas_threading(void)
{
    return library_here()->threading != NULL ? library_here()->threading : "unknown";
}

int kernels_blas_threads(void)
{
    const int threads = blas_library_threads();
    return threads > 0 ? threads : 1;
}
