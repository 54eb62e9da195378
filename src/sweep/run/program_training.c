/* SPDX-License-Identifier: MIT
 *
 * What the program says of its own time is recorded beside ours, and a difference is told once for
 * each program: it may count what it does before it trains, or leave out how it writes weights.
 */
#include "sweep/run/program_training.h"

#include "base/duration.h"
#include "base/memory.h"
#include "base/system/clock.h"
#include "base/system/interruption.h"
#include "base/text.h"
#include "programs/worker_trial.h"
#include "solvers/judge/judge.h"
#include "solvers/solver.h"
#include "sweep/programs/hosts.h"
#include "sweep/run/needless_rungs.h"

#include <math.h>
#include <stdio.h>

bool group_is_outside(const struct group_training *training)
{
    return training->count == 1 && configuration_is_outside(group_configuration(training));
}

/* --- Judging ------------------------------------------------------------------------------- */

static struct trace_point point_of(const struct group_training *training, const double *w, double b)
{
    const struct configuration *configuration = group_configuration(training);
    const struct judged judged = {training->data, configuration->lambda, w, b,
                                  (int)configuration->threads};
    const struct judgement at = judge_weights(&judged, NULL);
    return (struct trace_point){
        .loss = at.loss,
        .objective = at.objective,
        .gradient_norm = at.gradient_norm,
        .accuracy = at.accuracy,
        .heldout_loss = at.heldout_loss,
        .heldout_accuracy = at.heldout_accuracy,
    };
}

/* At zero weights, where no lambda counts: a pass over the data for the first of many trials. */
static struct trace_point first_point(const struct group_training *training, size_t rows)
{
    struct runner *runner = training->runner;
    const int64_t threads = group_configuration(training)->threads;
    runner_lock(runner);
    struct first_judged first = runner->judged;
    runner_unlock(runner);
    if (first.rows == rows && first.threads == threads)
        return first.point;
    double *zero = memory_allocate(training->data->features, sizeof *zero);
    first = (struct first_judged){rows, threads, point_of(training, zero, 0.0)};
    memory_free(zero);
    runner_lock(runner);
    runner->judged = first;
    runner_unlock(runner);
    return first.point;
}

static enum trial_status status_of(const struct configuration *configuration,
                                   const struct trial *trial)
{
    if (!isfinite(trial_last(trial)->objective))
        return STATUS_DIVERGED;
    return trial->train_seconds >= configuration->seconds ? STATUS_TIME_LIMIT : STATUS_OWN_RULE;
}

static void judge(const struct group_training *training, size_t rows, struct trial *trial)
{
    const double start = clock_seconds();
    struct trace_point last = point_of(training, trial->w, trial->b);
    last.epoch = 1;
    last.seconds = trial->train_seconds;
    trace_append(&trial->trace, first_point(training, rows));
    trace_append(&trial->trace, last);
    trial->epochs = 1;
    trial->evaluate_seconds = clock_seconds() - start;
    trial->status = status_of(group_configuration(training), trial);
}

/* --- What is told -------------------------------------------------------------------------- */

/* Each program once. */
static void tell_clocks(struct runner *runner, const struct configuration *configuration,
                        const struct trial *trial)
{
    static const double allowed = 0.05;
    char ours[DURATION_TEXT], own[DURATION_TEXT];
    const double difference = fabs(trial->own_seconds - trial->train_seconds);
    const struct sweep_file *file = runner->workload->file;
    const size_t i = sweep_file_program(file, configuration->program->name);
    if (!(difference > allowed * trial->train_seconds) || runner->told_clocks[i] ||
        runner->options->quiet)
        return;
    runner->told_clocks[i] = true;
    progress_clear(&runner->progress);
    fprintf(runner->options->out,
            "program %s: by its own clock it trained for %s, by ours for %s, which counts: they "
            "differ by more than 5 %%\n",
            text_shown(configuration->program->name), duration_text(trial->own_seconds, own),
            duration_text(trial->train_seconds, ours));
}

void group_tell_refuted(struct runner *runner, size_t item, const struct trial *trial,
                        double optimum)
{
    const struct configuration *configuration =
        &runner->workload->expansion.items[item].configuration;
    if (!solver_of(configuration->solver)->outside || !isnan(trial->optimum))
        return;
    fprintf(runner->options->out,
            "ERROR of descent: program %s came to an objective of %.17g, which is below the "
            "optimum %.17g by more than its proof allows; please report it\n",
            text_shown(configuration->program->name), trial_last(trial)->objective, optimum);
}

/* --- The trial ----------------------------------------------------------------------------- */

static void fail(struct trial *trial, const char *reason)
{
    trial->status = interruption_stop != 0 ? STATUS_INTERRUPTED : STATUS_FAILED;
    snprintf(trial->message, sizeof trial->message, "%.255s", reason);
    trial->features = 0;
}

static void take_answer(const struct group_training *training, const struct host_answer *answer,
                        struct trial *trial)
{
    const struct protocol_result *result = &answer->result;
    trial->w = result->w;
    trial->b = result->b;
    trial->train_seconds = result->seconds;
    trial->own_seconds = result->own_seconds;
    trial->own_iterations = result->iterations >= 0 ? (double)result->iterations : (double)NAN;
    judge(training, answer->rows, trial);
}

/* Of a worker of descent: a trial as it would have been here, whose trace ends with what a judge
 * would find, but that rows which are held out are here only. */
static void take_whole(const struct group_training *training, struct protocol_result *result,
                       struct trial *trial)
{
    char reason[PROTOCOL_REASON];
    if (!worker_trial_read(result, trial, reason)) {
        fail(trial, reason);
        return;
    }
    if (training->data->heldout == NULL)
        return;
    const struct trace_point at = point_of(training, trial->w, trial->b);
    struct trace_point *last = &trial->trace.points[trial->trace.count - 1];
    last->heldout_loss = at.heldout_loss;
    last->heldout_accuracy = at.heldout_accuracy;
}

static void take_use(struct group_training *training, const struct protocol_result *result,
                     struct trial *trial)
{
    training->use = result->use;
    trial->peak_bytes = result->use.peak_of_trial ? result->use.peak_bytes : (double)NAN;
    trial->threads_used = result->use.threads >= 0 ? (double)result->use.threads : (double)NAN;
}

/* Is there to be no trial: is it a needless rung, or is the store gone? */
static bool is_spared(struct group_training *training, struct trial *trial)
{
    struct runner *runner = training->runner;
    runner_lock(runner);
    const bool read = needless_rung_find(training, trial);
    runner->stopped = runner->stopped || !read;
    runner_unlock(runner);
    if (!read)
        trial->status = STATUS_INTERRUPTED;
    return trial->status != STATUS_RUNNING;
}

void group_train_outside(struct group_training *training, struct trial *trial)
{
    struct runner *runner = training->runner;
    const struct configuration *configuration = group_configuration(training);
    const struct host_data data = {training->data, group_source(training), configuration,
                                   runner->optima[training->items[0]]};
    struct host_answer answer;
    char reason[TALK_REASON];
    *trial = (struct trial){
        .features = training->data->features,
        .group = 1,
        .rate = NAN,
        .optimum = runner->optima[training->items[0]],
        .heldout_auc = NAN,
        .own_seconds = NAN,
        .own_iterations = NAN,
        .peak_bytes = NAN,
        .threads_used = NAN,
    };
    if (is_spared(training, trial)) {
        trial->features = 0;
        trial_seal(trial);
        return;
    }
    const bool done = program_hosts_train(runner->programs, configuration, data, &answer, reason);
    trial->load_seconds = answer.load_seconds;
    take_use(training, &answer.result, trial);
    if (done && answer.result.answer != NULL) {
        take_whole(training, &answer.result, trial);
    } else if (done) {
        take_answer(training, &answer, trial);
        runner_lock(runner);
        tell_clocks(runner, configuration, trial);
        runner_unlock(runner);
    } else {
        fail(trial, reason);
        trial->train_seconds = answer.result.seconds;
    }
    trial_seal(trial);
}
