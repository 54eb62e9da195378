#!/usr/bin/env Rscript
# SPDX-License-Identifier: MIT
#
# R in the trial protocol (docs/protocol.md): glmnet's ridge, nnet's multinom, and glm, which has no
# penalty. glmnet's lambda is ours; multinom penalises decay times the sum of squares, and sums
# losses: decay = n lambda / 2. With translate=no lambda is handed over as decay. docs/peers.md has
# what `descent judge` says of them.
#
# Needs r-cran-glmnet, r-cran-nnet and r-cran-jsonlite.
suppressPackageStartupMessages({ library(Matrix); library(glmnet); library(nnet); library(jsonlite) })

numbers <- function(path, what, size) {
    file <- file(path, "rb")
    on.exit(close(file))
    readBin(file, "raw", 128) # the header, which takes 128 bytes
    readBin(file, what, (file.size(path) - 128) / size, size, endian = "little")
}

# R has no integers of 64 bits: halves, of which the upper is 0 below 2^31 entries.
starts <- function(path) numbers(path, "integer", 4)[c(TRUE, FALSE)]

greeting <- list(
    protocol = 1, name = "R",
    version = paste0(getRversion(), " glmnet ", packageVersion("glmnet"), " nnet ", packageVersion("nnet")),
    sparse = TRUE,
    parameters = list(
        algorithm = list(type = "choice", values = c("glmnet", "multinom", "glm"), default = "glmnet"),
        tolerance = list(type = "number", minimum = 0, default = 1e-7),
        iterations = list(type = "integer", minimum = 1, default = 100000),
        alpha = list(type = "number", minimum = 0, maximum = 1, default = 0),
        standardize = list(type = "choice", values = c("yes", "no"), default = "no"),
        translate = list(type = "choice", values = c("yes", "no"), default = "yes")))
hello <- function(message) greeting

X <- y <- NULL

data <- function(message) {
    y <<- numbers(message$y, "double", 8)
    shape <- c(message$samples, message$features)
    X <<- if (!is.null(message$X)) matrix(numbers(message$X, "double", 8), shape[1], shape[2], byrow = TRUE)
    else sparseMatrix(j = numbers(message$columns, "integer", 4), p = starts(message$starts), repr = "R",
                      x = numbers(message$values, "double", 8), dims = shape, index1 = FALSE)
    if (is.null(message$X)) X <<- as(X, "CsparseMatrix")
    setNames(list(), character())
}

# Each gives the bias and the weights behind it.
algorithms <- list(
    glmnet = function(lambda, own) {
        fit <- glmnet(X, y, family = "binomial", alpha = own$alpha, lambda = lambda, thresh = own$tolerance,
                      maxit = own$iterations, standardize = own$standardize == "yes")
        c(fit$a0, as.numeric(fit$beta))
    },
    multinom = function(lambda, own) {
        decay <- if (own$translate == "yes") length(y) * lambda / 2 else lambda
        X <- as.matrix(X)
        as.numeric(coef(multinom(y ~ X, decay = decay, reltol = own$tolerance, maxit = own$iterations,
                                 MaxNWts = 1e6, trace = FALSE)))
    },
    glm = function(lambda, own) {
        X <- as.matrix(X)
        fit <- coef(glm(y ~ X, family = binomial, epsilon = own$tolerance, maxit = own$iterations))
        ifelse(is.na(fit), 0, fit) # columns that others tell already
    })

# toJSON writes 15 digits at most.
exactly <- function(number) structure(sprintf("%.17g", number), class = "json")

train <- function(message) {
    own <- lapply(greeting$parameters, function(parameter) parameter$default)
    own[names(message$parameters)] <- message$parameters
    start <- proc.time()[["elapsed"]] # system.time() would collect garbage first
    v <- suppressWarnings(algorithms[[own$algorithm]](message$lambda, own))
    seconds <- proc.time()[["elapsed"]] - start
    list(weights = gsub("\n", "", base64_enc(writeBin(v[-1], raw(), endian = "little"))), bias = exactly(v[1]), seconds = seconds)
}

answers <- list(hello = hello, data = data, train = train)
input <- file("stdin", "r")
while (length(line <- readLines(input, 1)) > 0) {
    message <- fromJSON(line)
    if (message$message == "quit") break
    answer <- tryCatch(answers[[message$message]](message), error = function(e) list(error = conditionMessage(e)))
    cat(toJSON(answer, auto_unbox = TRUE, digits = NA, json_verbatim = TRUE), "\n", sep = "")
    flush(stdout())
}
