# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the comparisons with other programs share; to be sourced after prepare.sh: options, what has to
# be there, and what the machine is.
#
# shellcheck disable=SC2034,SC2154 # `build`, `load` and `processors` are the script's, `root` is prepare.sh's

refuse() # MESSAGE
{
    printf '%s: %s; see --help\n' "${0##*/}" "$1" >&2
    exit 2
}

count='[1-9][0-9]*' real='([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?' # patterns of numbers

set_number() # OPTION VALUE PATTERN
{
    local name=${1#--}
    [[ $2 =~ ^$3$ ]] || refuse "'$2' is not allowed for $1"
    printf -v "${name//-/_}" '%s' "$2"
}

# Reads the options of a script: those that all have, which set `output`, `build` and `may_add`, and
# its own by its set_option OPTION VALUE and, if it has one, set_quick. Its usage() is the help.
parse_options() # OPTION...
{
    while [ $# -gt 0 ]; do
        case $1 in
        --help) usage && exit 0 ;;
        --no-install) may_add='' && shift && continue ;;
        --quick) ! declare -F set_quick >/dev/null || { set_quick && shift && continue; } ;;
        esac
        [ $# -ge 2 ] || refuse "'$1' is no option, or its value is missing"
        case $1 in
        --output) output=$(realpath -m "$2") ;;
        --build)
            build=$(realpath -m "$2")
            [ -e "$build/CMakeCache.txt" ] || refuse "'$2' is no configured build folder"
            ;;
        *) set_option "$1" "$2" ;;
        esac
        shift 2
    done
    case $output in *.md) ;; *) refuse "the output is Markdown: '$output' does not end with .md" ;; esac
}

# The table takes the place of an older one only when it is complete.
write_table() # FILE
{
    mkdir -p "$(dirname "$output")"
    cp "$1" "$output.part"
    mv "$output.part" "$output"
    printf 'Written: %s\n' "$output"
}

need_tools() # PROGRAM...
{
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null && continue
        printf '%s needs %s: apt-get install %s, or start it without --no-install\n' \
            "${0##*/}" "$tool" "$tool" >&2
        exit 1
    done
}

# Builds into `build`, or into build/ where that is empty, and sets it.
build_programs() # TARGET...
{
    local fresh=()
    if [ -n "$build" ]; then
        cmake --build "$build" --target "$@" >&2
        return
    fi
    build=$root/build
    [ -e "$build/CMakeCache.txt" ] || fresh=(-DDESCENT_TESTS=OFF)
    build_preset release "${fresh[@]}" -- --target "$@" >&2
}

# Sets `python` to one that has scikit-learn, or to nothing.
find_python()
{
    local candidate
    python=''
    while read -r candidate; do
        if "$candidate" -c 'import sklearn' 2>/dev/null; then
            python=$candidate
            break
        fi
    done < <(type -ap python3)
}

# What a table was measured on: programs, machine, and how busy it was before (`load`).
machine()
{
    descent --version
    printf 'processor %s, %d of them\n' \
        "$(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" "$(nproc)"
    awk '/^MemTotal/ { printf "memory    %.1f GiB\n", $2 / 1048576 }' /proc/meminfo
    printf 'system    %s, %s\n' "$(uname -sr)" \
        "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)"
    printf 'load      %s before\n' "$load"
    [ -z "$python" ] || printf 'peers     %s\n' "$("$python" "$root/bench/peers/plain_sklearn.py" versions)"
    # shellcheck disable=SC2016 # dpkg-query's own variables
    dpkg-query -W -f 'peers     ${Package} ${Version}\n' liblinear-tools python3-liblinear 2>/dev/null ||
        true
}

# The machine where no peers are run.
machine_alone()
{
    machine | sed '/^peers /d'
}

# The head of a file in results/: what it answers, the command, the machine as FACTS prints it.
# shellcheck disable=SC2016 # backquotes are Markdown's
print_heading() # TITLE SCRIPT FACTS
{
    printf '# %s\n\n' "$1"
    printf '`bench/%s` made this file on %s. The command:\n\n' "$2" "$(date -u '+%Y-%m-%d %H:%M UTC')"
    printf '```sh\n%s\n```\n\nThe machine:\n\n```text\n' "$command_line"
    PATH=$build:$PATH "$3"
    printf '```\n\n'
}
