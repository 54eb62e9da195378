/* SPDX-License-Identifier: MIT
 *
 * A question is a row: its name, how many numbers follow, and what answers it.
 */
#include "programs/blas/blas_answers.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/system/clock.h"
#include "base/text.h"
#include "kernels/blas_library.h"
#include "measure/blas/blas_columns.h"
#include "measure/blas/blas_operations.h"
#include "measure/blas/blas_specials.h"
#include "measure/blas/blas_together.h"
#include "measure/blas/thread_use.h"
#include "programs/blas_library_json.h"
#include "store/json_value.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 6, REPEATS = 4, USES = 3, CALLS_MOST = 1000000 };

struct asked {
    struct blas_operands operands; /* X is NULL: none yet */
    char *words[WORDS];            /* of the question, "" where it has fewer */
};

static json_t *refusal(const char *why)
{
    json_t *answer = json_value_object();
    json_value_set(answer, "error", json_value_text(why));
    return answer;
}

/* 0: it is no number, or none that an operation could have. */
static size_t size_of(const char *word)
{
    int64_t number = 0;
    return text_to_integer(word, &number) && number > 0 && number < INT64_C(1) << 31
               ? (size_t)number
               : 0;
}

static void use_threads(int threads)
{
    threads_lend(threads);
    blas_library_set_threads(threads);
}

/* The call with the fewest threads of three, after one that may start them: what disturbs can only
 * add to their number. */
static struct thread_use use_of(const struct blas_operands *operands)
{
    struct thread_use use, least = {.threads = THREADS_WATCHED};
    blas_operands_run(operands);
    for (int i = 0; i < USES && least.threads > 1; i++) {
        thread_use_begin(&use);
        blas_operands_run(operands);
        thread_use_end(&use);
        least = use.threads < least.threads ? use : least;
    }
    return least;
}

/* What it is, and what a matrix product of 256 rows uses when it is lent all processors. */
static json_t *answer_library(struct asked *asked)
{
    (void)asked;
    json_t *answer = blas_library_json();
    if (blas_library_missing() != NULL)
        return answer;
    const struct blas_operation *gemm = (const void *)table_find(&blas_operation_table, "gemm");
    struct blas_operands operands =
        blas_operands_create(gemm, (struct blas_shape){256, 256, 256, 256});
    use_threads(threads_processors());
    const struct thread_use use = use_of(&operands);
    json_value_set(answer, "threads", json_value_integer(use.threads));
    json_value_set(answer, "quiet", json_boolean(use.quiet));
    blas_operands_clear(&operands);
    return answer;
}

static json_t *answer_use(struct asked *asked)
{
    const size_t threads = size_of(asked->words[1]);
    if (threads == 0 || threads > THREADS_WATCHED)
        return refusal("'use' needs a number of threads");
    use_threads((int)threads);
    return json_value_object();
}

/* --- An operation --------------------------------------------------------------------------- */

static json_t *answer_operands(struct asked *asked)
{
    const struct entry *entry = table_find(&blas_operation_table, asked->words[1]);
    const struct blas_shape shape = {size_of(asked->words[2]), size_of(asked->words[3]),
                                     size_of(asked->words[4]), size_of(asked->words[5])};
    struct error error;
    if (entry == NULL || shape.rows * shape.columns * shape.models * shape.block == 0)
        return refusal("'operands' needs an operation, rows, columns, models and rows of a block");
    const struct blas_operation *operation = (const void *)entry;
    blas_operands_clear(&asked->operands);
    if (!memory_check(blas_operands_bytes(shape), "the operands", &error))
        return refusal(error.message);
    asked->operands = blas_operands_create(operation, shape);
    return json_value_object();
}

static json_t *answer_threads(struct asked *asked)
{
    const struct thread_use use = use_of(&asked->operands);
    json_t *answer = json_value_object();
    json_value_set(answer, "threads", json_value_integer(use.threads));
    json_value_set(answer, "running", json_value_integer(use.running));
    json_value_set(answer, "quiet", json_boolean(use.quiet));
    return answer;
}

static json_t *answer_digest(struct asked *asked)
{
    char first[DIGEST_TEXT], again[DIGEST_TEXT];
    bool same = true;
    blas_operands_digest(&asked->operands, first);
    for (int i = 1; i < REPEATS; i++) {
        blas_operands_digest(&asked->operands, again);
        same = same && strcmp(first, again) == 0;
    }
    json_t *answer = json_value_object();
    json_value_set(answer, "digest", json_value_text(first));
    json_value_set(answer, "repeats", json_boolean(same));
    return answer;
}

static json_t *answer_error(struct asked *asked)
{
    json_t *answer = json_value_object();
    json_value_set(answer, "error_epsilons",
                   json_value_real(blas_operands_error(&asked->operands)));
    return answer;
}

/* Calls are as many as make up the time, so that the clock is read twice for all of them; before
 * them one that does not count. Threads sleep again before the answer, and do not disturb who is
 * timed next. */
static json_t *answer_time(struct asked *asked)
{
    double wished = 0.0;
    struct thread_use use;
    if (!text_to_real(asked->words[1], &wished) || !(wished > 0.0 && wished < 3600.0))
        return refusal("'time' needs seconds");
    const double begin = clock_seconds();
    blas_operands_run(&asked->operands);
    const double once = clock_seconds() - begin, many = wished / (once > 1e-9 ? once : 1e-9);
    const int calls = many < 1.0 ? 1 : many > CALLS_MOST ? CALLS_MOST : (int)many;
    thread_use_begin(&use);
    for (int i = 0; i < calls; i++)
        blas_operands_run(&asked->operands);
    thread_use_end(&use);
    json_t *answer = json_value_object();
    json_value_set(answer, "seconds", json_value_real(use.seconds / calls));
    json_value_set(answer, "calls", json_value_integer(calls));
    json_value_set(answer, "processors", json_value_real(use.processors));
    json_value_set(answer, "threads", json_value_integer(use.threads));
    json_value_set(answer, "quiet", json_boolean(threads_quiet()));
    return answer;
}

/* --- Bits of one, and special cases --------------------------------------------------------- */

static json_t *answer_alone(struct asked *asked)
{
    const struct blas_shape shape = {size_of(asked->words[1]), size_of(asked->words[2]), 1, 1};
    if (shape.rows * shape.columns == 0)
        return refusal("'alone' needs rows and columns");
    const struct blas_alone found = blas_alone_find(shape);
    json_t *answer = json_value_object(), *columns = json_value_array();
    for (size_t i = 0; i < COLUMN_COUNTS; i++) {
        json_t *row = json_value_object();
        json_value_set(row, "columns", json_value_integer((int64_t)blas_column_counts[i]));
        json_value_set(row, "differ", json_value_integer((int64_t)found.columns[i]));
        json_value_set(row, "of", json_value_integer((int64_t)found.columns_of[i]));
        json_value_append(columns, row);
    }
    json_value_set(answer, "columns", columns);
    json_value_set(answer, "rows_gemm", json_value_integer((int64_t)found.rows_gemm));
    json_value_set(answer, "rows_gemv", json_value_integer((int64_t)found.rows_gemv));
    json_value_set(answer, "gemv_and_gemm", json_value_integer((int64_t)found.vector));
    json_value_set(answer, "rows", json_value_integer((int64_t)found.rows));
    return answer;
}

static json_t *answer_together(struct asked *asked)
{
    const size_t threads = size_of(asked->words[1]);
    size_t calls = 0;
    if (threads == 0 || threads > THREADS_WATCHED)
        return refusal("'together' needs a number of threads");
    use_threads(1);
    json_t *answer = json_value_object();
    json_value_set(answer, "wrong",
                   json_value_integer((int64_t)blas_together_wrong((int)threads, &calls)));
    json_value_set(answer, "calls", json_value_integer((int64_t)calls));
    return answer;
}

static json_t *answer_specials(struct asked *asked)
{
    (void)asked;
    json_t *answer = json_value_object();
    for (size_t i = 0; i < blas_special_table.count; i++) {
        const struct blas_special *special = (const void *)blas_special_table.entries[i];
        char words[SPECIAL_WORDS];
        special->answer(words);
        json_value_set(answer, special->entry.name, json_value_text(words));
    }
    return answer;
}

/* --- The table ------------------------------------------------------------------------------ */

static const struct question {
    const char *name;
    bool operands; /* is about those that were given last */
    json_t *(*answer)(struct asked *asked);
} questions[] = {
    {"library", false, answer_library},   {"use", false, answer_use},
    {"operands", false, answer_operands}, {"threads", true, answer_threads},
    {"digest", true, answer_digest},      {"error", true, answer_error},
    {"time", true, answer_time},          {"alone", false, answer_alone},
    {"together", false, answer_together}, {"specials", false, answer_specials},
};

static json_t *answer(struct asked *asked, char *line)
{
    static char empty[] = "";
    char *rest = NULL, *word = strtok_r(line, " \n", &rest);
    for (size_t i = 0; i < WORDS; i++) {
        asked->words[i] = word != NULL ? word : empty;
        word = word != NULL ? strtok_r(NULL, " \n", &rest) : NULL;
    }
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        if (strcmp(questions[i].name, asked->words[0]) == 0)
            return questions[i].operands && asked->operands.X == NULL
                       ? refusal("there are no operands yet")
                       : questions[i].answer(asked);
    return refusal("no such question");
}

void blas_answers_serve(FILE *in, FILE *out)
{
    struct asked asked = {0};
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, in) > 0) {
        json_value_print(out, answer(&asked, line));
        fflush(out);
    }
    free(line);
    blas_operands_clear(&asked.operands);
}
