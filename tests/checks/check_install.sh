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
mapfile -t pages < <(bin/descent list commands | sed 's|^\([a-z-]*\) .*|share/man/man1/descent-\1.1|')
for file in share/doc/descent/{LICENSE,README.md,CHANGELOG.md,docs/sweep-files.md} share/descent/configs/sgd-vs-gd.yaml \
    share/bash-completion/completions/descent share/zsh/site-functions/_descent \
    share/fish/vendor_completions.d/descent.fish share/man/man1/descent.1 "${pages[@]}"; do
    if [ ! -s "$file" ]; then
        printf 'not installed: %s\n' "$file"
        exit 1
    fi
done
if ldd bin/descent | grep 'not found'; then
    exit 1
fi
