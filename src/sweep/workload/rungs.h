/* SPDX-License-Identifier: MIT
 *
 * Rungs: `method: halving` trains all configurations for a few epochs, keeps the best of every
 * `eta` of them, trains those for eta times as many epochs in all, and so on; the last rung is the
 * end of each. Successive halving, K. Jamieson and A. Talwalkar, Non-stochastic best arm
 * identification and hyperparameter optimization, AISTATS 2016.
 *
 * `asha` compares each with those before it in the plan, and not with all: of the j candidates at a
 * rung up to and with this one, it goes on if it is among the best of every eta, rounded up. It is
 * asynchronous successive halving (L. Li et al., A system for massively parallel hyperparameter
 * tuning, MLSys 2020) with the order of the plan in place of that of arrival: nobody waits for
 * those after it, and who arrives first changes nothing. A choice stands: one that was cut is not
 * taken up again when worse ones come, so that a few more go on than of halving, the first of the
 * plan among them.
 *
 * A cut is a function of the plan and of numbers, and of nothing else: no clock, no order of
 * arrival. What is compared is a set: the configurations of one data set and, where the criterion
 * does not reach across lambdas, of one lambda. Configurations that differ only in their seed are
 * one candidate, which is judged by the median of its seeds: they go on or are cut together.
 *
 * `brackets` hedge against cuts that come too early, as Hyperband does (L. Li et al., Hyperband: a
 * novel bandit-based approach to hyperparameter optimization, JMLR 18, 2018): a set is dealt out to
 * so many of them, and bracket b, from 0, has its first cut after first * eta^b epochs. Of C cuts
 * it takes part in s = C - b, and gets a share of the candidates in proportion to eta^s / (s + 1),
 * so that all brackets are about as much work.
 */
#ifndef DESCENT_SWEEP_WORKLOAD_RUNGS_H
#define DESCENT_SWEEP_WORKLOAD_RUNGS_H

#include "sweep/workload/expansion.h"

/* Configurations that are compared with each other. */
struct rung_set {
    size_t source;
    double lambda;  /* of all of them; NaN: of several, or of none */
    size_t bracket; /* its first cut is this one, from 0 */
    bool in_order;  /* each is compared with those before it, and not with all */
    size_t count, capacity;
    struct rung_member {
        size_t item;      /* of the expansion */
        size_t candidate; /* that it belongs to, numbered in the order of the plan */
    } * members;          /* (count) in the order of the plan */
    size_t candidate_count;
};

struct rungs {
    size_t count;    /* cuts: one fewer than rungs */
    int64_t *epochs; /* (count) after which there is a cut, ascending */
    size_t set_count;
    struct rung_set *sets; /* (set_count), in the order of the plan */
};

/* All zero where the file does not halve. An error where no set has two candidates, or a bracket
 * would have no cut. */
bool rungs_create(const struct sweep_file *file, const struct expansion *expansion,
                  struct rungs *rungs, struct error *error);
void rungs_clear(struct rungs *rungs);

#define TO_THE_END INT64_MAX /* the epoch of the last rung: of each configuration, its own */

/* The epoch to which models are trained at rung `rung` (from 0): that of its cut, or TO_THE_END. */
int64_t rungs_epoch(const struct rungs *rungs, size_t rung);

/* How many of so many candidates go on after cut `rung` (from 0): of every eta one, rounded up. */
size_t rungs_kept(size_t candidates, int64_t eta, size_t rung);

/* Model-epochs that a set takes at most: all its configurations up to the first cut, those that go
 * on up to the second, ... */
double rung_set_work(const struct rungs *rungs, const struct rung_set *set, int64_t eta,
                     const struct expansion *expansion);

/* How many of its candidates go on after cut `rung`: all, before its first; and how many
 * configurations that is, about. In the order of the plan, as many as are to be expected where that
 * says nothing of who is good. */
size_t rung_set_candidates(const struct rung_set *set, int64_t eta, size_t rung);
size_t rung_set_kept(const struct rung_set *set, int64_t eta, size_t rung);

/* The same of all sets together. */
size_t rungs_left(const struct rungs *rungs, int64_t eta, size_t rung);

/* The places of candidates (candidate_count) by the values of their configurations (set->count);
 * less is better, and what is not finite is last; among equals as in the plan. Place 1 is the best;
 * 0: it is not `in` (candidate_count) the race any more. */
void rung_places(const struct rung_set *set, const double *values, const bool *in, size_t *places);

/* Where a candidate stands after a cut. */
struct rung_standing {
    enum {
        RUNG_IN,   /* it goes on */
        RUNG_OUT,  /* it does not, from this cut or one before it */
        RUNG_OPEN, /* that is not known yet */
    } state;
    size_t place; /* at this cut, among `candidates`, of which `kept` go on; 0: it was not there */
    size_t candidates, kept;
};

/* Cut `rung`, as far as it can be decided: standings (candidate_count) come from the cut before it,
 * all zero at the first, and become those after it. `known` (set->count): has the configuration a
 * value here (or, not finite, a bad end)? Without its first bracket nobody is cut. */
void rung_decide(const struct rung_set *set, int64_t eta, size_t rung, const double *values,
                 const bool *known, struct rung_standing *standings);

#endif
