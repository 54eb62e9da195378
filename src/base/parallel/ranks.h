/* SPDX-License-Identifier: MIT
 *
 * Ranks: the processes of a job that mpirun or srun started, each with its number. What they say to
 * each other goes through MPI and through this file alone: ranks_mpi.c, or, in a build without MPI,
 * ranks_none.c, whose jobs have one rank.
 *
 * A sum over ranks has the same bits whatever MPI is used and wherever a rank runs: it is added up
 * in a fixed tree (0+1, 2+3, ..., then 0+2, ...), the one that chunks of rows are added up in
 * (data/chunks.h). For a power of two ranks this is recursive doubling (Thakur, Rabenseifner and
 * Gropp, "Optimization of collective communication operations in MPICH", 2005): log2 P steps, in
 * each of which every rank sends its sums to one other. Where sums are many, it is their algorithm
 * of Rabenseifner, with the nearest rank first, so that it is the same tree: each step halves what
 * a rank has left to add up, until every rank has a P-th of the totals, and as many steps give them
 * to all. For other numbers of ranks the tree is climbed up to rank 0 and down again. MPI_Allreduce
 * may add in any order, and does.
 *
 * All ranks call the same functions in the same order; those marked "alone" are for one of them.
 * They are to be called by the main thread, outside of parallel regions.
 */
#ifndef DESCENT_BASE_PARALLEL_RANKS_H
#define DESCENT_BASE_PARALLEL_RANKS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ranks;

enum { RANKS_TEXT = 64 };

/* What a launcher (mpirun, srun) says in the environment: the number of processes it started
 * and which of them this is; 1 and 0 where there is none. Needs no MPI. Alone. */
int ranks_launched(void);
int ranks_launched_as(void);

/* First in main(): SIGHUP does again what it did when the program was started. Libraries of MPI
 * bring along a handler that is in place before main() (findings/ucx-sighup.sh), and with it a
 * sweep whose terminal was closed would go on. Alone. */
void ranks_take_hangup_back(void);

/* How many ranks rows are distributed over, what `ranks: all` means: 1 until it is said. Alone. */
void ranks_distribute_rows(const struct ranks *world);
int ranks_of_rows(void);

/* "Open MPI 4.1.4", or "none: ..." with why not. Alone; `text` is what it returns. */
char *ranks_library(char text[static RANKS_TEXT]);

/* Begins: all processes of the job. From here on stdout of every rank but 0 goes nowhere. Where
 * several on a host may use the same processors, each keeps a share of its own to itself. NULL on
 * an error, as in a build without MPI where several were started. */
struct ranks *ranks_open(struct error *error);

/* Ends the job, once for all ranks together; NULL is allowed. */
void ranks_close(struct ranks *world);

/* NULL: one rank, number 0. Alone. */
int ranks_count(const struct ranks *ranks);
int ranks_index(const struct ranks *ranks);

/* The name of this rank's host; on how many hosts they are; the most of them on one host. Alone. */
const char *ranks_host(const struct ranks *ranks);
int ranks_hosts(const struct ranks *ranks);
int ranks_per_host(const struct ranks *ranks);

/* The first `count` of them as ranks of their own: on the others NULL. Free with ranks_free(). */
struct ranks *ranks_first(const struct ranks *ranks, int count);
void ranks_free(struct ranks *ranks); /* NULL is allowed */

/* --- Together: NULL stands for one rank, with nothing to do ---------------------------------- */

/* numbers (count) of every rank become their sums over all. */
void ranks_allreduce(const struct ranks *ranks, double *numbers, size_t count);

/* The same by MPI_Allreduce, to compare with: other bits. */
void ranks_allreduce_mpi(const struct ranks *ranks, double *numbers, size_t count);

/* all (count of ranks, bytes): what each has in `mine`, in the order of ranks. */
void ranks_allgather(const struct ranks *ranks, const void *mine, size_t bytes, void *all);

/* The sum of what each has, and in `before` that of the ranks before this one. */
size_t ranks_total(const struct ranks *ranks, size_t mine, size_t *before);

/* The largest, and the smallest, of the numbers that each has, the same on all ranks: NaN, if one
 * of them is; and in `bits` (count) what is set in any of them. */
double ranks_allreduce_max(const struct ranks *ranks, double number);
double ranks_allreduce_min(const struct ranks *ranks, double number);
void ranks_allreduce_or(const struct ranks *ranks, unsigned char *bits, size_t count);

/* What rank `from` has in `bytes` becomes that of all. */
void ranks_broadcast(const struct ranks *ranks, int from, void *bytes, size_t size);

/* Waits until all are here. */
void ranks_barrier(const struct ranks *ranks);

/* If any rank has an error, all get the one of the lowest such rank: that is settled. True when
 * none has. */
bool ranks_settle(const struct ranks *ranks, struct error *error);

/* Was it so in the last call? Alone. */
bool ranks_have_settled(void);

/* Ends all processes of the job with that exit code: for an error of one of them, when the others
 * may be waiting for it. Alone. */
void ranks_abort(int code);

/* --- Messages from one to another ------------------------------------------------------------ */

/* Alone. `kind` is the caller's, from 0. */
void ranks_send(const struct ranks *ranks, int to, int kind, const void *bytes, size_t size);

/* The next message, from whomever; free bytes with memory_free(). ranks_receive() waits for it
 * without keeping a processor busy; ranks_try_receive() is false when there is none yet. Alone. */
struct ranks_message {
    int from, kind;
    size_t size;
    void *bytes;
};
void ranks_receive(const struct ranks *ranks, struct ranks_message *message);
bool ranks_try_receive(const struct ranks *ranks, struct ranks_message *message);

/* --- What it cost ---------------------------------------------------------------------------- */

/* What ranks_allreduce() did on this rank since the start: calls and bytes that were to be summed,
 * messages sent and their bytes. Alone. */
struct ranks_traffic {
    double sums, sum_bytes, messages, bytes;
};
struct ranks_traffic ranks_traffic(const struct ranks *ranks);

/* How so many numbers are summed over so many ranks. From RANKS_MANY on they are halved, where
 * there are four ranks and more. Alone. */
enum ranks_way { RANKS_CLIMB, RANKS_DOUBLE, RANKS_HALVE };
enum { RANKS_MANY = 2048 };
enum ranks_way ranks_allreduce_way(int ranks, double count);

/* What one sum of `count` numbers should cost: messages that a rank sends and their bytes, as means
 * over the ranks; and the messages one after the other that all wait for, with their bytes. Alone.
 */
struct ranks_cost {
    double messages, bytes;
    double steps, step_bytes;
};
struct ranks_cost ranks_allreduce_cost(int ranks, double count);

#endif
