/* SPDX-License-Identifier: MIT
 *
 * A snapshot is of one build, one content of data and one configuration, and says so.
 */
#include "sweep/run/rung_snapshot.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/text.h"
#include "measure/machine/machine.h"
#include "solvers/training.h"
#include "store/store_rungs.h"

#include <string.h>

/* Of a turn; `key` is room for the configuration. */
static struct snapshot_identity identity_of(const struct recording *recording, struct turn turn,
                                            char key[static DIGEST_TEXT])
{
    const struct planned *item = &recording->workload->expansion.items[turn.item];
    const char *data = recording->workload->data[item->source]->digest;
    configuration_key(&item->configuration, data, key);
    return (struct snapshot_identity){machine_build(), data, key};
}

bool rung_snapshot_add(const struct recording *recording, struct turn turn,
                       const struct trainer *trainer, const struct trial *trial,
                       const struct snapshot *snapshot, struct error *error)
{
    char key[DIGEST_TEXT];
    const struct snapshot_identity identity = identity_of(recording, turn, key);
    struct memory_stream stream;
    snapshot_write(snapshot, &identity, memory_stream_open(&stream));
    char *bytes = memory_stream_close(&stream);
    const bool done =
        recording_add_waiting(recording, turn, trainer, trial, bytes, stream.length, error);
    memory_free(bytes);
    return done;
}

/* The snapshot of a trial that waits; NULL, with an error, where it is not one to go on from. */
static struct snapshot *read_snapshot(const struct recording *recording, struct turn turn,
                                      int64_t trial, struct error *error)
{
    const struct planned *item = &recording->workload->expansion.items[turn.item];
    char key[DIGEST_TEXT];
    const struct snapshot_identity identity = identity_of(recording, turn, key);
    size_t size;
    void *bytes = store_read_snapshot(recording->store, trial, &size, error);
    struct snapshot *snapshot = NULL;
    if (bytes != NULL)
        snapshot = snapshot_read(bytes, size, &identity, error);
    else if (error->kind == ERROR_NONE)
        error_failed(error, "is not there");
    memory_free(bytes);
    if (snapshot == NULL ||
        training_resumes(workload_data(recording->workload, item), &item->configuration, snapshot))
        return snapshot;
    snapshot_free(snapshot);
    error_failed(error, "is of another training");
    return NULL;
}

bool rung_snapshot_find(const struct recording *recording, struct turn turn,
                        struct snapshot **snapshot, bool *lost, FILE *out, struct error *error)
{
    const struct planned *item = &recording->workload->expansion.items[turn.item];
    struct trial_record record;
    struct error why = {0};
    char words[256];
    *snapshot = NULL;
    *lost = false;
    if (!recording_find(recording, turn, &record, error))
        return false;
    if (record.status != STATUS_WAITING)
        return true;
    *snapshot = read_snapshot(recording, turn, record.id, &why);
    if (*snapshot != NULL)
        return true;
    fprintf(out, "%s: its checkpoint %s; it is trained from the start\n",
            configuration_describe(&item->configuration, words, sizeof words), why.message);
    *lost = true;
    return recording_forget(recording, turn, error);
}
