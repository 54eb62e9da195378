# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Time to a gap beside other programs, a part of bench/peers/solvers.sh, to be sourced: configs/peers.yaml
# with the data and the programs that are here, as a sweep of descent, and what `descent compare` says of
# it. The sweep stays in FILE-peers beside the tables.
#
# shellcheck disable=SC2016,SC2154 # dollars are jq's own; variables are those of bench/peers/solvers.sh

part_gap()
{
    local sweep=peers.yaml store=${output%.md}-peers
    peers_file >"$sweep"
    grep -q '^  - ' <(sed -n '/^data:/,/^programs:/p' "$sweep") || return 0
    drop_missing "$sweep"
    rm -rf "$store"
    # Trials of who is not ready in time fail, which is told and belongs to the race.
    descent sweep "$sweep" --results "$folder" --quiet || [ $? -eq 1 ]
    mkdir -p "$(dirname "$store")"
    mv "$folder/peers" "$store"
    (cd "$(dirname "$store")" && descent compare "$(basename "$store")" --by program) >gap.md
    emit --arg part gap --rawfile markdown gap.md '$ARGS.named'
}

# The sweep with paths that hold here, without data that are not there.
peers_file()
{
    local file
    sed -E -e "s|^data_folder:.*|data_folder: $data_folder|" -e "s|\.\./bench/|$root/bench/|; s|\.\./build/|$build/|" \
        -e "s|\[python3,|[${python:-python3},|" -e "s/^finals:.*/finals: $finals/" "$root/configs/peers.yaml" >all.yaml
    for file in a9a.libsvm w8a.libsvm mushrooms.libsvm lightgbm_higgs7k.csv; do
        have_data gap "$file" >&2 || sed -i "/^  - .*$file/d" all.yaml
    done
    cat all.yaml
}

# Takes out of a sweep file who is not among `programs`, where that names some, and who does not answer.
drop_missing() # FILE
{
    local program reason
    while read -r program; do
        [ -z "$programs" ] || [[ " $programs " = *" $program "* ]] || drop_program "$program" "$1"
    done < <(sed -nE 's/^  ([^ ]+): \{command:.*/\1/p' "$1")
    { descent programs "$1" --format json 2>/dev/null || true; } >asked.json
    while IFS=$'\t' read -r program reason; do
        printf '  %s: skipped: %s\n' "$program" "$reason"
        emit --arg part gap --arg data "$program" --arg skipped "$reason" '$ARGS.named'
        drop_program "$program" "$1"
    done < <(jq -r '.[] | select(.error) | [.program, (.error | split("\n")[0])] | @tsv' asked.json)
}

# Its definition, its name in lists, and runs that are of nobody then.
drop_program() # NAME FILE
{
    sed -i -E -e "/^  $1: /d" -e "/^  - \{program:/s/([[ ])$1(, |\])/\1\2/" -e 's/\[, /[/; s/, , /, /; s/, \]/]/' \
        -e '/^  - \{program: \[\]/d' "$2"
}
