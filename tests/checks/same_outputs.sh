#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Do two builds of descent print, draw and record the same? Commands of the README and of docs/ are run
# by both in folders of their own, and everything that they write is compared byte for byte: what is
# printed, exports, pictures, pages, models. Stores are recorded by the first build and read by both,
# so that recorded times are the same; where a command measures times itself they are masked. For
# changes that are to change nothing.
#
#   tests/checks/same_outputs.sh OLD NEW      two programs; prints what differs, exit code 1 if anything does
set -euo pipefail
[ $# -eq 2 ] || { sed -n 's/^#   \(tests.*\)/usage: \1/p' "${BASH_SOURCE[0]}" >&2 && exit 2; }
old=$(realpath "$1") new=$(realpath "$2")
configs=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../configs" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/descent-same.XXXXXX")
trap 'rm -rf "$folder"' EXIT
export OMP_NUM_THREADS=2 OMP_WAIT_POLICY=passive DESCENT_PROGRESS=never

# What both find when they begin: data, sweep files, and stores with their times.
mkdir "$folder/begin" && cd "$folder/begin"
for name in sgd-vs-gd batch-size; do
    [ ! -e "$configs/$name.yaml" ] || sed -E 's/^( *repeats: ).*/\12/; s/rows=?:? *[0-9]{5,}/rows: 2000/; s/(epochs: *)[0-9]{3,}/\120/' "$configs/$name.yaml" >"$name.yaml"
done
cat >small.yaml <<'END'
# Does SGD or batch gradient descent come down first?
name: small
data: [pets, {generate: blobs, rows: 500, features: 4, seed: 1}]
runs:
  - {solver: gd, rate: [0.1, 1.0]}
  - {solver: sgd, rate: [0.01, 0.1]}
  - {solver: minibatch, rate: 0.1, batch: [8, 32]}
lambda: [0.01, 0.1]
seed: [1, 2]
repeats: 2
threads: [1, 2]
optimum: always
stop: {epochs: 12}
warmup: 0
retries: 0
END
sed 's/^name: small/name: other/; s/^repeats: 2/repeats: 1/' small.yaml >other.yaml
sed 's/^name: small/name: profiled/; s/^repeats: 2/profile: on/; s/^data:.*/data: pets/' small.yaml >profiled.yaml
for name in small other profiled; do
    "$old" sweep "$name.yaml" --quiet >"$folder/log" 2>&1 || { cat "$folder/log" >&2 && exit 1; }
done
{ echo x1,x2,x3,label && "$old" data blobs:rows=300,features=3,seed=2 --output -; } >blobs.csv
"$old" data pets --output pets.csv >/dev/null
"$old" data convert blobs.csv blobs.svm >/dev/null
"$old" train pets.csv --save model.json >/dev/null
printf 'a,b,label\n1,x,0\n' >wrong.csv
printf 'data: pets\nsolver: gdd\n' >wrong.yaml

cat >"$folder/commands" <<'END'
train pets
train pets --solver sgd --rate 0.05 --epochs 5 --seed 3
train blobs.csv --solver newton --lambda 0.1
train blobs.csv --solver lbfgs --lambda 0.1 --scale standard --split 0.2
train blobs.svm --solver saga --epochs 4 --rate auto
train blobs.csv --solver minibatch-adam --batch 16 --epochs 3 --weights balanced
train blobs.csv --solver gd-nesterov --save saved.json
train wrong.csv
train blobs.csv --solver gdd
predict model.json pets.csv
predict saved.json blobs.csv --output predicted.csv
data pets
data blobs.csv --split 0.25
data convert blobs.csv other.svm
data blobs:rows=50,features=2 --output new.csv --names
data wrong.csv
plan small.yaml # times
plan sgd-vs-gd.yaml # times
plan batch-size.yaml # times
plan wrong.yaml
show results/small
show results/small --top 2
show results/profiled
show results/nothing
compare results/small
compare results/small --by threads
compare results/small --format json
compare results/small --format markdown
compare results/small results/other
report results/small --output page.html
report results/profiled --output profile.html
export results/small --format csv
export results/small --format json
export results/small --format csv --traces
export results/profiled --format gbench
merge results/both results/small results/small
plot points pets --output points.svg
plot boundary pets --output boundary.svg
plot loss results/small --output loss.svg
plot loss-function --output loss-function.svg
plot gap results/small --output gap.svg
plot targets results/small --output targets.svg
plot performance results/small --output performance.svg
plot heatmap results/small --x rate --y lambda --output heatmap.svg
plot roofline results/profiled --output roofline.svg
plot scaling results/small --output scaling.svg
slurm small.yaml --nodes 2 --output job.sh
list solvers
list plots
list options
completion bash
man sweep
sweep --help
tune-placement --help
END

# Runs the commands with one build; `# times` masks those that it measures.
run_all() # PROGRAM FOLDER
{
    local program=$folder/descent number=0 line
    cp "$1" "$program" # under one name, and in one folder
    cp -r "$folder/begin" "$folder/here" && cd "$folder/here"
    # Stores that development before 0.1 wrote differ from those of now in the mark of their version.
    for store in results/*; do
        case $("$program" show "$store" 2>&1) in
        *'written by a development version'*) sqlite3 "$store/store.sqlite" 'PRAGMA user_version = 101' ;;
        esac
    done
    while IFS= read -r line; do
        number=$((number + 1))
        # shellcheck disable=SC2086 # words of a command
        { "$program" ${line%%#*} </dev/null 2>&1 || printf 'exit code %d\n' $?; } >"said.$number"
        case $line in
        *'# times'*) sed -E -i 's/[0-9.e+-]+ ?(ns|µs|us|ms|s|min|h|MB\/s|GB\/s|GFLOP\/s|[KMG]iB|%)\b/TIME/g; s/"[a-z_]*seconds": *[0-9.e+-]+/SECONDS/g; s/  +/ /g' "said.$number" ;;
        esac
        sed -E -i 's/^Seconds: .*/SECONDS/; s/"date":"[^"]*"/DATE/' "said.$number"
        printf '%s\n' "$line" >>"said.$number"
    done <"$folder/commands"
    # What a sweep records, without what it measured.
    "$program" sweep small.yaml --results again --quiet >said.sweep 2>&1
    "$program" export again/small --format csv --traces |
        awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i ~ /seconds|load|switches|migrations|steal|pressure|waiting|drift|slew|recorded|processors|disturbed/) hide[i] }
            { for (i in hide) $i = ""; print }' >recorded.csv
    rm -rf again said.sweep
    sed -E -i 's/^(# Time: 2 times the ).* that/\1TIME that/; s/^(#SBATCH --time=).*/\1TIME/' job.sh
    find . \( -name 'store.sqlite*' -o -name lock \) -delete
    cd / && mv "$folder/here" "$2"
}

(run_all "$old" "$folder/old")
(run_all "$new" "$folder/new")
# The builds say who they are.
commits=$(printf '%s\n%s\n' "$("$old" --version)" "$("$new" --version)" | grep -oE '\b[0-9a-f]{7,40}(-dirty)?\b' | sort -u | paste -sd '|')
[ -z "$commits" ] || grep -rlE "$commits" "$folder/old" "$folder/new" | xargs -r sed -E -i "s/$commits/COMMIT/g"
if [ -n "${SAME_KEEP:-}" ]; then cp -r "$folder/new" "$SAME_KEEP"; fi
if diff -r "$folder/old" "$folder/new"; then
    printf '%d files are the same\n' "$(find "$folder/new" -type f | wc -l)"
else
    exit 1
fi
