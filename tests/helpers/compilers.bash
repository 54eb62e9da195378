# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Which build is tested; to be loaded by bats. What neither a compiler nor a sanitizer changes is run by
# one.

# Is it one with sanitizers?
is_sanitized()
{
    grep -q '^DESCENT_SANITIZE:STRING=.' "$BUILD/CMakeCache.txt"
}

# Skips a test in all builds but that of gcc without sanitizers.
only_by_gcc()
{
    if is_sanitized || grep -q '^CMAKE_C_COMPILER:[A-Z]*=.*clang' "$BUILD/CMakeCache.txt"; then
        skip 'the build of gcc without sanitizers runs it'
    fi
}
