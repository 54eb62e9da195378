# SPDX-License-Identifier: MIT
#
# Cross-validation by glmnet, for plain_cross_validation.py to call:
#
#   Rscript plain_glmnet.R all|first|time dense|sparse X Y FOLDS LAMBDAS THRESHOLD JOBS COEFFICIENTS
#   Rscript plain_glmnet.R versions
#
# X is in coordinates (Matrix Market), of which a dense or a sparse matrix is made. Y (0 or 1), FOLDS
# and LAMBDAS have a number in each line, lambdas falling. With alpha = 0 glmnet minimises
#
#   mean loss + lambda / 2 ||w||^2,    the intercept is not regularised
#
# which is descent's objective with the same lambda; standardize = FALSE leaves the columns as they are.
#
# Timed is cv.glmnet() alone. It fits all rows as well, which cannot be left out, and keeps no
# coefficients of folds. They are found again, off the clock, by the calls that it makes, one for each
# fold; that these are the same fits is seen by the predictions that it keeps. Prints the seconds and the
# largest difference of those predictions; COEFFICIENTS has a line for each fold and lambda: the
# intercept, then the weights. `first`: the first fold alone is fitted, by glmnet(); `time`: there are
# no coefficients.

suppressPackageStartupMessages(library(glmnet))

words <- commandArgs(trailingOnly = TRUE)
if (words[1] == "versions") {
    cat(sprintf("R %s, glmnet %s\n", getRversion(), packageVersion("glmnet")))
    quit()
}
what <- words[1]
X <- Matrix::readMM(words[3])
X <- if (words[2] == "dense") as.matrix(X) else as(X, "CsparseMatrix")
y <- scan(words[4], quiet = TRUE)
folds <- scan(words[5], quiet = TRUE)
lambdas <- scan(words[6], quiet = TRUE)
threshold <- as.numeric(words[7])
jobs <- as.integer(words[8])

# All lambdas are asked for, however little they change, and as many iterations as it takes.
glmnet.control(fdev = 0, devmax = 1)
iterations <- 1e7
if (jobs > 1)
    doParallel::registerDoParallel(cores = jobs)

coefficients <- NULL
difference <- 0
started <- proc.time()[["elapsed"]]
if (what != "first")
    cv <- cv.glmnet(X, y, family = "binomial", alpha = 0, standardize = FALSE, lambda = lambdas,
                    foldid = folds, thresh = threshold, maxit = iterations, keep = TRUE,
                    parallel = jobs > 1)
seconds <- proc.time()[["elapsed"]] - started

for (fold in switch(what, all = seq_len(max(folds)), first = 1, time = NULL)) {
    left <- folds != fold
    fit <- glmnet(X[left, , drop = FALSE], y[left], family = "binomial", alpha = 0,
                  standardize = FALSE, lambda = lambdas, thresh = threshold, maxit = iterations)
    found <- as.matrix(coef(fit))
    stopifnot(ncol(found) == length(lambdas))
    if (what == "all") {
        z <- as.matrix(X[!left, , drop = FALSE] %*% found[-1, , drop = FALSE])
        z <- sweep(z, 2, found[1, ], "+")
        difference <- max(difference, abs(z - cv$fit.preval[!left, , drop = FALSE]))
    }
    coefficients <- rbind(coefficients, t(found))
}
if (what != "time")
    write.table(format(coefficients, digits = 17, trim = TRUE), words[9], sep = ",", quote = FALSE,
                row.names = FALSE, col.names = FALSE)
cat(sprintf("%.17g %.17g\n", seconds, difference))
