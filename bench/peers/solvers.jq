# SPDX-License-Identifier: MIT
#
# The tables of bench/peers/solvers.sh, from its JSON: {command, made, machine, rounds, gap, rows}. A row
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

def verdict($ahead; $behind):
    if min > 1 then $ahead elif max < 1 then $behind else "not separated" end;

# A list of what was not measured, and why.
def skipped($rows):
    $rows | map(select(.skipped)) | unique_by(.data // .what)
    | select(length > 0)
    | (.[] | "- \(.data // .what): skipped: \(.skipped)"), "";

# --- Time to a gap -------------------------------------------------------------------------------

# Why a row has no time, or null. An objective below the optimum says that the optimum is none.
def gap_fault($target):
    if .reason and .runs == [] then .reason
    elif any(.runs[]; .failed) then "FAILED: \(first(.runs[].failed | values))"
    elif any(.runs[]; .gap == null or .gap > $target) then
        "FAILED: gap \([.runs[].gap | values] | max | scientific)"
    elif any(.runs[]; .gap < -1e-10) then "FAILED: \([.runs[].gap] | min | scientific) below F*"
    else null
    end;

def seconds: [.runs[].seconds];

def gap_rows($target):
    map(select(.part == "gap" and .skipped == null) | . + {fault: gap_fault($target)});

def is_timed: .fault == null and .reason == null;

def by_problem: group_by([.threads, .data, .lambda])[];

def ours: map(select(.program == "descent" and is_timed)) | min_by(seconds | median);

def gap_summary:
    ours as $ours
    | (map(select(.program != "descent" and is_timed)) | min_by(seconds | median)) as $peer
    | [.[0].data, .[0].lambda, .[0].threads, $ours.solver // "none",
       if $ours then $ours | seconds | median | milliseconds | readable else null end]
      + if $ours and $peer then
            ratios($ours | seconds; $peer | seconds) as $ratios
            | ["\($peer.program) \($peer.solver)", $peer.objective,
               ($peer | seconds | median | milliseconds | readable),
               ($ratios | with_range(readable)), ($ratios | verdict("ahead"; "behind"))]
        else [null, null, null, null, if $ours then "no peer" else "MISSED" end]
        end
    | line;

def gap_detail:
    ours as $ours
    | sort_by(.program != "descent", if .fault then infinite else seconds | median end)[]
    | [.data, .lambda, .threads, .program, .solver, .objective,
       (.tolerance | if . then scientific else null end), .runs[0].iterations]
      + if .fault then [null, .fault, null]
        else [([.runs[].gap] | max | if . <= 0 then "0" else scientific end),
              (if .reason then (seconds[0] | milliseconds | readable) + " (\(.reason))"
               else seconds | map(milliseconds) | with_range(readable) end),
              (if .reason or $ours == null or .program == "descent" then null
               else ratios($ours | seconds; seconds) | with_range(readable) end)]
        end
    | line;

def gap_part:
    . as $all
    | (.rows | gap_rows($all.gap)) as $rows
    | select(.rows | any(.part == "gap"))
    | "## Time to a gap of \(.gap | scientific)",
      "",
      "Training alone, data in memory, F = mean log-loss + lambda/2 \\|\\|w\\|\\|². Ours stop at the gap, "
        + "F* being known; a peer stops at the",
      "loosest tolerance, of two a decade from 1000 down, whose result is within the gap. All gaps are computed "
        + "from weights by numpy. The",
      "bias is not regularised: the objective is the *same*. LIBLINEAR cannot leave it out: *bias regularised* "
        + "is an objective of its own, as hard,",
      "with an optimum of its own. scikit-learn's saga gets its data dense, for on sparse data it learns the "
        + "bias at a hundredth of the rate.",
      "*Times ours* is above 1 where ours was faster. The best of ours beside the best of all peers:",
      "",
      (["data", "lambda", "threads", "ours", "ms", "fastest peer", "objective", "ms", "times ours",
        "verdict"] | heading),
      ($rows | by_problem | gap_summary),
      "",
      "All of them; of ours, the two that were quickest in a first run were timed in every round, and those "
        + "of others that took more than",
      "a second in three rounds at most:",
      "",
      (["data", "lambda", "threads", "program", "solver", "objective", "tolerance", "iterations",
        "gap, largest", "ms, median (least..most)", "times ours"] | heading),
      ($rows | by_problem | gap_detail),
      "",
      skipped($all.rows | map(select(.part == "gap")));

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
