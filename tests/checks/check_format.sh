#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The layout is what clang-format makes of .clang-format. Its versions disagree in details: the one
# of Debian 12 decides, and with any other this check is skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=$(clang-format --version | sed 's/.*version \([0-9]*\).*/\1/')
if [ "$version" != 14 ]; then
    printf 'skipped: the layout is defined by clang-format 14, this is %s\n' "$version"
    exit 77
fi
find src tests bench \( -name '*.[ch]' -o -name '*.cc' \) -print0 | xargs -0 clang-format --dry-run -Werror
