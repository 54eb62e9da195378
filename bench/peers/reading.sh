#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How quickly are files read? descent beside what else reads or unpacks them:
#
#   tables    4 columns of categories (5 to 500) and 6 of numbers, 5 % gaps in three: pandas
#   LIBSVM    10 numbers a row: scikit-learn's load_svmlight_file()
#   packed    numbers in CSV and in LIBSVM, packed: the program that unpacks, alone into /dev/null
#             and through a pipe
#   before    numbers in CSV and in LIBSVM: another build of descent, if one is given
#
# Ours is a whole `descent data FILE`: it starts, reads, encodes, describes and ends. Of Python only
# the call that reads counts. Where an unpacking program is compared, what descent needs with the
# same numbers in X.npy is taken off: 80 % of its speed is a statement about reading.
#
# The commands of a group take turns, round after round; a ratio is the median of those within a
# round. No row has a time before both sides were seen to read the same numbers.
#
#   bench/peers/reading.sh [OPTION...]     see --help. Writes results/reading.md
#
# shellcheck disable=SC2016 # backquotes are Markdown's
set -euo pipefail
# shellcheck source=bench/prepare.sh
. "$(dirname "${BASH_SOURCE[0]}")/../prepare.sh"
# shellcheck source=bench/peers/peers.sh
. "$root/bench/peers/peers.sh"

unset OMP_NUM_THREADS
export LC_ALL=C
command_line="bench/peers/reading.sh${*:+$(printf ' %q' "$@")}"
rows=300000 rounds=5 warmup=1 seed=1 before='' output=$root/results/reading.md build='' may_add=yes
threads='1 2'

# How often as quick as the other, at least.
bar_pandas=5 bar_unpacking=0.8 bar_before=0.97

usage()
{
    cat <<'USAGE'
bench/peers/reading.sh: time reading files, beside pandas, scikit-learn, unpacking, and an older build

  --rows N --seed N    of the data (300000 and 1)
  --rounds N           every command has one turn in each (5)
  --before DESCENT     another build of descent, to see that nothing became slower
  --quick              tiny data, one round: to see whether it works, not how fast; options
                       after it hold
  --output FILE        the tables (results/reading.md)
  --build DIR          a configured build folder to take descent from (made: build)
  --no-install         install nothing; what is not there is skipped
USAGE
}

set_option() # OPTION VALUE
{
    case $1 in
    --rows | --rounds) set_number "$1" "$2" "$count" ;;
    --seed) set_number "$1" "$2" '[0-9]+' ;;
    --before)
        before=$(realpath -m "$2")
        [ -x "$before" ] || refuse "'$2' is no program"
        ;;
    *) refuse "there is no option '$1'" ;;
    esac
}

set_quick()
{
    rows=2000 rounds=1 warmup=0 # with fewer, 500 categories would be too many
}

prepare_programs()
{
    if [ -n "$may_add" ]; then
        [ -n "$build" ] || install_packages "$packages_to_build"
        (install_packages "$packages_to_compare") || printf 'Going on without them.\n' >&2
    fi
    build_programs descent
    find_python
}

# table.csv, and numbers.csv and .libsvm.
make_data()
{
    printf 'Making the data: %s rows\n' "$rows"
    awk -v rows="$rows" -v seed="$seed" '
    function text(prefix, levels) { return prefix int(levels * rand()) }
    function number() { return sprintf("%.6f", 10 * rand() - 5) }
    function gap(value) { return rand() < 0.05 ? "" : value }
    BEGIN {
        srand(seed)
        print "town,job,code,product,a,b,c,d,e,f,y" >"table.csv"
        for (i = 0; i < rows; i++) {
            y = int(2 * rand())
            print text("town", 5) "," gap(text("job ", 30)) "," text("c", 100) "," \
                text("product-", 500) "," number() "," gap(number()) "," number() "," number() "," \
                gap(number()) "," number() "," y >"table.csv"
            line = ""
            for (j = 0; j < 10; j++)
                line = line number() ","
            print line y >"numbers.csv"
        }
    }'
    descent data convert numbers.csv numbers.libsvm >/dev/null
    descent data convert numbers.csv numbers-X.npy >/dev/null
}

# What descent reads in FILE, or in what COMMAND writes: a matrix, with categories as ordinals.
matrix_of() # PROGRAM OUT-X.npy FILE [OPTION...]
{
    "$1" data convert "${@:3}" "$2" --force >/dev/null
}

# --- Turns -------------------------------------------------------------------------------------

# A command that is timed as a whole, and one that prints the seconds that count.
timed() # NAME COMMAND
{
    names+=("$1") commands[$1]=$2 printing[$1]=''
}

printed() # NAME COMMAND
{
    names+=("$1") commands[$1]=$2 printing[$1]=yes
}

take_turn() # NAME
{
    local start=$EPOCHREALTIME end
    eval "${commands[$1]}" >out 2>errors || {
        printf 'reading.sh: %s failed:\n' "${commands[$1]}" >&2
        cat errors >&2
        exit 1
    }
    end=$EPOCHREALTIME
    if [ -n "${printing[$1]}" ]; then
        cat out >>"times/$1"
    else
        awk "BEGIN { printf \"%.6f\n\", $end - $start }" >>"times/$1"
    fi
}

begin_group()
{
    declare -gA commands=() printing=()
    names=()
}

take_turns()
{
    local round name
    for name in "${names[@]}"; do
        [ "$warmup" = 0 ] || take_turn "$name" # so that files are in the cache of the system
        : >"times/$name"
    done
    for ((round = 0; round < rounds; round++)); do
        for name in "${names[@]:round % ${#names[@]}}" "${names[@]:0:round % ${#names[@]}}"; do
            take_turn "$name"
        done
    done
}

# --- Tables ------------------------------------------------------------------------------------

head_table() # TITLE TEXT
{
    printf '## %s\n\n%s\n\n' "$1" "$2"
    printf '| file | MB | threads | descent | beside | its time | times as quick | at least | |\n'
    printf '|---|--:|--:|--:|---|--:|--:|--:|---|\n'
}

# CHECK: empty, or how the numbers differ. OFF: the name whose times are taken off ours, or -.
show() # FILE THREADS OURS WHAT THEIRS BAR OFF CHECK
{
    local file=$1 megabytes
    megabytes=$(stat -c %s "$file" | awk '{ printf "%.1f", $1 / 1e6 }')
    if [ -n "$8" ]; then
        printf '| %s | %s | %s | | %s | | | | FAILED: %s |\n' "$file" "$megabytes" "$2" "$4" "$8"
        return
    fi
    paste "times/$3" "times/$5" "times/$([ "$7" = - ] && printf %s "$3" || printf %s "$7")" |
        awk -v file="$file" -v megabytes="$megabytes" -v threads="$2" -v what="$4" -v bar="$6" -v off="$7" '
        function median(values, n,    i, j, t) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && values[j] < values[j - 1]; j--) {
                    t = values[j]; values[j] = values[j - 1]; values[j - 1] = t
                }
            return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
        }
        {
            rest = off == "-" ? $1 : $1 - $3
            ours[NR] = $1; theirs[NR] = $2; ratios[NR] = $2 / (rest > 0.001 ? rest : 0.001)
        }
        END {
            ratio = sprintf("%.2f", median(ratios, NR)) + 0 # as it is shown
            verdict = bar == "-" ? "" : ratio >= bar ? "met" : "MISSED"
            printf "| %s | %s | %s | %.3f s | %s | %.3f s | %.2f (%.2f..%.2f) | %s | %s |\n", file, megabytes,
                threads, median(ours, NR), what, median(theirs, NR), ratio, ratios[1], ratios[NR],
                bar == "-" ? "" : bar, verdict
        }'
}

skipped() # FILE WHAT REASON
{
    printf '| %s | | | | %s | | | | skipped: %s |\n' "$1" "$2" "$3"
}

# Prints how two matrices differ; nothing: they do not.
difference() # A B
{
    cmp -s "$1" "$2" || printf 'other numbers are read'
}

in_python() # ARGUMENT...
{
    "$python" "$root/bench/peers/plain_reading.py" "$@"
}

python_has() # MODULE
{
    [ -n "$python" ] && in_python has "$1" 2>/dev/null
}

# The same by a line of bash.
call_python="\"\$python\" \"\$root/bench/peers/plain_reading.py\""

# --- Groups ------------------------------------------------------------------------------------

group_tables()
{
    local t engine check engines=()
    head_table 'Tables with categories and gaps' "\`read_csv()\` leaves texts and gaps as they are: beside it descent
makes numbers of the categories (\`--categories ordinal\`) and fills gaps (\`--missing mean\`). *encoded*: in pandas gaps
are filled and \`get_dummies(sparse=True)\` makes 0/1 columns, as \`--missing mean\` alone does in descent."
    for engine in c pyarrow; do
        if ! python_has pandas; then
            skipped table.csv "pandas, engine $engine" 'pandas is not installed'
        elif [ "$engine" != c ] && ! python_has "$engine"; then
            skipped table.csv "pandas, engine $engine" "$engine is not installed"
        else
            engines+=("$engine")
        fi
    done
    [ ${#engines[@]} -gt 0 ] || return 0
    matrix_of descent ours-X.npy table.csv --missing mean --categories ordinal
    check=$(in_python check table.csv ours-X.npy 2>&1) || check=${check:-it ended badly}
    begin_group
    for t in $threads; do
        timed "ordinal-$t" "descent data table.csv --missing mean --categories ordinal --threads $t"
        timed "onehot-$t" "descent data table.csv --missing mean --threads $t"
    done
    for engine in "${engines[@]}"; do
        printed "csv-$engine" "$call_python csv table.csv $engine"
        printed "dummies-$engine" "$call_python onehot table.csv $engine"
    done
    take_turns
    for engine in "${engines[@]}"; do
        for t in $threads; do
            show table.csv "$t" "ordinal-$t" "pandas, engine $engine" "csv-$engine" "$bar_pandas" - "$check"
            show table.csv "$t" "onehot-$t" "the same, encoded" "dummies-$engine" - - "$check"
        done
    done
}

group_libsvm()
{
    local t check
    head_table 'LIBSVM' 'Every feature of every row is there.'
    if [ -z "$python" ]; then
        skipped numbers.libsvm 'load_svmlight_file()' 'scikit-learn is not installed'
        return
    fi
    matrix_of descent ours-X.npy numbers.libsvm
    check=$(in_python check numbers.libsvm ours-X.npy 2>&1) || check=${check:-it ended badly}
    begin_group
    for t in $threads; do
        timed "libsvm-$t" "descent data numbers.libsvm --threads $t"
    done
    printed svmlight "$call_python libsvm numbers.libsvm"
    take_turns
    for t in $threads; do
        show numbers.libsvm "$t" "libsvm-$t" 'load_svmlight_file()' svmlight - - "$check"
    done
}

# program|ending|how it unpacks|how often as quick on two threads, at least. xz and lz4 are shown.
packers="gzip -6|gz|zcat|$bar_unpacking
bzip2|bz2|bzcat|$bar_unpacking
xz -1|xz|xzcat|-
zstd -q|zst|zstdcat|$bar_unpacking
lz4 -q|lz4|lz4cat|-"

group_packed()
{
    local format pack ending unpack bar
    head_table 'Packed numbers' "Beside the program that unpacks, *times as quick* is its time by ours without that of \`X.npy\`.
On one thread unpacking and reading come one after the other; on two, at the same time. Beside the pipe both are whole."
    for format in csv libsvm; do
        while IFS='|' read -r pack ending unpack bar; do
            if command -v "${pack%% *}" >/dev/null; then
                packed_rows "$format" "$pack" "numbers.$format.$ending" "$unpack" "$bar"
            else
                skipped "numbers.$format.$ending" "$unpack" "${pack%% *} is not installed"
            fi
        done <<<"$packers"
    done
}

packed_rows() # FORMAT PACK FILE UNPACK BAR
{
    local format=$1 file=$3 unpack=$4 t alone piped
    $2 -c <"numbers.$format" >"$file"
    matrix_of descent plain-X.npy "numbers.$format"
    matrix_of descent ours-X.npy "$file"
    alone=$(difference ours-X.npy plain-X.npy)
    "$unpack" "$file" | matrix_of descent ours-X.npy - --format "$format"
    piped=$(difference ours-X.npy plain-X.npy)
    begin_group
    timed alone "$unpack $file"
    for t in $threads; do
        timed "packed-$t" "descent data $file --threads $t"
        timed "npy-$t" "descent data numbers-X.npy --threads $t"
        timed "pipe-$t" "$unpack $file | descent data - --format $format --threads $t"
    done
    take_turns
    for t in $threads; do
        # On one thread nothing can be done at the same time: there the bar holds for nothing.
        show "$file" "$t" "packed-$t" "$unpack" alone "$([ "$t" = 1 ] && printf -- - || printf %s "$5")" \
            "npy-$t" "$alone"
        show "$file" "$t" "packed-$t" "$unpack, a pipe" "pipe-$t" - - "${alone:-$piped}"
    done
    rm "$file"
}

group_before()
{
    local t format check
    head_table 'Beside the build before' "${before:+\`$("$before" --version | sed -n 1p)\`}"
    for format in csv libsvm; do
        if [ -z "$before" ]; then
            skipped "numbers.$format" 'another build' 'none is given (--before)'
            continue
        fi
        matrix_of descent ours-X.npy "numbers.$format"
        matrix_of "$before" theirs-X.npy "numbers.$format"
        check=$(difference ours-X.npy theirs-X.npy)
        begin_group
        for t in $threads; do
            timed "now-$t" "descent data numbers.$format --threads $t"
            timed "before-$t" "\"\$before\" data numbers.$format --threads $t"
        done
        take_turns
        for t in $threads; do
            show "numbers.$format" "$t" "now-$t" 'the build before' "before-$t" "$bar_before" - "$check"
        done
    done
}

report()
{
    local group
    print_heading 'How quickly files are read' peers/reading.sh machine
    cat <<END
$rows rows, and rounds in which every command of a group has one turn: $rounds. Seconds are medians; *times as quick* is the median
of the ratios within a round, and the least and the largest of them. Ours is a whole \`descent data FILE\`, with starting and
describing; Python's is the call alone, without starting. No row has a time unless both read the same numbers: bit by
bit where both are descent, to 1e-12 of a column's largest value where one is Python, whose \`read_csv()\` does not round
every number to the nearest.

END
    for group in tables libsvm packed before; do
        printf 'Timing: %s\n' "$group" >&2
        "group_$group"
        printf '\n'
    done
}

parse_options "$@"
load=$(cut -d ' ' -f 1-3 /proc/loadavg)
prepare_programs
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent reading.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir bin times
ln -s "$build/descent" bin
PATH=$folder/bin:$PATH
make_data
report >"$folder/report"
write_table "$folder/report"
