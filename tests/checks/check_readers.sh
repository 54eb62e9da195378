#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Readers against other programs: what descent reads from some hundred made files is what pandas,
# scikit-learn and NumPy read, number for number; and advice of messages, followed to the letter,
# gives a file that is read (tests/checks/readers.py).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

for python in python3 /usr/bin/python3; do
    if "$python" -c 'import numpy, pandas, sklearn' 2>/dev/null; then
        folder="$(mktemp -d)"
        trap 'rm -r "$folder"' EXIT
        cd "$folder"
        OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 "$python" -W ignore "$here/readers.py" "$DESCENT"
        exit 0
    fi
done
printf 'skipped: python3 with numpy, pandas and sklearn is not installed\n'
exit 77
