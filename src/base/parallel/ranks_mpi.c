/* SPDX-License-Identifier: MIT
 *
 * Ranks through MPI. The only file that knows it.
 *
 * A rank that waits for a message sleeps between its looks, so that it takes no processor from one
 * that works; within sums it does not, since they are what all are waiting for. Errors of MPI end
 * the job, which is its default, and so does a rank that has no memory left.
 */
#include "base/parallel/ranks.h"

#include "base/memory.h"
#include "base/parallel/processors.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <mpi.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    TAG_SUM = 1,
    LEVELS = 31,       /* of a tree of ranks, at most */
    SLEEP_LEAST = 20,  /* microseconds between two looks, ... */
    SLEEP_MOST = 1000, /* ... which grow to this */
};

struct ranks {
    MPI_Comm comm;
    MPI_Comm messages; /* the same: who waits for any message must not be given a part of a sum */
    int count, index;
    char host[MPI_MAX_PROCESSOR_NAME];
    int hosts, per_host;
    double *received; /* (capacity) */
    size_t capacity;
    struct ranks_traffic traffic;
};

/* --- Before main() ------------------------------------------------------------------------- */

static struct sigaction hangup; /* what it did before libraries were loaded */

static void hangup_note(void)
{
    sigaction(SIGHUP, NULL, &hangup);
}

/* Functions of this section run before those of all libraries (ELF, "DT_PREINIT_ARRAY"). */
__attribute__((section(".preinit_array"),
               used)) static void (*const first_of_all)(void) = hangup_note;

void ranks_take_hangup_back(void)
{
    sigaction(SIGHUP, &hangup, NULL);
}

/* --- The library --------------------------------------------------------------------------- */

char *ranks_library(char text[static RANKS_TEXT])
{
    char version[MPI_MAX_LIBRARY_VERSION_STRING];
    int length;
    MPI_Get_library_version(version, &length);
    size_t shown = strcspn(version, ",\n");
    for (size_t i = 0; i < shown; i++)
        version[i] = version[i] == '\t' ? ' ' : version[i];
    snprintf(text, RANKS_TEXT, "%.*s", (int)shown, version);
    return text;
}

/* --- A job --------------------------------------------------------------------------------- */

/* Who is on this host: a communicator of them. */
static MPI_Comm host_comm(MPI_Comm comm, int index)
{
    MPI_Comm host;
    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, index, MPI_INFO_NULL, &host);
    return host;
}

static void hosts_count(struct ranks *ranks)
{
    MPI_Comm host = host_comm(ranks->comm, ranks->index);
    int index, here;
    MPI_Comm_rank(host, &index);
    MPI_Comm_size(host, &here);
    int first = index == 0;
    MPI_Allreduce(&first, &ranks->hosts, 1, MPI_INT, MPI_SUM, ranks->comm);
    MPI_Allreduce(&here, &ranks->per_host, 1, MPI_INT, MPI_MAX, ranks->comm);
    MPI_Comm_free(&host);
}

static struct ranks *create(MPI_Comm comm)
{
    struct ranks *ranks = memory_allocate(1, sizeof *ranks);
    int length;
    ranks->comm = comm;
    MPI_Comm_dup(comm, &ranks->messages);
    MPI_Comm_size(comm, &ranks->count);
    MPI_Comm_rank(comm, &ranks->index);
    MPI_Get_processor_name(ranks->host, &length);
    hosts_count(ranks);
    return ranks;
}

/* Ranks of a host that were not bound apart would all begin on its first processor. */
static void part_processors(MPI_Comm comm, int rank)
{
    MPI_Comm host = host_comm(comm, rank);
    int index, count;
    MPI_Comm_rank(host, &index);
    MPI_Comm_size(host, &count);
    cpu_set_t own, *all = memory_allocate((size_t)count, sizeof own);
    processors_read(&own);
    MPI_Allgather(&own, sizeof own, MPI_BYTE, all, sizeof own, MPI_BYTE, host);
    processors_share(all, index, count, &own);
    processors_keep(&own);
    memory_free(all);
    MPI_Comm_free(&host);
}

/* MPICH's launcher stops reading as soon as it hears of the end, and what has just been written is
 * lost in one job of twenty (4.0.2): so it gets the time to pass it on. */
void ranks_abort(int code)
{
    const struct timespec nap = {.tv_nsec = 200000000};
    nanosleep(&nap, NULL);
    MPI_Abort(MPI_COMM_WORLD, code);
}

/* Memory is exhausted: the others would wait for this rank for ever. */
static void end_all(void)
{
    ranks_abort(ERROR_FAILED);
}

/* One rank tells what all of them would. */
static void silence_output(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0)
        return;
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
}

struct ranks *ranks_open(struct error *error)
{
    int provided, rank;
    (void)error;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
    memory_at_exhaustion(end_all);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank > 0)
        silence_output();
    part_processors(MPI_COMM_WORLD, rank);
    return create(MPI_COMM_WORLD);
}

void ranks_close(struct ranks *world)
{
    if (world == NULL)
        return;
    ranks_free(world);
    memory_at_exhaustion(NULL);
    MPI_Finalize();
}

int ranks_count(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->count : 1;
}

int ranks_index(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->index : 0;
}

const char *ranks_host(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->host : "";
}

int ranks_hosts(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->hosts : 1;
}

int ranks_per_host(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->per_host : 1;
}

struct ranks *ranks_first(const struct ranks *ranks, int count)
{
    MPI_Comm comm;
    int colour = ranks->index < count ? 0 : MPI_UNDEFINED;
    MPI_Comm_split(ranks->comm, colour, ranks->index, &comm);
    return comm != MPI_COMM_NULL ? create(comm) : NULL;
}

void ranks_free(struct ranks *ranks)
{
    if (ranks == NULL)
        return;
    MPI_Comm_free(&ranks->messages);
    if (ranks->comm != MPI_COMM_WORLD)
        MPI_Comm_free(&ranks->comm);
    memory_free(ranks->received);
    memory_free(ranks);
}

/* --- Sums ---------------------------------------------------------------------------------- */

static void add(double *numbers, const double *others, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] += others[i];
}

static void count_message(struct ranks *ranks, size_t count)
{
    ranks->traffic.messages++;
    ranks->traffic.bytes += (double)(count * sizeof(double));
}

/* Sends the numbers [from, to) to another rank, for as many as there are in [into, end), which are
 * received in `place`. */
static void swap(struct ranks *ranks, int other, const double *numbers, size_t from, size_t to,
                 size_t into, size_t end, double *place)
{
    count_message(ranks, to - from);
    MPI_Sendrecv(numbers + from, (int)(to - from), MPI_DOUBLE, other, TAG_SUM, place,
                 (int)(end - into), MPI_DOUBLE, other, TAG_SUM, ranks->comm, MPI_STATUS_IGNORE);
}

/* In step s rank r and rank r xor s tell each other the sums of their s ranks. */
static void sum_doubling(struct ranks *ranks, double *numbers, size_t count)
{
    for (int step = 1; step < ranks->count; step *= 2) {
        swap(ranks, ranks->index ^ step, numbers, 0, count, 0, count, ranks->received);
        add(numbers, ranks->received, count);
    }
}

/* The tree of doubling. In step s rank r and rank r xor s have the sums [begin, end) of their s
 * ranks each left to add up, and share them out: the lower rank takes the lower half. Backwards,
 * each gives the other what it has the totals of. */
static void sum_halving(struct ranks *ranks, double *numbers, size_t count)
{
    size_t begins[LEVELS] = {0}, ends[LEVELS] = {0}, begin = 0, end = count;
    int level = 0;
    for (int step = 1; step < ranks->count; step *= 2, level++) {
        bool lower = (ranks->index & step) == 0;
        size_t middle = begin + (end - begin) / 2;
        size_t kept = lower ? begin : middle, until = lower ? middle : end;
        begins[level] = begin;
        ends[level] = end;
        swap(ranks, ranks->index ^ step, numbers, lower ? middle : begin, lower ? end : middle,
             kept, until, ranks->received);
        add(numbers + kept, ranks->received, until - kept);
        begin = kept;
        end = until;
    }
    for (int step = ranks->count / 2; step >= 1; step /= 2) {
        bool lower = (ranks->index & step) == 0;
        level--;
        size_t into = lower ? end : begins[level], until = lower ? ends[level] : begin;
        swap(ranks, ranks->index ^ step, numbers, begin, end, into, until, numbers + into);
        begin = begins[level];
        end = ends[level];
    }
}

static void sum_send(struct ranks *ranks, int to, const double *numbers, size_t count)
{
    count_message(ranks, count);
    MPI_Send(numbers, (int)count, MPI_DOUBLE, to, TAG_SUM, ranks->comm);
}

/* Up to rank 0 and down again; a rank hears from above in the step in which it spoke. */
static void sum_climbing(struct ranks *ranks, double *numbers, size_t count)
{
    int step = 1, own = ranks->index;
    for (; step < ranks->count && (own & step) == 0; step *= 2) {
        if (own + step >= ranks->count)
            continue;
        MPI_Recv(ranks->received, (int)count, MPI_DOUBLE, own + step, TAG_SUM, ranks->comm,
                 MPI_STATUS_IGNORE);
        add(numbers, ranks->received, count);
    }
    if (own > 0) {
        sum_send(ranks, own - step, numbers, count);
        MPI_Recv(numbers, (int)count, MPI_DOUBLE, own - step, TAG_SUM, ranks->comm,
                 MPI_STATUS_IGNORE);
    }
    for (step /= 2; step >= 1; step /= 2)
        if (own + step < ranks->count)
            sum_send(ranks, own + step, numbers, count);
}

void ranks_allreduce(const struct ranks *ranks, double *numbers, size_t count)
{
    if (ranks_count(ranks) == 1)
        return;
    struct ranks *own = (struct ranks *)ranks; /* its buffer and its counts */
    assert(count <= INT_MAX);
    if (count > own->capacity)
        own->received = memory_grow(own->received, &own->capacity, count, sizeof(double));
    own->traffic.sums++;
    own->traffic.sum_bytes += (double)(count * sizeof(double));
    static void (*const ways[])(struct ranks *, double *, size_t) = {
        [RANKS_CLIMB] = sum_climbing, [RANKS_DOUBLE] = sum_doubling, [RANKS_HALVE] = sum_halving};
    ways[ranks_allreduce_way(own->count, (double)count)](own, numbers, count);
}

void ranks_allreduce_mpi(const struct ranks *ranks, double *numbers, size_t count)
{
    assert(count <= INT_MAX);
    if (ranks_count(ranks) > 1)
        MPI_Allreduce(MPI_IN_PLACE, numbers, (int)count, MPI_DOUBLE, MPI_SUM, ranks->comm);
}

/* --- Everything else together -------------------------------------------------------------- */

void ranks_allgather(const struct ranks *ranks, const void *mine, size_t bytes, void *all)
{
    assert(bytes <= INT_MAX);
    if (ranks == NULL)
        memcpy(all, mine, bytes);
    else
        MPI_Allgather(mine, (int)bytes, MPI_BYTE, all, (int)bytes, MPI_BYTE, ranks->comm);
}

void ranks_allreduce_or(const struct ranks *ranks, unsigned char *bits, size_t count)
{
    assert(count <= INT_MAX);
    if (ranks_count(ranks) > 1)
        MPI_Allreduce(MPI_IN_PLACE, bits, (int)count, MPI_UNSIGNED_CHAR, MPI_BOR, ranks->comm);
}

void ranks_broadcast(const struct ranks *ranks, int from, void *bytes, size_t size)
{
    assert(size <= INT_MAX);
    if (ranks_count(ranks) > 1)
        MPI_Bcast(bytes, (int)size, MPI_BYTE, from, ranks->comm);
}

void ranks_barrier(const struct ranks *ranks)
{
    if (ranks_count(ranks) > 1)
        MPI_Barrier(ranks->comm);
}

/* --- Messages ------------------------------------------------------------------------------ */

void ranks_send(const struct ranks *ranks, int to, int kind, const void *bytes, size_t size)
{
    assert(size <= INT_MAX);
    MPI_Send(bytes, (int)size, MPI_BYTE, to, kind, ranks->messages);
}

bool ranks_try_receive(const struct ranks *ranks, struct ranks_message *message)
{
    MPI_Status status;
    int there, size;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, ranks->messages, &there, &status);
    if (!there)
        return false;
    MPI_Get_count(&status, MPI_BYTE, &size);
    *message = (struct ranks_message){status.MPI_SOURCE, status.MPI_TAG, (size_t)size,
                                      memory_allocate_untouched((size_t)size, 1)};
    MPI_Recv(message->bytes, size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, ranks->messages,
             MPI_STATUS_IGNORE);
    return true;
}

void ranks_receive(const struct ranks *ranks, struct ranks_message *message)
{
    struct timespec sleep = {.tv_nsec = SLEEP_LEAST * 1000};
    while (!ranks_try_receive(ranks, message)) {
        nanosleep(&sleep, NULL);
        if (sleep.tv_nsec < SLEEP_MOST * 1000)
            sleep.tv_nsec += sleep.tv_nsec / 8;
    }
}

struct ranks_traffic ranks_traffic(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->traffic : (struct ranks_traffic){0};
}
