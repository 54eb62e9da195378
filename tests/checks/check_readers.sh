#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Readers against other programs: what descent reads from some hundred made files is what pandas,
# scikit-learn and NumPy read, number for number; and advice of messages, followed to the letter,
# gives a file that is read (tests/checks/readers.py).
set -euo pipefail
# shellcheck source=tests/helpers/reference.bash
. "$(dirname "${BASH_SOURCE[0]}")/../helpers/reference.bash"

run_beside_references readers.py
