/* SPDX-License-Identifier: MIT
 *
 * Rank 0 has the file: the others get its bytes, so that all go on from one epoch, or none does.
 *
 * A file that cannot be written while training goes on is told of, and tried again: the training is
 * worth more than its checkpoint. Where training was asked to stop it is an error.
 */
#include "commands/training/train_checkpoint.h"

#include "base/memory.h"
#include "base/setting.h"
#include "commands/training/training_command.h"
#include "kernels/kernel.h"
#include "measure/machine/machine.h"
#include "solvers/training/training.h"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct setting every = {
    .entry = {"checkpoint-every", "seconds from one checkpoint to the next"},
    .type = TYPE_REAL,
    .maximum = DBL_MAX,
    .fallback = "60 s",
    .unit = "s",
};

static bool is_first(const struct train_checkpoint *checkpoint)
{
    return ranks_index(checkpoint->arguments->ranks) == 0;
}

/* --- What goes with it ----------------------------------------------------------------------- */

/* A picture of what went before a checkpoint would be of weights that nobody has any more. */
static bool check_beside(const struct arguments *arguments, struct error *error)
{
    if (arguments_value(arguments, "animate") != NULL)
        return error_usage(error, "--animate shows training from its first epoch, and --checkpoint "
                                  "may go on in the middle; leave out one of the two");
    return !arguments_flag(arguments, "step-by-step") ||
           error_usage(error, "--step-by-step tells the first updates, and --checkpoint may go on "
                              "after them; leave out one of the two");
}

/* Can a file of that name be written? */
static bool check_path(const char *path, struct error *error)
{
    struct output output;
    struct stat status;
    if (strcmp(path, "-") == 0 || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return error_usage(error, "--checkpoint: '%s' is no regular file; name one", path);
    if (!output_open(&output, path, true, error))
        return false;
    output_discard(&output);
    return true;
}

bool train_checkpoint_check(struct train_checkpoint *checkpoint, const struct arguments *arguments,
                            struct error *error)
{
    const char *seconds = arguments_value(arguments, "checkpoint-every");
    char reason[512];
    struct value value = setting_fallback(&every);
    *checkpoint = (struct train_checkpoint){
        .path = arguments_value(arguments, "checkpoint"),
        .arguments = arguments,
    };
    if (checkpoint->path == NULL)
        return seconds == NULL ||
               error_usage(error, "--checkpoint-every is not used without --checkpoint");
    if (seconds != NULL && !setting_parse(&every, seconds, &value, reason, sizeof reason))
        return error_usage(error, "--checkpoint-every: %s", reason);
    checkpoint->seconds = value.real;
    return check_beside(arguments, error) &&
           (!is_first(checkpoint) || check_path(checkpoint->path, error));
}

/* --- Going on -------------------------------------------------------------------------------- */

/* Of all that decides the bits, which threads do not. */
static void identify(struct train_checkpoint *checkpoint, const double *w, double bias)
{
    const struct arguments *arguments = checkpoint->arguments;
    struct configuration configuration = arguments->configuration;
    char key[DIGEST_TEXT];
    snprintf(checkpoint->build, sizeof checkpoint->build, "%s, BLAS for %s", machine_build(),
             kernels_blas_core());
    configuration_describe(&configuration, checkpoint->words, sizeof checkpoint->words);
    configuration.threads = 1;
    configuration_key(&configuration, checkpoint->data->digest, key);
    struct digest *digest = digest_create();
    digest_add_text(digest, key);
    digest_add_text(digest, arguments_value(arguments, "fold-repeats"));
    if (w != NULL)
        digest_add(digest, w, checkpoint->data->features * sizeof *w);
    digest_add(digest, &bias, sizeof bias);
    digest_finish(digest, checkpoint->key);
}

static struct checkpoint_origin origin_of(const struct train_checkpoint *checkpoint)
{
    const char *name = checkpoint->data->name;
    return (struct checkpoint_origin){
        .build = checkpoint->build,
        .digest = checkpoint->data->digest,
        .data = name != NULL ? name : "",
        .key = checkpoint->key,
        .words = checkpoint->words,
    };
}

/* The bytes of the file; NULL where there is none, or on an error. */
static char *read_file(const char *path, size_t *size, struct error *error)
{
    struct stat status;
    char *bytes = NULL;
    *size = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL && errno == ENOENT)
        return NULL;
    if (file == NULL || fstat(fileno(file), &status) != 0) {
        error_usage(error, "cannot read %s: %s", path, strerror(errno));
    } else if (memory_check((double)status.st_size, "the checkpoint", error)) {
        *size = (size_t)status.st_size;
        bytes = memory_allocate_untouched(*size + 1, 1);
        if (fread(bytes, 1, *size, file) != *size)
            error_usage(error, "cannot read %s: %s", path, strerror(errno));
    }
    if (file != NULL)
        fclose(file);
    return bytes;
}

/* The same on all ranks. */
static char *read_together(const struct train_checkpoint *checkpoint, size_t *size,
                           struct error *error)
{
    const struct ranks *ranks = checkpoint->arguments->ranks;
    char *bytes = is_first(checkpoint) ? read_file(checkpoint->path, size, error) : NULL;
    uint64_t told = bytes != NULL ? *size : UINT64_MAX;
    if (!ranks_settle(ranks, error)) {
        memory_free(bytes);
        return NULL;
    }
    ranks_broadcast(ranks, 0, &told, sizeof told);
    if (told == UINT64_MAX)
        return NULL;
    *size = (size_t)told;
    if (bytes == NULL)
        bytes = memory_allocate_untouched(*size + 1, 1);
    ranks_broadcast(ranks, 0, bytes, *size);
    return bytes;
}

static bool use(struct train_checkpoint *checkpoint, const char *bytes, size_t size,
                struct error *error)
{
    const struct checkpoint_origin origin = origin_of(checkpoint);
    struct checkpoint_content *content = &checkpoint->content;
    if (!checkpoint_file_read(checkpoint->path, bytes, size, &origin, content, error))
        return false;
    content->continued++;
    checkpoint->measured = content->measured;
    checkpoint->kept = content->snapshot->epoch;
    return true;
}

bool train_checkpoint_find(struct train_checkpoint *checkpoint, const struct arguments *arguments,
                           const struct dataset *data, const double *w, double bias,
                           struct error *error)
{
    size_t size;
    if (checkpoint->path == NULL)
        return true;
    checkpoint->arguments = arguments;
    checkpoint->data = data;
    identify(checkpoint, w, bias);
    char *bytes = read_together(checkpoint, &size, error);
    if (bytes != NULL)
        use(checkpoint, bytes, size, error);
    memory_free(bytes);
    return ranks_settle(arguments->ranks, error);
}

void train_checkpoint_tell(const struct train_checkpoint *checkpoint)
{
    const struct checkpoint_content *content = &checkpoint->content;
    if (content->continued == 0)
        return;
    printf("Continued: from %s, after epoch %" PRId64, text_shown(checkpoint->path),
           checkpoint->kept);
    if (checkpoint->arguments->configuration.folds > 0)
        printf(" of training %zu", checkpoint->measured + 1);
    puts("");
}

/* --- Keeping --------------------------------------------------------------------------------- */

/* Said once. */
static bool tell_failure(struct train_checkpoint *checkpoint)
{
    if (!checkpoint->told)
        fprintf(stderr, "descent: note: no checkpoint this time: %s\n",
                checkpoint->failure.message);
    checkpoint->told = true;
    return false;
}

static bool begin(void *context)
{
    struct train_checkpoint *checkpoint = context;
    checkpoint->failure = (struct error){.kind = ERROR_NONE};
    return output_open(&checkpoint->output, checkpoint->path, true, &checkpoint->failure) ||
           tell_failure(checkpoint);
}

static void keep(void *context, size_t index, const struct snapshot *snapshot)
{
    struct train_checkpoint *checkpoint = context;
    const struct checkpoint_origin origin = origin_of(checkpoint);
    struct checkpoint_content content = checkpoint->content;
    (void)index; /* there is one model */
    content.snapshot = (struct snapshot *)snapshot;
    checkpoint_file_write(&origin, &content, checkpoint->output.file);
    checkpoint->kept = snapshot->epoch;
}

static bool end(void *context)
{
    struct train_checkpoint *checkpoint = context;
    if (!output_commit(&checkpoint->output, &checkpoint->failure))
        tell_failure(checkpoint);
    return true;
}

bool train_checkpoint_hook(struct train_checkpoint *checkpoint, const struct dataset *data,
                           struct training_hooks *hooks, struct error *error)
{
    const struct snapshot *from = checkpoint->content.snapshot;
    if (checkpoint->path == NULL)
        return true;
    if (from != NULL && !training_resumes(data, &checkpoint->arguments->configuration, from))
        return error_usage(error, "%s: a damaged checkpoint; remove the file to start over",
                           checkpoint->path);
    checkpoint->keeper = (struct training_keeper){
        .seconds = is_first(checkpoint) ? checkpoint->seconds : (double)INFINITY,
        .begin = begin,
        .keep = is_first(checkpoint) ? keep : NULL,
        .end = end,
        .context = checkpoint,
    };
    hooks->keeper = &checkpoint->keeper;
    if (from != NULL)
        hooks->resume = (const struct snapshot *const *)&checkpoint->content.snapshot;
    return true;
}

/* --- Folds ----------------------------------------------------------------------------------- */

const struct fold_means *train_checkpoint_fold(const struct train_checkpoint *checkpoint,
                                               size_t fold)
{
    return fold < checkpoint->measured ? &checkpoint->content.folds[fold] : NULL;
}

void train_checkpoint_add_fold(struct train_checkpoint *checkpoint, const struct fold_means *values)
{
    struct checkpoint_content *content = &checkpoint->content;
    content->folds = memory_resize(content->folds, content->measured + 1, sizeof *content->folds);
    content->folds[content->measured++] = *values;
    snapshot_free(content->snapshot);
    content->snapshot = NULL;
}

/* --- The end --------------------------------------------------------------------------------- */

bool train_checkpoint_completed(const struct train_checkpoint *checkpoint,
                                const struct trial *trial, struct error *error)
{
    if (checkpoint->path == NULL || trial->status != STATUS_INTERRUPTED)
        return trial_completed(trial, error);
    if (checkpoint->failure.kind != ERROR_NONE)
        error_failed(error, "stopped after epoch %" PRId64 ", which is not kept: %s", trial->epochs,
                     checkpoint->failure.message);
    else
        error_failed(error,
                     "stopped after epoch %" PRId64 ", which %s keeps; the same command goes on "
                     "from there",
                     trial->epochs, checkpoint->path);
    error->kind = ERROR_INTERRUPTED;
    return false;
}

bool train_checkpoint_remove(const struct train_checkpoint *checkpoint, struct error *error)
{
    if (checkpoint->path == NULL || !is_first(checkpoint) || unlink(checkpoint->path) == 0 ||
        errno == ENOENT)
        return true;
    return error_failed(error, "cannot remove the checkpoint %s, which is of no use any more: %s",
                        checkpoint->path, strerror(errno));
}

void train_checkpoint_clear(struct train_checkpoint *checkpoint)
{
    checkpoint_content_clear(&checkpoint->content);
}
