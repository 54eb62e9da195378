# SPDX-License-Identifier: MIT
#
# Small tables with the traits of well-known public ones: texts, gaps, signs for gaps, semicolons,
# decimal commas, no header, labels first, identifiers, LIBSVM, ARFF, NumPy. Their values are made
# from a fixed seed. `python3 tables.py FOLDER` writes them; tables_reference.py looks at how they are
# read.
#
# Only Python's own library is used, but for NumPy's files.
import random
import sys

ROWS = 80


class Table:
    """Columns of values as text, and a label that depends on the first numbers."""

    def __init__(self, name, rows=ROWS):
        self.random = random.Random(name)  # a text seeds by its digest: the same everywhere
        self.rows = rows
        self.names, self.columns, self.score = [], [], [0.0] * rows

    def add(self, name, values, weight=0.0):
        values = list(values)
        self.names.append(name)
        self.columns.append([str(value) for value in values])
        if weight != 0.0:
            mean = sum(values) / self.rows
            spread = max(abs(value - mean) for value in values) or 1.0
            for i, value in enumerate(values):
                self.score[i] += weight * (value - mean) / spread

    def number(self, name, low, high, digits=2, weight=0.0):
        draw = [round(self.random.uniform(low, high), digits) for _ in range(self.rows)]
        self.add(name, draw if digits > 0 else [int(value) for value in draw], weight)

    def choice(self, name, levels):
        """Every level occurs."""
        drawn = [self.random.choice(levels) for _ in range(self.rows)]
        for i, level in enumerate(levels):
            drawn[7 * i % self.rows] = level
        self.add(name, drawn)

    def gaps(self, name, sign, every):
        column = self.columns[self.names.index(name)]
        for i in range(every // 2, self.rows, every):
            column[i] = sign

    def label(self, name, zero, one):
        noisy = [score + self.random.gauss(0.0, 0.7) for score in self.score]
        median = sorted(noisy)[self.rows // 2]
        self.add(name, [one if value > median else zero for value in noisy])

    def move(self, name, place):
        at = self.names.index(name)
        self.names.insert(place, self.names.pop(at))
        self.columns.insert(place, self.columns.pop(at))

    def lines(self, separator=",", header=True, quoted=()):
        def cell(name, text):
            if name in quoted or separator in text or '"' in text:
                return '"' + text.replace('"', '""') + '"'
            return text

        if header:
            yield separator.join(cell(name if name in quoted else "", name) for name in self.names)
        for i in range(self.rows):
            yield separator.join(cell(n, column[i]) for n, column in zip(self.names, self.columns))


def write(path, lines, end="\n", encoding="utf-8"):
    with open(path, "w", encoding=encoding, newline="") as file:
        file.write("".join(line + end for line in lines))


# --- CSV ---------------------------------------------------------------------------------------


def titanic():
    t = Table("titanic")
    t.add("PassengerId", range(1, t.rows + 1))
    t.number("Pclass", 1, 3.99, 0, -1)
    t.add("Name", [f'Braun{i}, Mr. Owen "Al" {i}' for i in range(t.rows)])
    t.choice("Sex", ["female", "male"])
    t.number("Age", 0.5, 80, 1, -1)
    t.number("SibSp", 0, 4.9, 0)
    t.number("Fare", 5, 300, 4, 1.5)
    t.add("Cabin", ["C%d" % i if i % 5 == 0 else "" for i in range(t.rows)])
    t.choice("Embarked", ["C", "Q", "S"])
    t.gaps("Age", "", 6)
    t.gaps("Embarked", "", 30)
    t.label("Survived", 0, 1)
    t.move("Survived", 1)
    write("titanic.csv", t.lines(), "\r\n")


def adult():
    t = Table("adult", 120)
    t.number("age", 17, 90, 0, 1)
    t.choice("workclass", ["Private", "State-gov", "Self-emp-inc"])
    t.number("fnlwgt", 12285, 1484705, 0)
    t.choice("education", ["Bachelors", "HS-grad", "11th", "Masters"])
    t.number("hours", 1, 99, 0, 1)
    t.choice("country", ["United-States", "Cuba", "Trinadad&Tobago"])
    t.gaps("workclass", "?", 11)
    t.gaps("country", "?", 17)
    t.label("income", "<=50K", ">50K")
    write("adult.data", (line.replace(",", ", ") for line in t.lines(header=False)))


def bank():
    t = Table("bank")
    t.number("age", 18, 95, 0, 1)
    t.choice("job", ["admin.", "blue-collar", "management"])
    t.choice("marital", ["divorced", "married", "single"])
    t.number("balance", -3000, 30000, 0, 1)
    t.choice("housing", ["no", "yes"])
    t.choice("month", ["may", "jun", "jul"])
    t.label("y", "no", "yes")
    texts = ("job", "marital", "housing", "month", "y")
    write("bank.csv", t.lines(";", quoted=texts))


def heart():
    t = Table("heart")
    t.number("age", 29, 77, 0, 1)
    t.number("sex", 0, 1.99, 0)
    t.choice("cp", ["1.0", "2.0", "3.0", "4.0"])
    t.number("chol", 126, 564, 1, 1)
    t.number("ca", 0, 3.99, 0, 1)
    t.choice("thal", ["3.0", "6.0", "7.0"])
    t.gaps("ca", "?", 20)
    t.gaps("thal", "?", 33)
    t.label("num", 0, 1)
    write("heart.csv", t.lines(header=False))


def mushrooms():
    t = Table("mushrooms", 100)
    t.number("score", 0, 1, 3, 2)
    t.choice("cap-shape", list("bcfkx"))
    t.choice("odor", list("aclfn"))
    t.choice("stalk-root", list("bce"))
    t.choice("veil-color", list("nw"))
    t.gaps("stalk-root", "?", 4)
    t.label("class", "e", "p")
    t.names.pop(0)
    t.columns.pop(0)
    t.move("class", 0)
    write("mushrooms.csv", t.lines())


def iris():
    t = Table("iris", 100)
    for name, low, high, weight in (("sepal.length", 4, 8, 0.5), ("sepal.width", 2, 4.5, 0.5),
                                    ("petal.length", 3, 7, 1), ("petal.width", 1, 2.5, 1)):
        t.number(name, low, high, 1, weight)
    t.label("species", "versicolor", "virginica")
    write("iris.csv", t.lines(quoted=("species",)))


def wine():
    t = Table("wine")
    t.number("fixed acidity", 4, 16, 1)
    t.number("volatile acidity", 0.1, 1.6, 3, -1)
    t.number("residual sugar", 0.9, 15, 2)
    t.number("alcohol", 8, 15, 1, 2)
    t.label("good", 0, 1)
    lines = list(t.lines(";"))
    lines[0] = ";".join(f'"{name}"' for name in t.names)  # names in quotes, numbers not
    write("wine.csv", lines)


def umsatz():
    t = Table("umsatz")
    t.number("Größe", 1, 3, 2, 1)
    t.choice("Straße", ["Bäckergasse", "Ölmühle", "Allee"])
    t.number("Umsatz", 1000, 90000, 2, 1)
    t.number("Jahr", 2001, 2024, 0)
    t.columns[0] = [value.replace(".", ",") for value in t.columns[0]]
    t.columns[2] = [value.replace(".", ",") for value in t.columns[2]]
    t.gaps("Umsatz", "", 13)
    t.label("Käufer", "ja", "nein")
    write("umsatz.csv", t.lines(";"), "\r\n", "utf-8-sig")


def pima():
    t = Table("pima")
    t.number("Pregnancies", 0, 12, 0, 0.5)
    t.number("Glucose", 50, 199, 0, 2)
    t.number("Insulin", 14, 846, 0)
    t.number("BMI", 18, 67, 1, 1)
    t.gaps("Insulin", "0", 3)
    t.gaps("BMI", "0.0", 20)
    t.label("Outcome", 0, 1)
    write("pima.csv", t.lines())


def ionosphere():
    t = Table("ionosphere")
    t.number("a", 0, 1.99, 0)
    t.add("b", [0] * t.rows)
    for k in range(6):
        t.number(f"x{k}", -1, 1, 5, 1 if k < 2 else 0)
    t.label("class", "b", "g")
    write("ionosphere.csv", t.lines(header=False))


def sonar():
    t = Table("sonar", 60)
    for k in range(12):
        t.number(f"x{k}", 0, 1, 4, 1 if k < 3 else 0)
    t.label("class", "M", "R")
    write("sonar.csv", t.lines(header=False))


def wdbc():
    t = Table("wdbc")
    t.add("id", [842300 + 17 * i for i in range(t.rows)])
    for k in range(5):
        t.number(f"x{k}", 1, 30, 3, 1 if k < 2 else 0)
    t.label("diagnosis", "B", "M")
    t.move("diagnosis", 1)
    write("wdbc.csv", t.lines(header=False))


def spambase():
    t = Table("spambase", 100)
    for k in range(8):
        t.number(f"w{k}", 0, 3, 2, 1 if k < 2 else 0)
        t.gaps(f"w{k}", "0", 2 + k % 3)
    t.number("total", 1, 9000, 0)
    t.label("spam", 0, 1)
    write("spambase.csv", t.lines(header=False))


def telco():
    t = Table("telco")
    t.add("customerID", ["%04d-VHV%s" % (7590 - i, "EG"[i % 2]) for i in range(t.rows)])
    t.number("SeniorCitizen", 0, 1.99, 0)
    t.choice("Partner", ["No", "Yes"])
    t.number("tenure", 0, 72, 0, -1)
    t.choice("InternetService", ["DSL", "Fiber optic", "No"])
    t.number("MonthlyCharges", 18, 119, 2, 1)
    t.number("TotalCharges", 18, 8684, 2)
    t.gaps("TotalCharges", " ", 25)
    t.label("Churn", "No", "Yes")
    write("telco.csv", t.lines())


def diabetes():
    t = Table("diabetes", 150)
    t.add("encounter_id", [2278392 + 1000 * i for i in range(t.rows)])
    t.choice("race", ["Caucasian", "AfricanAmerican", "Asian"])
    t.choice("age", ["[40-50)", "[50-60)", "[60-70)", "[70-80)"])
    t.add("weight", ["?"] * t.rows)
    t.number("time", 1, 14, 0, 1)
    t.choice("diag", ["250", "276", "V27", "E909", "648"] + ["428"] * 8)
    t.number("labs", 1, 100, 0, 1)
    t.gaps("race", "?", 12)
    t.label("readmitted", "<30", "NO")
    write("diabetes.csv", t.lines())


def covertype():
    t = Table("covertype", 120)
    for k in range(4):
        t.number(f"x{k}", 0, 3000, 0, 1 if k < 2 else 0)
    kinds = [t.random.randrange(6) for _ in range(t.rows)]
    for k in range(6):
        t.add(f"soil{k}", [int(kind == k) for kind in kinds])
    t.label("cover", 1, 2)
    write("covtype.csv", t.lines(header=False))


def measured():
    """As PostgreSQL's COPY writes it: tabs, \\N, t and f."""
    t = Table("measured")
    t.number("x", 0, 10, 3, 1)
    t.choice("ok", ["f", "t"])
    t.number("z", -5, 5, 4, 1)
    t.gaps("z", "\\N", 9)
    t.label("good", "f", "t")
    write("measured.tsv", t.lines("\t", header=False))


# --- Other formats -----------------------------------------------------------------------------


def credit():
    t = Table("credit")
    t.choice("checking", ["<0", "0<=X<200", "no checking"])
    t.number("duration", 4, 72, 0, 1)
    t.number("amount", 250, 18424, 0, -1)
    t.choice("housing", ["own", "rent", "for free"])
    t.gaps("duration", "?", 16)
    t.label("class", "bad", "good")

    def cell(text):
        return f"'{text}'" if set(text) & set(" <>=") else text

    lines = ["% made", "@relation credit"]
    for name, column in zip(t.names, t.columns):
        levels = sorted(set(column) - {"?"})
        nominal = name in ("checking", "housing", "class")
        kind = "{" + ",".join(cell(level) for level in levels) + "}" if nominal else "numeric"
        lines.append(f"@attribute {name} {kind}")
    lines.append("@data")
    for i in range(t.rows):
        lines.append(",".join(cell(column[i]) for column in t.columns))
    write("credit.arff", lines)


def sparse(name, path, classes, features, first):
    draw = random.Random(name)
    lines = []
    for i in range(100):
        present = sorted(draw.sample(range(first, features + first), 7))
        one = (present[0] + present[1] < features // 3) != (draw.random() < 0.2)
        values = " ".join(f"{j}:1" for j in present)
        lines.append(f"{classes[one]} {values}")
    lines[0] += f" {features + first - 1}:1" if f" {features + first - 1}:" not in lines[0] else ""
    write(path, lines)


def a9a():
    sparse("a9a", "a9a.libsvm", ("-1", "+1"), 40, 1)


def agaricus():
    sparse("agaricus", "agaricus.txt", ("0", "1"), 30, 0)


def digits():
    import numpy

    t = Table("digits")
    for k in range(5):
        t.number(f"p{k}", 0, 16, 0, 1 if k < 2 else 0)
    t.label("y", 0, 1)
    X = numpy.array(t.columns[:-1], dtype=numpy.uint8).T
    y = numpy.array(t.columns[-1], dtype=numpy.int64)
    numpy.save("digits_X.npy", numpy.asfortranarray(X))
    numpy.save("digits_y.npy", y)


def gaps():
    """Arrays and sparse rows of both signs with nan in them."""
    import numpy

    draw = random.Random("gaps")
    values = [[draw.gauss(0, 2) for _ in range(6)] for _ in range(80)]
    y = [int(row[0] + row[1] > draw.gauss(0, 1)) for row in values]
    for i in range(80):
        values[i][draw.randrange(5)] = float("nan") if i % 3 == 0 else 0.5
    numpy.save("gaps_X.npy", numpy.array(values))
    numpy.save("gaps_y.npy", numpy.array(y, dtype=float))
    lines = []
    for i in range(80):
        row = {1 + j: repr(round(values[i][j], 3)) for j in range(3) if draw.random() < 0.6}
        if i % 4 == 0:
            row[draw.randrange(4, 9)] = "nan"
        row[9 + i % 8] = "-1.5" if i % 3 else "NaN"
        lines.append(f"{y[i]} " + " ".join(f"{j}:{row[j]}" for j in sorted(row)))
    write("gaps.libsvm", lines)


MAKERS = (titanic, adult, bank, heart, mushrooms, iris, wine, umsatz, pima, ionosphere, sonar, wdbc,
          spambase, telco, diabetes, covertype, measured, credit, a9a, agaricus, digits,
          gaps)


def make():
    for maker in MAKERS:
        maker()


if __name__ == "__main__":
    import os

    os.chdir(sys.argv[1])
    make()
