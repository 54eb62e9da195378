#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The solvers of scikit-learn and LIBLINEAR, for bench/peers/solvers.sh to time.

    plain_solvers.py DATA [--scale standard]

DATA is LIBSVM, or CSV without a header and with the label last; it stays in memory, and only
training is on the clock. Commands are lines of standard input, each answered with a line of JSON:

    solvers                                      {"lbfgs": null, ...}, or why one is not there
    search SOLVER LAMBDA OPTIMUM GAP TOLERANCE   the loosest tolerance, at most TOLERANCE, whose
                                                 result is within GAP of the optimum
    fit SOLVER LAMBDA OPTIMUM TOLERANCE          seconds, gap, iterations
    judge LAMBDA OPTIMUM FILE                    the gap of the weights in FILE, descent's JSON

The objective is F = mean log-loss + lambda/2 ||w||^2, so that C = 1 / (n lambda) for all, and it is
computed here, from weights, with numpy. How they say it:

- LogisticRegression does not regularise the intercept with lbfgs, newton-cg and saga: the same F.
  Its saga gets the data dense: on sparse data it learns the intercept at a hundredth of the rate
  and may not arrive in thousands of epochs. The others get them as they are in the file.
- LIBLINEAR regularises the bias (-B 1): it is a weight like another, and it has an optimum of its
  own. That is taken from a run with a tiny tolerance, and OPTIMUM is not looked at. F is
  lambda-strongly convex there, so ||gradient||^2 / (2 lambda) bounds how far that run can be off.
  It is called through its binding, python3-liblinear; only train() of the C library is timed.
"""
import argparse
import json
import sys
import time
import warnings

import numpy
import scipy.sparse
from sklearn.datasets import load_svmlight_file
from sklearn.linear_model import LogisticRegression

try:
    # The binding asks for it in scipy, where newer versions have it no more.
    scipy.ctypeslib = numpy.ctypeslib
    import liblinear
except ImportError:
    liblinear = None

ITERATIONS = {"lbfgs": 10000, "newton-cg": 1000, "saga": 1000}
LONGEST = 20.0  # seconds; where a fit took so long, no tighter tolerance is tried
LADDER = [float(f"{m}e{e}") for e in range(3, -11, -1) for m in (3, 1)]


def read(path, scale):
    if path.endswith(".csv"):
        table = numpy.loadtxt(path, delimiter=",", ndmin=2)
        X, y = numpy.ascontiguousarray(table[:, :-1]), table[:, -1]
    else:
        X, y = load_svmlight_file(path)
        X = scipy.sparse.csr_matrix(X)
    if scale == "standard":
        deviation = X.std(axis=0)
        X = (X - X.mean(axis=0)) / numpy.where(deviation > 0.0, deviation, 1.0)
    return X, (y == y.max()).astype(float)


class Scikit:
    """One of LogisticRegression's solvers."""

    def __init__(self, peers, solver):
        self.peers, self.solver = peers, solver
        self.X = peers.X
        if solver == "saga" and scipy.sparse.issparse(self.X):
            self.X = self.X.toarray()

    def fit(self, l2, optimum, tolerance):
        model = LogisticRegression(
            solver=self.solver,
            C=1.0 / (len(self.peers.y) * l2),
            tol=tolerance,
            max_iter=ITERATIONS[self.solver],
            random_state=0,
        )
        start = time.perf_counter()
        model.fit(self.X, self.peers.y)
        seconds = time.perf_counter() - start
        value = self.peers.objective(model.coef_[0], model.intercept_[0], l2)
        iterations = int(model.n_iter_[0])
        return {"seconds": seconds, "gap": value - optimum, "iterations": iterations}

    def exhausted(self, fit):
        return fit["iterations"] >= ITERATIONS[self.solver]


class Liblinear:
    """LIBLINEAR's -s 0: a trust region Newton method in the primal."""

    def __init__(self, peers):
        self.peers = peers
        X = scipy.sparse.csr_matrix(peers.X)
        self.problem = liblinear.problem(peers.y, X, bias=1.0)
        self.optima = {}

    def train(self, l2, tolerance):
        cost = 1.0 / (len(self.peers.y) * l2)
        options = liblinear.parameter(f"-s 0 -c {cost!r} -e {tolerance!r} -q")
        start = time.perf_counter()
        trained = liblinear.liblinear.train(self.problem, options)
        seconds = time.perf_counter() - start
        model = liblinear.toPyModel(trained)
        sign = 1.0 if model.get_labels()[0] == 1 else -1.0
        w = sign * numpy.array(model.w[: self.problem.n])
        return seconds, w[:-1], w[-1]

    def optimum(self, l2):
        if l2 not in self.optima:
            _, w, b = self.train(l2, 1e-12)
            value, gradient = self.value(w, b, l2), self.peers.gradient(w, b, l2)
            gradient[-1] += l2 * b
            bound = float(gradient @ gradient) / (2.0 * l2)
            if not bound <= 1e-10:
                raise ArithmeticError(f"its optimum is only known to {bound:.1e}")
            self.optima[l2] = value
        return self.optima[l2]

    def value(self, w, b, l2):
        return self.peers.objective(w, b, l2) + 0.5 * l2 * b * b

    def fit(self, l2, optimum, tolerance):
        seconds, w, b = self.train(l2, tolerance)
        gap = float(self.value(w, b, l2) - self.optimum(l2))
        return {"seconds": seconds, "gap": gap, "iterations": None}

    def exhausted(self, fit):
        return False


class Peers:
    """The data, and who can be asked to fit them."""

    def __init__(self, X, y):
        self.X, self.y = X, y
        self.made = {}

    def objective(self, w, b, l2):
        z = self.X @ w + b
        return float(numpy.mean(numpy.logaddexp(0.0, z) - self.y * z) + 0.5 * l2 * (w @ w))

    def gradient(self, w, b, l2):
        residual = 0.5 * (1.0 + numpy.tanh(0.5 * (self.X @ w + b))) - self.y
        return numpy.append(self.X.T @ residual / len(self.y) + l2 * w, residual.mean())

    def solver(self, name):
        if name not in self.made:
            self.made[name] = Liblinear(self) if name == "liblinear" else Scikit(self, name)
        return self.made[name]

    def solvers(self):
        missing = None if liblinear is not None else "python3-liblinear is not installed"
        return {**dict.fromkeys(ITERATIONS), "liblinear": missing}

    def search(self, name, l2, optimum, target, loosest):
        """The gap need not fall from one tolerance to the next, so each is tried."""
        for tolerance in LADDER:
            if tolerance > loosest:
                continue
            fit = self.solver(name).fit(l2, optimum, tolerance)
            if fit["gap"] <= target:
                return {"tolerance": tolerance, "seconds": fit["seconds"]}
            if self.solver(name).exhausted(fit):
                return {"failed": f"gap {fit['gap']:.1e} after {fit['iterations']} iterations"}
            if fit["seconds"] > LONGEST:
                break
        return {"failed": f"gap {fit['gap']:.1e} at the tolerance {tolerance:.0e}"}

    def judge(self, l2, optimum, path):
        with open(path, encoding="utf-8") as file:
            trial = json.load(file)
        value = self.objective(numpy.array(trial["weights"]), trial["bias"], l2)
        return {"gap": value - optimum}

    def answer(self, command, *words):
        if command == "solvers":
            return self.solvers()
        if command == "judge":
            return self.judge(float(words[0]), float(words[1]), words[2])
        numbers = [float(word) for word in words[1:]]
        if command == "search":
            return self.search(words[0], *numbers)
        return self.solver(words[0]).fit(*numbers)


def main():
    parser = argparse.ArgumentParser(description="Solvers of others, on data kept in memory.")
    parser.add_argument("data")
    parser.add_argument("--scale", choices=["none", "standard"], default="none")
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # who stopped too early is seen by its gap
    peers = Peers(*read(options.data, options.scale))
    for line in sys.stdin:
        try:
            answer = peers.answer(*line.split())
        except ArithmeticError as error:
            answer = {"failed": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
