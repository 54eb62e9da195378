#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Cross-validation by scikit-learn and by glmnet, for bench/peers/cross_validation.sh to time.

    plain_cross_validation.py standardise DATA COPY
    plain_cross_validation.py fit DATA FOLDS OPTIMA SOLVER GAP JOBS
    plain_cross_validation.py glmnet DATA FOLDS OPTIMA GAP JOBS
    plain_cross_validation.py judge OPTIMA TRIALS

DATA is LIBSVM, or CSV without a header and with the label last. FOLDS has the fold of each row, from
1, and OPTIMA is descent's export of a sweep that looked for F* of every lambda without every fold;
from there come the lambdas too. Answers are lines of JSON.

`standardise` writes DATA with columns of mean 0 and deviation 1: both programs are given the same
numbers, and neither scales again.

`fit` times LogisticRegressionCV on all folds and lambdas, C = 1 / (n lambda) with n the rows that a
fold leaves, without its refit, at the loosest tolerance whose largest gap to F* is at most GAP. All
gaps are computed here, from its coefficients. liblinear regularises the intercept: its objective is
one of its own, as hard, and its optima are found here, by Newton's method until nothing changes.

`glmnet` does the same with cv.glmnet (plain_glmnet.R), whose objective is ours; its coefficients are
those of its fits without each fold, and their gaps are computed here as well. Its lambda is ours.

`judge` gives the largest gap of a sweep: its final objectives beside OPTIMA.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import scipy.io
import scipy.sparse
from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import LogisticRegressionCV

LADDER = [float(f"{m}e{e}") for e in range(-1, -11, -1) for m in (3, 1)]
THRESHOLDS = [float(f"1e{e}") for e in range(-5, -17, -1)]  # of glmnet; 1e-7 is its own
LONGEST = 600.0  # seconds; where a fit took so long, no tighter tolerance is tried
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


def optima_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(int(row["fold"]), float(row["lambda"])): float(row["optimum"]) for row in rows}


def objective(X, y, path, lambdas, bias):
    """Of coefficients (lambdas, features + 1); `bias`: is the last of them regularised as well?"""
    Z = X @ path[:, :-1].T + path[:, -1]
    losses = numpy.mean(numpy.logaddexp(0.0, Z) - y[:, None] * Z, axis=0)
    squares = numpy.sum((path if bias else path[:, :-1]) ** 2, axis=1)
    return losses + 0.5 * lambdas * squares


def newton(X, y, l2, w):
    """The optimum where the bias is regularised, from w (features + 1); F is strongly convex."""
    last = numpy.inf
    while True:
        p = 0.5 * (1.0 + numpy.tanh(0.5 * (X @ w)))
        gradient = X.T @ (p - y) / len(y) + l2 * w
        if not numpy.linalg.norm(gradient) < 0.5 * last:
            return w
        last = numpy.linalg.norm(gradient)
        weighted = X.multiply((p * (1.0 - p))[:, None]) if scipy.sparse.issparse(X) else X * (p * (1.0 - p))[:, None]
        H = X.T @ weighted
        H = (H.toarray() if scipy.sparse.issparse(H) else H) / len(y) + l2 * numpy.eye(len(w))
        w = w - numpy.linalg.solve(H, gradient)


def optima_with_bias(X, y, folds, lambdas):
    ones = numpy.ones((len(y), 1))
    X = scipy.sparse.csr_matrix(scipy.sparse.hstack([X, ones])) if scipy.sparse.issparse(X) else numpy.hstack([X, ones])
    optima = {}
    for number in range(1, folds.max() + 1):
        rows = folds != number
        w = numpy.zeros(X.shape[1])
        for l2 in lambdas:
            w = newton(X[rows], y[rows], l2, w)
            path, one = w[None, :], numpy.array([l2])
            optima[number, l2] = float(objective(X[rows][:, :-1], y[rows], path, one, True)[0])
    return optima


def largest_gap(coefficients, X, y, folds, optima, lambdas, bias):
    """Of coefficients (folds, lambdas, features + 1), on the rows that a fold leaves."""
    worst = -numpy.inf
    for number, path in enumerate(coefficients, start=1):
        rows = folds != number
        values = objective(X[rows], y[rows], path, lambdas, bias)
        worst = max(worst, *(v - optima[number, l2] for v, l2 in zip(values, lambdas)))
    return float(worst)


def fit(data, fold_file, optima_file, solver, target, jobs):
    X, y = read(data)
    folds = numpy.loadtxt(fold_file, skiprows=1, dtype=int)
    optima = optima_of(optima_file)
    # Descending, so that C ascends, as it goes along them.
    lambdas = numpy.array(sorted({l2 for _, l2 in optima}, reverse=True))
    splits = [(numpy.flatnonzero(folds != k), numpy.flatnonzero(folds == k)) for k in range(1, folds.max() + 1)]
    left = numpy.mean([len(train) for train, _ in splits])
    bias = solver == "liblinear"
    if bias:
        optima = optima_with_bias(X, y, folds, lambdas)
    for tolerance in LADDER:
        model = LogisticRegressionCV(
            Cs=1.0 / (left * lambdas), cv=splits, solver=solver, tol=tolerance, max_iter=10000, n_jobs=jobs,
            scoring="neg_log_loss", refit=False, random_state=0)
        start = time.perf_counter()
        model.fit(X, y)
        seconds = time.perf_counter() - start
        gap = largest_gap(model.coefs_paths_[1.0], X, y, folds, optima, lambdas, bias)
        if gap <= target:
            return {"seconds": seconds, "gap": gap, "tolerance": tolerance}
        if seconds > LONGEST:
            break
    return {"failed": f"gap {gap:.1e} at the tolerance {tolerance:.0e}", "seconds": seconds}


def run_glmnet(kind, threshold, jobs):
    """Seconds and coefficients; the files are in the working directory."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "plain_glmnet.R")
    said = subprocess.run(
        ["Rscript", script, kind, "X.mtx", "y", "folds", "lambdas", repr(threshold), str(jobs), "coefficients"],
        check=True, stdout=subprocess.PIPE, text=True).stdout
    seconds, difference = map(float, said.split())
    if not difference <= SAME:
        raise SystemExit(f"glmnet: fits without each fold are not those of cv.glmnet: {difference} apart")
    return seconds, numpy.loadtxt("coefficients", delimiter=",", ndmin=2)


def glmnet(data, fold_file, optima_file, target, jobs):
    X, y = read(data)
    folds = numpy.loadtxt(fold_file, skiprows=1, dtype=int)
    optima = optima_of(optima_file)
    lambdas = numpy.array(sorted({l2 for _, l2 in optima}, reverse=True))
    with tempfile.TemporaryDirectory(dir=".") as folder:
        os.chdir(folder)
        scipy.io.mmwrite("X.mtx", scipy.sparse.coo_matrix(X), precision=17)
        for name, values in (("y", y), ("folds", folds), ("lambdas", lambdas)):
            numpy.savetxt(name, values, fmt="%.17g")
        for threshold in THRESHOLDS:
            seconds, lines = run_glmnet("sparse" if scipy.sparse.issparse(X) else "dense", threshold, jobs)
            paths = numpy.roll(lines, -1, axis=1).reshape(folds.max(), len(lambdas), -1)
            gap = largest_gap(paths, X, y, folds, optima, lambdas, False)
            if gap <= target or seconds > LONGEST:
                break
        os.chdir("..")
    if gap <= target:
        return {"seconds": seconds, "gap": gap, "tolerance": threshold}
    return {"failed": f"gap {gap:.1e} at the threshold {threshold:.0e}", "seconds": seconds}


def judge(optima_file, trials):
    optima = optima_of(optima_file)
    with open(trials, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {"gap": max(float(r["objective"]) - optima[int(r["fold"]), float(r["lambda"])] for r in rows),
            "trials": len(rows)}


def main():
    warnings.simplefilter("ignore")  # who stopped too early is seen by its gap
    command, *words = sys.argv[1:]
    if command == "standardise":
        standardise(*words)
    elif command == "fit":
        print(json.dumps(fit(*words[:4], float(words[4]), int(words[5]))))
    elif command == "glmnet":
        print(json.dumps(glmnet(*words[:3], float(words[3]), int(words[4]))))
    else:
        print(json.dumps(judge(*words)))


if __name__ == "__main__":
    main()
