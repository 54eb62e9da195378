#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Doubles that R writes as JSON with jsonlite 1.8.4 (Debian 12: r-cran-jsonlite).
#
# One would guess: `digits = NA`, which the manual calls "max precision", or digits = I(17), 17
#   significant ones, write a double so that every reader of JSON gets it back, as R's own
#   sprintf("%.17g") does and Python's and JavaScript's JSON do by themselves; weights that a solver in R
#   hands out then have the bits that it found.
# What happens: 15 significant digits are the most, whatever `digits` says: 0.1 + 0.2 is written as 0.3,
#   and 9 in 10 random doubles come back changed. serializeJSON(digits = 17), made to bring any object of
#   R back, changes them too.
# Source: seen as below; jsonlite's manual of toJSON, argument `digits`.
#
# Exit 0: seen as written above; 1: something changed; 77: R or jsonlite 1.8.4 is not installed.
set -u
version=$(Rscript -e 'cat(format(packageVersion("jsonlite")))' 2>/dev/null)
[ "$version" = 1.8.4 ] || { echo "needs R with jsonlite 1.8.4" && exit 77; }
folder=$(mktemp -d) || exit 77
trap 'rm -rf "$folder"' EXIT
cat >"$folder/digits.R" <<'END_OF_R'
library(jsonlite)
x <- 0.1 + 0.2
cat("R itself:           ", sprintf("%.17g", x), "\n")
cat("digits = NA:        ", toJSON(x, digits = NA), "\n")
cat("digits = I(17):     ", toJSON(x, digits = I(17)), "\n")
cat("serializeJSON, 17:  ", unserializeJSON(serializeJSON(x, digits = 17)) == x, "\n")
set.seed(1)
many <- runif(10000)
cat("changed, of 10000:  ", sum(fromJSON(toJSON(many, digits = NA)) != many), "\n")
END_OF_R
Rscript "$folder/digits.R" | sed 's/ *$//' | tee "$folder/seen"
diff - "$folder/seen" <<'END_OF_SEEN'
R itself:            0.30000000000000004
digits = NA:         [0.3]
digits = I(17):      [0.3]
serializeJSON, 17:   FALSE
changed, of 10000:   9148
END_OF_SEEN
