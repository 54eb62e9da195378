# SPDX-License-Identifier: MIT
"""What programs in Python that speak the trial protocol (docs/protocol.md) share.

A program gives three functions of a message, each of which returns its answer: hello, data and
train. What one raises is answered as an error, and the program lives on.
"""
import base64
import json
import sys

import numpy as np


def serve(hello, data, train):
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


def read_data(message):
    """X, a matrix that is mapped or a csr_matrix, and y."""
    y = np.load(message["y"])
    if "X" in message:
        return np.load(message["X"], mmap_mode="r"), y
    from scipy.sparse import csr_matrix

    starts, columns, values = (np.load(message[k]) for k in ("starts", "columns", "values"))
    shape = (message["samples"], message["features"])
    return csr_matrix((values, columns, starts.astype(np.int32)), shape=shape), y


def weights(numbers):
    """As base64 of little-endian doubles."""
    return base64.b64encode(np.ascontiguousarray(numbers, dtype="<f8").tobytes()).decode()
