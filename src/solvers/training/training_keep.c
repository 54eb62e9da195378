/* SPDX-License-Identifier: MIT
 *
 * Snapshots that are kept while training goes on. The clock is not read after every epoch, which
 * may take a microsecond, but after so many that there are some dozens of readings from one time to
 * the next. What a time has taken says how soon the next one may be.
 */
#include "solvers/training/training_run.h"

#include "base/system/clock.h"

#include <math.h>

static const double looks = 64.0;  /* from time to time */
static const double share = 200.0; /* keeping takes one in so many seconds, at most */

void keep_begin(struct training *training)
{
    const struct training_keeper *keeper = training->hooks->keeper;
    if (keeper == NULL)
        return;
    training->keeping = (struct keeping){
        .next_look = training->epoch + 1,
        .stride = 1,
        .kept = training->epoch,
        .looked = training->mark,
        .last = training->mark,
        .interval = keeper->seconds,
    };
}

void keep_models(struct training *training)
{
    const struct training_keeper *keeper = training->hooks->keeper;
    if (keeper->keep == NULL || training->keeping.kept == training->epoch)
        return;
    training->keeping.kept = training->epoch;
    if (!keeper->begin(keeper->context))
        return;
    for (size_t j = 0; j < training->models.count; j++) {
        struct snapshot *snapshot = pause_snapshot(training, j);
        keeper->keep(keeper->context, training->columns[j].index, snapshot);
        snapshot_free(snapshot);
    }
    training->stopped = !keeper->end(keeper->context) || training->stopped;
}

static void keep_now(struct training *training)
{
    struct keeping *keeping = &training->keeping;
    const double begun = training->mark, seconds = training->hooks->keeper->seconds;
    keep_models(training);
    training->mark = keeping->last = clock_seconds();
    if (seconds > 0.0)
        keeping->interval = fmax(seconds, share * (keeping->last - begun));
}

/* The next look is after as many epochs as are a part of the interval, of which no more is known
 * than how long the last ones took. */
static void choose_next_look(struct training *training)
{
    struct keeping *keeping = &training->keeping;
    const double spent = training->mark - keeping->looked, wanted = keeping->interval / looks;
    if (keeping->hurried)
        keeping->stride = 1;
    else if (spent < wanted)
        keeping->stride *= 2;
    else if (spent > 2.0 * wanted && keeping->stride > 1)
        keeping->stride /= 2;
    keeping->looked = training->mark;
    keeping->next_look = training->epoch + keeping->stride;
}

void keep_look(struct training *training)
{
    const struct training_keeper *keeper = training->hooks->keeper;
    struct keeping *keeping = &training->keeping;
    const bool hurries = keeper->hurry != NULL && *keeper->hurry != 0 && !keeping->hurried;
    if (hurries) {
        keeping->hurried = true;
        keeping->hurried_at = training->mark;
    }
    if (hurries || training->mark - keeping->last >= keeping->interval)
        keep_now(training);
    keeping->over =
        keeping->hurried && training->mark - keeping->hurried_at >= (double)TRAINING_GRACE;
    choose_next_look(training);
}
