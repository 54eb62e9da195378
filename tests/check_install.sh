#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# `cmake --install` makes a folder that works by itself. Environment: BUILD, the build's folder.
set -euo pipefail

prefix=$(mktemp -d "${TMPDIR:-/tmp}/descent install.XXXXXX")
trap 'rm -rf "$prefix"' EXIT

cmake --install "$BUILD" --prefix "$prefix" >/dev/null
cd "$prefix"
bin/descent --version
for file in share/doc/descent/{LICENSE,README.md,CHANGELOG.md} share/descent/configs/sgd-vs-gd.yaml; do
    if [ ! -s "$file" ]; then
        printf 'not installed: %s\n' "$file"
        exit 1
    fi
done
if ldd bin/descent | grep 'not found'; then
    exit 1
fi
