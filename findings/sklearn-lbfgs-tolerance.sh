#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `tol` of LogisticRegression(solver="lbfgs"), the default solver, in scikit-learn 1.2.1 (Debian 12).
#
# One would guess: a smaller `tol` gives a smaller gradient; with tol=1e-12 it ends near the rounding of
#   doubles, or says by ConvergenceWarning that it does not.
# What happens: from tol=1e-4, the default, on, the weights have the same bits for every smaller `tol`, after the same
#   iterations, without a warning: SciPy's L-BFGS-B is left at its own `ftol`, 2.2e-9, and ends where the
#   objective falls by less than that share of itself in a step. The gradient is 1e5 times that of
#   newton-cg, which does what it is told. So a reference solution cannot be had from lbfgs by `tol`.
# Source: seen as below; sklearn/linear_model/_logistic.py of 1.2.1 hands over only "gtol", "iprint" and
#   "maxiter".
#
# Exit 0: seen as written above; 1: something changed; 77: no python3 with scikit-learn 1.2.1.
set -u
python=''
for candidate in python3 /usr/bin/python3; do
    version=$("$candidate" -c 'import sklearn; print(sklearn.__version__)' 2>/dev/null)
    [ "$version" != 1.2.1 ] || python=$candidate
done
[ -n "$python" ] || { echo "needs python3 with scikit-learn 1.2.1" && exit 77; }
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 "$python" - <<'END_OF_PYTHON'
import sys
import warnings
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

warnings.simplefilter("error", ConvergenceWarning)
random = np.random.RandomState(0)
X = random.normal(size=(2000, 50)) * np.linspace(0.1, 3.0, 50)
y = (X @ random.normal(size=50) + 5.0 * random.normal(size=2000) > 1.0).astype(float)


def fit(solver, tol):
    model = LogisticRegression(solver=solver, tol=tol, max_iter=10000).fit(X, y)
    p = model.predict_proba(X)[:, 1]
    gradient = np.append(X.T @ (p - y) + model.coef_[0], (p - y).sum())
    print(f"{solver:9} tol {tol:.0e}: {model.n_iter_[0]:3} iterations, gradient {np.linalg.norm(gradient):.1e}")
    return model.coef_.tobytes(), np.linalg.norm(gradient)


lbfgs = [fit("lbfgs", tol) for tol in (1e-4, 1e-8, 1e-12)]
newton = fit("newton-cg", 1e-8)
same = len({bits for bits, _ in lbfgs}) == 1
print("lbfgs: the same bits:", same)
sys.exit(0 if same and lbfgs[0][1] > 1e5 * newton[1] else 1)
END_OF_PYTHON
