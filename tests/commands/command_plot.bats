#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# descent plot and descent train --animate: what each picture must contain, that text from files is
# shown as it is, and what is said when something is wrong. What needs gnuplot is skipped where it is
# not installed.

load ../helpers/profiled

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    command -v gnuplot > /dev/null || return 0
    cat > all.yaml << 'YAML'
# Which is
# the faster?
name: all
data:
  - {generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1}
  - {generate: pets}
optimum: always
runs:
  - {solver: gd, rate: [0.5, 2], threads: [1, 2]}
  - {solver: minibatch, rate: [0.1, 1, 1e9], batch: [8, 32]}
stop: {epochs: 20}
repeats: 6
binding: none
retries: 0
YAML
    "$DESCENT" sweep all.yaml --results . --quiet
    cat > folds.yaml << 'YAML'
# How much regularisation?
name: folds
data: {generate: blobs, rows: 60, features: 3, noise: 0.1}
solver: gd
rate: [0.5, 2]
lambda: [0.001, 0.1]
folds: 3
execution: batched
optimum: never
stop: {epochs: 20}
YAML
    "$DESCENT" sweep folds.yaml --results . --quiet
    make_profiled
    name="it's <gd> \"\\n \`touch hacked\` @x"
    [ ! -d profiled ] ||
        sqlite3 profiled/store.sqlite "UPDATE data SET description = '${name//\'/\'\'}'"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    all=$BATS_FILE_TMPDIR/all
    folds=$BATS_FILE_TMPDIR/folds
    profiled=$BATS_FILE_TMPDIR/profiled
}

needs_gnuplot() {
    command -v gnuplot > /dev/null || skip "skipped: no gnuplot"
}

# An SVG file that is well formed and has these texts.
has_texts() { # FILE TEXT...
    local file=$1 text
    shift
    ! command -v xmllint > /dev/null || xmllint --noout "$file"
    for text; do
        grep -qF -- "$text" "$file" || { printf '%s: no text "%s"\n' "$file" "$text"; return 1; }
    done
}

# How many lines are drawn in a colour ("rgb(  0, 114, 178)").
count_colour() { # FILE R G B
    grep -c "$(printf "stroke='rgb(%3d, %3d, %3d)'\|stroke=\"rgb(%3d, %3d, %3d)\"" "${@:2}" "${@:2}")" "$1"
}

# Images in a GIF: a control block and what begins an image after it.
count_frames() { # FILE
    od -An -v -tx1 "$1" | tr -d ' \n' | grep -o '21f904........002c' | wc -l
}

@test "points: classes by name, a model's boundary with its equation" {
    needs_gnuplot
    "$DESCENT" train pets --solver sgd --rate 0.01 --save model.json > told
    "$DESCENT" plot points pets --model model.json --output points.svg
    has_texts points.svg cat dog height weight '>boundary<'
    # w1 height + w2 weight + b = 0, with the weights that training tells, to four digits.
    equation=$(awk '/^Weights:/ { printf "%.4g height + %.4g weight - ", $2, $3 } /^Bias:/ { printf "%.4g = 0", -$2 }' told)
    has_texts points.svg "boundary: $equation"
    "$DESCENT" train pets --scale standard --solver sgd --rate 0.01 --save scaled.json > /dev/null
    "$DESCENT" plot points pets --model scaled.json --output scaled.svg
    grep -qE 'boundary: [0-9.]+ height \+ [0-9.]+ weight - [0-9.]+ = 0' scaled.svg
    jq '.bias = 1000' model.json > far.json
    "$DESCENT" plot points pets --model far.json --output far.svg
    grep -qE 'boundary \(out of sight\): [0-9.]+ height .* \+ 1000 = 0' far.svg
    "$DESCENT" plot points pets --output alone.svg
    [ "$(grep -c boundary alone.svg)" -eq 0 ]
}

@test "more than two features: the plane of the principal components, said so" {
    needs_gnuplot
    "$DESCENT" plot points blobs:rows=100,features=6 --output points.svg
    has_texts points.svg 'principal component 1' 'principal component 2' 'of the two principal'
    "$DESCENT" plot boundary blobs:rows=100,features=6 --epochs 5 --output boundary.svg
    has_texts boundary.svg 'principal component 1' 'epoch 5, loss' 'boundary: ' ' c1 ' ' c2 '
}

@test "boundary: the last in full, earlier ones fainter" {
    needs_gnuplot
    "$DESCENT" plot boundary pets --solver sgd --rate 0.01 --epochs 30 --output boundary.svg
    has_texts boundary.svg 'pets: epoch 30, loss 0.' 'boundary: ' ' height + ' ' weight - ' ' = 0'
    faint=$(grep -oE "stroke=['\"]rgb\( *([0-9]+), *\1, *\1\)" boundary.svg | sort -u | wc -l)
    [ "$faint" -ge 8 ]
}

@test "boundary of given weights, before any training" {
    needs_gnuplot
    "$DESCENT" plot boundary pets --init=2,-1 --bias=-0.25 --epochs 0 --output start.svg
    has_texts start.svg 'pets: epoch 0, loss ' 'boundary: 2 height - 1 weight - 0.25 = 0'
    loss=$("$DESCENT" train pets --init=2,-1 --bias=-0.25 --epochs 0 | awk '/^Final loss/ { printf "%.4g", $3 }')
    has_texts start.svg "loss $loss, accuracy"
    run "$DESCENT" plot boundary pets --init 1 --epochs 0 --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'--init: 1 number was given, and the data have 2 features'* ]]
}

@test "boundary of the perceptron: no loss that is not its own, and no probability" {
    needs_gnuplot
    "$DESCENT" plot boundary pets --solver perceptron --rate 0.1 --epochs 5 --output perceptron.svg
    has_texts perceptron.svg 'pets: epoch 5, accuracy '
    run "$DESCENT" plot boundary pets --solver perceptron --probability --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'--probability: the perceptron decides, and gives no probability'* ]]
    [ ! -e no.svg ]
}

@test "probability: bands as far as the classes' colours, with a scale" {
    needs_gnuplot
    "$DESCENT" plot boundary pets --rate 2 --probability --output shaded.svg
    has_texts shaded.svg 'probability of dog' '>0.25<' '>0.75<'
    # Ten bands that all meet the axes, and the ten steps of the scale.
    "$DESCENT" plot boundary pets --rate 2 --output plain.svg
    [ "$(($(grep -c '<polygon' shaded.svg) - $(grep -c '<polygon' plain.svg)))" -eq 20 ]
    "$DESCENT" train pets --rate 2 --save model.json > told
    "$DESCENT" plot points pets --model model.json --probability --output points.svg
    has_texts points.svg 'probability of dog' 'boundary: '
    run "$DESCENT" plot points pets --probability --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'--probability needs a --model that gives it'* ]]
}

@test "animation: a frame per epoch, thinned to a hundred, and a pause; train --animate makes the same" {
    needs_gnuplot
    "$DESCENT" plot animation pets --epochs 9 --output few.gif
    [ "$(head -c 6 few.gif)" = GIF89a ]
    [ "$(od -An -v -tu2 -j6 -N4 few.gif | tr -s ' ')" = " 640 560" ]
    [ "$(count_frames few.gif)" -eq 10 ]
    # A tenth of a second each, and the last one two seconds.
    [ "$(od -An -v -tx1 few.gif | tr -d ' \n' | grep -oE '21f904..(0a|c8)00..002c' | cut -c 9-12 | uniq -c | xargs)" = "9 0a00 1 c800" ]
    "$DESCENT" train pets --epochs 9 --animate same.gif > told
    cmp few.gif same.gif
    grep -q 'Stopped: reached the epoch limit after 9 epochs' told
    "$DESCENT" train pets --epochs 500 --animate many.gif --format json > told
    jq -e '.epochs == 500' told
    [ "$(count_frames many.gif)" -eq 100 ]
}

@test "an animation as a film" {
    needs_gnuplot
    command -v ffmpeg > /dev/null && command -v ffprobe > /dev/null || skip "skipped: no ffmpeg"
    "$DESCENT" plot animation pets --epochs 4 --output few.mp4
    ffprobe -v error -count_frames -show_entries stream=width,height,nb_read_frames,avg_frame_rate \
        -of default=noprint_wrappers=1 few.mp4 > found
    grep -q '^width=640$' found
    grep -q '^height=560$' found
    grep -q '^nb_read_frames=24$' found
    grep -q '^avg_frame_rate=10/1$' found
}

@test "without ffmpeg the package is named, and the other way" {
    needs_gnuplot
    mkdir bin
    ln -s "$(command -v gnuplot)" bin/gnuplot
    run env PATH="$PWD/bin" "$DESCENT" train pets --animate f.mp4
    [ "$status" -eq 1 ]
    [[ $output == *'ffmpeg, which is not installed: the Debian package is ffmpeg; an animation is written as .gif without it'* ]]
    [[ $output != *Epoch* ]]
    printf '#!/bin/sh\n[ "$1" = -version ] && exec echo 1\necho "no such codec" >&2; exit 3\n' > bin/ffmpeg
    chmod +x bin/ffmpeg
    run env PATH="$PWD/bin:$PATH" "$DESCENT" plot animation pets --epochs 1 --output f.mp4
    [ "$status" -eq 1 ]
    [[ $output == *'ffmpeg could not make the film: no such codec'* ]]
    [ "$(ls -A)" = bin ]
}

@test "loss-function: log x, -log x and the loss of one sample; activation: step and sigmoid" {
    needs_gnuplot
    "$DESCENT" plot loss-function --output f.svg
    has_texts f.svg 'log x on (0, 10]' '-log x on (0, 1]' 'y = 1: -log p' 'y = 0: -log (1 - p)'
    "$DESCENT" plot activation --output a.svg
    has_texts a.svg 'perceptron: 1 if z > 0, else 0' 'sigmoid: p = 1 / (1 + exp(-z))' 'z = w1 x1 + w2 x2 + b'
}

@test "surface: the loss over two weights, the paths of sgd and gd or of a solver, and the minimum" {
    needs_gnuplot
    "$DESCENT" plot surface pets --scale standard --epochs 20 --output surface.svg
    has_texts surface.svg 'pets: the loss over the two weights, at the best bias of each' '>sgd, rate ' '>gd, rate ' \
        '>start<' '>minimum<' 'w1, the weight of height (scaled)' 'w2, the weight of weight (scaled)'
    "$DESCENT" plot surface pets --solver minibatch --batch 8 --rate 0.5 --lambda 0.1 --init=1,-1 --epochs 3 \
        --output one.svg
    has_texts one.svg 'pets: the objective F over' '>minibatch, rate 0.5, batch 8<' '>minimum<'
    [ "$(grep -c 'sgd\|>gd,' one.svg)" -eq 0 ]
    # Separable data have no minimum to mark.
    printf 'a,b,y\n1,0,0\n0,2,1\n3,1,1\n' > three.csv
    "$DESCENT" plot surface three.csv --epochs 2 --output three.svg
    [ "$(grep -c '>minimum<' three.svg)" -eq 0 ]
    run "$DESCENT" plot surface pets --rate 1e300 --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'training diverged, and its path leaves all numbers; give a smaller --rate'* ]]
    run "$DESCENT" plot surface blobs:rows=10,features=3 --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'the surface is drawn over two weights, and the data have 3 features'* ]]
    run "$DESCENT" plot surface pets:rows=20001 --output no.svg
    [ "$status" -eq 2 ]
    [[ $output == *'20001 rows are too many; take 20000 at most'* ]]
    [ ! -e no.svg ]
}

@test "loss: of a model trained now, and of a store" {
    needs_gnuplot
    "$DESCENT" plot loss pets --solver sgd --rate 0.01 --output now.svg
    has_texts now.svg 'training loss' epochs 'training time' 'sgd, rate 0.01'
    "$DESCENT" plot loss "$all" --output store.svg
    has_texts store.svg 'every configuration tried' 'gd, rate 2' minibatch epochs 'sweep all: Which is the faster?'
    [ "$(count_colour store.svg 0 114 178)" -gt 0 ]
    [ "$(count_colour store.svg 0 158 115)" -gt 0 ]
    "$DESCENT" plot loss "$all" --set pets --output pets.svg
    has_texts pets.svg 'training time: pets (100 rows, 2 features)'
}

@test "gap: medians with bands, best of each side" {
    needs_gnuplot
    "$DESCENT" plot gap "$all" --output gap.svg
    has_texts gap.svg 'gap F - F*' 'mini-batch: minibatch' 'batch: gd' 'training time' \
        'blobs (200 rows, 3 features)' 'band: the middle half of them' 'sweep all: Which is the faster?'
    [ "$(grep -c '>epochs<' gap.svg)" -eq 0 ]
    "$DESCENT" plot gap "$all" --x both --output both.svg
    has_texts both.svg '>epochs<' '>training time<'
    "$DESCENT" plot gap "$all" --x epochs --output epochs.svg
    has_texts epochs.svg '>epochs<'
    "$DESCENT" plot gap "$all" --by solver --set pets --output solvers.svg
    has_texts solvers.svg '>gd, rate' '>minibatch, rate'
    "$DESCENT" plot gap "$all" "$all" --output two.svg
    has_texts two.svg '>all (store 1): ' '>all (store 2): '
    cp -r "$all" other
    "$DESCENT" plot gap "$all" other --output two.svg --force
    has_texts two.svg '>all: ' '>other: '
}

@test "heatmap: with lambda as an axis, cells are judged by held-out loss" {
    needs_gnuplot
    cat > lam.yaml << 'YAML'
name: lam
data: {generate: blobs, rows: 200, features: 5, noise: 0.1, seed: 1, split: 0.25}
solver: gd
rate: [0.1, 1]
lambda: [0, 0.01, 1]
stop: {epochs: 10}
binding: none
YAML
    "$DESCENT" sweep lam.yaml --results . --quiet
    "$DESCENT" plot heatmap lam --x rate --y lambda --output lam.svg
    grep -q 'final held-out loss over rate and lambda' lam.svg
    best=$(sqlite3 lam/store.sqlite "SELECT printf('%.4f', min(heldout_loss)) FROM trial")
    grep -qF ">$best" lam.svg
    run "$DESCENT" plot gap lam --by lambda --output gap.svg
    [[ $output == *"--by lambda: sides are judged by held-out loss, which has no gap"* ]]
    "$DESCENT" plot targets lam --by lambda --output targets.svg
    "$DESCENT" plot loss lam --value heldout_loss --output held.svg
    grep -q '>Held-out loss over epochs' held.svg
    "$DESCENT" plot loss lam --output loss.svg
    grep -q '>Training loss over epochs' loss.svg
}

@test "heatmap: cells, and those that diverged" {
    needs_gnuplot
    "$DESCENT" plot heatmap "$all" --output map.svg
    has_texts map.svg 'final gap F - F*' rate batch '>8<' '>32<' '>1e+09<'
    [ "$(grep -c '>×<' map.svg)" -eq 2 ]
    has_texts map.svg '× diverged or failed' 'the best' 'dark is best'
    [ "$(grep -c 'not reached' map.svg)" -eq 0 ]
    "$DESCENT" plot heatmap "$all" --x rate --y threads --value seconds --target 1e-1 --output t.svg
    has_texts t.svg 'time to gap 1e-01' threads µs
    [ "$(grep -c '[0-9] us<' t.svg)" -eq 0 ]
}

@test "targets, performance, crossover, scaling" {
    needs_gnuplot
    "$DESCENT" plot targets "$all" --output targets.svg
    has_texts targets.svg 'target: gap F - F*' 1e-01 mini-batch batch
    "$DESCENT" plot performance "$all" --by rate --output profile.svg
    has_texts profile.svg 'Performance profile' 'rate 0.5' 'within this factor'
    "$DESCENT" plot crossover "$all" --output crossover.svg
    has_texts crossover.svg '1 thread' '2 threads' '200 x 3' 'gap F - F* to reach'
    "$DESCENT" plot scaling "$all" --output scaling.svg
    has_texts scaling.svg threads 'time per epoch' 'perfect scaling' gd
}

@test "roofline: ceilings, phases and epochs of each solver and kernel" {
    needs_gnuplot
    needs_profiled
    "$DESCENT" plot roofline "$profiled" --output roofline.svg
    has_texts roofline.svg 'operations per byte' GFLOP/s 'memory 1 thread 12.0 GB/s' \
        'memory 8 threads 36.0 GB/s' 'L3 2 threads 60.0 GB/s' 'GEMM 4 threads 200.0 GFLOP/s' \
        'gd, rate 0.1, kernel fused' 'gd, rate 0.1, kernel blas' '>products 8<' '>epoch 8<' '>forward 8<' \
        'are declared: wait, update, record' '2 of 4 configurations: the first of each solver and kernel'
    [ "$(grep -c 'rate 1,' roofline.svg)" -eq 0 ]
    has_texts roofline.svg "Roofline: it's &lt;gd" '"\n `touch hacked` @x ('
    [ ! -e hacked ]
}

@test "roofline: what is missing is said, or left out" {
    needs_gnuplot
    needs_profiled
    run "$DESCENT" plot roofline "$all" --output f.svg
    [ "$status" -eq 2 ]
    [[ $output == *"nothing was profiled here; 'profile: on'"*"'descent profile'"* ]]
    cp -r "$profiled" bare
    sqlite3 bare/store.sqlite 'DELETE FROM ceiling'
    "$DESCENT" plot roofline bare --output bare.svg
    has_texts bare.svg '>products 8<'
    [ "$(grep -c GB/s bare.svg)" -eq 0 ]
    sqlite3 bare/store.sqlite 'UPDATE phase SET bytes = 0'
    run "$DESCENT" plot roofline bare --output f.svg
    [ "$status" -eq 2 ]
    [[ $output == *'no phase of what was profiled declares operations and bytes'* ]]
    [ ! -e f.svg ]
}

@test "scaling of a profile: speed-up, and models up to the most threads" {
    needs_gnuplot
    needs_profiled
    "$DESCENT" plot scaling "$profiled" --output scaling.svg
    has_texts scaling.svg 'time per epoch' 'speed-up' '@x (200000 rows' 'perfect scaling' usl \
        'gd, rate 0.1, kernel fused: best 9 of 16 (usl)' 'kernel blas: best 6 of 16 (usl)' '>16<'
    cp -r "$profiled" two
    sqlite3 two/store.sqlite 'DELETE FROM trial WHERE configuration IN
        (SELECT id FROM configuration WHERE threads > 2)'
    "$DESCENT" plot scaling two --output two.svg
    has_texts two.svg 'speed-up' 'kernel fused<'
    [ "$(grep -c 'usl' two.svg)" -eq 0 ]
}

@test "trials that shared a clock have no seconds, and targets without F* are shares" {
    needs_gnuplot
    sed 's/optimum: always/optimum: never/; s/name: all/name: shared/' "$BATS_FILE_TMPDIR/all.yaml" > shared.yaml
    sed 's/name: shared/name: solo/; s/repeats: 6/repeats: 1/' shared.yaml > solo.yaml
    printf 'execution: batched\nfinals: 0\n' >> shared.yaml
    "$DESCENT" sweep shared.yaml --results . --quiet
    "$DESCENT" plot loss shared --output loss.svg
    has_texts loss.svg 'no trial was timed alone'
    run "$DESCENT" plot targets shared --output t.svg
    [ "$status" -eq 2 ]
    [[ $output == *'no trial that was timed alone'* ]]
    run "$DESCENT" plot gap shared --output t.svg
    [ "$status" -eq 2 ]
    [[ $output == *'F* is not known'* ]]
    "$DESCENT" sweep solo.yaml --results . --quiet
    "$DESCENT" plot targets solo --output t.svg
    has_texts t.svg '50 %' '99.9 %' 'share of the way'
    "$DESCENT" plot heatmap solo --output h.svg
    has_texts h.svg 'final objective F'
}

# Nothing lies on anything in a picture. What is drawn over a curve on purpose is not looked at.
nothing_overlaps() { # FILE [CURVES]
    LC_ALL=C awk -v curves="${2-1}" -f "$SOURCE/tests/helpers/svg_overlaps.awk" "$1"
}

@test "what overlaps is seen: a text on a text, on a curve, out of the picture" {
    needs_gnuplot
    sees() { # TEXT COMMANDS
        gnuplot -e "set terminal svg size 400,300; unset key; set xrange [0:1]; set yrange [0:1]; $2" > f.svg
        run nothing_overlaps f.svg
        [ "$status" -eq 1 ] && [[ $output == *"$1"* ]] || { printf '%s\n' "$output"; return 1; }
    }
    sees "'first' lies on 'second'" "set label 'first' at 0.5,0.5; set label 'second' at 0.52,0.5; plot 2"
    sees "'first' lies on 'upright'" "set label 'first' at 0.5,0.5; set label 'upright' at 0.52,0.4 rotate by 90; plot 2"
    sees "'on it' lies on a curve" "set label 'on it' at 0.5,0.5; plot x"
    sees 'reaches out of the picture' "set label 'too long for that' at 0.95,0.5; plot 2"
    gnuplot -e "set terminal svg; unset key; set label 'alone' at 0,5; plot x" > f.svg
    nothing_overlaps f.svg
}

@test "no legend and no label lies on another, on a curve or out of the picture" {
    needs_gnuplot
    for look in '' '--theme slide' '--size 480x360' '--font ,18'; do
        for kind in loss gap heatmap targets performance crossover scaling; do
            # shellcheck disable=SC2086 # the options of a look are words
            "$DESCENT" plot "$kind" "$all" $look --output "$kind.svg" --force
            nothing_overlaps "$kind.svg"
        done
        # shellcheck disable=SC2086
        "$DESCENT" plot gap "$all" --by rate --x both $look --output gap.svg --force
        nothing_overlaps gap.svg
        # shellcheck disable=SC2086
        "$DESCENT" plot loss-function $look --output f.svg --force
        nothing_overlaps f.svg
    done
    if [ -d "$profiled" ]; then
        "$DESCENT" plot scaling "$profiled" --output scaling.svg --force
        nothing_overlaps scaling.svg
        "$DESCENT" plot roofline "$profiled" --output roofline.svg # where points are crowded, labels cross roofs
        nothing_overlaps roofline.svg 0
    fi
}

@test "nor in the pictures of data and of one neuron" {
    needs_gnuplot
    "$DESCENT" train pets --rate 2 --save model.json > told
    for look in '' '--theme dark --size 480x360' '--size 1400x900 --font ,20'; do
        for plot in 'points pets --model model.json --probability' 'points blobs:rows=50,features=6' \
            'boundary pets --epochs 20' 'surface cats-and-dogs --scale standard --epochs 5' activation \
            'calibration pets --model model.json'; do
            # shellcheck disable=SC2086 # a kind, its operands and the options of a look are words
            "$DESCENT" plot $plot $look --output f.svg --force
            nothing_overlaps f.svg
        done
    done
    # Of names that are too long for its line, an equation keeps the numbers.
    printf 'a feature whose name is long,another one whose name is longer,y\n1,1e5,0\n2,9e5,1\n4,2e5,1\n0,3e5,0\n' > long.csv
    "$DESCENT" plot boundary long.csv --init=0.0001234,-2.345e-6 --bias 0.6789 --epochs 0 --size 480x360 --output long.svg
    has_texts long.svg 'boundary: 0.0001234 a f' '…' ' - 2.345e-06 ano' ' + 0.6789 = 0'
    nothing_overlaps long.svg
}

@test "names of two hundred letters are shortened" {
    needs_gnuplot
    long=$(printf 'a-long-name-%.0s' {1..17})
    "$DESCENT" data pets --output "$long.csv" > /dev/null
    "$DESCENT" plot loss "$long.csv" --epochs 3 --output long.svg
    has_texts long.svg 'a-long-name-a-long' '…' '(100 rows'
    nothing_overlaps long.svg
    cp -r "$all" "$long"
    "$DESCENT" plot gap "$long" "$all" --output two.svg
    has_texts two.svg '>a-long-name-' '…'
    nothing_overlaps two.svg
}

@test "crossover: a side has a cell only where a verdict names it" {
    needs_gnuplot
    "$DESCENT" plot crossover "$all" --output c.svg
    has_texts c.svg 'no significant difference' 'not reached' 'mini-batch' 'A cell has the colour of a side where'
    cp -r "$all" few # too few rounds for a verdict on anything
    if command -v sqlite3 > /dev/null; then
        sqlite3 few/store.sqlite 'DELETE FROM trial WHERE repeat > 2'
        "$DESCENT" plot crossover few --output few.svg
        # Cells bear the names of their sides; here the legend alone does.
        [ "$(grep -c '<text>mini-batch</text>\|<text>batch</text>' few.svg)" -eq 2 ]
    fi
}

@test "size, font, title and theme, for every kind" {
    needs_gnuplot
    needs_profiled
    looks=(--size 500x400 --font 'DejaVu Serif,11' --title "My \"own\" 'title' \\n %s" --theme dark --output f.svg --force)
    "$DESCENT" train pets --save model.json > told
    for plot in "points pets" "boundary pets --epochs 2" "calibration pets --model model.json" activation loss-function "surface pets --scale standard --epochs 2" "loss pets --epochs 2" "loss $all" "gap $all" "heatmap $all" \
        "heatmap $folds" "validation $folds" "targets $all" "performance $all" "crossover $all" "scaling $all" "roofline $profiled"; do
        # shellcheck disable=SC2086 # a kind and its operands
        "$DESCENT" plot $plot "${looks[@]}"
        has_texts f.svg 'width="500" height="400"' 'font-family="DejaVu Serif"' "My \"own\" 'title' \\n %s" '#16181D'
        case $plot in heatmap* | crossover*) continue ;; esac # black is on bright cells only
        [ "$(grep -c 'fill="rgb(0,0,0)"' f.svg)" -eq 0 ] # no black ink on dark paper
    done
    "$DESCENT" plot loss "$all" --theme slide --output f.svg --force
    has_texts f.svg 'width="1280" height="720"' 'font-size="20.80"'
    "$DESCENT" plot loss "$all" --font ,26 --output f.svg --force
    has_texts f.svg 'font-size="26.00"' 'width="1920"'
    for format in png pdf gif; do
        "$DESCENT" plot gap "$all" --theme dark --size 600x400 --output "f.$format"
    done
    [ "$(od -An -v -tu2 --endian=big -j18 -N2 f.png | tr -d ' ')" = 600 ]
    for shell in bash zsh fish; do
        "$DESCENT" completion "$shell" > "completion.$shell"
        grep -q 'light dark slide' "completion.$shell"
    done
}

@test "a size, a font and a theme that are none are said" {
    says() { # TEXT OPTION VALUE
        run "$DESCENT" plot loss-function --output f.svg "$2" "$3"
        [ "$status" -eq 2 ] && [[ $output == *"$1"* ]] || { printf '%s\n' "$output"; return 1; }
        [ ! -e f.svg ]
    }
    says "--size: '500' is not WIDTHxHEIGHT, such as 960x400" --size 500
    says "--size: '0x5' is not WIDTHxHEIGHT" --size 0x5
    says "--size: '500x400x3' is not" --size 500x400x3
    says "--size: '-500x400' is not" --size -500x400
    says "--size: '99999x400' is not" --size 99999x400
    says '200x100 has no room for a picture with type of this size: --size takes 360x260 and more' --size 200x100
    says "--font: '' is not NAME or NAME,SIZE" --font ''
    says "--font: 'a,b,12' is not NAME or NAME,SIZE" --font a,b,12
    says "--font: 'huge' is not a size of type, 4 to 200" --font Sans,huge
    says "--font: '2' is not a size of type" --font ,2
    says "unknown theme 'drak'; did you mean 'dark'? known: light, dark, slide" --theme drak
    run "$DESCENT" plot loss-function --output f.svg --size 500x400 --font ,30
    [ "$status" -eq 2 ]
    [[ $output == *'or --font a smaller SIZE'* ]]
    run "$DESCENT" plot gap nowhere --x days --output f.svg
    [ "$status" -eq 2 ]
}

@test "of thousands of configurations a thousand curves are drawn" {
    needs_gnuplot
    cat > many.yaml << 'YAML'
name: many
data: {generate: pets}
solver: gd
rate: {min: 0.01, max: 10, steps: 2100, scale: log}
stop: {epochs: 6}
execution: batched
optimum: never
finals: 0
binding: none
YAML
    "$DESCENT" sweep many.yaml --results . --quiet
    "$DESCENT" plot loss many --output many.svg
    [[ $(< many.svg) =~ 'pale: '([0-9]+)' of 2100 configurations' ]]
    [ "${BASH_REMATCH[1]}" -le 1000 ]
    [ "${BASH_REMATCH[1]}" -ge 500 ]
    [ "$(stat -c %s many.svg)" -le 1000000 ]
}

@test "every format" {
    needs_gnuplot
    for format in png svg pdf gif; do
        "$DESCENT" plot loss-function --output "f.$format"
    done
    [ "$(head -c 4 f.png | tail -c 3)" = PNG ]
    [ "$(head -c 4 f.pdf)" = %PDF ]
    [ "$(head -c 4 f.gif)" = GIF8 ]
}

# shellcheck disable=SC2016 # nothing in these names is to be expanded, which is the point
@test "text from files is shown as it is, whatever it looks like" {
    needs_gnuplot
    names=('`touch hacked`' "it's \"q\" \\n" '$(touch hacked)' '@x {/*9 _a^b} %s & <b>')
    {
        printf '%s,%s,label\n' "${names[0]}" '"it'"'"'s ""q"" \n"'
        for i in 1 2 3 4 5; do
            printf '%s,%s,%s\n' "$i" "$((i * i))" "$([ $((i % 2)) = 1 ] && printf '%s' "${names[2]}" || printf '%s' "${names[3]}")"
        done
    } > "a'b \"c\".csv"
    "$DESCENT" plot boundary "a'b \"c\".csv" --epochs 3 --output "pic'ture \"x\".svg"
    [ ! -e hacked ]
    has_texts "pic'ture \"x\".svg" '`touch hacked`' '$(touch hacked)' '@x {/*9 _a^b} %s &amp; &lt;b'
    has_texts "pic'ture \"x\".svg" "it's" "a'b" '\n'
    printf 'a,b,l\n1,2,\001\377\n2,1,y\n3,3,y\n' > odd.csv
    "$DESCENT" plot points odd.csv --output odd.svg
    has_texts odd.svg '<text>?ÿ</text>' # what is no UTF-8 is Windows-1252
}

@test "without gnuplot the package is named, before anything is trained" {
    mkdir bin
    run env PATH="$PWD/bin" "$DESCENT" plot loss-function --output f.svg
    [ "$status" -eq 1 ]
    [[ $output == *'gnuplot, which is not installed'*'gnuplot-nox'* ]]
    run env PATH="$PWD/bin" "$DESCENT" train pets --animate f.gif
    [ "$status" -eq 1 ]
    [[ $output != *Epoch* ]]
    [ "$(ls -A)" = bin ]
}

@test "when gnuplot fails, its words are told and nothing is left" {
    mkdir bin
    printf '#!/bin/sh\ntest -s /dev/stdin || exit 0\necho half; echo "no such thing" >&2; exit 3\n' > bin/gnuplot
    chmod +x bin/gnuplot
    run env PATH="$PWD/bin:$PATH" "$DESCENT" plot loss-function --output f.svg
    [ "$status" -eq 1 ]
    [[ $output == *'gnuplot could not draw the picture: no such thing'* ]]
    [ "$(ls -A)" = bin ]
}

@test "files: refused, replaced, not to be written" {
    needs_gnuplot
    echo mine > f.svg
    run "$DESCENT" plot loss-function --output f.svg
    [ "$status" -eq 2 ]
    [[ $output == *'this file exists; --force replaces it'* ]]
    [ "$(< f.svg)" = mine ]
    "$DESCENT" plot loss-function --output f.svg --force
    has_texts f.svg 'log x'
    run "$DESCENT" plot loss-function --output nowhere/f.svg
    [ "$status" -eq 1 ]
    [[ $output == *'nowhere/f.svg: cannot be written'* ]]
    [ "$(ls -A)" = f.svg ]
}

@test "what is wrong with a command is said" {
    says() { # TEXT ARGUMENT...
        local text=$1
        shift
        run "$DESCENT" "$@"
        [ "$status" -eq 2 ] && [[ $output == *"$text"* ]] || { printf '%s\n' "$output"; return 1; }
    }
    says "unknown plot 'gapp'; did you mean 'gap'? known: points" plot gapp x --output f.svg
    says '--output FILE is missing' plot loss-function
    says "'.jpg' is not one; known: png, svg, pdf, gif, mp4" plot loss-function --output f.jpg
    says "'' is not one" plot loss-function --output f
    says 'an animation is written as .gif or .mp4' plot animation pets --output f.svg
    says 'an animation is written as .gif or .mp4' train pets --animate f.svg
    says '.mp4 is for animations, and this is a still picture' plot loss-function --output f.mp4
    says '--init is not used by plot points' plot points pets --init 1,2 --output f.svg
    says '--probability is not used by plot animation' plot animation pets --probability --output f.gif
    says '--force is not used without --save or --animate' train pets --force
    says 'DATA is missing' plot points --output f.svg
    says 'RESULTS is missing' plot gap --output f.svg
    says "unexpected argument 'pets'" plot loss-function pets --output f.svg
    says '--by is not used by plot points' plot points pets --by rate --output f.svg
    says '--rate is not used by plot points, which trains nothing' plot points pets --rate 1 --output f.svg
    says '--scale is not used by plot gap, which reads no data' plot gap x --scale none --output f.svg
}

@test "what a store does not have is said" {
    needs_gnuplot
    says() { # TEXT ARGUMENT...
        local text=$1
        shift
        run "$DESCENT" plot "$@" --output f.svg
        [ "$status" -eq 2 ] && [[ $output == *"$text"* ]] || { printf '%s\n' "$output"; return 1; }
        [ -z "$(ls -A)" ]
    }
    says 'no results here' gap nowhere
    says "--set: no data set 'dogs' here; known: 'blobs:rows=200" gap "$all" --set dogs
    says "unknown axis 'speed'" gap "$all" --by speed
    says 'lambda as an axis: the objective differs with lambda, so sides are judged by held-out loss, and no rows are held out' heatmap "$all" --y lambda
    says "no hyper-parameter 'speed'" heatmap "$all" --x speed
    says "unknown value 'gap'; known: loss, heldout_loss" loss "$all" --value gap
    says 'no rows are held out here; give split: 0.2' loss "$all" --value heldout_loss
    says "unknown value 'loss'; known: gap, heldout_loss, seconds" heatmap "$all" --value loss
    says 'here is something trained without folds' heatmap "$all" --value heldout_loss
    says '--target is not used without' heatmap "$all" --target 1e-3
    says '--target is not used without' heatmap "$folds" --target 1e-3
    says '1e-9 is no target here' heatmap "$all" --value seconds --target 1e-9
    says 'one feature only' points blobs:rows=10,features=1
    says '--set is not used by plot loss' loss pets --set x
}
