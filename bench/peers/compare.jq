# SPDX-License-Identifier: MIT
#
# The tables of bench/peers/compare.sh: reads the rows of one group (one object a row) and writes Markdown.
# A time is printed only beside a verdict: where the objective is not what it has to be, the row says
# FAILED and by how much, and no time.
#
# A row has name, program, what, work, command, ours (the name of the row that it is compared with,
# its own where it is ours), check, rounds (times, an array a round), failures (runs whose exit
# status was not 0), results (rate, objective, seconds of training; one a model that was trained), or
# skipped, a reason. `check` says what the objective has to be:
#
#     equal   that of ours, to a relative 1e-8, at every rate and in every run
#     sgd     what it is: the order of samples differs. But in an untimed run without shuffling it
#             was that of ours; $sgd_difference says how closely
#     shown   what it is: the programs stop at different places. But below $start, where all began.
#             It is not the same work, and no ratio of times is shown
#
# jq sorts NaN below every number, so that NaN <= 1e-8 holds: what is no finite number is null here,
# and null is a failure.
include "numbers";

def tolerance: 1e-8;

# The objectives of all runs, rate by rate.
def objectives: .results | group_by(.rate) | map(map(.objective));
def rates: [.results[].rate] | unique;
# What the row shows: of one model its objective, of a sweep the best.
def shown: objectives | map(.[0]) | min;

# The largest relative difference of any objective from that of ours at the same rate.
def difference($ours):
    ($ours | objectives | map(.[0])) as $expected
    | objectives as $found
    | [range($expected | length) as $i
       | $found[$i][]
       | (. - $expected[$i] | fabs) / ($expected[$i] | fabs)]
    | max;

# How the objectives contradict those of ours, or null.
def contradiction($ours):
    if .check == "equal" then
        difference($ours) | if . <= tolerance then null else "differs by \(scientific)" end
    elif .check == "sgd" and $sgd_difference != null and $sgd_difference > tolerance then
        "differs by \($sgd_difference | scientific) without shuffling"
    else null
    end;

# Why the results are none, or null.
def no_results:
    if .failures > 0 then "\(.failures) runs ended with an error"
    elif .results == [] then "it printed no objective"
    elif any(.results[]; .objective == null) then "its objective is not finite, or it did not end well"
    else null
    end;

# Where another program contradicts ours, it is unclear which is wrong.
def contradicted($rows):
    . as $ours
    | [$rows[]
       | select(.ours == $ours.name and .skipped == null and no_results == null)
       | select(rates == ($ours | rates))
       | .program as $program | contradiction($ours) | values | "the objective of \($program) \(.)"]
    | .[0];

# Why no time may be shown, or null.
def failure($ours; $rows):
    if no_results != null then no_results
    elif .name == .ours then contradicted($rows)
    elif .check == "shown" then if shown < $start then null else "it ended above its start" end
    elif ($ours | no_results) != null then "nothing to compare with: ours failed"
    elif rates != ($ours | rates) then "its learning rates are not those of ours"
    elif .check == "sgd" and $sgd_difference == null then "it was not compared without shuffling"
    elif contradiction($ours) != null then "its objective \(contradiction($ours))"
    elif ($ours | contradicted($rows)) != null then "nothing to compare with: ours failed"
    else null
    end;

# Seconds of training in a run, the median over runs; null where a program does not say.
def training:
    (rates | length) as $models
    | [.results | range(0; length; $models) as $i | .[$i:$i + $models] | map(.seconds)]
    | if flatten | any(. == null) then null else map(add) | median end;

# The ratio over the rounds in which ours took longer than the shell that started it, whose time is
# subtracted.
def ratio($ours):
    ($ours.rounds | map(median)) as $reference
    | [.rounds | map(median) | range(length) as $i | select($reference[$i] > 0)
       | .[$i] / $reference[$i]]
    | if length == 0 then "too short" else with_range(readable) end;

def difference_text($ours):
    if .check == "equal" then "\(difference($ours) | scientific) at most"
    else ($ours | shown) as $expected | (shown - $expected) / ($expected | fabs) | scientific
    end;

def objective_text: (if rates | length > 1 then "best " else "" end) + (shown | fixed(10));

def cells($rows):
    (.ours as $name | $rows | map(select(.name == $name)) | .[0]) as $ours
    | (if .skipped == null then failure($ours; $rows) else null end) as $failure
    | if .skipped != null then ["skipped: \(.skipped)", "", "", "", ""]
      elif $failure != null then ["FAILED: \($failure)", "", "", "", ""]
      else
        (.check == "shown") as $other_work
        | (.name == .ours or ($ours | failure($ours; $rows)) != null) as $alone
        | [(.rounds | flatten | with_range(readable)),
           (training | if . == null then "" else readable end),
           (if $alone or $other_work then "" else ratio($ours) end),
           objective_text,
           (if $alone then "" else difference_text($ours) end)]
      end;

def work_text:
    .work + (.results[0].iterations | if . == null then "" else ": \(.) iterations" end);

. as $rows
| "| program | how | work | seconds, median (least..most) | of which training | times ours "
    + "| objective | relative difference |",
  "|---|---|---|---|---|---|---|---|",
  ($rows[] | "| " + ([.program, .what, work_text] + cells($rows) | join(" | ")) + " |"),
  "",
  "```sh",
  ($rows[] | select(.command != null) | "\(.command)  # \(.program), \(.what)"),
  "```"
