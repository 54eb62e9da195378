# SPDX-License-Identifier: MIT
#
# Runs a script of tests/checks beside pandas, scikit-learn and NumPy, in a folder of its own, with
# the program as its argument; where they are not installed the test is skipped.
run_beside_references() { # SCRIPT
    local here python folder
    here="$(cd "$(dirname "${BASH_SOURCE[0]}")/../checks" && pwd)"
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import numpy, pandas, sklearn' 2>/dev/null; then
            folder="$(mktemp -d)"
            # shellcheck disable=SC2064 # this folder
            trap "rm -r '$folder'" EXIT
            cd "$folder" || return
            OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
                "$python" -W ignore "$here/$1" "$DESCENT"
            exit
        fi
    done
    printf 'skipped: python3 with numpy, pandas and sklearn is not installed\n'
    exit 77
}
