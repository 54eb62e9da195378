/* SPDX-License-Identifier: MIT
 *
 * Repeats of a configuration must have the same bits: a trial is compared with the first of them
 * that is recorded, where both ran the same computation from the same start.
 */
#include "sweep/run/recording.h"

#include "kernels/choice.h"
#include "solvers/solver.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A trial that ended by the clock may end elsewhere next time, one that waits or was cut at a rung
 * was not at its end, and one that failed or was not run proves nothing. */
static bool is_comparable(enum trial_status status)
{
    return status != STATUS_RUNNING && status != STATUS_WAITING && status != STATUS_CUT &&
           status != STATUS_TIME_LIMIT && status != STATUS_FAILED && status != STATUS_NEEDLESS;
}

/* Do the bits of its weights or of its trace depend on how many models are trained with it? */
static bool is_mixed(const struct trial *trial, const struct entry *wish)
{
    const struct kernel *ran = kernel_of(table_find(&kernel_table, trial->kernel));
    return ran->mixes_models || kernel_beside(ran, wish, trial->features)->mixes_models;
}

/* Must the bits of a trial be those of a recorded one? Where the same kernels ran they must, in any
 * company, but for the kernels that say otherwise. */
static bool same_computation(const struct trainer *trainer, const struct trial *trial,
                             const struct entry *wish, const struct trial_record *record)
{
    bool alone = trial->group == 1 && record->models == 1;
    return is_comparable(record->status) && record->machine == trainer->machine &&
           strcmp(record->kernel, trial->kernel) == 0 && (alone || !is_mixed(trial, wish));
}

/* Compares a trial with one that is recorded; `*compared` tells whether the two must be equal. */
static bool compare(const struct recording *recording, struct turn other,
                    const struct trainer *trainer, struct trial *trial, bool *compared,
                    struct error *error)
{
    struct trial_record record;
    char start[START_TEXT] = "";
    if (!recording_find(recording, other, &record, error) ||
        !recording_find_start(recording, other, start, error))
        return false;
    const struct planned *item = &recording->workload->expansion.items[other.item];
    *compared = strcmp(start, trial->start) == 0 &&
                same_computation(trainer, trial, item->configuration.kernel, &record);
    if (!*compared || strcmp(record.digest, trial->digest) == 0)
        return true;
    trial->status = STATUS_FAILED;
    snprintf(trial->message, sizeof trial->message,
             "not the same bits as %s %" PRId64 ": digest %s against %s",
             other.final > 0 ? "round" : "repeat", other.repeat, trial->digest, record.digest);
    return true;
}

/* Repeats that stopped by their gap to an F* that has been withdrawn since did not run their
 * course. */
static bool has_lost_gap(const struct recording *recording, size_t item, const struct trial *trial,
                         bool *lost, struct error *error)
{
    const struct planned *planned = &recording->workload->expansion.items[item];
    struct optimum optimum = {.status = OPTIMUM_UNKNOWN};
    char digest[DIGEST_TEXT];
    configuration_data_digest(&planned->configuration,
                              recording->workload->data[planned->source]->digest, digest);
    if (configuration_stops_by_gap(&planned->configuration) && isnan(trial->optimum) &&
        !store_find_optimum(recording->store, digest, planned->configuration.lambda, &optimum,
                            error))
        return false;
    *lost = optimum_is_withdrawn(&optimum);
    return true;
}

/* An earlier attempt at the same counts as another; of finals, rounds that come later are not there
 * yet. */
bool recording_verify(const struct recording *recording, struct turn turn,
                      const struct trainer *trainer, struct trial *trial, struct error *error)
{
    const struct configuration *configuration =
        &recording->workload->expansion.items[turn.item].configuration;
    const struct solver *solver = solver_of(configuration->solver);
    bool racy = (solver->racy && configuration->threads > 1) || solver->outside;
    bool lost;
    if (!has_lost_gap(recording, turn.item, trial, &lost, error))
        return false;
    bool compared = !is_comparable(trial->status) || racy || lost;
    struct turn other = turn;
    for (other.repeat = 1; !compared && turn.final > 0 && other.repeat <= turn.repeat;
         other.repeat++)
        if (!compare(recording, other, trainer, trial, &compared, error))
            return false;
    other.final = 0;
    for (other.repeat = 1; !compared && other.repeat <= recording->workload->file->repeats;
         other.repeat++)
        if (!compare(recording, other, trainer, trial, &compared, error))
            return false;
    return true;
}
