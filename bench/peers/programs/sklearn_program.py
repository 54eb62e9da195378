#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# scikit-learn's linear classifiers in the trial protocol (docs/protocol.md). lambda is that of
#
#     F(w, b) = mean cross-entropy + (lambda / 2) ||w||^2
#
# so that C = 1 / (n lambda), and alpha of SGDClassifier is lambda itself. What each really minimises
# is what `descent judge` says; docs/peers.md has what it found.
import base64
import json
import os
import sys
import time
import warnings

import numpy as np

REGRESSIONS = ["lbfgs", "newton-cg", "newton-cholesky", "liblinear", "sag", "saga"]


def hello(message):
    # Here and not at the top: the number of threads is set before, and no trial's clock has it.
    import scipy.sparse
    import sklearn.linear_model

    return {
        "protocol": 1,
        "name": "scikit-learn",
        "version": sklearn.__version__,
        "sparse": True,
        "parameters": {
            "algorithm": {"type": "choice", "values": REGRESSIONS + ["sgd"], "default": "lbfgs"},
            "tolerance": {"type": "number", "minimum": 0, "default": 1e-4},
            "iterations": {"type": "integer", "minimum": 1, "default": 10000},
            "intercept_scaling": {"type": "number", "minimum": 0, "default": 1},
        },
    }


class Data:
    X = y = None


def data(message):
    from scipy.sparse import csr_matrix

    Data.y = np.load(message["y"], mmap_mode="r")
    if "X" in message:
        Data.X = np.load(message["X"], mmap_mode="r")
    else:
        starts, columns, values = (np.load(message[k]) for k in ("starts", "columns", "values"))
        shape = (message["samples"], message["features"])
        Data.X = csr_matrix((values, columns, starts.astype(np.int32)), shape=shape)
    return {}


def model_of(message, parameters):
    from sklearn.linear_model import LogisticRegression, SGDClassifier

    algorithm = parameters.get("algorithm", "lbfgs")
    tolerance, iterations = parameters.get("tolerance", 1e-4), parameters.get("iterations", 10000)
    if algorithm == "sgd":
        return SGDClassifier(loss="log_loss", alpha=message["lambda"], tol=tolerance,
                             max_iter=iterations, random_state=message["seed"])
    C = 1.0 / (len(Data.y) * message["lambda"])
    return LogisticRegression(C=C, solver=algorithm, tol=tolerance, max_iter=iterations,
                              intercept_scaling=parameters.get("intercept_scaling", 1.0),
                              random_state=message["seed"])


def train(message):
    if message["lambda"] <= 0:
        return {"error": "lambda is to be positive"}
    model = model_of(message, message.get("parameters", {}))
    start = time.perf_counter()
    model.fit(Data.X, Data.y)
    seconds = time.perf_counter() - start
    weights = np.ascontiguousarray(model.coef_[0], dtype="<f8")
    return {
        "weights": base64.b64encode(weights.tobytes()).decode(),
        "bias": float(model.intercept_[0]),
        "seconds": seconds,
        "iterations": int(np.max(model.n_iter_)),
    }


def main():
    warnings.simplefilter("ignore")  # of what has not converged: the judge sees that
    answers = {"hello": hello, "data": data, "train": train}
    for line in sys.stdin:
        message = json.loads(line)
        if message["message"] == "quit":
            break
        try:
            answer = answers[message["message"]](message)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    main()
