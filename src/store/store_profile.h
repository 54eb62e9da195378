/* SPDX-License-Identifier: MIT
 *
 * What sweeps with `profile: on` record beside times:
 *
 *     phase         of each trial, where its time went, and what kernels say that takes
 *     phase_thread  of each trial and thread, how long it worked and waited
 *     counter       of each trial, what the hardware counted
 *     ceiling       of each machine and number of threads, what it can do at most
 *     remark        of each machine, what a profile has to say in words: which processors threads
 *                   were bound to, where memory lay, why there are no counters
 *     exchange      of each machine, what sums over the ranks of a job take
 */
#ifndef DESCENT_STORE_STORE_PROFILE_H
#define DESCENT_STORE_STORE_PROFILE_H

#include "kernels/phases/phase_totals.h"
#include "measure/ceilings/ceilings.h"
#include "measure/ceilings/exchange.h"
#include "measure/counters/counters.h"
#include "store/store.h"

/* Replaces the ceilings of a machine at that number of threads. */
bool store_add_ceilings(struct store *store, int64_t machine, const struct ceilings *ceilings,
                        struct error *error);

/* Those of a machine, by ascending threads. Free *list with memory_free(). */
bool store_read_ceilings(struct store *store, int64_t machine, struct ceilings **list,
                         size_t *count, struct error *error);

/* Replaces what is said of a machine about something. */
bool store_add_remark(struct store *store, int64_t machine, const char *about, const char *text,
                      struct error *error);

enum { REMARK_ABOUT = 40, REMARK_TEXT = 640 };
struct remark {
    char about[REMARK_ABOUT];
    char text[REMARK_TEXT];
};

/* All of a machine, by what they are about. Free *list with memory_free(). */
bool store_read_remarks(struct store *store, int64_t machine, struct remark **list, size_t *count,
                        struct error *error);

/* What sums over ranks took from this machine; the same ranks and bytes replace what was recorded.
 * In a transaction of its own, unless the caller has one open. */
bool store_add_exchange(struct store *store, int64_t machine, const struct exchange_sample *samples,
                        size_t count, struct error *error);

/* Those of a machine, by ranks and then by bytes. Free *list with memory_free(). */
bool store_read_exchange(struct store *store, int64_t machine, struct exchange_sample **list,
                         size_t *count, struct error *error);

/* Where the time of a trial went: *phases is NULL where it was not profiled; free it with
 * phase_totals_free(). Values that were not counted are NaN. */
bool store_read_profile(struct store *store, int64_t trial, struct phase_totals **phases,
                        double counters[static COUNTER_VALUE_COUNT], struct error *error);

/* Is there a profile of any trial? Without one, nothing need be asked of each. */
bool store_has_profiles(struct store *store, bool *any, struct error *error);

#endif
