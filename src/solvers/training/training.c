/* SPDX-License-Identifier: MIT
 *
 * The training loop.
 *
 *     evaluate, record epoch 0; or go on from snapshots
 *     until every model has left:
 *         order of samples, rates, step                 on the training clock
 *         if this epoch is recorded, or the next step begins with the gradient:
 *             evaluate                                  on the evaluation clock
 *             record, and see who is done               on the recording clock
 *         if it is to pause here: a snapshot of every model
 *
 * A full-batch step needs the gradient where it starts, which the trace has just evaluated: it is
 * computed once, and its time is moved to the training clock when the step takes it.
 *
 * The clock is read once where one of these ends and the next begins: a reading costs 25 ns, as
 * long as a small step. Between steps whose time is not asked for it is not read at all, and what a
 * step costs beside its work is some ten nanoseconds.
 *
 * Where rows are distributed every rank runs this loop, with the same numbers: what could part
 * them, a clock or a wish to stop, is agreed upon (training_stop.h).
 *
 * Models train side by side in columns. One that is done leaves (training_leave.c).
 */
#include "solvers/training/training.h"

#include "base/system/clock.h"
#include "kernels/phases.h"
#include "solvers/schedule.h"
#include "solvers/training/training_run.h"
#include "solvers/training/training_stop.h"

#include <assert.h>
#include <math.h>

/* Lets who watches see a step before it is taken. */
static void show_step(struct training *training, const struct step *one)
{
    if (training->hooks->before_step == NULL)
        return;
    double start = clock_seconds();
    training->hooks->before_step(training->hooks->context, one);
    training->mark += clock_seconds() - start;
}

/* The steps since the mark go on the training clock, and so does the evaluation that they took. */
static void charge_steps(struct training *training)
{
    double spent = clocks_lap(training);
    bool took = objective_took_evaluation(training->objective);
    if (took) {
        spent += training->pass_seconds;
        training->evaluate_seconds -= training->pass_seconds;
    }
    phases_end_step(took);
    clocks_leave_out_phases(training);
    training->train_seconds += spent;
    training->own_seconds += spent / (double)training->models.count;
}

static void set_rates(struct training *training)
{
    for (size_t j = 0; j < training->models.count; j++)
        training->rates[j] =
            schedule_rate(training->configurations[j], (double)training->epoch - 1);
}

static void step(struct training *training)
{
    training->epoch++;
    stop_tell_ranks(training);
    if (training->order != NULL)
        order_draw(training);
    if (training->rates_change)
        set_rates(training);
    training->one.epoch = training->epoch;
    show_step(training, &training->one);
    training->solver->step(&training->one);
}

/* What is the same in every step. */
static void prepare_steps(struct training *training)
{
    training->one = (struct step){
        .objective = training->objective,
        .models = &training->models,
        .problem = &training->problem,
        .workspace = training->workspace,
        .configurations = training->configurations,
        .rates = training->rates,
        .lambdas = training->lambdas,
        .order = training->order,
        .batch = training_batch(training->common),
        .state = training->state,
    };
    training->spare = (struct spare_work){order_draw_ahead, training};
    if (training->next_order != NULL)
        training->one.spare = &training->spare;
}

/* What holds as long as the same models are trained: the first limits that one of them meets, and
 * rates that do not change. */
void training_prepare_models(struct training *training)
{
    look_find_first_record(training);
    training->first_epochs = INT64_MAX;
    training->first_seconds = INFINITY;
    training->rates_change = false;
    for (size_t j = 0; j < training->models.count; j++) {
        const struct configuration *configuration = training->configurations[j];
        if (configuration->epochs < training->first_epochs)
            training->first_epochs = configuration->epochs;
        training->first_seconds = fmin(training->first_seconds,
                                       configuration->seconds - training->columns[j].carried.own);
        training->rates_change |= configuration->schedule != &schedule_constant.entry;
    }
    if (!training->rates_change)
        set_rates(training);
}

/* Is the clock to be read after every step? */
static bool is_timed(const struct training *training)
{
    return isfinite(training->first_seconds) || training->hooks->phases ||
           training->data->ranks != NULL;
}

/* Is this epoch due of any? */
static bool is_due(const struct training *training)
{
    return training->epoch >= training->first_record || training->epoch >= training->first_epochs ||
           stop_ends(training) || stop_seconds(training) >= training->first_seconds;
}

/* Where models begin: with their first point, or where they were paused. */
static void begin_models(struct training *training)
{
    if (training->hooks->resume != NULL) {
        resume_models(training);
        training_prepare_models(training);
        training->mark = clock_seconds();
        return;
    }
    training_prepare_models(training);
    training->mark = clock_seconds();
    look_and_record(training);
    leave_done(training);
}

void training_run(const struct dataset *data, const struct configuration *const *configurations,
                  size_t models, const struct training_hooks *hooks, struct trial *trials)
{
    assert(models > 0 && data->y != NULL);
    assert(models == 1 || !solver_of(configurations[0]->solver)->alone);
    struct training training = {.data = data, .hooks = hooks, .common = configurations[0]};
    training_open(&training, configurations, models, trials);
    training.traffic_begun = ranks_traffic(data->ranks);
    if (hooks->phases)
        phases_begin(training.problem.threads);
    prepare_steps(&training);
    begin_models(&training);
    keep_begin(&training);
    const bool timed = is_timed(&training);
    while (training.models.count > 0) {
        step(&training);
        if (timed)
            charge_steps(&training);
        const bool looks = is_due(&training) || training.solver->begins_with_gradient;
        const bool pauses = stop_pauses(&training), near = keep_is_near(&training);
        if (!timed && (looks || pauses || near))
            charge_steps(&training);
        if (looks) {
            if (!look_end_unseen(&training))
                look_and_record(&training);
            leave_done(&training);
        }
        if (pauses)
            leave_paused(&training);
        else if (near && training.models.count > 0)
            keep_look(&training);
    }
    phases_end();
    training_close(&training);
}
