/* SPDX-License-Identifier: MIT
 *
 * What a library has no word for is null.
 */
#include "programs/blas_library_json.h"

#include "kernels/blas_library.h"
#include "store/json_value.h"

json_t *blas_library_json(void)
{
    struct blas_library library;
    blas_library_read(&library);
    json_t *answer = json_value_object();
    json_value_set(answer, "family", json_value_text(library.family));
    json_value_set(answer, "version",
                   json_value_text(library.version[0] != '\0' ? library.version : NULL));
    json_value_set(answer, "flavour", json_value_text(blas_library_flavour(&library)));
    json_value_set(answer, "threading", json_value_text(library.threading));
    json_value_set(answer, "core", json_value_text(library.core));
    json_value_set(answer, "configuration", json_value_text(library.configuration));
    json_value_set(answer, "path", json_value_text(library.path));
    json_value_set(answer, "missing", json_value_text(blas_library_missing()));
    json_value_set(answer, "lapack", json_boolean(blas_library_has_lapack()));
    return answer;
}
