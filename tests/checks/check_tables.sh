#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Tables as people have them: what descent makes of twenty small ones, with one command each, is the
# design matrix of pandas and scikit-learn, and the model is theirs (tests/checks/tables_reference.py).
set -euo pipefail
# shellcheck source=tests/helpers/reference.bash
. "$(dirname "${BASH_SOURCE[0]}")/../helpers/reference.bash"

run_beside_references tables_reference.py
