/* SPDX-License-Identifier: MIT
 *
 * Threads that train one model together, each with slices of the features of its own: its weights
 * there, and that part of every row. What they need of each other are sums over all features, three
 * numbers a sample.
 *
 * Each slice has a ring of boxes. Its thread puts in what it has summed up and goes on; all read
 * all boxes when they need the sums, and take the step each by itself, with the same bits.
 */
#ifndef DESCENT_KERNELS_PIPELINED_TEAM_H
#define DESCENT_KERNELS_PIPELINED_TEAM_H

#include "kernels/pipelined/slice_advance.h"

struct team;

/* Rounds, of one sum each, that a thread may put before it reads the first of them. */
enum { TEAM_LEAD = DEPTH + 1 };

/* Doubles that a team with so many slices takes, whole cache lines; laid out by one thread before
 * the others come. */
size_t team_length(size_t slices);
void team_open(double *shared, size_t slices);

/* A team that lies there. */
struct team *team_at(double *shared);

/* Puts the sums of a slice into its box. Rounds are numbered from 1; all slices have all rounds. */
void team_put(struct team *team, size_t slice, size_t round, const struct sample_sums *sums);

/* Asks for the boxes of a round that the others have put by now. */
void team_ask(const struct team *team, size_t round);

/* The sums of that round over all slices, added up in their order, once they are there. */
struct sample_sums team_total(const struct team *team, size_t round);

#endif
