/* SPDX-License-Identifier: MIT
 *
 * The axis of ranks: what they send, what that takes by a model (measure/ceilings/exchange.h), and
 * what more ranks than there were would do.
 *
 * How many sums over ranks an epoch needs, and of how many bytes, is what was counted. For gradient
 * descent it is known without counting: one, of the sums of a pass and what travels with them.
 */
#include "data/chunks.h"
#include "kernels/kernel.h"
#include "kernels/pass.h"
#include "report/scaling/study_axis.h"
#include "report/scaling/study_text.h"

#include <math.h>
#include <string.h>

static const int numbers_of_nodes[STUDY_PREDICTIONS] = {10, 100, 1000};

/* Times beside those of other passes are of no use; those of models side by side are. */
static bool takes(const struct stored_trial *trial)
{
    return (stored_trial_is_solo(trial) || trial->models > 1) &&
           hyperparameter_applies(hyperparameter_find("ranks"), &trial->values);
}

/* --- What is sent ---------------------------------------------------------------------------- */

/* What an epoch adds up over ranks, on any number of them. */
static void find_sums(const struct study *study, struct study_exchange *exchange)
{
    const struct stored_trial *base = study->base;
    const bool gd = strcmp(base->values.solver->name, "gd") == 0;
    const size_t length =
        pass_sums_length((size_t)base->features, (size_t)base->models) + AGREEMENT_NOTES;
    exchange->sums = gd ? 1.0 : NAN;
    exchange->sum_bytes = gd ? (double)(length * sizeof(double)) : NAN;
    for (size_t i = 0; i < study->count; i++)
        if (isfinite(study->points[i].counted.sums)) {
            exchange->sums = study->points[i].counted.sums;
            exchange->sum_bytes = study->points[i].counted.sum_bytes;
        }
}

static void model_point(const struct study_exchange *exchange, struct study_point *point)
{
    const int ranks = (int)point->place;
    struct study_traffic *modelled = &point->modelled;
    *modelled = point->counted;
    if (isnan(modelled->sums)) {
        modelled->sums = ranks > 1 ? exchange->sums : 0.0;
        modelled->sum_bytes = ranks > 1 ? exchange->sum_bytes : NAN;
    }
    const struct ranks_cost cost = ranks_allreduce_cost(ranks, modelled->sum_bytes / 8.0);
    modelled->messages = ranks > 1 ? modelled->sums * cost.messages : 0.0;
    modelled->bytes = ranks > 1 ? modelled->sums * cost.bytes : 0.0;
    point->expected = NAN;
    if (exchange->model.fitted && ranks > 1)
        point->expected =
            modelled->sums * exchange_seconds(&exchange->model, ranks, modelled->sum_bytes);
}

/* --- Predictions ----------------------------------------------------------------------------- */

/* The least n that is cut into so many blocks; NaN of sparse rows, whose entries decide. */
static double rows_for_blocks(const struct stored_trial *base, size_t blocks)
{
    const struct entry *kernel = table_find(&kernel_table, base->kernel);
    size_t low = 0, high = (size_t)1 << 40, features = (size_t)base->features;
    if (kernel == NULL || (kernel_of(kernel)->takes & TAKES_DENSE) == 0 ||
        chunk_count_dense(high, features) < blocks)
        return NAN;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(chunk_count_dense(middle, features) < blocks ? &low : &high) = middle;
    }
    return (double)high;
}

/* What is the same work on every rank is that of phase `update`. */
static void predict(const struct study *study, struct study_exchange *exchange)
{
    const struct study_point *one = &study->points[0];
    const double own = one->phases[PHASE_UPDATE].seconds;
    const struct exchange_work work = {
        .rows = (double)one->rows,
        .rows_seconds = one->seconds - own,
        .own_seconds = own,
        .sums = exchange->sums,
        .bytes = exchange->sum_bytes,
    };
    exchange->predicted = !study->weak && exchange->model.fitted && one->place == 1 &&
                          isfinite(work.sums * work.bytes);
    for (size_t i = 0; i < STUDY_PREDICTIONS && exchange->predicted; i++)
        exchange->predictions[i] = (struct study_prediction){
            exchange_predict(&exchange->model, &work, numbers_of_nodes[i]),
            rows_for_blocks(study->base, (size_t)numbers_of_nodes[i])};
}

static bool complete(struct store *store, const struct studies *studies, struct study *study,
                     struct error *error)
{
    (void)studies;
    struct study_exchange *exchange = &study->exchange;
    if (!store_read_exchange(store, study->base->machine, &exchange->samples,
                             &exchange->sample_count, error))
        return false;
    exchange_fit(exchange->samples, exchange->sample_count, &exchange->model);
    find_sums(study, exchange);
    for (size_t i = 0; i < study->count; i++)
        model_point(exchange, &study->points[i]);
    predict(study, exchange);
    return true;
}

const struct study_axis study_over_ranks = {
    .parameter = "ranks",
    .one_machine = true,
    .takes = takes,
    .complete = complete,
    .print = study_print_ranks,
};
