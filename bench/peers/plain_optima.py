# SPDX-License-Identifier: MIT
"""F* of every fold and lambda of a cross-validation, by numpy alone, with a bound of its error.

    F(w, b) = sum_i m_i loss(x_i . w + b, y_i) + lambda/2 ||w||^2,    m_i = 1/n on the n rows that the
                                                                    fold leaves, and 0 on the others

Newton's method along falling lambdas, each from the solution before it, all folds at the same time:
they share X, and differ in m alone, so that gradients of all are two products with X. The Hessian of
the losses is the expensive part, and changes little from a lambda to the next; the last one is used
as long as every step with it makes the gradient fall, and is then made anew. How it is found does not
matter: the bound is that of the point where it ends.

The bound. Let g and h be the gradients by w and b where it ends, and c = sum_i m_i p_i (1 - p_i) the
second derivative by b. Along b alone, F has |F'''| <= F'', so that F'' falls from c no faster than
exp(-|t|), and the best b is at most t = -log(1 - |h| / c) away; F there is at most |h| t less. On the
way, g changes by at most t/4 sum_i m_i ||x_i||, since p (1 - p) <= 1/4. What F becomes when b is the
best for each w is a function of w alone, and, as F - lambda/2 ||w||^2 is convex in both, strongly
convex with lambda; so it is at most (||g|| + t/4 sum_i m_i ||x_i||)^2 / (2 lambda) above its least value:

    F - F* <= |h| t + (||g|| + t/4 sum_i m_i ||x_i||)^2 / (2 lambda)

Where the bias is regularised as well, F is strongly convex in both: F - F* <= (||g||^2 + h^2) / (2 lambda).
Rounding is not in it: F, g and h are sums of float64, good to about 1e-15.
"""
import numpy

ENOUGH = 1e-12  # norm of the gradient
SLOW = 0.2  # where the gradient falls to more than that in a step, the Hessian is made anew
STRIDE = 2.0  # between lambdas further apart than that, some that nobody asked for
ROUNDED = 1e-9  # where a gradient below that is slow with a Hessian just made, rounding is left
MOST = 60  # steps for one lambda


def hessians(X, curvatures):
    """X' diag(curvatures[:, k]) X for each fold k: (folds, features, features)."""
    return numpy.stack([X.T @ (X * c[:, None]) for c in curvatures.T])


class Folds:
    """The problems of all folds, their weights in the columns of W (features + 1, folds)."""

    def __init__(self, X, y, folds, bias):
        self.X = numpy.hstack([X, numpy.ones((len(y), 1))])
        self.y = y[:, None]
        self.bias = bias
        left = folds[:, None] != numpy.arange(1, folds.max() + 1)
        self.m = left / left.sum(axis=0)
        self.lengths = self.m.T @ numpy.sqrt(numpy.sum(X**2, axis=1))
        self.penalised = numpy.ones(self.X.shape[1])
        self.penalised[-1] = float(bias)
        self.W = numpy.zeros((self.X.shape[1], folds.max()))
        self.H = None

    def look(self, l2):
        self.Z = self.X @ self.W
        p = 0.5 * (1.0 + numpy.tanh(0.5 * self.Z))
        self.curvatures = self.m * p * (1.0 - p)
        self.G = self.X.T @ (self.m * (p - self.y)) + l2 * self.penalised[:, None] * self.W
        return numpy.linalg.norm(self.G, axis=0).max()

    def step(self, l2):
        H = self.H + numpy.diag(l2 * self.penalised)
        self.W = self.W - numpy.linalg.solve(H, self.G.T[:, :, None])[:, :, 0].T

    def descend(self, l2):
        last, fresh = numpy.inf, False
        for _ in range(MOST):
            norm = self.look(l2)
            slow = not norm <= SLOW * last
            if norm <= ENOUGH or (slow and fresh and norm <= ROUNDED):
                return
            fresh = self.H is None or (slow and numpy.isfinite(last))
            if fresh:
                self.H = hessians(self.X, self.curvatures)
            self.step(l2)
            last = norm
        raise SystemExit(f"no optimum at lambda {l2:g}: after {MOST} steps the gradient is {norm:.1e}")

    def objectives(self, l2):
        losses = numpy.sum(self.m * (numpy.logaddexp(0.0, self.Z) - self.y * self.Z), axis=0)
        return losses + 0.5 * l2 * (self.penalised @ self.W**2)

    def errors(self, l2):
        if self.bias:
            return numpy.sum(self.G**2, axis=0) / (2.0 * l2)
        h = numpy.abs(self.G[-1])
        with numpy.errstate(invalid="ignore", divide="ignore"):
            t = -numpy.log1p(-h / self.curvatures.sum(axis=0))
        g = numpy.linalg.norm(self.G[:-1], axis=0) + 0.25 * t * self.lengths
        errors = h * t + g**2 / (2.0 * l2)
        return numpy.where(numpy.isfinite(errors), errors, numpy.inf)


def path(X, y, folds, lambdas, bias):
    """Yields fold (from 1), lambda, F* and the bound of its error; X is dense, lambdas fall.
    `bias`: is it regularised as well?"""
    problem = Folds(X, y, folds, bias)
    before = lambdas[0]
    for l2 in lambdas:
        steps = max(1, int(numpy.ceil(numpy.log(before / l2) / numpy.log(STRIDE))))
        for between in numpy.geomspace(before, l2, steps + 1)[1:]:
            problem.descend(between)
        problem.look(l2)
        for fold, (value, error) in enumerate(zip(problem.objectives(l2), problem.errors(l2)), start=1):
            yield fold, float(l2), float(value), float(error)
        before = l2
