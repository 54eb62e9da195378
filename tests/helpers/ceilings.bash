# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Ceilings in a second or two instead of seven a thread count; to be sourced by tests that measure
# them. A process that may have so much data measures working sets up to a quarter of it, not of 1 GiB.
# Sanitizers reserve all addresses there are, and start with no limit only.
# shellcheck source=tests/helpers/compilers.bash
. "${BASH_SOURCE[0]%/*}/compilers.bash"
is_sanitized || ulimit -S -d 1500000 # KiB
