#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reading files as one does in Python, for bench/peers/reading.sh to time and to compare with.

    plain_reading.py csv    FILE [ENGINE]    pandas.read_csv(): the seconds that the call took
    plain_reading.py onehot FILE [ENGINE]    the same, then gaps filled and categories as 0/1 columns
    plain_reading.py libsvm FILE             scikit-learn's load_svmlight_file()
    plain_reading.py check  FILE X.npy       is X, with categories as ordinals, what these read?
    plain_reading.py has    MODULE           is it installed?

The label is the last column of a CSV file. Gaps become means or the most frequent category, of
equally frequent ones the first, in the whole file. A check is to 1e-12 of the largest value of a
column: by default read_csv() does not round every number to the nearest.
"""
import importlib.util
import sys
import time

TOLERANCE = 1e-12


def read_csv(path, engine="c"):
    import pandas

    start = time.perf_counter()
    table = pandas.read_csv(path, engine=engine)
    return table, time.perf_counter() - start


def is_text(column):
    return column.dtype.kind not in "fiub"


def filled(table):
    """The features without gaps, a copy."""
    table = table.iloc[:, :-1].copy()
    for name in table.columns:
        column = table[name]
        if column.isna().any():
            table[name] = column.fillna(column.mode()[0] if is_text(column) else column.mean())
    return table


def run_csv(path, engine="c"):
    print(read_csv(path, engine)[1])


def run_onehot(path, engine="c"):
    import pandas

    table, seconds = read_csv(path, engine)
    start = time.perf_counter()
    pandas.get_dummies(filled(table), sparse=True)
    print(seconds + time.perf_counter() - start)


def run_libsvm(path):
    from sklearn.datasets import load_svmlight_file

    start = time.perf_counter()
    load_svmlight_file(path)
    print(time.perf_counter() - start)


def expected(path):
    """The matrix that descent is to have made of a file."""
    if path.endswith(".libsvm"):
        from sklearn.datasets import load_svmlight_file

        return load_svmlight_file(path)[0].toarray()
    table = filled(read_csv(path)[0])
    for name in table.columns:
        if is_text(table[name]):
            table[name] = table[name].astype("category").cat.codes
    return table.to_numpy(dtype=float)


def run_check(path, matrix):
    import numpy

    ours, theirs = numpy.load(matrix), expected(path)
    if ours.shape != theirs.shape:
        sys.exit(f"the shape is {ours.shape}, and {theirs.shape} here")
    largest = numpy.abs(theirs).max(axis=0)
    difference = (numpy.abs(ours - theirs).max(axis=0) / numpy.where(largest > 0, largest, 1)).max()
    if not difference <= TOLERANCE:
        sys.exit(f"values differ by {difference:.1g} of the largest")


def run_has(module):
    sys.exit(importlib.util.find_spec(module) is None)


MODES = {"csv": run_csv, "onehot": run_onehot, "libsvm": run_libsvm, "check": run_check, "has": run_has}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in MODES:
        sys.exit(__doc__)
    MODES[sys.argv[1]](*sys.argv[2:])
