/* SPDX-License-Identifier: MIT
 *
 * Shares: which rows of a set a process reads. With one process they are all rows; where a set is
 * distributed over P ranks, rank p has those from n p / P to before n (p + 1) / P of n.
 *
 * Every rank opens the same file and reads its own rows of it, so that nothing but a few numbers
 * goes from one rank to another, and a set may be larger than the memory of any host. That ranks do
 * open the same file is not taken for granted, since each host has folders of its own: every rank
 * computes the digest of the bytes it reads and of those that the next one reads, and compares the
 * second with what that rank says of them.
 *
 * All ranks call these functions at the same time and get the same answer: an error of one is that
 * of all. Without ranks there is nothing to agree on.
 */
#ifndef DESCENT_DATA_SHARE_H
#define DESCENT_DATA_SHARE_H

#include "base/error.h"
#include "base/parallel/ranks.h"
#include "data/dataset.h"
#include "data/input.h"

#include <stdbool.h>
#include <stddef.h>

struct share {
    const struct ranks *ranks; /* NULL: one process */
    bool chosen;        /* `first` and `rows` are asked for; otherwise they follow from `whole` */
    size_t first, rows; /* the rows of the set that are read here */
    size_t whole;       /* rows of the set, which readers find out */
    size_t entries;     /* and, where it is sparse, numbers stored; kept while `chosen` */
};

/* The row, of n, with which the rows of a rank begin. */
static inline size_t share_begin(size_t n, int rank, int ranks)
{
    return n * (size_t)rank / (size_t)ranks;
}

/* Is all of a set read here, without a word to others? */
bool share_is_whole(const struct share *share);

/* Notes how many rows the set has, and with that those to be read here. */
void share_rows(struct share *share, size_t whole);

/* What a host holds of a whole, all of its ranks together: 1 without ranks. */
double share_of_host(const struct share *share);

/* True when `sound` on every rank; otherwise the error of the lowest that has one is that of all.
 * NULL: `sound`, and nothing is settled, since other processes may know nothing of it. */
bool share_agree(const struct ranks *ranks, bool sound, struct error *error);

/* Opens a file on every rank. False when one cannot, when several cannot because it is a pipe, or
 * when they see files of different sizes, beginnings or ends. */
bool share_open(const struct share *share, struct input *input, const char *path,
                struct error *error);

/* Compares the bytes [begin, end) that each rank reads with what the rank before sees there. */
bool share_compare(const struct share *share, const struct input *input, size_t begin, size_t end,
                   struct error *error);

/* The same of anything that has a digest: that of this rank's own part, and of the next one's as it
 * is here. The message: "NAME: rank 0 on host a and rank 1 on host b DIFFER (digests ...); REMEDY".
 */
struct share_difference {
    const char *name, *differ, *remedy;
};
bool share_compare_digests(const struct share *share, const char *own, const char *next,
                           const struct share_difference *words, struct error *error);

/* An error: what was found cannot be of one file. */
bool share_differs(const char *path, struct error *error);

/* Notes in a set which rows of how many it has. */
void share_note(struct dataset *data, const struct ranks *ranks, size_t first, size_t whole);

#endif
