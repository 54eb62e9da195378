/* SPDX-License-Identifier: MIT
 *
 * The trial protocol, version 1: what descent says to a program that trains, and what it hears. One
 * line of JSON each way; docs/protocol.md has it in full, with an example of every line.
 *
 *     {"message": "hello", "protocol": 1}
 *         {"name": ..., "version": ..., "parameters": {...}, "sparse": true, ...}
 *     {"message": "data", "samples": n, "features": d, "y": PATH, "X": PATH or "starts", ...}
 *         {"seconds": ...}
 *     {"message": "train", "lambda": ..., "seed": ..., "threads": ..., "parameters": {...}}
 *         {"weights": [...] or "base64..." or {"npy": PATH}, "bias": ..., "seconds": ...}
 *     {"message": "quit"}
 *
 * or, in place of any answer, {"error": "why"}. Members that are not known here are passed over, so
 * that a program may say more than version 1 asks.
 *
 * Each function returns false, and says why in `reason`, where the answer is none: the program
 * ended, was late, or said something else. What it said is never trusted: every length, name and
 * number is checked.
 */
#ifndef DESCENT_PROGRAMS_PROTOCOL_H
#define DESCENT_PROGRAMS_PROTOCOL_H

#include "base/json_text.h"
#include "programs/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PROTOCOL_VERSION = 1, PROTOCOL_REASON = 512 };

/* --- hello --------------------------------------------------------------------------------- */

/* Kinds of parameters: a number, a whole number, one of a list of texts. Numbers too may have such
 * a list, of words that are allowed in place of one: "auto". */
enum parameter_kind { PARAMETER_NUMBER, PARAMETER_INTEGER, PARAMETER_CHOICE, PARAMETER_KINDS };
extern const char *const parameter_kind_names[PARAMETER_KINDS];

struct parameter {
    char *name;
    enum parameter_kind kind;
    double minimum, maximum; /* of a number, both allowed; infinite: there is none */
    size_t choice_count;
    char **choices; /* (choice_count) */
    char *standard; /* the default, as text */
};

struct hello {
    char *name, *version;
    size_t parameter_count;
    struct parameter *parameters; /* (parameter_count), in the order in which they were said */
    bool sparse;                  /* it takes sparse rows */
    bool threads;                 /* it uses as many threads as it is told */
    bool warm_start;              /* it can begin from weights */
    char *blas; /* the file of the BLAS library that it computes with; NULL: it did not say */
    bool regularises_bias; /* what it minimises penalises the bias too, and it knows */
};

bool protocol_hello(struct process *process, double seconds, struct hello *hello,
                    char reason[static PROTOCOL_REASON]);
void hello_clear(struct hello *hello);

/* Is this a value of the parameter? Else why not, as in "tolerance: 2 is above 1". */
bool parameter_allows(const struct parameter *parameter, const char *text,
                      char reason[static PROTOCOL_REASON]);
const struct parameter *hello_parameter(const struct hello *hello, const char *name);

/* --- data ---------------------------------------------------------------------------------- */

/* Paths of .npy files, little-endian, in C order. */
struct protocol_data {
    size_t samples, features;
    const char *y;                         /* (n) float64, 0 or 1 */
    const char *X;                         /* (n, d) float64; NULL: sparse, ... */
    const char *starts, *columns, *values; /* (n + 1) int64, (nnz) int32, (nnz) float64 */
};

/* `took`: seconds until the answer, by our clock. */
bool protocol_data(struct process *process, const struct protocol_data *data, double seconds,
                   double *took, char reason[static PROTOCOL_REASON]);

/* --- train --------------------------------------------------------------------------------- */

struct protocol_task {
    double lambda;
    int64_t seed;
    int threads;
    double seconds; /* that training may take; infinite: no limit */
    bool whole;     /* the answer is to be a whole trial (worker_trial.h), ... */
    double optimum; /* ...for which F* is told; NaN: it is not known */
    size_t count;   /* parameters that are not left at their defaults */
    const struct parameter *const *parameters; /* (count) */
    const char *const *values;                 /* (count) allowed */
};

struct protocol_result {
    double *w; /* (d) finite; free with memory_free() */
    double b;
    double seconds; /* by our clock: from the last byte of the task to the first of the answer */
    double own_seconds;     /* by its own; NaN: it did not say */
    int64_t iterations;     /* -1: it did not say */
    json_t *answer;         /* that it was, where it was to be a whole trial, to be freed with
                             * json_decref(); else NULL */
    struct process_use use; /* from before the task to after the answer, also where that is none */
};

/* `patience`: seconds beyond the limit of the task after which it is late; where the task has none,
 * from the start. */
bool protocol_train(struct process *process, const struct protocol_task *task, size_t features,
                    double patience, struct protocol_result *result,
                    char reason[static PROTOCOL_REASON]);

/* Says that it may go; it is to be stopped afterwards (process_stop). */
void protocol_quit(struct process *process);

#endif
