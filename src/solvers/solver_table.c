/* SPDX-License-Identifier: MIT
 *
 * The table of solvers. A new one is a file with its row, methods/solver_NAME.c, and its name here;
 * others find it by its entry's name.
 */
#include "solvers/solver.h"

#define SOLVERS(X)                                                                                 \
    X(perceptron)                                                                                  \
    X(sgd)                                                                                         \
    X(sgd_averaged)                                                                                \
    X(hogwild)                                                                                     \
    X(local_sgd)                                                                                   \
    X(minibatch)                                                                                   \
    X(minibatch_momentum)                                                                          \
    X(minibatch_adagrad)                                                                           \
    X(minibatch_adam)                                                                              \
    X(gd)                                                                                          \
    X(gd_momentum)                                                                                 \
    X(gd_nesterov)                                                                                 \
    X(gd_backtracking)                                                                             \
    X(svrg)                                                                                        \
    X(saga)                                                                                        \
    X(lbfgs)                                                                                       \
    X(newton)                                                                                      \
    X(newton_sampled)                                                                              \
    X(program)                                                                                     \
    X(null)

#define DECLARE(name_) extern const struct solver solver_##name_;
SOLVERS(DECLARE)
#undef DECLARE

#define ROW(name_) &solver_##name_.entry,
static const struct entry *const rows[] = {SOLVERS(ROW)};
#undef ROW

const struct table solver_table = TABLE("solver", rows);
