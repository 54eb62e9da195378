#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# LIBLINEAR in the trial protocol (docs/protocol.md), by its own Python module (python3-liblinear).
# It sums losses: C = 1 / (n lambda). Its labels are in the order in which they come in the data, and
# its weights are for the first of them. With translate=no lambda is handed over as 1 / C, and the
# weights come back as they are. docs/peers.md has what `descent judge` says of it.
#
# `solver` is what liblinear-train calls -s: 0 and 7 are logistic regression, 6 that with ||w||_1, 1
# and 2 minimise the squared hinge, 3 the hinge, 5 the squared hinge with ||w||_1. `bias` is -B: the
# value of a column that is added, below 0 none.
import ctypes
import time

import trial_protocol


def hello(message):
    import numpy
    import scipy.sparse

    scipy.ctypeslib = numpy.ctypeslib  # the module asks for it there, where newer SciPy has none
    global liblinear
    import liblinear

    version = ctypes.c_int.in_dll(liblinear.liblinear, "liblinear_version").value
    return {
        "protocol": 1,
        "name": "LIBLINEAR",
        "version": f"{version // 100}.{version % 100}",
        "sparse": True,
        "regularises_bias": True,
        "parameters": {
            "solver": {"type": "choice", "values": list("0123567"), "default": "0"},
            "tolerance": {"type": "number", "minimum": 0, "default": 0.01},
            "bias": {"type": "number", "default": 1},
            "translate": {"type": "choice", "values": ["yes", "no"], "default": "yes"},
        },
    }


class Data:
    y = problem = None


# LIBLINEAR's own copy of the data, with the column of the bias at the end of each row.
def data(message):
    import scipy.sparse

    X, Data.y = trial_protocol.read_data(message)
    Data.problem = liblinear.problem(Data.y, scipy.sparse.csr_matrix(X), bias=1.0)
    return {}


# By way of none, for the module cannot put one value in place of another.
def set_bias(problem, bias):
    if problem.bias != bias:
        problem.set_bias(-1)
        problem.set_bias(bias)


def train(message):
    parameters = message.get("parameters", {})
    if message["lambda"] <= 0:
        return {"error": "lambda is to be positive"}
    translate = parameters.get("translate", "yes") == "yes"
    bias = float(parameters.get("bias", 1))
    cost = 1.0 / (message["lambda"] * (len(Data.y) if translate else 1))
    solver, tolerance = parameters.get("solver", "0"), parameters.get("tolerance", 0.01)
    options = liblinear.parameter(f"-s {solver} -c {cost!r} -e {tolerance!r} -q")
    problem = Data.problem
    set_bias(problem, bias)
    start = time.perf_counter()
    trained = liblinear.liblinear.train(problem, options)
    seconds = time.perf_counter() - start
    model = liblinear.toPyModel(trained)
    sign = -1.0 if translate and model.get_labels()[0] == 0 else 1.0
    w = [sign * model.w[j] for j in range(problem.n)]
    intercept = bias * w.pop() if bias >= 0 else 0.0
    return {
        "weights": trial_protocol.weights(w),
        "bias": intercept,
        "seconds": seconds,
    }


if __name__ == "__main__":
    trial_protocol.serve(hello, data, train)
