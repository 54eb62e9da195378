/* SPDX-License-Identifier: MIT
 *
 * The training loop.
 *
 *     evaluate, record epoch 0
 *     until every model has left:
 *         order of samples, rates, step                 on the training clock
 *         if this epoch is recorded, or the next step begins with the gradient:
 *             evaluate                                  on the evaluation clock
 *             record, and see who is done               on the recording clock
 *
 * Two points of honesty. A full-batch step needs the gradient where it starts, which the trace has
 * just evaluated: it is computed once, and its time is moved to the training clock when the step
 * takes it. And a point's seconds are read before its evaluation, so that watching costs the trial
 * nothing.
 *
 * The clock is read once where one of these ends and the next begins: a reading costs 25 ns, as
 * long as a small step. Between steps whose time is not asked for it is not read at all, and what a
 * step costs beside its work is some ten nanoseconds.
 *
 * Where a step begins with the gradient, looking at every epoch therefore costs no pass. Limits are
 * then looked at in all of them, whatever `record` names, and the first point at or below a gap of
 * gap_targets is recorded together with the point before it: the two say in which epoch the trial
 * arrived.
 *
 * Where training reads rows in fewer bits (data/precision.h) its own objective tells it where it
 * is, and whether a limit or a target seems to be met; what is recorded, and decides, is the
 * objective of the rows as they were given. That pass is on the evaluation clock. With `refine`,
 * training goes over to those rows when the others have no more to say (training_refine.c).
 *
 * Where rows are distributed every rank runs this loop, with the same numbers: what could part
 * them, a clock or a wish to stop, is agreed upon.
 *
 * Models train side by side in columns. A column whose model is done is handed over to its trial,
 * and the remaining columns are packed together.
 */
#include "solvers/training.h"

#include "base/memory.h"
#include "base/parallel/threads.h"
#include "base/random.h"
#include "base/system/clock.h"
#include "kernels/phases.h"
#include "kernels/shares.h"
#include "kernels/stochastic/local_sgd.h"
#include "solvers/schedule.h"
#include "solvers/training_run.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* The order of an epoch, as those see it who draw parts of it. */
struct draw {
    const struct training *training;
    uint32_t *order;
    struct chunking parts;
    uint64_t epoch;
};

/* The rows of a part are in an order of their own. The stream of part m of W has the index of the
 * epoch times W, plus m: on ranks the same as on one. */
static void draw_part(const struct draw *draw, size_t part)
{
    const struct chunking *parts = &draw->parts;
    size_t begin = chunking_begin(parts, part), end = chunking_begin(parts, part + 1);
    uint32_t *order = draw->order;
    struct random_stream stream = random_open((uint64_t)draw->training->common->seed, RANDOM_ORDER,
                                              draw->epoch * parts->total + parts->first + part);
    random_permutation(&stream, order + begin, end - begin);
    for (size_t i = begin; i < end; i++)
        order[i] += (uint32_t)begin;
}

static void draw_share(const void *context, int share, int shares)
{
    const struct draw *draw = context;
    size_t begin = draw->parts.count * (size_t)share / (size_t)shares;
    size_t end = draw->parts.count * ((size_t)share + 1) / (size_t)shares;
    for (size_t part = begin; part < end; part++)
        draw_part(draw, part);
}

/* Each worker's rows are a part, to be drawn by any thread; without workers all rows are one. */
static void draw_parts(const struct training *training, uint64_t epoch)
{
    size_t workers = training->problem.workers;
    const struct draw draw = {training, training->order,
                              local_sgd_parts(training->data, workers > 0 ? workers : 1), epoch};
    shares_run(PHASE_ORDER, threads_for_shares(training->problem.threads, draw.parts.count),
               draw_share, &draw);
}

/* The order of the next epoch, while this one is stepped through. */
static void draw_next(void *context)
{
    struct training *training = context;
    const int64_t epoch = training->epoch + 1;
    const struct draw draw = {training, training->next_order, local_sgd_parts(training->data, 1),
                              (uint64_t)epoch};
    draw_part(&draw, 0);
    training->next_drawn = epoch;
    phase_lap(PHASE_ORDER);
}

static void take_next_order(struct training *training)
{
    uint32_t *before = training->order;
    training->order = training->next_order;
    training->next_order = before;
    training->one.order = training->order;
}

/* "once" draws for the first epoch (index 0), "epoch" for each (its number). */
static void draw_order(struct training *training)
{
    bool once = training->common->shuffle == &shuffle_once;
    if (training->order == NULL || (once && training->epoch > 1))
        return;
    if (training->next_drawn == training->epoch) {
        take_next_order(training);
        return;
    }
    draw_parts(training, once ? 0 : (uint64_t)training->epoch);
}

static bool wants_to_stop(const struct training *training)
{
    return training->stopped ||
           (training->hooks->interrupt != NULL && *training->hooks->interrupt != 0);
}

/* Ranks must end in the same epoch: who wants to stop, and how long rank 0 has trained, travels
 * with the sums of the passes that follow. */
enum { NOTE_STOP, NOTE_SECONDS };

static void tell_ranks(struct training *training)
{
    double *said = training->agreement.said;
    said[NOTE_STOP] = wants_to_stop(training);
    said[NOTE_SECONDS] = ranks_index(training->data->ranks) == 0 ? training->own_seconds : 0.0;
}

static bool is_interrupted(const struct training *training)
{
    if (training->data->ranks != NULL)
        return training->agreement.heard[NOTE_STOP] > 0.0;
    return wants_to_stop(training);
}

static double seconds_trained(const struct training *training)
{
    if (training->data->ranks != NULL)
        return training->agreement.heard[NOTE_SECONDS];
    return training->own_seconds;
}

/* Seconds since the mark, which moves up to now. */
static double lap(struct training *training)
{
    double now = clock_seconds(), seconds = now - training->mark;
    training->mark = now;
    return seconds;
}

/* What went on since the mark belongs to no clock. */
static void leave_out(struct training *training)
{
    training->mark = clock_seconds();
}

/* Adding up phases is no part of what they measure. */
static void leave_out_phases(struct training *training)
{
    if (training->hooks->phases)
        leave_out(training);
}

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
    double spent = lap(training);
    bool took = objective_took_evaluation(training->objective);
    if (took) {
        spent += training->pass_seconds;
        training->evaluate_seconds -= training->pass_seconds;
    }
    phases_end_step(took);
    leave_out_phases(training);
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
    tell_ranks(training);
    draw_order(training);
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
    training->spare = (struct spare_work){draw_next, training};
    if (training->next_order != NULL)
        training->one.spare = &training->spare;
}

/* What holds as long as the same models are trained: the first limits that one of them meets, and
 * rates that do not change. */
static void prepare_models(struct training *training)
{
    training->first_epochs = INT64_MAX;
    training->first_seconds = INFINITY;
    training->rates_change = false;
    for (size_t j = 0; j < training->models.count; j++) {
        const struct configuration *configuration = training->configurations[j];
        if (configuration->epochs < training->first_epochs)
            training->first_epochs = configuration->epochs;
        training->first_seconds = fmin(training->first_seconds, configuration->seconds);
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

/* Recorded: the epochs that `record` names, and the last of a model, for whatever reason. */
static bool is_due(const struct training *training)
{
    return training->epoch >= training->next_record || training->epoch >= training->first_epochs ||
           is_interrupted(training) || seconds_trained(training) >= training->first_seconds;
}

static int64_t record_after(const struct configuration *configuration, int64_t epoch)
{
    int64_t grown = epoch + epoch / 2;
    bool geometric = configuration->record == &record_geometric;
    return geometric && grown > epoch + 1 ? grown : epoch + 1;
}

size_t training_points(const struct configuration *configuration, int64_t epochs)
{
    if (configuration->record != &record_geometric || epochs == 0)
        return (size_t)epochs + 1;
    size_t points = 2; /* the first and the last */
    for (int64_t epoch = 1; epoch < epochs; epoch = record_after(configuration, epoch))
        points++;
    return points;
}

/* Bad ends come first: a model that has diverged has not converged as well. What is `never` to be
 * reached is -infinity, and a gap that is not known, NaN, reaches nothing. */
static enum trial_status status_of(const struct training *training, size_t j,
                                   const struct trace_point *point)
{
    const struct configuration *configuration = training->configurations[j];
    if (training->columns[j].trial->message[0] != '\0')
        return STATUS_FAILED;
    if (!isfinite(point->objective) || !isfinite(point->gradient_norm) ||
        point->objective > training->columns[j].limit)
        return STATUS_DIVERGED;
    if (point->objective <= configuration->loss)
        return STATUS_LOSS;
    if (point->objective - training->columns[j].trial->optimum <= configuration->gap)
        return STATUS_GAP;
    if (point->gradient_norm <= configuration->gradient_norm)
        return STATUS_GRADIENT_NORM;
    if (point->epoch >= configuration->epochs)
        return STATUS_EPOCHS;
    if (seconds_trained(training) >= configuration->seconds)
        return STATUS_TIME_LIMIT;
    return is_interrupted(training) ? STATUS_INTERRUPTED : STATUS_RUNNING;
}

static struct trace_point point_of(const struct training *training, const struct evaluation *at,
                                   size_t j)
{
    return (struct trace_point){
        .epoch = training->epoch,
        .seconds = training->train_seconds,
        .loss = at->loss[j],
        .objective = at->objective[j],
        .gradient_norm = at->gradient_norm[j],
        .accuracy = at->accuracy[j],
        .heldout_loss = NAN,
        .heldout_accuracy = NAN,
    };
}

/* How many of the gaps that are targets the point and those before it have met. */
static size_t targets_met(const struct column *column, const struct trace_point *point)
{
    size_t met = column->targets_met;
    while (met < GAP_TARGETS && point->objective <= column->trial->optimum + gap_targets[met])
        met++;
    return met;
}

/* Looks at the points (models.count) of this epoch: who is done, and whose point is recorded.
 * Returns whether any is. */
static bool look(struct training *training, const struct trace_point *points, bool due)
{
    bool any = due;
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        if (training->epoch == 0)
            column->limit =
                training->configurations[j]->divergence * fmax(points[j].objective, 1.0);
        column->trial->status = status_of(training, j, &points[j]);
        column->arrives =
            targets_met(column, &points[j]) > column->targets_met && training->epoch > 0;
        column->recorded = due || column->arrives || column->trial->status != STATUS_RUNNING;
        any = any || column->recorded;
    }
    return any;
}

/* The point before an arrival, where it was looked at and not recorded. Held-out rows were not. */
static void append_before(struct column *column)
{
    if (!column->arrives || column->before.epoch <= trial_last(column->trial)->epoch)
        return;
    column->before.heldout_loss = column->before.heldout_accuracy = NAN;
    column->before.between = true;
    trace_append(&column->trial->trace, column->before);
}

/* Appends its point to the trace of every model whose point is recorded, and tells the observer. */
static void record(struct training *training, const struct trace_point *points, bool due)
{
    for (size_t j = 0; j < training->models.count; j++) {
        struct column *column = &training->columns[j];
        column->targets_met = targets_met(column, &points[j]);
        if (!column->recorded)
            continue;
        struct trace_point point = points[j];
        point.between = !due && column->trial->status == STATUS_RUNNING;
        append_before(column);
        trace_append(&column->trial->trace, point);
        if (training->hooks->observe != NULL)
            training->hooks->observe(
                training->hooks->context,
                &(struct observation){column->index, &point, &training->models, j});
    }
    if (due)
        training->next_record = record_after(training->common, training->epoch);
}

static struct heldout evaluate_heldout(struct training *training)
{
    if (training->data->heldout == NULL)
        return objective_heldout(training->objective, &training->models);
    training->record_seconds += lap(training);
    struct heldout heldout = objective_heldout(training->objective, &training->models);
    training->evaluate_seconds += lap(training);
    phases_end_aside();
    leave_out_phases(training);
    return heldout;
}

static void add_heldout(struct training *training, struct trace_point *points)
{
    struct heldout heldout = evaluate_heldout(training);
    for (size_t j = 0; j < training->models.count; j++) {
        points[j].heldout_loss = heldout.loss[j];
        points[j].heldout_accuracy = heldout.accuracy[j];
    }
}

/* The same of the rows as they were given: the points (models.count) become theirs. */
static bool look_at_given(struct training *training, const struct evaluation *at, bool refines,
                          struct trace_point *points, bool due)
{
    training->record_seconds += lap(training);
    const struct evaluation given = objective_at(training->given, &training->models);
    const double spent = lap(training);
    for (size_t j = 0; j < training->models.count; j++)
        points[j] = point_of(training, &given, j);
    const bool any = look(training, points, due);
    if (refines && training->columns[0].trial->status == STATUS_RUNNING) {
        training->train_seconds += spent;
        training->own_seconds += spent;
        phases_end_step(false);
    } else {
        training->evaluate_seconds += spent;
        phases_end_aside();
        leave_out_phases(training);
    }
    if (refines)
        refine_decide(training, at, &given);
    return any;
}

/* `due`: all are recorded; else those whose trial has met a target or a limit. */
static void evaluate_and_record(struct training *training, bool due)
{
    struct trace_point *points = training->points;
    tell_ranks(training);
    struct evaluation at = objective_evaluate(training->objective, &training->models);
    training->pass_seconds = lap(training);
    training->evaluate_seconds += training->pass_seconds;
    phases_end_evaluation();
    leave_out_phases(training);
    for (size_t j = 0; j < training->models.count; j++)
        points[j] = point_of(training, &at, j);
    bool any = look(training, points, due), given = training->given == NULL;
    const bool refines = refine_compares(training, &at);
    if (!given && (any || refines)) {
        any = look_at_given(training, &at, refines, points, due);
        given = true;
    }
    if (any) {
        add_heldout(training, points);
        record(training, points, due);
    }
    for (size_t j = 0; j < training->models.count && given; j++)
        training->columns[j].before = points[j];
    training->record_seconds += lap(training);
    phase_lap(PHASE_RECORD);
}

/* What this run has sent, as a mean over ranks, all of which come here in the same epoch. The sums
 * of numbers so small are exact in any order. */
static struct ranks_traffic traffic_of(const struct training *training)
{
    const struct ranks *ranks = training->data->ranks;
    const struct ranks_traffic *begun = &training->traffic_begun, now = ranks_traffic(ranks);
    double sent[] = {now.sums - begun->sums, now.sum_bytes - begun->sum_bytes,
                     now.messages - begun->messages, now.bytes - begun->bytes};
    ranks_allreduce_mpi(ranks, sent, 4);
    double count = ranks_count(ranks);
    return (struct ranks_traffic){sent[0] / count, sent[1] / count, sent[2] / count,
                                  sent[3] / count};
}

/* Hands the model over to its trial. Times of models trained side by side are shared. */
static void finish(struct training *training, size_t j)
{
    const struct training_hooks *hooks = training->hooks;
    struct trial *trial = training->columns[j].trial;
    trial->epochs = training->epoch;
    trial->w = memory_allocate(training->data->features, sizeof *trial->w);
    models_copy_weights(&training->models, j, trial->w);
    trial->b = training->models.b[j];
    trial->train_seconds = training->train_seconds;
    trial->evaluate_seconds = training->evaluate_seconds;
    trial->record_seconds = training->record_seconds;
    trial->phases = phases_read();
    if (hooks->phases) /* for all ranks alike */
        trial->phases->traffic = traffic_of(training);
    trial_seal(trial);
    if (hooks->finished != NULL &&
        !hooks->finished(hooks->context, training->columns[j].index, trial))
        training->stopped = true;
}

static bool any_is_done(const struct training *training)
{
    size_t j = 0;
    while (j < training->models.count && training->columns[j].trial->status == STATUS_RUNNING)
        j++;
    return j < training->models.count;
}

/* Lets those go that are done, and packs the columns of the others. */
static void release(struct training *training)
{
    size_t count = training->models.count, left = 0;
    if (!any_is_done(training))
        return;
    size_t *kept = memory_allocate(count, sizeof *kept);
    for (size_t j = 0; j < count; j++) {
        if (training->columns[j].trial->status != STATUS_RUNNING) {
            finish(training, j);
            continue;
        }
        training->columns[left] = training->columns[j];
        training->configurations[left] = training->configurations[j];
        training->lambdas[left] = training->lambdas[j];
        kept[left++] = j;
    }
    columns_keep(training->state, training->state_rows, count, kept, left);
    models_keep(&training->models, kept, left);
    objective_moved(training->objective);
    memory_free(kept);
    prepare_models(training);
    leave_out(training);
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
    prepare_models(&training);
    training.mark = clock_seconds();
    evaluate_and_record(&training, true);
    release(&training);
    const bool timed = is_timed(&training);
    while (training.models.count > 0) {
        step(&training);
        if (timed)
            charge_steps(&training);
        const bool due = is_due(&training);
        if (!due && !training.solver->begins_with_gradient)
            continue;
        if (!timed)
            charge_steps(&training);
        evaluate_and_record(&training, due);
        release(&training);
    }
    phases_end();
    training_close(&training);
}
