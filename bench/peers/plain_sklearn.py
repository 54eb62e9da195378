#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Logistic regression as one writes it with scikit-learn, for bench/peers/compare.sh to time.

    plain_sklearn.py sgd       DATA.csv --epochs E --rate R --lambda L [--start FILE] [--no-shuffle]
    plain_sklearn.py sgd-sweep DATA.csv --epochs E --rates FILE --lambda L [--start FILE] [--jobs N]
    plain_sklearn.py logistic  DATA.csv --lambda L [--tolerance T]
    plain_sklearn.py versions

DATA.csv has no header and the label, 0 or 1, in the last column. All modes minimise

    F(w, b) = mean log-loss + lambda/2 ||w||^2

and print F at the end and the seconds that fit() took. How scikit-learn says this:

- SGDClassifier: alpha is lambda; penalty "l2" shrinks the weights by 1 - rate alpha a sample and
  leaves the intercept alone; on dense data the intercept learns at the full rate (on sparse data at
  0.01 of it). With tol=None it stops at no sign of convergence but after max_iter epochs.
- LogisticRegression: it minimises C times the sum of losses plus 1/2 ||w||^2, so that
  C = 1 / (n lambda); lbfgs does not regularise the intercept (liblinear, as a solver, would).
"""
import argparse
import concurrent.futures
import platform
import time

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression, SGDClassifier

try:
    import pandas
except ImportError:  # numpy reads it too, only more slowly
    pandas = None


def read_csv(path):
    if pandas is not None:
        table = pandas.read_csv(path, header=None).to_numpy(dtype=float)
    else:
        table = numpy.loadtxt(path, delimiter=",", ndmin=2)
    return numpy.ascontiguousarray(table[:, :-1]), table[:, -1]


def objective(model, X, y, l2):
    w = model.coef_[0]
    z = X @ w + model.intercept_[0]
    return float(numpy.mean(numpy.logaddexp(0.0, z) - y * z) + 0.5 * l2 * (w @ w))


def train_sgd(X, y, rate, options):
    model = SGDClassifier(
        loss="log_loss",
        penalty="l2",
        alpha=options.l2,
        learning_rate="constant",
        eta0=rate,
        max_iter=options.epochs,
        tol=None,
        shuffle=not options.no_shuffle,
        random_state=0,
    )
    start = {}
    if options.start is not None:
        numbers = numpy.loadtxt(options.start, delimiter=",")
        start = {"coef_init": numbers[:-1], "intercept_init": numbers[-1]}
    before = time.perf_counter()
    model.fit(X, y, **start)
    seconds = time.perf_counter() - before
    value = objective(model, X, y, options.l2)
    return f"rate {rate!r} objective {value!r} seconds {seconds:.9f}"


def run_sgd(X, y, options):
    print(train_sgd(X, y, options.rate, options))


def run_sgd_sweep(X, y, options):
    """One fit a rate, on data that are read once; fit() lets other threads run meanwhile."""
    rates = numpy.loadtxt(options.rates, ndmin=1).tolist()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for line in pool.map(lambda rate: train_sgd(X, y, rate, options), rates):
            print(line)


def run_logistic(X, y, options):
    model = LogisticRegression(
        solver="lbfgs", C=1.0 / (len(y) * options.l2), tol=options.tolerance, max_iter=10000
    )
    before = time.perf_counter()
    model.fit(X, y)
    seconds = time.perf_counter() - before
    value = objective(model, X, y, options.l2)
    print(f"objective {value!r} seconds {seconds:.9f} iterations {model.n_iter_[0]}")


def print_versions():
    reader = f"pandas {pandas.__version__}" if pandas is not None else "no pandas: numpy.loadtxt"
    print(
        f"Python {platform.python_version()}, scikit-learn {sklearn.__version__}, "
        f"numpy {numpy.__version__}, {reader}"
    )


def main():
    modes = {"sgd": run_sgd, "sgd-sweep": run_sgd_sweep, "logistic": run_logistic}
    parser = argparse.ArgumentParser(description="Logistic regression with scikit-learn.")
    parser.add_argument("mode", choices=[*modes, "versions"])
    parser.add_argument("data", nargs="?", help="CSV, no header, the label in the last column")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--rate", type=float, default=0.001)
    parser.add_argument("--rates", help="a file with one rate per line, for sgd-sweep")
    parser.add_argument("--lambda", dest="l2", type=float, default=0.001)
    parser.add_argument("--start", help="a line of weights and the bias to start from")
    parser.add_argument("--no-shuffle", action="store_true")
    parser.add_argument("--jobs", type=int, default=1, help="fits at a time, for sgd-sweep")
    parser.add_argument("--tolerance", type=float, default=1e-4, help="of logistic")
    options = parser.parse_args()
    if options.mode == "versions":
        print_versions()
        return
    if options.data is None or (options.mode == "sgd-sweep" and options.rates is None):
        parser.error("DATA.csv is needed, and --rates for sgd-sweep")
    X, y = read_csv(options.data)
    modes[options.mode](X, y, options)


if __name__ == "__main__":
    main()
