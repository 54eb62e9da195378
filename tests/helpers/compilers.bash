# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What neither a compiler nor a sanitizer changes is run by one build; to be loaded by bats.

# Skips a test in all builds but that of gcc without sanitizers.
only_by_gcc()
{
    ! grep -qE '^DESCENT_SANITIZE:STRING=.|^CMAKE_C_COMPILER:[A-Z]*=.*clang' "$BUILD/CMakeCache.txt" ||
        skip 'the build of gcc without sanitizers runs it'
}
