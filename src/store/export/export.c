/* SPDX-License-Identifier: MIT
 *
 * What formats of exports share.
 */
#include "store/export/export.h"

#include "kernels/choice.h"

const char *const export_measure_names[EXPORT_MEASURES] = {
    "loss",         "objective",        "gradient_norm",    "accuracy",
    "heldout_loss", "heldout_accuracy", "optimum",          "gap",
    "rate_ran",     "train_seconds",    "evaluate_seconds", "record_seconds",
};

void export_measures(const struct stored_trial *row, double values[static EXPORT_MEASURES])
{
    values[0] = row->last.loss;
    values[1] = row->last.objective;
    values[2] = row->last.gradient_norm;
    values[3] = row->last.accuracy;
    values[4] = row->last.heldout_loss;
    values[5] = row->last.heldout_accuracy;
    values[6] = row->optimum;
    values[7] = row->last.objective - row->optimum;
    values[8] = row->rate;
    values[9] = row->train_seconds;
    values[10] = row->evaluate_seconds;
    values[11] = row->record_seconds;
}

const char *export_kernel_evaluated(const struct stored_trial *row)
{
    const struct entry *ran = table_find(&kernel_table, row->kernel);
    if (ran == NULL)
        return "";
    return kernel_beside(kernel_of(ran), row->values.kernel, (size_t)row->features)->entry.name;
}

/* A transaction around all of it: trials and traces are of one instant, also while a sweep runs. */
bool export_write(struct store *store, const struct export_format *format,
                  struct export_options options, FILE *out, struct error *error)
{
    struct stored_trials list = {0};
    bool done = store_begin(store, error) &&
                store_read_trials(store, options.superseded, &list, error) &&
                format->write(store, &list, options, out, error);
    stored_trials_clear(&list);
    store_rollback(store);
    return done;
}
