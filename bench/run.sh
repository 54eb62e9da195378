#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# From a fresh clone to a comparison of SGD and batch gradient descent: installs what is missing,
# builds into build/, runs the sweep configs/sgd-vs-gd.yaml and says which side is first. Started again,
# it goes on where it was stopped, or reports. Options are those of `descent sweep` (--fresh).
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

install_packages "$packages_to_build"
build_target descent

cd "$root"
build/descent sweep configs/sgd-vs-gd.yaml "$@"
build/descent compare results/sgd-vs-gd

cat <<END

The results are in $root/results/sgd-vs-gd.
Next, in $root:
  build/descent show results/sgd-vs-gd                  the best configurations of each solver
  build/descent export results/sgd-vs-gd --format csv   every trial as a table
  build/descent plot gap results/sgd-vs-gd --output gap.svg   the picture of the README, of your machine (gnuplot)
  build/descent train YOUR.csv                          train on your own data
  build/descent plan configs/sgd-vs-gd.yaml             what a sweep would run; copy it for yours
  bench/peers/solvers.sh                                the solvers beside other programs and dd
  bench/peers/cross_validation.sh                       cross-validation along a path, beside scikit-learn
  build/descent --help                                  all commands
END
