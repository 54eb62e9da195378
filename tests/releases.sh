#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Does a fresh clone build and pass on a release of Debian that has nothing installed? Makes a bare
# tree of each release named (debootstrap), clones the last commit into it, and runs there what
# README.md tells a newcomer to type: bench/run.sh, then tests/run.sh, with gcc and with clang, with
# warnings as errors and with the Open MPI and MPICH of that release.
#
#   tests/releases.sh [--keep FOLDER] [--preset PRESET]... NAME...
#
#   tests/releases.sh bookworm trixie     # Debian 12 and 13
#   tests/releases.sh testing
#
# --keep FOLDER     trees and logs stay there, and a tree that is there is used again as it is
# --preset PRESET   only tests/run.sh with this preset (may be repeated), not the whole
#
# It needs root for debootstrap and chroot; where it may not, it says so and ends with 77. All mounts
# are in a name space of their own and go with it. Not part of CI: it downloads about 500 MB a
# release and takes about 25 minutes on two processors. The last line of each release is its result.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage()
{
    sed -n 's/^#   \(tests.*\)/\1/p' "${BASH_SOURCE[0]}" >&2
    exit 2
}

skip() # REASON
{
    printf 'skipped: %s\n' "$1"
    exit 77
}

keep=
presets=()
while [ $# -gt 0 ]; do
    case $1 in
    --keep | --preset)
        [ $# -ge 2 ] || usage
        if [ "$1" = --keep ]; then keep=$2; else presets+=("$2"); fi
        shift 2
        ;;
    -*) usage ;;
    *) break ;;
    esac
done
[ $# -gt 0 ] || usage
[ "$(id -u)" -eq 0 ] || skip 'debootstrap and chroot need root'
command -v debootstrap >/dev/null ||
    skip 'debootstrap is not installed (apt-get install debootstrap)'
unshare --mount true 2>/dev/null || skip 'this system allows no name space for mounts'

if [ -n "$keep" ]; then
    mkdir -p "$keep"
    folder=$(cd "$keep" && pwd)
else
    folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-releases.XXXXXX")
    trap 'rm -rf --one-file-system "$folder"' EXIT
fi

# What runs inside the tree. The versions come last, when everything is installed.
script=$(
    cat <<'END'
set -eu
export LC_ALL=C.UTF-8 DESCENT_WERROR=ON DEBIAN_FRONTEND=noninteractive
cd /root/descent
step() { printf '\n== %s ==\n' "$*"; "$@" || { printf 'failed: %s\n' "$*"; exit 1; }; }
if [ $# -eq 0 ]; then
    step bench/run.sh
    . bench/prepare.sh
    install_packages "$packages_for_ranks"
    set -- release clang
fi
for preset; do step tests/run.sh --preset "$preset"; done
version() { "$1" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }
printf 'versions:'
for program in gcc clang cmake mpirun.openmpi jq sqlite3; do
    if command -v "$program" >/dev/null; then printf ' %s %s,' "$program" "$(version "$program")"; fi
done
for library in openblas libfyaml hwloc; do
    printf ' %s %s,' "$library" "$(pkg-config --modversion "$library" 2>/dev/null)"
done
printf ' %s\n' "$(uname -m)"
END
)

# Runs in a name space of its own: what it mounts is gone when it ends.
# shellcheck disable=SC2016 # the variables are those of the inner shell
inside='
set -eu
tree=$1 shared=$2 script=$3
shift 3
mount -t proc proc "$tree/proc"
mount --rbind /sys "$tree/sys"
mount --rbind /dev "$tree/dev"
if [ -d "$shared" ]; then
    mkdir -p "$tree/root/shared"
    mount --bind "$shared" "$tree/root/shared"
fi
exec chroot "$tree" /bin/bash -c "$script" tests/releases.sh "$@"
'

# One release, into its log; the result is its last line.
try_release() # NAME
{
    local name=$1 tree=$folder/$1
    [ -e "$tree/root/bare" ] || debootstrap --variant=minbase "$name" "$tree" || return 1
    touch "$tree/root/bare"
    cp /etc/resolv.conf "$tree/etc/resolv.conf"
    rm -rf "$tree/root/descent"
    git clone --quiet --no-hardlinks "$root" "$tree/root/descent" || return 1
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb unshare --mount --propagation private \
        bash -c "$inside" bash "$tree" "$root/../shared" "$script" "${presets[@]}"
}

failed=()
for name; do
    log=$folder/$name.log
    printf '%s: running; the log is %s\n' "$name" "$log"
    if try_release "$name" </dev/null >"$log" 2>&1; then
        sed -n 's/^\(100% tests passed.*\)/  \1/p; s/^versions: /  /p' "$log"
        printf '%s: passed\n' "$name"
    else
        tail -n 40 "$log"
        printf '%s: FAILED\n' "$name"
        failed+=("$name")
    fi
done
[ ${#failed[@]} -eq 0 ]
