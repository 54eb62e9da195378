/* SPDX-License-Identifier: MIT
 *
 * The environment is kept until the process has answered, for it may be loaded later than it is
 * started.
 */
#include "programs/blas/blas_process.h"

#include "base/memory.h"
#include "base/text.h"
#include "programs/blas/blas_environment.h"
#include "programs/process.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { QUESTION = 512 };
static const struct process_limits limits = {300.0, 1 << 20};

struct blas_process {
    char *program, *path;
    const char *arguments[4];
    const char *variables[3];
    struct blas_environment environment;
    struct process_command command;
    struct process *process;
};

struct blas_process *blas_process_start(const char *program, const char *path, bool passive,
                                        struct error *error)
{
    struct blas_process *self = memory_allocate(1, sizeof *self);
    self->program = memory_copy_text(program);
    self->path = memory_copy_text(path);
    if (!blas_environment_open(&self->environment, path, getenv("LD_LIBRARY_PATH"), error)) {
        blas_process_stop(self);
        return NULL;
    }
    self->arguments[0] = self->program;
    self->arguments[1] = "blas";
    self->arguments[2] = "--serve";
    self->variables[0] = self->environment.variable;
    self->variables[1] = passive ? "OMP_WAIT_POLICY=passive" : NULL;
    self->command = (struct process_command){
        .name = self->path, .arguments = self->arguments, .environment = self->variables};
    self->process = process_start(&self->command, error);
    if (self->process != NULL)
        return self;
    blas_process_stop(self);
    return NULL;
}

void blas_process_stop(struct blas_process *process)
{
    if (process == NULL)
        return;
    if (process->process != NULL)
        process_stop(process->process, 5.0, NULL);
    blas_environment_close(&process->environment);
    memory_free(process->program);
    memory_free(process->path);
    memory_free(process);
}

/* What became of the process, with its last words: "undefined symbol: ...". */
static void fail(struct blas_process *self, enum process_outcome outcome, struct error *error)
{
    char words[QUESTION];
    struct process_usage usage = {0};
    if (outcome == PROCESS_INTERRUPTED) {
        error->kind = ERROR_INTERRUPTED;
        snprintf(error->message, sizeof error->message, "interrupted");
        return;
    }
    char *last = memory_copy_text(process_last_words(self->process));
    process_stop(self->process, 1.0, &usage);
    self->process = NULL;
    snprintf(words, sizeof words, "it %s%s%s",
             outcome == PROCESS_LATE ? "did not answer" : usage.end, last[0] != '\0' ? ": " : "",
             text_shown(last));
    memory_free(last);
    error_failed(error, "%s: a process with this library is of no use: %s", text_shown(self->path),
                 words);
}

json_t *blas_process_ask(struct blas_process *process, struct error *error, const char *format, ...)
{
    char question[QUESTION];
    va_list list;
    va_start(list, format);
    vsnprintf(question, sizeof question, format, list);
    va_end(list);
    const struct process_answer answer = process_ask(process->process, question, limits, NULL);
    if (answer.outcome != PROCESS_ANSWERED) {
        fail(process, answer.outcome, error);
        return NULL;
    }
    json_t *object = json_loadb(answer.line, answer.length, 0, NULL);
    const char *refused = json_string_value(json_object_get(object, "error"));
    if (json_is_object(object) && refused == NULL)
        return object;
    error_failed(error, "%s: asked '%s', the process with this library answered: %s",
                 text_shown(process->path), question, refused != NULL ? refused : "no JSON");
    json_decref(object);
    return NULL;
}
