# SPDX-License-Identifier: MIT
#
# Made files, read by descent and by what their formats come from; see check_readers.sh.
#
#   readers.py DESCENT     in an empty folder
#
# A file is written as other programs may write it (quotes, blanks, exponents, line ends, byte order
# marks, types, orders), by a generator with a fixed seed. descent reads it and writes it as CSV,
# whose numbers are the shortest texts of the same doubles; these are compared bit for bit.
import csv
import io
import json
import os
import random
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import scipy.io
import sklearn.datasets

DESCENT = sys.argv[1]
NUMBERS = ["0", "-0", "1", "-3", "+2", "0.5", ".5", "5.", "-1.25e3", "1E+5", "2.5e-7", "1e22", "1e23",
           "0.1", "3.141592653589793", "0.30000000000000004", "9007199254740993", "1e-310", "5e-324",
           "1.7976931348623157e308", "123456789012345678901234567890", "2.2250738585072011e-308",
           "0.000000000000000000000000000000000000001", "7205759403792793.5", "9.5367431640625e-7"]
LABELS = [["0", "1"], ["-1", "+1"], ["1", "2"], ["0.5", "1.5"], ["cat", "dog"], ["a,b", 'c "d"'],
          ["NA", "SA"], ["größe", "kleiner"], ["9007199254740992", "9007199254740993"]]
NAMES = ["x", "y z", "größe", 'a "b"', "c,d", "e;f", "NA", "x1", "x.1", "_", "Länge (cm)", "label"]


def fail(text):
    sys.exit("readers.py: " + text)


def descent(*arguments, read=True):
    done = subprocess.run([DESCENT, *arguments], capture_output=True)
    if read and done.returncode != 0:
        fail(f"{arguments}: {done.stderr.decode()}")
    return done


def read_descent(*arguments):
    """Names of features, their values (n, d), and labels, as descent reads a file."""
    text = descent("data", "convert", *arguments, "--to", "csv", "--names", "--threads", "1").stdout
    rows = list(csv.reader(io.StringIO(text.decode())))
    X = np.array([[float(value) for value in row[:-1]] for row in rows[1:]])
    return rows[0][:-1], X, [row[-1] for row in rows[1:]]


def assert_same(path, X, expected):
    expected = np.asarray(expected, dtype="<f8")
    if X.shape != expected.shape:
        fail(f"{path}: {X.shape}, expected {expected.shape}")
    wrong = np.argwhere(X.view("<u8") != np.ascontiguousarray(expected).view("<u8"))
    if len(wrong) > 0:
        i, j = wrong[0]
        fail(f"{path}: [{i}, {j}] is {X[i, j]!r}, expected {expected[i, j]!r}")


def same_label(a, b):
    if a == b:
        return True
    try:
        return float(a) == float(b) and abs(float(a)) < 2**53
    except ValueError:
        return False


def assert_labels(path, labels, expected):
    for i, (a, b) in enumerate(zip(labels, expected, strict=True)):
        if not same_label(a, b):
            fail(f"{path}: label {i} is {a!r}, expected {b!r}")


def two_classes(draw, rows, labels):
    chosen = [draw.randrange(2) for _ in range(rows)]
    return [labels[k] for k in chosen]


# --- CSV ------------------------------------------------------------------------------------------


def field(draw, text, delimiter, dialect):
    """A field as it may stand in a file: in quotes, or with blanks around it."""
    must = any(c in text for c in (delimiter, '"', ",", ";", "\t")) or text in ("NA", "")
    if must or draw.random() < dialect["quoted"]:
        return '"' + text.replace('"', '""') + '"'
    if draw.random() < dialect["blanks"]:
        return " " * draw.randrange(3) + text + " " * draw.randrange(3)
    return text


def csv_case(draw, number):
    rows, columns = draw.randrange(2, 9), draw.randrange(2, 7)
    delimiter = draw.choice([",", ";", "\t"])
    dialect = {"quoted": draw.choice([0, 0.3, 1]), "blanks": draw.choice([0, 0.5])}
    labels = two_classes(draw, rows, draw.choice(LABELS))
    place, header = draw.randrange(columns), draw.random() < 0.7
    names = draw.sample(NAMES, columns)
    table = [[draw.choice(NUMBERS) for _ in range(columns)] for _ in range(rows)]
    for row, label in zip(table, labels):
        row[place] = label
    lines = [delimiter.join(field(draw, text, delimiter, dialect) for text in row)
             for row in ([names] if header else []) + table]
    end = draw.choice(["\n", "\r\n"])
    text = end.join(lines) + draw.choice(["", end, end * 3])
    encoding = draw.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252"])
    path = f"{number}.{'tsv' if delimiter == chr(9) else 'csv'}"
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write(text)
    frame = pd.read_csv(path, sep=delimiter, header=0 if header else None, encoding=encoding,
                        dtype={place: str} if not header else {names[place]: str},
                        float_precision="round_trip", skipinitialspace=True, keep_default_na=False)
    arguments = [path, "-", "--label", str(place + 1)]
    if not header:
        arguments += ["--header", "no"]
    compare_frame(path, frame, place, header, read_descent(*arguments))


def compare_frame(path, frame, place, header, read):
    names, X, labels = read
    features = frame.drop(columns=frame.columns[place])
    assert_same(path, X, features.astype("f8"))
    assert_labels(path, labels, [str(value).strip() for value in frame.iloc[:, place]])
    expected = [str(name).strip() for name in features.columns]
    if header and names != expected:
        fail(f"{path}: names {names}, expected {expected}")


def pandas_case(draw, number):
    """What pandas writes itself: with an index or without, with names or without."""
    rows, columns = draw.randrange(2, 30), draw.randrange(2, 6)
    frame = pd.DataFrame(np.random.RandomState(number).randn(rows, columns) * 10.0**draw.randrange(-9, 9))
    if draw.random() < 0.6:
        frame.columns = draw.sample([name for name in NAMES if name != "NA"], columns)
    frame[frame.columns[-1]] = two_classes(draw, rows, draw.choice(LABELS[:5]))
    index = draw.random() < 0.5
    if index and draw.random() < 0.5:
        frame.index += draw.randrange(1, 100)
    path = f"pandas{number}.csv"
    frame.to_csv(path, index=index, quoting=draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC])
                 if isinstance(frame.columns[0], str) else csv.QUOTE_MINIMAL)
    again = pd.read_csv(path, index_col=0 if index else None, float_precision="round_trip",
                        dtype={str(frame.columns[-1]): str})
    compare_frame(path, again, columns - 1, True, read_descent(path, "-"))


# --- LIBSVM ---------------------------------------------------------------------------------------


def libsvm_line(draw, label, features, first):
    """A row: some of the features, perhaps zeros that are given, a comment."""
    indices = sorted(draw.sample(range(features), draw.randrange(1, features + 1)))
    numbers = [text for text in NUMBERS if text != "-0"]
    fields = [label] + [f"{j + first}:{draw.choice(numbers)}" for j in indices]
    gap = draw.choice([" ", "  ", "\t"])
    return gap.join(fields) + draw.choice(["", " ", " # a comment 1:2"])


def libsvm_case(draw, number):
    rows, features, first = draw.randrange(2, 12), draw.randrange(1, 9), draw.randrange(2)
    labels = two_classes(draw, rows, draw.choice(LABELS[:4]))
    lines = []
    for label in labels:
        lines.append(libsvm_line(draw, label, features, first))
        if draw.random() < 0.1:
            lines.append(draw.choice(["", "# nothing"]))
    end = draw.choice(["\n", "\r\n"])
    text = end.join(lines) + draw.choice(["", end])
    path = f"{number}.libsvm"
    with open(path, "w", newline="") as file:
        file.write(draw.choice(["", "\ufeff"]) + text)
    X, y = sklearn.datasets.load_svmlight_file(io.BytesIO(text.encode()), zero_based=first == 0)
    _, values, read = read_descent(path, "-", "--first-index", str(first))
    assert_same(path, values, X.toarray())
    assert_labels(path, read, [repr(value) for value in y])


# --- NumPy ----------------------------------------------------------------------------------------

KINDS = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]


def array_of(generator, kind, shape):
    if kind[0] == "f":
        return generator.standard_normal(shape).astype(kind)
    if kind == "b1":
        return generator.integers(0, 2, shape).astype(kind)
    limits = np.iinfo(kind)
    most = min(limits.max, 2**53)
    return generator.integers(max(limits.min, -most), most, shape, dtype=kind, endpoint=True)


def array_save(path, array, version):
    with open(path, "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def python2_header(path):
    """The header as Python 2 wrote it, with long integers, in the same number of bytes."""
    with open(path, "r+b") as file:
        data = file.read()
        head = data[:128].decode("latin-1")
        new = re.sub(r"(\d+)([,)])", r"\1L\2", head[10:]).rstrip("\n").rstrip(" ")
        file.seek(0)
        file.write(data[:10] + new.ljust(117).encode("latin-1") + b"\n" + data[128:])


def npy_case(draw, number):
    generator = np.random.default_rng(number)
    rows, features = draw.randrange(2, 12), draw.randrange(1, 6)
    kind, order = draw.choice(KINDS), draw.choice("<>")
    X = array_of(generator, kind, (rows, features)).astype(order + kind)
    X = np.asfortranarray(X) if draw.random() < 0.5 else X
    y_kind = draw.choice(KINDS)
    y = generator.integers(0, 2, (rows, 1) if draw.random() < 0.5 else rows).astype(draw.choice("<>") + y_kind)
    version = draw.choice([(1, 0), (2, 0), (3, 0)])
    path = f"n{number}_X.npy"
    array_save(path, X, version)
    array_save(f"n{number}_y.npy", y, draw.choice([(1, 0), (2, 0)]))
    if version == (1, 0) and draw.random() < 0.3:
        python2_header(path)
    _, values, labels = read_descent(path, "-")
    assert_same(path, values, np.load(path).astype("f8"))
    assert_labels(path, labels, [repr(float(value)) for value in y.ravel()])


# --- Advice ---------------------------------------------------------------------------------------


def message_of(path, *arguments):
    done = descent("data", path, *arguments, read=False)
    if done.returncode != 2:
        fail(f"{path}: not refused: {done.stdout.decode()}")
    return done.stderr.decode()


def advice_of_types():
    """Arrays of types that are not read: what is to be saved in their place is read."""
    numbers = np.arange(6.0).reshape(3, 2)
    texts = np.array(["no", "yes", "no"])
    record = np.array([(1, 2.0), (3, 4.0), (5, 6.0)], dtype=[("a", "i4"), ("b", "f8")])
    days = np.array([["2020-01-01"], ["2020-01-03"], ["2021-01-01"]], dtype="M8[D]")
    cases = [(X, np.array([0, 1, 0])) for X in
             (numbers.astype("O"), numbers.astype("U"), numbers.astype("S"), numbers.astype("c16"),
              numbers.astype("longdouble"), days, days - days[0], record, numbers[:, 0],
              numbers.reshape(3, 2, 1), np.array([[2**53, 2**53 + 1]] * 3))]
    cases += [(numbers, y) for y in
              (texts, texts.astype("S"), texts.astype(">U3"), texts.astype("O"),
               np.array(["größe", "klein", "größe"]), np.array(["it's", "so", "so"]),
               np.array([2**53 + 1, 1, 1]), np.array([2**53 + 1, 1, 1], dtype="u8"),
               np.array([1 + 2j, 3, 3]), days[[0, 1, 0], 0])]
    for X, y in cases:
        np.save("advice_X.npy", X, allow_pickle=True)
        np.save("advice_y.npy", y, allow_pickle=True)
        text = message_of("advice_X.npy")
        found = re.search(r"save ((?:np|X|y|\(y)[^;\n]*?)(, if all.*| to have.*|, if it.*)?\n", text)
        if found is None:
            fail(f"no advice that can be followed: {text}")
        import numpy.lib.recfunctions  # as the advice names it
        result = eval(found[1], {"np": np, "X": X, "y": y})
        np.save("advice_y.npy" if "advice_y" in text or "y[" in text else "advice_X.npy", result)
        descent("data", "advice_X.npy")
    return len(cases)


def advice_of_shell():
    """Files that a command turns into one that is read."""
    text = "x,y\n1,0\n2,1\n"
    cases = [text.replace("\n", "\r").encode(), text.encode("utf-16"), text.encode("utf-16-le"),
             text.encode("utf-32"), text.replace(",", "|").encode(), text.replace(",", "  ").encode()]
    for data in cases:
        with open("advice.csv", "wb") as file:
            file.write(data)
        text = message_of("advice.csv")
        found = re.search(r": ([a-z0-9]+ [^:]*< FILE > OUT)", text)
        if found is None:
            fail(f"no command in: {text}")
        command = found[1].replace("FILE", "advice.csv").replace("OUT", "followed.csv")
        subprocess.run(command, shell=True, check=True)
        descent("data", "followed.csv")
    return len(cases)


def advice_of_python():
    """Files that a line of Python turns into one that is read."""
    frame = pd.DataFrame({"x": [0.5, 1.5], "y": [0, 1]})
    frame.to_json("advice.json")
    frame.to_json("advice_records.json", orient="records")
    with open("advice_rows.json", "w") as file:
        json.dump(frame.to_numpy().tolist(), file)
    frame.to_stata("advice.dta", version=117)
    scipy.io.mmwrite("advice.mtx", scipy.sparse.csr_matrix([[0.5, 0], [0, 1.5]]))
    scipy.io.savemat("advice.mat", {"X": np.eye(2)})
    for path, result, more in [("advice.json", "data.csv", []), ("advice_records.json", "data.csv", []),
                               ("advice_rows.json", "data.csv", []), ("advice.dta", "data.csv", []),
                               ("advice.mtx", "data.libsvm", []), ("advice.mat", "X.npy", ["--label", "none"])]:
        found = re.search(r"with Python: (.*?)(; of one.*)?\n", message_of(path))
        if found is None:
            fail(f"no advice that can be followed: {message_of(path)}")
        exec(found[1], {"FILE": path, "y": [0, 1]})
        descent("data", result, *more)
        os.remove(result)
    return 6


def main():
    draw = random.Random(20)
    for kind, case, count in (("CSV", csv_case, 110), ("CSV of pandas", pandas_case, 40),
                              ("LIBSVM", libsvm_case, 60), ("NumPy", npy_case, 70)):
        for number in range(count):
            case(draw, number)
        print(f"{count} files of {kind} are read alike")
    print(f"{advice_of_types() + advice_of_shell() + advice_of_python()} pieces of advice can be followed")


main()
