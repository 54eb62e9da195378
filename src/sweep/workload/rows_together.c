/* SPDX-License-Identifier: MIT
 *
 * Orders are messages from rank 0 to each of the others, who wait for them without using a
 * processor. Everything that an order does not say, configurations and data, all ranks have from
 * the sweep file.
 */
#include "sweep/workload/rows_together.h"

#include "base/memory.h"
#include "base/memory_stream.h"
#include "base/parallel/threads.h"
#include "base/system/interruption.h"
#include "sweep/workload/starts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum order_kind {
    ORDER_TRAIN,
    ORDER_OPTIMA,
    ORDER_OPTIMUM,
    ORDER_OPTIMA_END,
    ORDER_SMOOTHNESS,
    ORDER_EXCHANGE,
    ORDER_END,
    ORDER_SNAPSHOT, /* follows an order to train, once for each model that goes on from one */
};

struct order {
    /* For an optimum, or for smoothness. */
    size_t source;
    double lambda;

    /* For sums over ranks. */
    int ranks;
    double limit_seconds;

    /* For training: which items, and the hooks that decide what is computed. */
    size_t count, group;
    size_t items[GROUP_MOST];
    double optima[GROUP_MOST];
    int64_t epochs; /* at most */
    int64_t pause;  /* after so many all that still train are paused; 0: they are not */
    struct smoothness smoothness;
    bool phases, batched;
    bool resumes, keeps; /* models go on from snapshots; rank 0 keeps some */
    int threads;
};

/* A snapshot goes from one rank of a job to others of the same. */
static const struct snapshot_identity within_job = {"", "", ""};

/* Those ranks: all, or the first of them. */
static const struct ranks *first_ranks(const struct workload *workload, int count)
{
    for (size_t i = 0; i < workload->spread_count; i++)
        if (workload->spreads[i].count == count)
            return workload->spreads[i].ranks;
    return workload->ranks;
}

/* What one rank was asked for is asked of all: it may have ended the trial of all. */
static void agree_on_end(const struct workload *workload, int ranks)
{
    const double level =
        ranks_allreduce_max(first_ranks(workload, ranks), (double)interruption_requested);
    interruption_raise((enum interruption_level)level);
}

/* --- Rank 0 -------------------------------------------------------------------------------- */

/* To the ranks 1 to `count` - 1. */
static void tell(const struct workload *workload, int count, enum order_kind kind,
                 const struct order *order)
{
    for (int rank = 1; rank < count; rank++)
        ranks_send(workload->ranks, rank, (int)kind, order, sizeof *order);
}

/* What the models go on from, to the ranks 1 to `ranks` - 1. */
static void tell_snapshots(const struct workload *workload, int ranks,
                           const struct snapshot *const *snapshots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct memory_stream stream;
        snapshot_write(snapshots[i], &within_job, memory_stream_open(&stream));
        char *bytes = memory_stream_close(&stream);
        for (int rank = 1; rank < ranks; rank++)
            ranks_send(workload->ranks, rank, ORDER_SNAPSHOT, bytes, stream.length);
        memory_free(bytes);
    }
}

static void tell_to_train(const struct workload *workload, const size_t *items,
                          const struct configuration *const *configurations, size_t count,
                          const struct training_hooks *hooks)
{
    struct order order = {
        .count = count,
        .group = hooks->group,
        .phases = hooks->phases,
        .batched = hooks->batched,
        .threads = hooks->threads,
        .resumes = hooks->resume != NULL,
        .keeps = hooks->keeper != NULL,
        .pause = hooks->paused != NULL ? hooks->pause : 0,
    };
    assert(count <= GROUP_MOST);
    size_t size;
    if (hooks->smoothness != NULL)
        order.smoothness = *hooks->smoothness;
    for (size_t i = 0; i < count; i++) {
        order.items[i] = items[i];
        order.optima[i] = hooks->optima != NULL ? hooks->optima[i] : 0.0;
        if (configurations[i]->epochs > order.epochs)
            order.epochs = configurations[i]->epochs;
    }
    const size_t features = workload->data[workload->expansion.items[items[0]].source]->features;
    void *bytes = starts_write(&order, sizeof order, hooks->starts, count, features, &size);
    for (int rank = 1; rank < (int)configurations[0]->ranks; rank++)
        ranks_send(workload->ranks, rank, ORDER_TRAIN, bytes, size);
    memory_free(bytes);
    if (order.resumes)
        tell_snapshots(workload, (int)configurations[0]->ranks, hooks->resume, count);
}

void rows_together_train(const struct workload *workload, const struct dataset *data,
                         const size_t *items, const struct configuration *const *configurations,
                         size_t count, const struct training_hooks *hooks, struct trial *trials)
{
    if (workload->ranks != NULL)
        tell_to_train(workload, items, configurations, count, hooks);
    training_run(data, configurations, count, hooks, trials);
    if (workload->ranks != NULL)
        agree_on_end(workload, (int)configurations[0]->ranks);
}

struct optimum_path *rows_together_begin_optima(const struct workload *workload, size_t source,
                                                const struct dataset *copy)
{
    const struct order order = {.source = source};
    tell(workload, ranks_count(workload->ranks), ORDER_OPTIMA, &order);
    return optimum_path_open(copy != NULL ? copy : workload->data[source], threads_default());
}

struct optimum rows_together_find_optimum(const struct workload *workload,
                                          struct optimum_path *path, double lambda)
{
    const struct order order = {.lambda = lambda};
    tell(workload, ranks_count(workload->ranks), ORDER_OPTIMUM, &order);
    return optimum_path_find(path, lambda);
}

void rows_together_end_optima(const struct workload *workload, struct optimum_path *path)
{
    const struct order order = {0};
    tell(workload, ranks_count(workload->ranks), ORDER_OPTIMA_END, &order);
    optimum_path_close(path);
}

static struct smoothness find_smoothness(const struct workload *workload, size_t source)
{
    const struct order order = {.source = source};
    tell(workload, ranks_count(workload->ranks), ORDER_SMOOTHNESS, &order);
    return smoothness_of(workload->data[source], threads_default());
}

struct smoothness rows_together_find_smoothness(const struct workload *workload, size_t source)
{
    for (size_t i = workload->starts[source]; i < workload->starts[source + 1]; i++)
        if (configuration_rate_is_auto(&workload->expansion.items[i].configuration))
            return find_smoothness(workload, source);
    return (struct smoothness){0};
}

void rows_together_measure_exchange(const struct workload *workload, int ranks,
                                    double limit_seconds, struct exchange_sample **samples,
                                    size_t *count)
{
    const struct order order = {.ranks = ranks, .limit_seconds = limit_seconds};
    tell(workload, ranks, ORDER_EXCHANGE, &order);
    exchange_measure(first_ranks(workload, ranks), limit_seconds, samples, count);
}

void rows_together_dismiss(const struct workload *workload)
{
    const struct order order = {0};
    tell(workload, ranks_count(workload->ranks), ORDER_END, &order);
}

/* --- The others ---------------------------------------------------------------------------- */

static struct snapshot *hear_snapshot(const struct workload *workload)
{
    struct ranks_message message;
    struct error error = {.kind = ERROR_NONE};
    ranks_receive(workload->ranks, &message);
    assert(message.kind == ORDER_SNAPSHOT);
    struct snapshot *snapshot = snapshot_read(message.bytes, message.size, &within_job, &error);
    assert(snapshot != NULL);
    memory_free(message.bytes);
    return snapshot;
}

/* The traces are those of rank 0, which records them and keeps snapshots: this one only stops where
 * all do. */
static void train(const struct workload *workload, const struct order *order,
                  const struct ranks_message *message)
{
    const struct planned *items = workload->expansion.items;
    const struct configuration *pointers[GROUP_MOST];
    struct configuration configurations[GROUP_MOST];
    struct trial trials[GROUP_MOST];
    struct snapshot *resume[GROUP_MOST] = {NULL}, *paused[GROUP_MOST] = {NULL};
    const struct training_keeper keeper = {.seconds = INFINITY};
    struct model_start starts[GROUP_MOST];
    const size_t features = workload->data[items[order->items[0]].source]->features;
    const bool led =
        starts_read(message->bytes, message->size, sizeof *order, starts, order->count, features);
    for (size_t i = 0; i < order->count; i++) {
        if (order->resumes)
            resume[i] = hear_snapshot(workload);
        configurations[i] = items[order->items[i]].configuration;
        if (configurations[i].epochs > order->epochs)
            configurations[i].epochs = order->epochs;
        pointers[i] = &configurations[i];
    }
    const struct training_hooks hooks = {
        .interrupt = &interruption_stop,
        .optima = order->optima,
        .starts = led ? starts : NULL,
        .smoothness = order->smoothness.samples > 0.0 ? &order->smoothness : NULL,
        .phases = order->phases,
        .group = order->group,
        .batched = order->batched,
        .threads = order->threads,
        .resume = order->resumes ? (const struct snapshot *const *)resume : NULL,
        .keeper = order->keeps ? &keeper : NULL,
        .paused = order->pause > 0 ? paused : NULL,
        .pause = order->pause,
    };
    threads_release();
    training_run(workload_data(workload, &items[order->items[0]]), pointers, order->count, &hooks,
                 trials);
    agree_on_end(workload, (int)items[order->items[0]].configuration.ranks);
    for (size_t i = 0; i < order->count; i++) {
        trial_clear(&trials[i]);
        snapshot_free(resume[i]);
        snapshot_free(paused[i]);
    }
}

/* Rank 0 has the samples. */
static void measure_exchange(const struct workload *workload, const struct order *order)
{
    struct exchange_sample *samples;
    size_t count;
    exchange_measure(first_ranks(workload, order->ranks), order->limit_seconds, &samples, &count);
}

/* What a rank that is told what to do keeps from order to order. */
struct follower {
    const struct workload *workload;
    struct optimum_path *path; /* between ORDER_OPTIMA and ORDER_OPTIMA_END */
};

static void obey(struct follower *follower, enum order_kind kind, const struct order *order)
{
    const struct workload *workload = follower->workload;
    const struct dataset *data = workload->data[order->source];
    switch (kind) {
    case ORDER_OPTIMA:
        follower->path = optimum_path_open(data, threads_default());
        break;
    case ORDER_OPTIMUM:
        optimum_path_find(follower->path, order->lambda);
        break;
    case ORDER_OPTIMA_END:
        optimum_path_close(follower->path);
        break;
    case ORDER_SMOOTHNESS:
        smoothness_of(data, threads_default());
        break;
    case ORDER_EXCHANGE:
        measure_exchange(workload, order);
        break;
    case ORDER_TRAIN:
    case ORDER_END:
    case ORDER_SNAPSHOT: /* by itself there is none */
        break;
    }
}

void rows_together_follow(const struct workload *workload)
{
    struct follower follower = {.workload = workload};
    struct ranks_message message;
    enum order_kind kind;
    do {
        struct order order;
        ranks_receive(workload->ranks, &message);
        assert(message.size >= sizeof order);
        memcpy(&order, message.bytes, sizeof order);
        kind = (enum order_kind)message.kind;
        if (kind == ORDER_TRAIN)
            train(workload, &order, &message);
        else
            obey(&follower, kind, &order);
        memory_free(message.bytes);
    } while (kind != ORDER_END);
}
