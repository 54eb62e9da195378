#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cross-validation by scikit-learn and by glmnet, for bench/peers/cross_validation.sh to time.

    plain_cross_validation.py standardise DATA COPY
    plain_cross_validation.py optima DATA FOLDS LEAST COUNT OPTIMA
    plain_cross_validation.py settle SOLVER DATA FOLDS OPTIMA GAP JOBS
    plain_cross_validation.py time SOLVER DATA FOLDS OPTIMA TOLERANCE JOBS

DATA is LIBSVM, or CSV without a header and with the label last. FOLDS has the fold of each row, from
1. Answers are lines of JSON.

`standardise` writes DATA with columns of mean 0 and deviation 1: all programs are given the same
numbers, and none scales again.

`optima` finds F* of COUNT lambdas from LEAST to 1 without every fold (plain_optima.py), of both
objectives, and writes them to OPTIMA; the largest error that its proof allows is told.

`settle` looks for the loosest tolerance of a ladder at which the largest gap to F* is at most GAP. The
first fold alone tells it nearly always, for a tenth of the work: what misses there misses. From the
one that is found so, all folds are fitted, at tighter and tighter tolerances, until the
gap is reached; the last of these fits is timed. `time` fits all folds at a given one. SOLVER is

    lbfgs, liblinear   of LogisticRegressionCV, C = 1 / (n lambda) with n the rows that a fold leaves,
                       without its refit, and without starting its processes. liblinear
                       regularises the intercept: its objective is one of its own, as hard, with
                       optima of its own
    cv.glmnet          of glmnet (plain_glmnet.R), whose objective is ours, and whose lambda is. Its
                       coefficients are those of its fits without each fold

All gaps are computed here, from coefficients.
"""
import csv
import json
import os
import subprocess
import sys
import time
import warnings

import numpy
import scipy.io
import scipy.sparse
import sklearn.base
from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import LogisticRegressionCV

import plain_optima

LADDERS = {
    "scikit-learn": [float(f"{m}e{e}") for e in range(2, -11, -1) for m in (3, 1)],
    "glmnet": [float(f"1e{e}") for e in range(-2, -17, -1)],  # 1e-7 is its own
}
SAME = 1e-9  # margins of two fits that are one


def read(path):
    if path.endswith(".csv"):
        table = numpy.loadtxt(path, delimiter=",", ndmin=2)
        X, y = numpy.ascontiguousarray(table[:, :-1]), table[:, -1]
    else:
        X, y = load_svmlight_file(path)
        X = scipy.sparse.csr_matrix(X)
    return X, (y == y.max()).astype(float)


def standardise(source, target):
    X, y = read(source)
    deviation = X.std(axis=0)
    X = (X - X.mean(axis=0)) / numpy.where(deviation > 0.0, deviation, 1.0)
    numpy.savetxt(target, numpy.column_stack([X, y]), delimiter=",", fmt="%.17g")


# --- Optima -----------------------------------------------------------------------------------------


def key(fold, l2):
    """A fold and a lambda, also where that has been written and read."""
    return int(fold), f"{float(l2):.10e}"


def write_optima(data, fold_file, least, count, target):
    X, y = read(data)
    X = X.toarray() if scipy.sparse.issparse(X) else X
    folds = numpy.loadtxt(fold_file, skiprows=1, dtype=int)
    lambdas = numpy.geomspace(1.0, least, count)
    start = time.perf_counter()
    worst = 0.0
    with open(target, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["objective_of", "fold", "lambda", "optimum", "error"])
        for name, bias in (("descent", False), ("liblinear", True)):
            for fold, l2, optimum, error in plain_optima.path(X, y, folds, lambdas, bias):
                table.writerow([name, fold, repr(l2), repr(optimum), repr(error)])
                worst = max(worst, error)
    return {"error": worst, "seconds": time.perf_counter() - start}


def read_optima(path, name):
    """F* by fold and lambda, and the lambdas, falling."""
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["objective_of"] == name]
    optima = {key(row["fold"], row["lambda"]): float(row["optimum"]) for row in rows}
    return optima, numpy.array(sorted({float(row["lambda"]) for row in rows}, reverse=True))


# --- Programs ---------------------------------------------------------------------------------------


class Problem:
    """The rows, the folds, and what is sought."""

    def __init__(self, solver, data, fold_file, optima_file):
        self.solver = solver
        self.bias = solver == "liblinear"  # is it regularised?
        self.X, self.y = read(data)
        self.folds = numpy.loadtxt(fold_file, skiprows=1, dtype=int)
        self.optima, self.lambdas = read_optima(optima_file, "liblinear" if self.bias else "descent")

    def largest_gap(self, coefficients):
        """Of coefficients (folds, lambdas, features + 1), on the rows that a fold leaves."""
        worst = -numpy.inf
        for fold, path in enumerate(coefficients, start=1):
            rows = self.folds != fold
            Z = self.X[rows] @ path[:, :-1].T + path[:, -1]
            losses = numpy.mean(numpy.logaddexp(0.0, Z) - self.y[rows][:, None] * Z, axis=0)
            squares = numpy.sum((path if self.bias else path[:, :-1]) ** 2, axis=1)
            values = losses + 0.5 * self.lambdas * squares
            worst = max(worst, *(v - self.optima[key(fold, l2)] for v, l2 in zip(values, self.lambdas)))
        return float(worst)

    def fit(self, tolerance, jobs, first=False, judged=True):
        """Seconds, and the largest gap; `first`: of the first fold alone."""
        fit = fit_glmnet if self.solver == "cv.glmnet" else fit_sklearn
        seconds, coefficients = fit(self, tolerance, jobs, first, judged)
        return seconds, self.largest_gap(coefficients) if judged else None


def fit_sklearn(problem, tolerance, jobs, first, _judged):
    count = 1 if first else problem.folds.max()
    splits = [(numpy.flatnonzero(problem.folds != k), numpy.flatnonzero(problem.folds == k)) for k in range(1, count + 1)]
    left = numpy.mean([len(train) for train, _ in splits])
    # Lambdas fall, so that C ascends, as it goes along them.
    model = LogisticRegressionCV(
        Cs=1.0 / (left * problem.lambdas), cv=splits, solver=problem.solver, tol=tolerance, max_iter=10000,
        n_jobs=jobs, scoring="neg_log_loss", refit=False, random_state=0)
    if jobs > 1:  # its processes are there, and have what they import
        sklearn.base.clone(model).set_params(Cs=[1e-6]).fit(problem.X, problem.y)
    start = time.perf_counter()
    model.fit(problem.X, problem.y)
    return time.perf_counter() - start, model.coefs_paths_[1.0]


def write_once(problem):
    """The files that R reads, in the working directory."""
    if os.path.exists("r-lambdas"):
        return
    scipy.io.mmwrite("r-X.mtx", scipy.sparse.coo_matrix(problem.X), precision=17)
    for name, values in (("y", problem.y), ("folds", problem.folds), ("lambdas", problem.lambdas)):
        numpy.savetxt("r-" + name, values, fmt="%.17g")


def fit_glmnet(problem, tolerance, jobs, first, judged):
    write_once(problem)
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plain_glmnet.R")
    kind = "sparse" if scipy.sparse.issparse(problem.X) else "dense"
    what = "first" if first else "all" if judged else "time"
    # Its processes are forked, and an OpenBLAS with OpenMP that has had threads before hangs in them.
    alone = dict(os.environ, OMP_NUM_THREADS="1")
    said = subprocess.run(
        ["Rscript", script, what, kind, "r-X.mtx", "r-y", "r-folds", "r-lambdas", repr(tolerance), str(jobs),
         "r-coefficients"],
        check=True, stdout=subprocess.PIPE, text=True, env=alone).stdout
    seconds, difference = map(float, said.split())
    if not difference <= SAME:
        raise SystemExit(f"glmnet: fits without each fold are not those of cv.glmnet: {difference} apart")
    if not judged:
        return seconds, None
    lines = numpy.loadtxt("r-coefficients", delimiter=",", ndmin=2)
    # The intercept comes first there.
    return seconds, numpy.roll(lines, -1, axis=1).reshape(-1, len(problem.lambdas), lines.shape[1])


def loosest(ladder, reaches):
    """The place of the first that reaches the gap, if all behind it do; len(ladder): the last does not.
    Strides double from the loosest on, and then halve: tight ones take long."""
    low, high, stride = 0, 0, 1
    while high < len(ladder) and not reaches(ladder[high]):
        low = high + 1
        high += stride
        stride *= 2
    high = min(high, len(ladder))
    while low < high:
        middle = (low + high) // 2
        if reaches(ladder[middle]):
            high = middle
        else:
            low = middle + 1
    return low


def settle(problem, target, jobs):
    ladder = LADDERS["glmnet" if problem.solver == "cv.glmnet" else "scikit-learn"]
    begin = loosest(ladder, lambda tolerance: problem.fit(tolerance, 1, first=True)[1] <= target)
    gap = numpy.inf
    for tolerance in ladder[begin:]:
        seconds, gap = problem.fit(tolerance, jobs)
        if gap <= target:
            return {"tolerance": tolerance, "seconds": seconds, "gap": gap}
    return {"failed": f"no tolerance down to {ladder[-1]:.0e} reaches the gap"}


def main():
    warnings.simplefilter("ignore")  # who stopped too early is seen by its gap
    command, *words = sys.argv[1:]
    if command == "standardise":
        standardise(*words)
    elif command == "optima":
        print(json.dumps(write_optima(*words[:2], float(words[2]), int(words[3]), words[4])))
    elif command == "settle":
        print(json.dumps(settle(Problem(*words[:4]), float(words[4]), int(words[5]))))
    elif command == "time":
        seconds, _ = Problem(*words[:4]).fit(float(words[4]), int(words[5]), judged=False)
        print(json.dumps({"seconds": seconds}))
    else:
        raise SystemExit(f"unknown command: {command}")


if __name__ == "__main__":
    main()
