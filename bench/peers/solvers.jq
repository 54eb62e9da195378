# SPDX-License-Identifier: MIT
#
# The tables of bench/peers/solvers.sh, from its JSON: {command, made, machine, rounds, rows}. A row
# has its part, what it is of, and either what was measured in every round or the reason why it was
# not. Ratios are taken within a round. A verdict that rounds do not agree upon is none: where some
# are above 1 and some below, it says "not separated".
include "numbers";

def milliseconds: . * 1000;

def line: "| \(map(. // "") | join(" | ")) |";

def heading: line, (map("---") | line);

# What others take over what we take, round by round; above 1 we were faster.
def ratios($ours; $theirs):
    [range([$ours, $theirs | length] | min) | $theirs[.] / $ours[.]];

# A list of what was not measured, and why.
def skipped($rows):
    $rows | map(select(.skipped)) | unique_by(.data // .what)
    | select(length > 0)
    | (.[] | "- \(.data // .what): skipped: \(.skipped)"), "";

# --- Time to a gap -------------------------------------------------------------------------------

# What `descent compare` says of the sweep, two levels deeper.
def gap_part:
    (.rows | map(select(.part == "gap"))) as $rows
    | select($rows != [])
    | "## Time to a gap beside other programs",
      "",
      "`configs/peers.yaml`, a sweep of `descent`: training by its clock, from the last byte of the task to the first of the "
        + "answer, with data in",
      "memory, on one thread. All weights are judged by the same objective; ours stop at the gap, others at the loosest of "
        + "their own tolerances that",
      "reaches it. What each really minimises is in [Other programs](../docs/peers.md).",
      "",
      ($rows[] | select(.markdown) | .markdown | split("\n") | map(if startswith("#") then "##" + . else . end)
        | join("\n")),
      skipped($rows);

# --- The cost of SGD -----------------------------------------------------------------------------

def sgd_rows:
    map(select(.part == "sgd" and .skipped == null)
        | . + {features: .runs[0].features, a_row: (.entries / .rows),
               fault: (if all(.runs[]; .status == "epochs") then null
                       else "FAILED: \(.runs[0].status)" end),
               epoch: (.runs | map(.seconds) | median)}
        | . + {sample: (.epoch * 1e9 / .rows)});

# Least squares of relative deviations: a and b for which (a + b e) / t is nearest to 1.
def fit:
    map(1 / (.sample * .sample)) as $weights
    | [., $weights] | transpose | map({e: .[0].a_row, t: .[0].sample, w: .[1]})
    | (map(.w) | add) as $s | (map(.w * .e) | add) as $e | (map(.w * .t) | add) as $t
    | (map(.w * .e * .e) | add) as $ee | (map(.w * .e * .t) | add) as $et
    | (($s * $et - $e * $t) / ($s * $ee - $e * $e)) as $b
    | {a: (($t - $b * $e) / $s), $b};

def deviation($fit): .sample / ($fit.a + $fit.b * .a_row) - 1;

def families:
    map(select(.family and .fault == null)) | group_by(.data | split("-")[1])
    | map({features: (map(.features) | max), rows: ., fit: fit});

# The family whose number of features is nearest.
def nearest($families):
    .features as $d | $families | min_by(.features / $d | log | fabs);

def percent: . * 100 | fixed(1) + " %";

def sgd_line($families):
    nearest($families).fit as $fit
    | [.data, .rows, .features, .entries, (.a_row | readable)]
      + if .fault then [.fault, null, null, null]
        else [(.epoch * 1e6 | readable), (.epoch * 1e9 / .entries | readable), (.sample | readable),
              if $fit then deviation($fit) | percent else null end]
        end
    | line;

def family_line:
    .fit as $fit
    | (.rows | map(deviation($fit) | fabs) | max) as $most
    | [.features, ($fit.a | readable), ($fit.b | readable), ($most | percent),
       if $most <= 0.15 then "holds" else "MISSED" end]
    | line;

def sgd_part:
    (.rows | sgd_rows) as $rows
    | ($rows | families) as $families
    | select(.rows | any(.part == "sgd"))
    | "## What an epoch of SGD costs",
      "",
      "`sgd` on one thread, lambda 1e-4, samples in a new random order every epoch, the drawing of which "
        + "is on the clock. The claim: a sample",
      "costs a + b e nanoseconds with e the entries of its row, and nothing for features that it does not "
        + "have. Made sets, with as many",
      "entries each and so many in a row, tell a and b by least squares of relative deviations; it holds where "
        + "none is off by more than 15 %:",
      "",
      (["features", "a, ns", "b, ns", "largest deviation", "verdict"] | heading),
      ($families[] | family_line),
      "",
      "Each set, and how far it is from the line of the made sets with the nearest number of features. Where a few "
        + "features make up most entries,",
      "as in texts, their weights stay in the cache, and b is smaller than where all are alike:",
      "",
      (["data", "rows", "features", "entries", "a row", "µs an epoch", "ns an entry", "ns a sample",
        "off the line"] | heading),
      ($rows[] | sgd_line($families)),
      "",
      skipped(.rows | map(select(.part == "sgd")));

# --- Hogwild -------------------------------------------------------------------------------------

# The point of the grid that reaches a target soonest, by the median over rounds, a round in which
# it does not counting as endless; null where most rounds do not.
def soonest($target):
    map(. + {times: (.runs | map(.[$target] // infinite))}
        | . + {median: (.times | median)}
        | select(.median < infinite))
    | min_by(.median);

def hogwild_cell:
    if . == null then "missed"
    else "\(.median | milliseconds | readable) (\(.rate), \(.decay))" end;

def finite_ratio($one; $two): if $one and $two then $one.median / $two.median else null end;

def hogwild_lines:
    . as $points
    | .[0].data as $data
    | [.[].runs[] | keys[]] | unique | sort_by(-tonumber)[]
    | . as $target
    | def best($side): $points | map(select(.side == $side)) | soonest($target);
      best("sgd 1") as $sgd | best("hogwild 1") as $one | best("hogwild 2") as $two
    | [finite_ratio($one; $two), finite_ratio($sgd; $two)] as $ratios
    | [$data, ($target | tonumber | scientific), ($sgd | hogwild_cell), ($one | hogwild_cell),
       ($two | hogwild_cell), ($ratios[] | if . then readable else null end),
       if $two == null then "MISSED"
       elif ($ratios | map(values) | min) > 1 then "two threads are faster"
       else "MISSED: one thread is faster" end]
    | line;

def hogwild_part:
    (.rows | map(select(.part == "hogwild" and .skipped == null))) as $rows
    | select(.rows | any(.part == "hogwild"))
    | "## Hogwild: two threads beside one",
      "",
      "Time to a gap, lambda 1e-4, rate / (1 + decay t): the best of one grid of rates and decays for each "
        + "side, of which the two that were quickest in a first run",
      "are timed in every round; in brackets which. Two threads must be faster than hogwild on one, and than sgd, which is what one would "
        + "use there.",
      "",
      (["data", "gap", "sgd, ms (rate, decay)", "hogwild on 1", "hogwild on 2", "hogwild, 1 over 2",
        "sgd over hogwild on 2", "verdict"] | heading),
      ($rows | group_by(.data)[] | hogwild_lines),
      "",
      skipped(.rows | map(select(.part == "hogwild")));

# --- Streaming -----------------------------------------------------------------------------------

def mebibytes: . / 1048576 | fixed(1);

# Gigabytes a second; a difference of times may be none.
def speed($bytes): median | if . > 0 then $bytes / . / 1e9 | readable else "" end;

def stream_memory:
    "The file has \(.bytes | mebibytes) MiB; `ulimit -d` allowed \(.limit / 1024 | fixed(1)) MiB. "
        + "Training ended with status `\(.status)` and had at most",
    "\(.peak / 1024 | fixed(1)) MiB of memory of its own. The same set from the generator "
        + (if .refused then "was refused: `\(.refusal)`." else "fitted: MISSED, the limit was none." end);

# What takes no time at all is no slower than dd.
def stream_line:
    .bytes as $bytes
    | ratios(.seconds | map([., 1e-9] | max); .dd) as $ratios
    | [.what, .threads,
       (.seconds, .dd | (map(milliseconds) | with_range(readable)), speed($bytes)),
       ($ratios | median | readable),
       if any(.left[]?; . > $bytes / 100) then "not evicted: \(.left | max | mebibytes) MiB were left"
       elif $ratios | median >= 0.95 then "at the speed of dd or better" else "MISSED" end]
    | line;

def stream_part:
    (.rows | map(select(.part == "stream"))) as $rows
    | select($rows != [])
    | "## Streaming a set larger than the memory allowed",
      "",
      "Full-batch descent on a NumPy file of float64, mapped and not read, beside `dd bs=1M of=/dev/null`. It is at the "
        + "speed of dd",
      "where it takes no more than 1/0.95 of its time.",
      ($rows[] | select(.what == "memory") | stream_memory),
      "",
      (["what", "threads", "ms, median (least..most)", "GB/s", "dd, ms", "dd, GB/s", "dd over ours",
        "verdict"] | heading),
      ($rows[] | select(.seconds) | stream_line),
      "",
      skipped($rows);

"# The solvers on real data",
"",
"`bench/peers/solvers.sh` made this file on \(.made); medians over rounds, of which there were \(.rounds). What is missed is"
    + "\nlisted with the rest. The command:",
"",
"```sh", .command, "```",
"",
"The machine:",
"",
"```text", .machine, "```",
"",
(gap_part, sgd_part, hogwild_part, stream_part)
