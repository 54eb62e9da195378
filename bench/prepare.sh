# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What bench/*.sh, tests/run.sh and .ci/run share; to be sourced. It sets `root`, installs the
# Debian packages that are missing (saying first which and what for) and configures and builds.
#
# shellcheck disable=SC2034 # the tables of packages are used by those who source this

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# package|what for|the program that will do instead, wherever it comes from
packages_to_build='
gcc|compiles the program, with OpenMP|gcc
libc6-dev|headers of the C library|
cmake|configures the build (3.25 or newer)|cmake
ninja-build|runs the build|ninja
pkg-config|finds the libraries|pkg-config
libopenblas-openmp-dev|matrix products on all cores (OpenBLAS with OpenMP)|
librandom123-dev|random numbers that do not depend on threads|
libfyaml-dev|reads sweep files (YAML)|
libsqlite3-dev|stores results|
libjansson-dev|writes and reads JSON|
libxxhash-dev|digests of data and traces|
zlib1g-dev|unpacks gzip and zip|
libbz2-dev|unpacks bzip2|
liblzma-dev|unpacks xz|
libzstd-dev|unpacks zstd|
liblz4-dev|unpacks lz4|
libhwloc-dev|knows cores, caches and NUMA nodes|
libpapi-dev|counts cycles and cache misses (PAPI; the build does without it, too)|
libjs-chart.js|draws curves and bars in the report page (Chart.js)|
node-d3|draws parallel coordinates in the report page (D3)|'
packages_to_test='
libcmocka-dev|tests of modules|
bats|tests of the command line|bats
jq|reads exports in tests|jq
sqlite3|looks into stores in tests|sqlite3
gnuplot-nox|draws pictures|gnuplot
bzip2|packs data in tests|bzip2
xz-utils|likewise|xz
zstd|likewise|zstd
lz4|likewise|lz4
zip|likewise|zip
git|makes a repository in a test|git
clang-format|checks the layout of the source|clang-format'
packages_to_benchmark='
libbenchmark-dev|times what is registered (Google Benchmark)|
g++|compiles the one file in C++ that calls it|g++
jq|makes tables of what was measured|jq'
packages_for_clang='
clang|the second compiler|clang
libclang-rt-dev|the sanitizers and libFuzzer of clang|
libomp-dev|OpenMP for clang|
lld|links what clang compiles|ld.lld'
packages_to_check='
clang-tidy|finds mistakes in the source|clang-tidy
shellcheck|finds mistakes in scripts|shellcheck
groff|reads the manual in tests|groff
mandoc|finds mistakes in the manual|mandoc
zsh|reads its completion in tests|zsh
fish|completes by its completion in tests|fish'
packages_for_ranks='
libopenmpi-dev|distributes over processes (Open MPI)|
openmpi-bin|starts them|mpirun.openmpi
libmpich-dev|the other MPI, for the tests of jobs|
mpich|starts its processes|mpirun.mpich
slurmctld|runs job arrays in tests (Slurm)|slurmctld
slurmd|likewise|slurmd
slurm-client|likewise|sbatch
munge|lets the parts of Slurm trust each other|munged'
packages_to_compare='
hyperfine|times whole programs|hyperfine
jq|gathers times and results|jq
python3-sklearn|scikit-learn, to compare with|
python3-pandas|reads CSV files for scikit-learn|
liblinear-tools|LIBLINEAR, to compare with|liblinear-train'
packages_for_ceilings='
jq|gathers rates|jq
likwid|measures bandwidths, to compare with|likwid-bench'
packages_for_solvers='
jq|gathers times and results|jq
python3-sklearn|scikit-learn, to compare with|
python3-liblinear|LIBLINEAR, called from Python, to compare with|
r-base-core|runs glmnet|Rscript
r-cran-glmnet|glmnet, to compare with|
r-cran-nnet|multinom, likewise|
r-cran-jsonlite|lets R read and write messages|'
packages_for_folds='
jq|gathers gaps|jq
python3-sklearn|scikit-learn, to compare with|
r-base-core|runs glmnet|Rscript
r-cran-glmnet|glmnet, to compare with|
r-cran-doparallel|runs its folds at the same time|'

# The lines of a table whose package is not installed, nor the program that will do.
missing_packages() # TABLE...
{
    local package purpose program
    while IFS='|' read -r package purpose program; do
        if [ -z "$package" ] || { [ -n "$program" ] && command -v "$program" >/dev/null; }; then
            continue
        fi
        # shellcheck disable=SC2016 # dpkg-query's own variable
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            printf '%s|%s\n' "$package" "$purpose"
        fi
    done < <(printf '%s\n' "$@")
}

# Installs with apt-get; as root, or through sudo where it asks nothing or can ask a user.
apt_install() # PACKAGE...
{
    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo "${as_root[@]}")
    fi
    local install=("${as_root[@]}" apt-get install --yes --no-install-recommends "$@")
    # An unknown package, or one whose version has left the mirror, means old lists.
    if ! apt-cache show "$@" >/dev/null 2>&1 || ! "${install[@]}"; then
        "${as_root[@]}" apt-get update && "${install[@]}"
    fi
}

may_install()
{
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" -eq 0 ] && return 0
    command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

# Says what to do where this script may not install, and ends it.
ask_for_packages() # PACKAGE...
{
    if command -v apt-get >/dev/null; then
        printf 'This script may not install them here. Type as root, then start it again:\n'
        printf '  apt-get update && apt-get install --no-install-recommends %s\n' "$*"
    else
        printf 'There is no apt-get here: install what these packages hold, and build by hand:\n'
        printf '  cmake --preset release && cmake --build --preset release\n'
    fi
    exit 1
}

# Makes sure that the packages of the given tables are there, or ends the script.
install_packages() # TABLE...
{
    local missing names package purpose
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    mapfile -t names < <(cut -d '|' -f 1 <<<"$missing")
    printf 'These Debian packages are missing:\n'
    while IFS='|' read -r package purpose; do
        printf '  %-24s %s\n' "$package" "$purpose"
    done <<<"$missing"
    may_install || ask_for_packages "${names[@]}" >&2
    printf 'Installing them with apt-get.\n'
    apt_install "${names[@]}" </dev/null && return 0
    {
        printf 'apt-get could not install them; its message is above. On Ubuntu, most of them are\n'
        printf 'in "universe": add-apt-repository universe, then start this script again.\n'
    } >&2
    exit 1
}

# Says so when CMake is too old to read CMakeLists.txt, and ends the script.
check_cmake()
{
    local version
    version=$(cmake --version | sed -n '1s/[^0-9]*\([0-9.]*\).*/\1/p')
    if [ "$(printf '3.25\n%s\n' "$version" | sort -V | head -n 1)" != 3.25 ]; then
        printf 'CMake 3.25 or newer is needed, and %s is %s. ' "$(command -v cmake)" "$version"
        printf 'Debian 12 and Ubuntu 24.04 have it; elsewhere: https://cmake.org/download\n'
        exit 1
    fi >&2
}

# Configures and builds a preset of CMakePresets.json, in its folder.
build_preset() # PRESET [OPTION-FOR-CMAKE...] [-- OPTION-FOR-THE-BUILD...]
{
    local preset=$1 configure=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        configure+=("$1")
        shift
    done
    [ $# -eq 0 ] || shift
    check_cmake
    (cd "$root" && cmake --preset "$preset" "${configure[@]}" >/dev/null &&
        cmake --build --preset "$preset" "$@")
}

# Builds one target into build/. The tests need packages of their own: they are left out, unless
# this folder has them already.
build_target() # TARGET
{
    local options=()
    if [ ! -e "$root/build/CMakeCache.txt" ]; then
        options=(-DDESCENT_TESTS=OFF)
    fi
    printf 'Building into %s\n' "$root/build"
    build_preset release "${options[@]}" -- --target "$1"
}
