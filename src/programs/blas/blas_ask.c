/* SPDX-License-Identifier: MIT
 *
 * A member that an answer lacks is 0 or "": the process is this program, of the same build.
 */
#include "programs/blas/blas_ask.h"

#include <stdio.h>

static int64_t integer_of(const json_t *answer, const char *name)
{
    return json_integer_value(json_object_get(answer, name));
}

static double real_of(const json_t *answer, const char *name)
{
    return json_number_value(json_object_get(answer, name));
}

static bool done_with(json_t *answer)
{
    const bool there = answer != NULL;
    json_decref(answer);
    return there;
}

bool blas_ask_use(struct blas_process *process, int threads, struct error *error)
{
    return done_with(blas_process_ask(process, error, "use %d", threads));
}

bool blas_ask_operands(struct blas_process *process, const struct blas_operation *operation,
                       struct blas_shape shape, struct error *error)
{
    return done_with(blas_process_ask(process, error, "operands %s %zu %zu %zu %zu",
                                      operation->entry.name, shape.rows, shape.columns,
                                      shape.models, shape.block));
}

bool blas_ask_threads(struct blas_process *process, int *threads, struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "threads");
    *threads = (int)integer_of(answer, "threads");
    return done_with(answer);
}

bool blas_ask_digest(struct blas_process *process, char digest[static DIGEST_TEXT], bool *repeats,
                     struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "digest");
    const char *text = json_string_value(json_object_get(answer, "digest"));
    snprintf(digest, DIGEST_TEXT, "%s", text != NULL ? text : "");
    *repeats = json_is_true(json_object_get(answer, "repeats"));
    return done_with(answer);
}

bool blas_ask_error(struct blas_process *process, double *epsilons, struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "error");
    *epsilons = real_of(answer, "error_epsilons");
    return done_with(answer);
}

bool blas_ask_time(struct blas_process *process, double seconds, struct blas_time *time,
                   struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "time %.9g", seconds);
    *time = (struct blas_time){real_of(answer, "seconds"), real_of(answer, "processors"),
                               (int)integer_of(answer, "threads")};
    return done_with(answer);
}

bool blas_ask_alone(struct blas_process *process, struct blas_shape shape, struct blas_alone *alone,
                    struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "alone %zu %zu", shape.rows, shape.columns);
    const json_t *columns = json_object_get(answer, "columns");
    for (size_t i = 0; i < COLUMN_COUNTS; i++) {
        const json_t *row = json_array_get(columns, i);
        alone->columns[i] = (size_t)integer_of(row, "differ");
        alone->columns_of[i] = (size_t)integer_of(row, "of");
    }
    alone->rows_gemm = (size_t)integer_of(answer, "rows_gemm");
    alone->rows_gemv = (size_t)integer_of(answer, "rows_gemv");
    alone->rows = (size_t)integer_of(answer, "rows");
    alone->vector = (size_t)integer_of(answer, "gemv_and_gemm");
    return done_with(answer);
}

bool blas_ask_together(struct blas_process *process, int threads, size_t *wrong, size_t *calls,
                       struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "together %d", threads);
    *wrong = (size_t)integer_of(answer, "wrong");
    *calls = (size_t)integer_of(answer, "calls");
    return done_with(answer);
}

bool blas_ask_specials(struct blas_process *process,
                       char words[static BLAS_SPECIALS][SPECIAL_WORDS], struct error *error)
{
    json_t *answer = blas_process_ask(process, error, "specials");
    for (size_t i = 0; i < BLAS_SPECIALS; i++) {
        const char *text =
            json_string_value(json_object_get(answer, blas_special_table.entries[i]->name));
        snprintf(words[i], SPECIAL_WORDS, "%s", text != NULL ? text : "");
    }
    return done_with(answer);
}
