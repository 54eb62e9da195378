/* SPDX-License-Identifier: MIT
 *
 * The libraries of this machine, whichever they are: what is said of each is what a process that
 * was given it says, and the one that is linked is among them.
 */
#include "base/memory.h"
#include "kernels/blas_library.h"
#include "programs/blas/blas_environment.h"
#include "programs/blas/blas_list.h"
#include "programs/blas/blas_process.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct blas_list list;

static int find(void **state)
{
    (void)state;
    const char *const others[] = {"/no/such/library.so.0"};
    struct error error = {0};
    if (!blas_list_find(getenv("DESCENT"), others, 1, &list, &error))
        fail_msg("%s", error.message);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    blas_list_clear(&list);
    return 0;
}

static void test_linked_first(void **state)
{
    (void)state;
    struct blas_library here;
    blas_library_read(&here);
    assert_true(list.count >= 2);
    assert_true(list.libraries[0].linked);
    assert_null(list.libraries[0].reason);
    assert_true(list.libraries[0].lapack); /* descent could not find F* without it */
    assert_string_equal(list.libraries[0].path, here.path);
    assert_string_equal(list.libraries[0].family, here.family);
    for (size_t i = 1; i < list.count; i++)
        assert_false(list.libraries[i].linked);
}

static void test_each_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < list.count; i++)
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(list.libraries[i].path, list.libraries[j].path);
            if (list.libraries[i].reason == NULL)
                assert_string_not_equal(list.libraries[i].name, list.libraries[j].name);
        }
}

/* Libraries that say that they are sequential use one thread, and no call uses none. */
static void test_threads_are_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < list.count; i++) {
        const struct blas_listed *library = &list.libraries[i];
        if (library->reason != NULL)
            continue;
        assert_true(library->threads >= 1);
        if (library->flavour != NULL && strcmp(library->flavour, "serial") == 0)
            assert_int_equal(library->threads, 1);
    }
}

static void test_useless_file_has_a_reason(void **state)
{
    (void)state;
    struct error error = {0};
    const struct blas_listed *last = &list.libraries[list.count - 1];
    assert_string_equal(last->path, "/no/such/library.so.0");
    assert_non_null(strstr(last->reason, "No such file"));
    assert_null(blas_list_choose(&list, "/no/such/library.so.0", &error));
    assert_non_null(strstr(error.message, "cannot be used"));
    assert_int_equal(error.kind, ERROR_USAGE);
}

static void test_chosen_by_name_family_and_path(void **state)
{
    (void)state;
    struct error error = {0};
    const struct blas_listed *linked = &list.libraries[0];
    assert_ptr_equal(blas_list_choose(&list, linked->name, &error), linked);
    assert_ptr_equal(blas_list_choose(&list, linked->family, &error), linked);
    assert_ptr_equal(blas_list_choose(&list, linked->path, &error), linked);
    assert_null(blas_list_choose(&list, "openbals", &error));
    assert_non_null(strstr(error.message, linked->name));
}

/* A process has the library that it was given, and no other. */
static void test_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < list.count; i++) {
        struct error error = {0};
        if (list.libraries[i].reason != NULL)
            continue;
        struct blas_process *process =
            blas_process_start(getenv("DESCENT"), list.libraries[i].path, true, &error);
        assert_non_null(process);
        json_t *answer = blas_process_ask(process, &error, "library");
        assert_non_null(answer);
        assert_string_equal(json_string_value(json_object_get(answer, "path")),
                            list.libraries[i].path);
        json_decref(answer);
        assert_null(blas_process_ask(process, &error, "nonsense"));
        assert_non_null(strstr(error.message, "no such question"));
        blas_process_stop(process);
    }
}

static void test_environment_leaves_nothing(void **state)
{
    (void)state;
    struct blas_environment environment;
    struct error error = {0};
    assert_true(
        blas_environment_open(&environment, list.libraries[0].path, "/no/such/folder", &error));
    char folder[256];
    snprintf(folder, sizeof folder, "%s", environment.folder);
    assert_int_equal(access(environment.link, R_OK), 0);
    assert_int_equal(strncmp(environment.variables[0], "LD_LIBRARY_PATH=", 16), 0);
    assert_non_null(strstr(environment.variables[0], ":/no/such/folder"));
    assert_null(environment.variables[1]);
    blas_environment_close(&environment);
    assert_int_equal(access(folder, F_OK), -1);
}

/* What is installed is not advised, and where all is, nothing. */
static void test_advice(void **state)
{
    (void)state;
    struct blas_list none = {0};
    char *all = blas_list_advice(&none), *rest = blas_list_advice(&list);
    assert_string_equal(all, "apt-get install libopenblas0-openmp libopenblas0-pthread "
                             "libopenblas0-serial libblis4-openmp libblis4-pthread "
                             "libblis4-serial libatlas3-base libblas3");
    assert_true(rest == NULL || strlen(rest) < strlen(all));
    memory_free(all);
    memory_free(rest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_linked_first),
        cmocka_unit_test(test_each_once),
        cmocka_unit_test(test_threads_are_counted),
        cmocka_unit_test(test_useless_file_has_a_reason),
        cmocka_unit_test(test_chosen_by_name_family_and_path),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_environment_leaves_nothing),
        cmocka_unit_test(test_advice),
    };
    return cmocka_run_group_tests(tests, find, clear);
}
