#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
#
# scikit-learn's linear classifiers in the trial protocol (docs/protocol.md). lambda is that of
#
#     F(w, b) = mean cross-entropy + (lambda / 2) ||w||^2
#
# so that C = 1 / (n lambda), and alpha of SGDClassifier is lambda itself; with translate=no lambda is
# handed over as it is, as 1 / C or alpha. What each really minimises is what `descent judge` says;
# docs/peers.md has what it found.
#
#   sklearn_program.py [--dense]     --dense: it takes no sparse rows
import os
import sys
import time
import warnings

REGRESSIONS = ["lbfgs", "newton-cg", "newton-cholesky", "liblinear", "sag", "saga"]
TOLERANCE, ITERATIONS = 1e-4, 10000


def hello(message):
    # Here and not at the top: the number of threads is set before, and no trial's clock has it.
    import scipy.sparse
    import sklearn.linear_model

    return {
        "protocol": 1,
        "name": "scikit-learn",
        "version": sklearn.__version__,
        "sparse": "--dense" not in sys.argv,
        "parameters": {
            "algorithm": {"type": "choice", "values": REGRESSIONS + ["sgd"], "default": "lbfgs"},
            "tolerance": {"type": "number", "minimum": 0, "default": TOLERANCE},
            "iterations": {"type": "integer", "minimum": 1, "default": ITERATIONS},
            "intercept_scaling": {"type": "number", "minimum": 0, "default": 1},
            "translate": {"type": "choice", "values": ["yes", "no"], "default": "yes"},
        },
    }


class Data:
    X = y = None


def data(message):
    Data.X, Data.y = trial_protocol.read_data(message)
    return {}


def model_of(message, parameters):
    from sklearn.linear_model import LogisticRegression, SGDClassifier

    algorithm = parameters.get("algorithm", "lbfgs")
    common = {
        "tol": parameters.get("tolerance", TOLERANCE),
        "max_iter": parameters.get("iterations", ITERATIONS),
        "random_state": message["seed"],
    }
    if algorithm == "sgd":
        return SGDClassifier(loss="log_loss", alpha=message["lambda"], **common)
    samples = len(Data.y) if parameters.get("translate", "yes") == "yes" else 1
    scaling = parameters.get("intercept_scaling", 1.0)
    return LogisticRegression(C=1.0 / (samples * message["lambda"]), solver=algorithm,
                              intercept_scaling=scaling, **common)


def train(message):
    import numpy as np

    if message["lambda"] <= 0:
        return {"error": "lambda is to be positive"}
    model = model_of(message, message.get("parameters", {}))
    start = time.perf_counter()
    model.fit(Data.X, Data.y)
    seconds = time.perf_counter() - start
    return {
        "weights": trial_protocol.weights(model.coef_[0]),
        "bias": float(model.intercept_[0]),
        "seconds": seconds,
        "iterations": int(np.max(model.n_iter_)),
    }


if __name__ == "__main__":
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import trial_protocol

    warnings.simplefilter("ignore")  # of what has not converged: the judge sees that
    trial_protocol.serve(hello, data, train)
