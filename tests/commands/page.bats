#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The report page in a browser, Chromium without a window (helpers/browser.js): that its controls change
# what is shown, that its console stays silent, and that it asks for nothing. What is shown stands in
# attributes of <body>; controls are pressed by the page's address, or by a script at the end of a copy.

load ../helpers/profiled
load ../helpers/compilers

has_browser() {
    command -v chromium >/dev/null && command -v node >/dev/null
}

# A line from the browser. A pipe that is opened for both ends does not wait for another process.
told() {
    read -r -t 60 answer 0<>"$BATS_FILE_TMPDIR/told" || answer=nothing
    [ "$answer" = "$1" ] || { printf 'the browser says: %s\n' "$answer"; return 1; }
}

setup_file() {
    has_browser || return 0
    cd "$BATS_FILE_TMPDIR" || return
    mkfifo ask told
    node "$SOURCE/tests/helpers/browser.js" "$PWD" 3>&- &
    export BROWSER=$!
    cat > small.yaml << 'YAML'
# Which </script><script>throw 1</script> is "first"?
name: small
data: [{generate: blobs, rows: 200, features: 3, noise: 0.1, seed: 1}, {generate: pets}]
lambda: 0.01
optimum: always
runs:
  - {solver: gd, rate: [0.1, 1, 1000], threads: 1}
  - {solver: minibatch, rate: [0.01, 0.1], batch: [4, 8], threads: 1}
stop: {epochs: 20, divergence: 10}
repeats: 2
binding: none
retries: 0
YAML
    "$DESCENT" sweep small.yaml --results . --quiet
    ! command -v sqlite3 >/dev/null || sqlite3 small/store.sqlite "UPDATE trial SET disturbed = ''" # whatever else ran
    "$DESCENT" report small --output small.html
    make_profiled
    [ ! -d profiled ] || "$DESCENT" report profiled --output profiled.html
    told ready
}

teardown_file() {
    [ -z "${BROWSER:-}" ] || { kill "$BROWSER" && tail --pid="$BROWSER" -f /dev/null; }
}

setup() {
    # What a browser shows does not depend on the compiler.
    only_by_gcc
    has_browser || skip "skipped: chromium or node (package nodejs) is not installed"
    cd "$BATS_TEST_TMPDIR" || return
}

# Opens a page at HASH, with SCRIPT at its end, and FIRST before its own. Leaves what it says of itself
# in `shown`, and what the console said in console.txt.
open_page() { # FILE HASH [SCRIPT] [FIRST]
    FIRST=${4:-} awk '/^<script>$/ && !done++ && ENVIRON["FIRST"] != "" {
        print "<script>\n" ENVIRON["FIRST"] "\n</script>" } { print }' "$1" > page.html
    [ -z "${3:-}" ] || printf '<script>\n%s\n</script>\n' "$3" >> page.html
    printf '{"page": "file://%s/page.html%s", "into": "%s", "scheme": "%s"}\n' "$PWD" "$2" "$PWD" \
        "${scheme:-light}" 1<>"$BATS_FILE_TMPDIR/ask"
    told "done"
    shown=$(grep -o '<body [^>]*>' dom.html)
}

small_page() { # HASH [SCRIPT]
    open_page "$BATS_FILE_TMPDIR/small.html" "$@"
}

# Every NAME="VALUE" is among the attributes.
says() {
    local attribute
    for attribute in "$@"; do
        if [[ " $shown" != *" data-$attribute"* ]]; then
            printf 'not %s in %s\n' "$attribute" "$shown"
            return 1
        fi
    done
}

@test "it opens without an error and without a request" {
    small_page ""
    says 'ready="yes"' 'errors="0"' 'resources="0"' 'shown="7"' 'curves="7"' 'lines="7"' 'ends="2"'
    says 'sections="verdict parallel curves heatmap targets ends machine command glossary"' 'overlaps="0"' \
        'trusted="true"' 'race="seconds/2"' 'dimensions="solver rate batch epochs seconds accuracy gap"'
    [ "$(grep -o 'data-words="[0-9]*"' <<< "$shown" | tr -dc 0-9)" -le 15 ]
    [ ! -s console.txt ]
    grep -q 'Which &lt;/script&gt;&lt;script&gt;throw 1' dom.html
}

@test "what noise has taken is said first, and no side has its colour" {
    small_page "" 'const text = id => document.getElementById(id).textContent, body = document.body.dataset;
        body.said = [text("sentence"), text("warning")].join("|");
        body.amber = document.getElementById("sentence").classList.contains("warning");
        body.hatched = document.querySelectorAll("#bouts td.disturbed").length > 0;' \
        '{
            const holder = document.getElementById("data"), data = JSON.parse(holder.textContent), [one] = data.comparisons;
            Object.assign(one, {trusted: false, noise: {words: "66 % of the trials were disturbed"},
                answer: {words: "not measurable here", trusted: false, problem: 0, target: 0}});
            for (const target of one.problems.flatMap(problem => problem.targets))
                target.outcome = "disturbed";
            holder.textContent = JSON.stringify(data);
        }'
    says 'trusted="false"' 'amber="true"' 'hatched="true"' 'won="0"' 'errors="0"' \
        'said="Not measurable here.|66 % of the trials were disturbed; descent machine says what to do."'
}

# Files as they would be saved: pictures are SVG that needs nothing, in the colours of the theme.
@test "charts and the table can be saved" {
    small_page "#theme=dark" 'const files = [];
        URL.createObjectURL = blob => { files.push(blob); return "data:,"; };
        for (const button of document.querySelectorAll("button.save"))
            button.click();
        Promise.all(files.map(file => file.text())).then(texts => {
            const pictures = texts.filter(text => text.startsWith("<svg")), [table] = texts.filter(text => !text.startsWith("<svg"));
            const isBad = text => {
                const read = new DOMParser().parseFromString(text, "image/svg+xml");
                return read.querySelector("parsererror, script, style, image, foreignObject") !== null ||
                    /var\(|href|NaN|undefined|null/.test(text) || read.querySelectorAll("text").length < 4 ||
                    read.querySelector("rect").getAttribute("fill") !== "rgb(22, 24, 29)";
            };
            document.body.dataset.files = [pictures.length, pictures.filter(isBad).length, table.split("\r\n").length].join("/");
            document.body.dataset.head = table.slice(0, 11);
        });'
    says 'files="4/0/9"' 'head="solver,rate"' 'errors="0"' 'theme="dark"' 'saved="small-time-to-target.csv"'
    [ ! -s console.txt ]
}

@test "this test sees errors and requests" {
    small_page "" 'new Image().src = "https://example.org/x.png"; missing();'
    says 'errors="1"'
    grep -q 'missing is not defined' console.txt
    grep -q 'Content Security Policy' console.txt
}

@test "what the sweep ranks by is what the page opens with" {
    cat > held.yaml << 'YAML'
name: held
metric: heldout_loss
data: {generate: blobs, rows: 200, features: 5, noise: 0.1, seed: 1, split: 0.25}
solver: gd
rate: [0.001, 1]
threads: 1
record: geometric
stop: {epochs: 30}
binding: none
YAML
    "$DESCENT" sweep held.yaml --results . --quiet
    "$DESCENT" report held --output held.html
    open_page held.html ""
    says 'errors="0"' 'axes="heldout_loss/epochs"' 'value="heldout_loss"' 'sort="heldout_loss/ascending"' 'curves="2"' \
        'dimensions="rate seconds accuracy heldout_loss'
    open_page held.html "" 'document.querySelector("input[type=radio][value=loss]").click();'
    says 'errors="0"' 'axes="loss/epochs"'
}

@test "an address sets what is shown, when the page is opened and afterwards" {
    small_page "#over=seconds" 'const steps = [], body = document.body.dataset;
        const note = (...names) => steps.push(names.map(name => body[name]).join(","));
        const go = hash => new Promise(next => {
            addEventListener("hashchange", next, {once: true});
            location.hash = hash;
        });
        (async () => {
            note("axes");
            await go("text=solver%3Dgd"); note("shown", "lines", "ends");
            await go("over=epochs"); note("curves");
            await go("text=&section=-1"); note("shown", "lines", "ends"); // all problems
            await go("section=0&range=rate:0.05:2"); note("shown", "curves", "lines", "ends");
            await go("range=rate::&x=solver&y=rate"); note("heat");
            body.steps = steps.join(" ");
        })();'
    says 'steps="gap/seconds 3,3,2 3 14,14,4 4,4,4,0 solver/rate/5"' 'errors="0"'
    grep -q 'class="bad"' dom.html # of the heat map
    [ ! -s console.txt ]
}

@test "switches change the curves" {
    small_page "" 'document.querySelector("input[type=radio][value=seconds]").click();
        document.querySelector("input[type=radio][value=loss]").click();
        const by = document.querySelector("select[name=by]");
        by.value = "1";
        by.dispatchEvent(new Event("change"));'
    says 'axes="loss/seconds"' 'over="seconds"' 'value="loss"' 'by="solver"' 'errors="0"'
    [ ! -s console.txt ]
}

@test "filters change what is shown below" {
    small_page "" 'const steps = [], field = document.querySelector("input[name=text]");
        const box = document.querySelector("input[name=solver][value=gd]");
        const note = () => steps.push(document.body.dataset.shown + "/" + document.body.dataset.ends);
        box.click(); note();
        field.value = "batch=8"; field.dispatchEvent(new Event("input")); note();
        field.value = "batch=80"; field.dispatchEvent(new Event("input")); note();
        document.getElementById("clear").click(); note();
        document.body.dataset.steps = steps.join(" ");'
    says 'steps="4/0 2/0 0/0 7/2"' 'errors="0"'
    [ ! -s console.txt ]
}

@test "brushing an axis filters what follows it" {
    # The second axis is the rate, whose highest value is at the top; drag over its upper third.
    small_page "" 'const overlay = document.querySelectorAll(".brush .overlay")[1];
        const box = overlay.getBoundingClientRect(), x = box.left + box.width / 2;
        const send = (target, type, share) => target.dispatchEvent(new MouseEvent(type, {bubbles: true,
            view: window, clientX: x, clientY: box.top + share * box.height}));
        send(overlay, "mousedown", 0.0); send(window, "mousemove", 0.3); send(window, "mouseup", 0.3);'
    says 'shown="1"' 'ends="2"' 'errors="0"'
    [ ! -s console.txt ]
}

@test "the table is sorted by its heads, up and down, and a range can be typed" {
    small_page "" 'const press = () => document.querySelector("button[data-name=rate]").click();
        press(); press();
        document.body.dataset.first = document.querySelector("#targets-table tbody td:nth-child(2)").textContent;
        const sorted = document.body.dataset.sort, order = document.querySelector("[aria-sort]").getAttribute("aria-sort");
        const field = document.querySelector("input[data-name=rate][data-end=\"1\"]");
        field.value = "0.05"; field.dispatchEvent(new Event("change"));
        document.body.dataset.steps = `${sorted} ${order}`;'
    says 'steps="rate/descending descending"' 'first="1000"' 'shown="2"' 'errors="0"'
}

# What pages say of a profile: STUDY/THREADS/PHASES/POINTS of the roofline.
profiled_page() { # HASH [SCRIPT]
    open_page "$BATS_FILE_TMPDIR/profiled.html" "$@"
}

@test "a profile is shown where there is one, of any configuration and number of threads" {
    needs_profiled
    small_page "" 'document.body.dataset.hidden = document.getElementById("profile").hidden;'
    says 'hidden="true"' 'errors="0"'
    profiled_page "" 'const profile = document.getElementById("profile");
        document.body.dataset.hidden = profile.hidden;
        document.body.dataset.bold = profile.querySelectorAll("b").length;'
    says 'profile="0/8/6/4"' 'hidden="false"' 'bold="0"' 'errors="0"' 'resources="0"'
    [ ! -s console.txt ]
    for text in '<td title="forward and gradient, in one reading of X">products</td>' \
        '14.0 %' 'training takes 1.81 ms an epoch (the median of 3 trials)' '43.5 M cycles' \
        'among these models, the times favour usl' '180 GB/s' '400 GFLOP/s' '9 [9, 10]' \
        'counters: unavailable: &lt;b&gt;no&lt;/b&gt;'; do
        grep -qF -- "$text" dom.html || { printf 'no "%s"\n' "$text"; return 1; }
    done
    profiled_page "" 'const choose = (name, value) => {
            const list = document.querySelector(`#profile-controls select[name=${name}]`);
            list.value = value;
            list.dispatchEvent(new Event("change"));
            return document.body.dataset.profile;
        };
        document.body.dataset.steps = [choose("study", "1"), choose("threads", "2")].join(" ");
        const sizes = [];
        URL.createObjectURL = blob => { sizes.push(blob.size); return "data:,"; };
        for (const button of document.querySelectorAll("#profile button.save"))
            button.click();
        document.body.dataset.pictures = sizes.filter(size => size > 4000).length;'
    says 'steps="1/8/7/5 1/2/7/5"' 'pictures="3"' 'errors="0"'
    profiled_page "#study=99&threads=3&theme=dark"
    says 'profile="0/8/6/4"' 'theme="dark"' 'errors="0"'
    [ ! -s console.txt ]
}

@test "a page of descent profile opens with the profile, however many solvers there are" {
    needs_profiled
    cp -r "$BATS_FILE_TMPDIR/profiled" asked
    sqlite3 asked/store.sqlite "UPDATE sweep SET question = 'Where does the time per epoch go, and how ...?'"
    "$DESCENT" report asked --output asked.html
    sides='const holder = document.getElementById("data"), data = JSON.parse(holder.textContent);
        data.comparisons[0].by = "solver"; // as if its sides were solvers
        holder.textContent = JSON.stringify(data);'
    open_page asked.html "" "" "{$sides}"
    says 'sections="profile verdict ' 'errors="0"'
    open_page "$BATS_FILE_TMPDIR/profiled.html" "" "" "{$sides}"
    says 'sections="verdict ' 'errors="0"'
}

@test "on paper: light, as wide as a sheet, and without controls" {
    small_page "#theme=dark" 'const body = document.body.dataset, root = document.documentElement;
        window.dispatchEvent(new Event("beforeprint"));
        for (const rule of [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]))
            if (rule instanceof CSSMediaRule && rule.media.mediaText === "print")
                rule.media.mediaText = "all";
        document.body.style.width = "718px"; // of A4, within the margins that browsers leave
        const seen = list => [...document.querySelectorAll(list)].filter(one => one.checkVisibility());
        body.paper = `${root.dataset.theme} ${getComputedStyle(document.body).backgroundColor}`;
        body.controls = seen("input, button, summary, nav")
            .filter(one => !one.matches("th button")).map(one => one.outerHTML.slice(0, 50)).join("; "); // headings sort
        body.boxed = seen("select").filter(one => getComputedStyle(one).appearance !== "none").length;
        body.charts = [...new Set(seen(".picture canvas").map(one => one.clientWidth))].join(" ");
        body.wide = seen("table, .picture, pre").filter(one =>
            one.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 0.5).length;
        window.dispatchEvent(new Event("afterprint"));
        body.after = `${root.dataset.theme} ${root.hasAttribute("data-printing")}`;'
    says 'paper="light rgb(255, 255, 255)"' 'controls=""' 'boxed="0"' 'charts="690"' 'wide="0"' \
        'after="dark false"' 'errors="0"'
}

@test "a profile without ceilings, declarations or other numbers of threads is shown as it is" {
    needs_profiled
    cp -r "$BATS_FILE_TMPDIR/profiled" bare
    sqlite3 bare/store.sqlite 'DELETE FROM ceiling; DELETE FROM remark; UPDATE phase SET flops = 0;
        DELETE FROM trial WHERE configuration IN (SELECT id FROM configuration WHERE threads <> 2)'
    "$DESCENT" report bare --output bare.html
    open_page bare.html "" 'document.body.dataset.hidden =
        document.querySelectorAll("#profile-pictures figure[hidden]").length;'
    says 'profile="0/2/6/0"' 'hidden="2"' 'errors="0"'
    [ ! -s console.txt ]
}

@test "it is dark where the system is, or where the switch says so" {
    scheme=dark small_page ""
    says 'theme="dark"' # and "#theme=dark" is what saves charts above
    scheme=dark small_page "#theme=light"
    says 'theme="light"'
}

@test "every control has a name and can be reached by the keyboard" {
    local script='const all = [...document.querySelectorAll("input, select, button, summary, a, .scroll, pre")];
        const nameless = all.filter(one => !(one.getAttribute("aria-label") || one.textContent.trim() ||
            (one.labels && one.labels.length > 0 && one.labels[0].textContent.trim())));
        const pictures = [...document.querySelectorAll("canvas")].filter(one => !one.getAttribute("aria-label"));
        document.body.dataset.nameless = nameless.length + pictures.length;
        document.body.dataset.unreached = all.filter(one => one.tabIndex < 0).length;'
    small_page "" "$script"
    says 'nameless="0"' 'unreached="0"'
    needs_profiled
    profiled_page "" "$script"
    says 'nameless="0"' 'unreached="0"'
}

@test "an address that says nonsense is left alone" {
    small_page "#over=bogus&range=bogus:1:2&section=99&value=%3Cscript%3E&sort=bogus&x=bogus"
    says 'errors="0"' 'shown="7"' 'axes="gap/epochs"' 'theme="light"'
    [ ! -s console.txt ]
}

@test "a store without a trial, and one with batched trials alone, have a page" {
    cat > bare.yaml << 'YAML'
# Nothing yet?
name: bare
data: {generate: pets}
runs: [{solver: gd, rate: [0.1, 1], threads: 1}]
stop: {epochs: 3}
YAML
    "$DESCENT" sweep bare.yaml --results . --quiet --execution batched
    "$DESCENT" report bare --output batched.html
    open_page batched.html "#over=seconds"
    says 'errors="0"' 'shown="2"' 'curves="0"'
    [ ! -s console.txt ]
    sqlite3 bare/store.sqlite 'DELETE FROM trace; DELETE FROM trial'
    "$DESCENT" report bare --output empty.html
    open_page empty.html ""
    says 'errors="0"' 'shown="2"' 'curves="0"' 'sections="command glossary"' 'race="epochs/0"'
    [ ! -s console.txt ]
}

@test "rungs are shown, who won them, and the baseline" {
    cat > rungs.yaml << 'YAML'
data: {generate: blobs, rows: 100, features: 3}
method: halving
runs: [{solver: gd, rate: {min: 0.01, max: 10, steps: 9}, lambda: [0.01, 0.1], threads: 1}]
stop: {epochs: 9}
YAML
    "$DESCENT" sweep rungs.yaml --results . --quiet --execution batched
    "$DESCENT" report rungs --output rungs.html
    open_page rungs.html "" 'document.body.dataset.said = document.getElementById("sentence").textContent;'
    says 'errors="0"' 'halving="2"' 'said="Best of 9: solver=gd rate='
    [[ "$shown" == *' data-sections="'*' halving '* ]]
    grep -q 'The best of 9: ' dom.html
    grep -q 'Training all for ' dom.html
    [ ! -s console.txt ]
}

@test "folds: a line is a configuration, with means over its folds" {
    cat > folds.yaml << 'YAML'
# How much regularisation?
name: folds
data: {generate: blobs, rows: 100, features: 3, noise: 0.1}
runs: [{solver: newton}, {solver: gd, rate: [0.1, 1], threads: 1}]
lambda: [0, 0.001, 0.01, 0.1, 1]
folds: 3
stop: {epochs: 5}
YAML
    "$DESCENT" sweep folds.yaml --results . --quiet
    "$DESCENT" report folds --output folds.html
    open_page folds.html "" 'const text = id => document.getElementById(id).textContent, body = document.body.dataset;
        body.said = text("sentence");
        body.choices = document.querySelectorAll("#answer-controls select").length;'
    says 'errors="0"' 'shown="15"' 'lines="15"' 'folds="15"' 'validation="lambda/3/15"' 'overlaps="0"' \
        'said="Best: ' 'choices="0"' 'sections="folds parallel curves heatmap targets machine command glossary"' \
        'dimensions="solver rate lambda' 'value="heldout_loss"' 'sort="heldout_loss/ascending"' 'heat="rate/lambda/'
    grep -q 'Within one standard error of it: \|No larger lambda comes within' dom.html
    [ ! -s console.txt ]
}

@test "ten thousand trials are one page" {
    cat > many.yaml << 'YAML'
# What do ten thousand trials look like?
name: many
data: {generate: pets}
method: random
trials: 5000
runs:
  - {solver: gd, rate: {min: 0.001, max: 10, scale: log}, threads: 1}
  - {solver: minibatch, rate: {min: 0.001, max: 1, scale: log}, batch: [4, 8, 16], threads: 1}
stop: {epochs: 5}
YAML
    "$DESCENT" sweep many.yaml --results . --quiet --execution batched
    "$DESCENT" report many --output many.html
    [ "$(wc -c < many.html)" -lt 6000000 ]
    open_page many.html "#range=rate:0.01:0.1"
    says 'errors="0"' 'resources="0"'
    [ "$(grep -o 'data-shown="[0-9]*"' <<< "$shown" | tr -dc 0-9)" -lt 9000 ]
    [ ! -s console.txt ]
}
