/* SPDX-License-Identifier: MIT
 *
 * Ranks without MPI: a job of one. Nothing is sent, because there is no other rank.
 */
#include "base/parallel/ranks.h"

#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct ranks {
    char host[RANKS_TEXT];
    struct ranks_traffic traffic;
};

char *ranks_library(char text[static RANKS_TEXT])
{
    snprintf(text, RANKS_TEXT, "none: it was not found when descent was built");
    return text;
}

static struct ranks *create(void)
{
    struct ranks *ranks = memory_allocate(1, sizeof *ranks);
    gethostname(ranks->host, sizeof ranks->host - 1);
    return ranks;
}

struct ranks *ranks_open(struct error *error)
{
    if (ranks_launched() == 1)
        return create();
    error_usage(error,
                "%d processes were started, but this descent was built without MPI; install "
                "libopenmpi-dev or libmpich-dev and build it again",
                ranks_launched());
    return NULL;
}

void ranks_close(struct ranks *world)
{
    memory_free(world);
}

void ranks_abort(int code)
{
    (void)code;
}

void ranks_take_hangup_back(void)
{
}

int ranks_count(const struct ranks *ranks)
{
    (void)ranks;
    return 1;
}

int ranks_index(const struct ranks *ranks)
{
    (void)ranks;
    return 0;
}

const char *ranks_host(const struct ranks *ranks)
{
    return ranks != NULL ? ranks->host : "";
}

int ranks_hosts(const struct ranks *ranks)
{
    (void)ranks;
    return 1;
}

int ranks_per_host(const struct ranks *ranks)
{
    (void)ranks;
    return 1;
}

struct ranks *ranks_first(const struct ranks *ranks, int count)
{
    (void)ranks;
    return count >= 1 ? create() : NULL;
}

void ranks_free(struct ranks *ranks)
{
    memory_free(ranks);
}

void ranks_allreduce(const struct ranks *ranks, double *numbers, size_t count)
{
    (void)ranks, (void)numbers, (void)count;
}

void ranks_allreduce_mpi(const struct ranks *ranks, double *numbers, size_t count)
{
    (void)ranks, (void)numbers, (void)count;
}

void ranks_allgather(const struct ranks *ranks, const void *mine, size_t bytes, void *all)
{
    (void)ranks;
    memcpy(all, mine, bytes);
}

void ranks_allreduce_or(const struct ranks *ranks, unsigned char *bits, size_t count)
{
    (void)ranks, (void)bits, (void)count;
}

void ranks_broadcast(const struct ranks *ranks, int from, void *bytes, size_t size)
{
    (void)ranks, (void)from, (void)bytes, (void)size;
}

void ranks_barrier(const struct ranks *ranks)
{
    (void)ranks;
}

/* There is no other rank, and so there are no messages. */
void ranks_send(const struct ranks *ranks, int to, int kind, const void *bytes, size_t size)
{
    (void)ranks, (void)to, (void)kind, (void)bytes, (void)size;
}

void ranks_receive(const struct ranks *ranks, struct ranks_message *message)
{
    (void)ranks;
    *message = (struct ranks_message){0};
}

bool ranks_try_receive(const struct ranks *ranks, struct ranks_message *message)
{
    ranks_receive(ranks, message);
    return false;
}

struct ranks_traffic ranks_traffic(const struct ranks *ranks)
{
    (void)ranks;
    return (struct ranks_traffic){0};
}
