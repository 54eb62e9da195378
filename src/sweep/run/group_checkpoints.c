/* SPDX-License-Identifier: MIT
 *
 * A checkpoint is believed where the machine, the program, the data and the configuration are those
 * that wrote it: on others the bits would be those of neither. Else the trial starts over.
 */
#include "sweep/run/group_checkpoints.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/system/interruption.h"
#include "measure/machine/machine.h"
#include "solvers/solver.h"
#include "solvers/training/training.h"
#include "store/checkpoint.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

bool checkpoints_are_kept(const struct runner *runner)
{
    return isfinite(runner->workload->file->checkpoint);
}

static const struct configuration *configuration_of(const struct runner *runner, size_t item)
{
    return &runner->workload->expansion.items[item].configuration;
}

static const struct dataset *data_of(const struct runner *runner, size_t item)
{
    return workload_data(runner->workload, &runner->workload->expansion.items[item]);
}

/* The key has room for its text. */
static struct snapshot_identity identity_of(const struct runner *runner, size_t item,
                                            char key[static DIGEST_TEXT])
{
    const char *digest =
        runner->workload->data[runner->workload->expansion.items[item].source]->digest;
    configuration_key(configuration_of(runner, item), digest, key);
    return (struct snapshot_identity){machine_build(), digest, key};
}

/* --- Going on -------------------------------------------------------------------------------- */

static bool tell_unusable(struct runner *runner, size_t item, const char *why)
{
    char words[512];
    progress_clear(&runner->progress);
    fprintf(runner->options->out, "the checkpoint of %s %s; the trial starts over\n",
            configuration_describe(configuration_of(runner, item), words, sizeof words), why);
    return false;
}

/* The snapshot in a checkpoint, or NULL, having said why. */
static struct snapshot *snapshot_of(const struct group_training *training, size_t item,
                                    const struct checkpoint *checkpoint)
{
    struct runner *runner = training->runner;
    struct error fault = {.kind = ERROR_NONE};
    char key[DIGEST_TEXT];
    const struct snapshot_identity identity = identity_of(runner, item, key);
    if (checkpoint->machine != training->trainer->machine)
        return tell_unusable(runner, item, "was written on another machine, or by another build"),
               NULL;
    struct snapshot *snapshot =
        snapshot_read(checkpoint->bytes, checkpoint->size, &identity, &fault);
    if (snapshot == NULL)
        tell_unusable(runner, item, fault.message);
    return snapshot;
}

/* Where another rank has the data, it has nobody to tell. */
void checkpoints_check(struct group_training *training)
{
    struct runner *runner = training->runner;
    for (size_t i = 0; i < training->count; i++) {
        const struct snapshot *snapshot = training->resume[i];
        const size_t item = training->items[i];
        if (snapshot == NULL ||
            training_resumes(training->data, configuration_of(runner, item), snapshot))
            continue;
        group_forget_snapshots(training);
        if (runner->recording.store == NULL)
            return;
        runner_lock(runner);
        tell_unusable(runner, item, "is of another configuration");
        runner_unlock(runner);
    }
}

bool checkpoints_find(const struct group_training *training, struct turn turn,
                      struct snapshot **snapshot, int64_t *continued)
{
    struct runner *runner = training->runner;
    const struct trial_key key = recording_key(&runner->recording, turn);
    struct checkpoint checkpoint;
    *snapshot = NULL;
    *continued = 0;
    if (!store_find_checkpoint(runner->recording.store, key, true, &checkpoint, runner->error))
        return false;
    if (checkpoint.bytes == NULL)
        return true;
    *snapshot = snapshot_of(training, turn.item, &checkpoint);
    *continued = *snapshot != NULL ? checkpoint.continued + 1 : 0;
    memory_free(checkpoint.bytes);
    return *snapshot != NULL ||
           store_forget_checkpoint(runner->recording.store, key, runner->error);
}

void checkpoints_tell(const struct group_training *training)
{
    struct runner *runner = training->runner;
    char words[512];
    if (training->resume[0] == NULL || runner->options->quiet)
        return;
    progress_clear(&runner->progress);
    fprintf(
        runner->options->out, "continued: %s",
        configuration_describe(configuration_of(runner, training->items[0]), words, sizeof words));
    if (training->count > 1)
        fprintf(runner->options->out, " and %zu beside it", training->count - 1);
    fprintf(runner->options->out, ", after epoch %" PRId64 "\n", training->resume[0]->epoch);
}

/* --- Keeping --------------------------------------------------------------------------------- */

void checkpoints_tell_none(const struct group_training *training, const char *hindrance)
{
    struct runner *runner = training->runner;
    char words[512];
    if (runner->told_no_checkpoint)
        return;
    runner->told_no_checkpoint = true;
    progress_clear(&runner->progress);
    fprintf(
        runner->options->out, "%s: no checkpoint, %s: after a kill this trial starts over\n",
        configuration_describe(configuration_of(runner, training->items[0]), words, sizeof words),
        hindrance);
}

static const char *const too_large = "it would take more than 1 GB";

/* A snapshot, its bytes in a stream that doubles, and the store's copy. Where there is no room for
 * them the trial goes on without: it needs them less than its memory. */
const char *checkpoints_hindrance(const struct group_training *training)
{
    static const double copies = 4.0, small = 1048576.0;
    const size_t item = training->items[0];
    const struct dataset *data = data_of(training->runner, item);
    const size_t kept = training_kept_rows(data, configuration_of(training->runner, item));
    const double bytes = snapshot_bytes(data->features, kept);
    if (bytes > CHECKPOINT_MOST)
        return too_large;
    if (bytes > small && copies * bytes > (double)memory_available())
        return "there is not enough memory for one";
    return NULL;
}

/* Is there room for them? If not, that is said. */
static bool has_room(const struct group_training *training)
{
    const char *hindrance = checkpoints_hindrance(training);
    if (hindrance != NULL)
        checkpoints_tell_none(training, hindrance);
    return hindrance == NULL;
}

/* From here to the end of keeping it is this group's turn at the store. */
static bool begin(void *context)
{
    struct group_training *training = context;
    struct runner *runner = training->runner;
    runner_lock(runner);
    if (!runner->stopped && !has_room(training)) {
        runner_unlock(runner);
        return false;
    }
    runner->stopped = runner->stopped || !store_begin(runner->recording.store, runner->error);
    return true; /* the end says whether it was */
}

char *checkpoints_bytes(const struct group_training *training, size_t index,
                        const struct snapshot *snapshot, size_t *size)
{
    struct memory_stream stream;
    char key[DIGEST_TEXT];
    const struct snapshot_identity identity =
        identity_of(training->runner, training->items[index], key);
    snapshot_write(snapshot, &identity, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    *size = stream.length;
    return bytes;
}

bool checkpoints_put(const struct group_training *training, size_t index, int64_t epoch,
                     const void *bytes, size_t size)
{
    struct runner *runner = training->runner;
    const struct turn turn = {training->items[index], training->turn.final, training->turn.repeat,
                              0};
    const struct checkpoint checkpoint = {
        .machine = training->trainer->machine,
        .epoch = epoch,
        .continued = training->continued[index],
        .bytes = (void *)bytes,
        .size = size,
    };
    if ((double)size <= CHECKPOINT_MOST)
        return store_set_checkpoint(runner->recording.store,
                                    recording_key(&runner->recording, turn), &checkpoint,
                                    runner->error);
    checkpoints_tell_none(training, too_large);
    return true;
}

/* The caller has a transaction open. */
static bool put(const struct group_training *training, size_t index,
                const struct snapshot *snapshot)
{
    size_t size;
    char *bytes = checkpoints_bytes(training, index, snapshot, &size);
    const bool done = checkpoints_put(training, index, snapshot->epoch, bytes, size);
    memory_free(bytes);
    return done;
}

bool checkpoints_keep(const struct group_training *training, size_t index,
                      const struct snapshot *snapshot)
{
    return !has_room(training) || put(training, index, snapshot);
}

static void keep(void *context, size_t index, const struct snapshot *snapshot)
{
    struct group_training *training = context;
    if (!training->runner->stopped && !put(training, index, snapshot))
        training->runner->stopped = true;
}

static bool end(void *context)
{
    struct group_training *training = context;
    struct runner *runner = training->runner;
    if (!runner->stopped)
        runner->stopped = !store_commit(runner->recording.store, runner->error);
    if (runner->stopped)
        store_rollback(runner->recording.store);
    const bool done = !runner->stopped;
    runner_unlock(runner);
    return done;
}

struct training_keeper checkpoints_keeper(struct group_training *training)
{
    return (struct training_keeper){
        .seconds = training->runner->workload->file->checkpoint,
        .hurry = &interruption_requested,
        .begin = begin,
        .keep = keep,
        .end = end,
        .context = training,
    };
}
