#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The scripts of the report page are sound: node reads each, each is strict, and none makes HTML of a
# text, reaches out, or leaves something for later.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../src/report/page"

for script in *.js; do
    if [ "$(head -n 1 "$script")" != '"use strict";' ]; then
        printf '%s:1: a script of the page begins with "use strict";\n' "$script"
        exit 1
    fi
done
if grep -nE 'innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|fetch\(|XMLHttpRequest|import\(|console\.|debugger|https?://' -- *.js; then
    printf 'Names come from files: set text, never HTML; and the page loads nothing.\n'
    exit 1
fi
if ! command -v node >/dev/null; then
    printf 'skipped: node (package nodejs) is not installed\n'
    exit 77
fi
for script in *.js; do
    node --check "$script"
done
