#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every shell script passes shellcheck. In a bats test a `cd` that fails fails the test (SC2164), and
# each test is a subshell, whose variables are its own (SC2030, SC2031); and what is in single quotes
# there is often another language (SC2016).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if ! command -v shellcheck >/dev/null; then
    printf 'skipped: shellcheck is not installed\n'
    exit 77
fi
find bench tests .ci -type f \( -name '*.sh' -o -name '*.bash' -o -path .ci/run -o -path .ci/race \) -print0 |
    xargs -0 shellcheck --external-sources
find tests -type f -name '*.bats' -print0 | xargs -0 shellcheck --exclude=SC2016,SC2030,SC2031,SC2164
