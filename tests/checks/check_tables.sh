#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Tables as people have them: what descent makes of twenty small ones, with one command each, is the
# design matrix of pandas and scikit-learn, and the model is theirs (tests/checks/tables_reference.py).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

for python in python3 /usr/bin/python3; do
    if "$python" -c 'import numpy, pandas, sklearn' 2>/dev/null; then
        folder="$(mktemp -d)"
        trap 'rm -r "$folder"' EXIT
        cd "$folder"
        OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
            "$python" -W ignore "$here/tables_reference.py" "$DESCENT"
        exit 0
    fi
done
printf 'skipped: python3 with numpy, pandas and sklearn is not installed\n'
exit 77
