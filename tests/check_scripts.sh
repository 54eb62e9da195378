#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every shell script passes shellcheck.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if ! command -v shellcheck >/dev/null; then
    printf 'skipped: shellcheck is not installed\n'
    exit 77
fi
find bench tests .ci -type f \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -path .ci/run \) \
    -print0 | xargs -0 shellcheck --external-sources
