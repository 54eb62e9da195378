# SPDX-License-Identifier: MIT
#
# What descent makes of twenty small tables (tables.py) beside what pandas and scikit-learn make of
# them: the design matrix, its names, the classes, and the weights of the model. One command loads
# each. The matrix is that of a ColumnTransformer of SimpleImputer and OneHotEncoder, then
# StandardScaler, to 1e-12; the weights are those of LogisticRegression, which stops early, after
# Newton steps in NumPy that take it to the last digits.
#
# Of arrays and of sparse rows with nan in them the same holds; what is not stored counts as 0.
#
#     python3 tables_reference.py DESCENT        in an empty folder
import json
import subprocess
import sys

import numpy as np
import pandas as pd
from sklearn.datasets import load_svmlight_file
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import tables

LAMBDA = 0.01


def csv(path, label, drop=(), categories=(), header=0, **options):
    """A frame of features, in order, and the label as text."""
    texts = {name: str for name in categories} if header == 0 else {k: str for k in categories}
    frame = pd.read_csv(path, header=header, float_precision="round_trip", dtype=texts, **options)
    label = frame.columns[label] if isinstance(label, int) else label
    y = frame[label].map(lambda value: str(value).strip())
    return frame.drop(columns=[label, *drop]), y


def svmlight(path, **options):
    X, y = load_svmlight_file(path, **options)
    return pd.DataFrame(X.toarray()), pd.Series([str(int(value)) for value in y])


def arff(path):
    names, rows = [], []
    for line in open(path):
        if line.startswith("@attribute"):
            names.append(line.split()[1])
        elif line[0] not in "@%":
            rows.append([cell.strip("'\n") for cell in line.split(",")])
    frame = pd.DataFrame(rows, columns=names).replace("?", np.nan)
    frame["duration"] = frame["duration"].astype(float)
    frame["amount"] = frame["amount"].astype(float)
    return frame.drop(columns="class"), frame["class"]


def npy(path):
    X = np.load(path).astype(float)
    return pd.DataFrame(X), pd.Series(np.load(path.replace("_X", "_y")).astype(str))


# One row a table: the command's words, and how pandas reads the same. Names are compared where the
# file has them.
CASES = [
    ("titanic.csv --label Survived --drop PassengerId,Name,Cabin --missing median",
     lambda path: csv(path, "Survived", ("PassengerId", "Name", "Cabin"))),
    ("adult.data --format csv --missing mean",
     lambda path: csv(path, 6, header=None, skipinitialspace=True, na_values="?")),
    ("bank.csv", lambda path: csv(path, "y", sep=";")),
    ("heart.csv --category 3,6 --missing median",
     lambda path: csv(path, 6, header=None, na_values="?", categories=(2, 5))),
    ("mushrooms.csv --label class --missing mean", lambda path: csv(path, "class", na_values="?")),
    ("mushrooms.csv --label 1 --missing indicator",
     lambda path: csv(path, "class", na_values="?")),
    ("iris.csv", lambda path: csv(path, "species")),
    ("wine.csv", lambda path: csv(path, "good", sep=";")),
    ("umsatz.csv --missing mean",
     lambda path: csv(path, "Käufer", sep=";", decimal=",", encoding="utf-8-sig")),
    ("umsatz.csv --missing drop",
     lambda path: csv(path, "Käufer", sep=";", decimal=",", encoding="utf-8-sig")),
    ("pima.csv", lambda path: csv(path, "Outcome")),
    ("ionosphere.csv", lambda path: csv(path, 8, header=None)),
    ("sonar.csv", lambda path: csv(path, 12, header=None)),
    ("wdbc.csv --label 2 --drop 1", lambda path: csv(path, 1, (0,), header=None)),
    ("spambase.csv", lambda path: csv(path, 9, header=None)),
    ("telco.csv --drop customerID --missing mean",
     lambda path: csv(path, "Churn", ("customerID",), na_values=" ")),
    ("diabetes.csv --drop encounter_id,weight --category diag --missing mean",
     lambda path: csv(path, "readmitted", ("encounter_id", "weight"), na_values="?")),
    ("covtype.csv", lambda path: csv(path, 10, header=None)),
    ("measured.tsv --missing mean",
     lambda path: csv(path, 3, header=None, sep="\t", na_values="\\N")),
    ("credit.arff --missing mean", arff),
    ("a9a.libsvm", svmlight),
    ("agaricus.txt --format libsvm --first-index 0", lambda path: svmlight(path, zero_based=True)),
    ("digits_X.npy", npy),
    ("gaps_X.npy --missing drop", npy),
    ("gaps_X.npy --missing median", npy),
    ("gaps_X.npy --missing indicator", npy),
    ("gaps.libsvm --missing mean", svmlight),
    ("gaps.libsvm --missing median", svmlight),
    ("gaps.libsvm --missing indicator", svmlight),
]


def column(values, name, missing):
    """The features of one column, and their names."""
    gaps = values.isna().to_numpy()
    if values.dtype == object:
        marked = missing == "indicator" and gaps.any()
        levels = values.to_numpy(dtype=object).reshape(-1, 1)
        if not marked:
            levels = SimpleImputer(strategy="most_frequent").fit_transform(levels)
        encoder = OneHotEncoder(sparse_output=False)
        X = encoder.fit_transform(levels)
        names = [f"{name}={'(missing)' if level is np.nan or level != level else level}"
                 for level in encoder.categories_[0]]
        return X, names
    strategy = "median" if missing == "median" else "mean"
    imputer = SimpleImputer(strategy=strategy, add_indicator=missing == "indicator")
    X = imputer.fit_transform(values.to_numpy(float).reshape(-1, 1))
    return X, [str(name), f"{name}=(missing)"][:X.shape[1]]


def design(frame, missing):
    if missing == "drop":
        frame = frame.dropna()
    parts = [column(frame[name], name, missing) for name in frame.columns]
    X = np.hstack([part[0] for part in parts])
    return X, [name for part in parts for name in part[1]], frame.index


def check_sparse(path, missing, X):
    """Are the columns of numbers what SimpleImputer makes of the sparse rows themselves?"""
    strategy = "median" if missing == "median" else "mean"
    S, _ = load_svmlight_file(path)
    filled = SimpleImputer(strategy=strategy).fit_transform(S.tocsc()).toarray()
    assert difference(X[:, :filled.shape[1]], filled) <= 1e-15, f"{path}: {missing}"


def optimum(X, y):
    """Weights and bias of the minimiser, from scikit-learn's on."""
    n = len(y)
    model = LogisticRegression(C=1.0 / (n * LAMBDA), tol=1e-10, max_iter=1000).fit(X, y)
    w = np.append(model.coef_[0], model.intercept_[0])
    A = np.hstack([X, np.ones((n, 1))])
    penalty = np.append(np.full(X.shape[1], LAMBDA), 0.0)
    for _ in range(6):
        p = 1.0 / (1.0 + np.exp(-(A @ w)))
        gradient = A.T @ (p - y) / n + penalty * w
        H = A.T @ (A * (p * (1 - p))[:, None]) / n + np.diag(penalty)
        w = w - np.linalg.solve(H, gradient)
    assert np.abs(w[:-1] - model.coef_[0]).max() < 1e-3
    return w


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)}\n{done.stderr}")


def difference(found, expected):
    """The largest, of numbers of size 1 or relative to their size."""
    return float(np.max(np.abs(found - expected) / np.maximum(1.0, np.abs(expected))))


def check(descent, words, reader):
    path, *options = words.split()
    missing = options[options.index("--missing") + 1] if "--missing" in options else "refuse"
    frame, labels = reader(path)
    X, names, rows = design(frame, missing)
    if path == "gaps.libsvm":
        check_sparse(path, missing, X[:, ["=" not in name for name in names]])
    numbers = all(text.lstrip("+-").isdigit() for text in labels)
    classes = sorted(set(labels), key=float if numbers else str)
    y = np.array([float(label == classes[1]) for label in labels.loc[rows]])
    measured = ["=" not in name for name in names]
    scaled = X.copy()
    scaled[:, measured] = StandardScaler().fit_transform(X[:, measured]) if any(measured) else 0

    run(descent, "data", *words.split(), "--output", "found_X.npy", "--force")
    plain = difference(np.load("found_X.npy").astype(float), X)
    found = np.load("found_y.npy")  # classes that are numbers are written as such
    assert ((found == found.max()) == y).all(), f"{words}: labels differ"
    flags = [] if path.endswith((".libsvm", ".txt")) else ["--scale", "standard"]
    if flags:
        run(descent, "data", *words.split(), *flags, "--output", "found_X.npy", "--force")
        plain = max(plain, difference(np.load("found_X.npy").astype(float), scaled))
    data_format = ["--data-format" if word == "--format" else word for word in words.split()]
    run(descent, "train", *data_format, *flags, "--solver", "newton", "--lambda", str(LAMBDA),
        "--gradient-norm", "1e-14", "--epochs", "60", "--save", "model.json", "--force")
    model = json.load(open("model.json"))
    w = optimum(scaled if flags else X, y)
    weights = difference(np.append(model["weights"], model["bias"]), w)
    if model.get("feature_names") is not None and isinstance(frame.columns[0], str):
        assert model["feature_names"] == names, f"{words}: {model['feature_names']} {names}"
    assert plain <= 1e-12, f"{words}: the design matrix differs by {plain:.3g}"
    assert weights <= 1e-10, f"{words}: weights differ by {weights:.3g}"
    print(f"{words:78} {X.shape[0]:4} x {X.shape[1]:3}  matrix {plain:8.2g}  weights {weights:8.2g}")


if __name__ == "__main__":
    tables.make()
    for words, reader in CASES:
        check(sys.argv[1], words, reader)
