# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Scripts of this folder that are given [--quick] [DESCENT] begin with it: it takes these two from their
# operands, and goes to an empty folder, which is removed at the end. It sets
#
#   quick     true or false: small data, to see whether the script works
#   source    the folder of the repository
#   descent   the program, by default build/descent there
quick=false
if [ "${1:-}" = --quick ]; then
    quick=true
    shift
fi
source=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
descent=$(realpath "${1:-$source/build/descent}")
export quick source descent

folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder" || exit 1
