/* SPDX-License-Identifier: MIT
 *
 * descent blas: answers about the BLAS of this process.
 */
#include "commands/parsing/command.h"
#include "programs/blas/blas_answers.h"

static const struct option_row options[] = {
    {.entry = {"serve", "answer questions about the BLAS of this process, a line each"}},
};

static bool run_blas(const struct arguments *arguments, struct error *error)
{
    if (!arguments_flag(arguments, "serve"))
        return error_usage(error, "give --serve");
    blas_answers_serve(stdin, stdout);
    return true;
}

const struct command command_blas = {
    .entry = {"blas", "race the BLAS libraries of this machine, and say how they differ"},
    .operands = "",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run_blas,
};
