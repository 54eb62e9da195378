# SPDX-License-Identifier: MIT
#
# From the rows of bench/peers/ceilings.sh, one object a line, to its tables: our ceilings beside what
# other programs measured in the same rounds. Ratios are taken within a round, ours over theirs, and
# the median of them must be within a tenth of 1.

include "numbers";

def bar: 0.1;

def size:
    if . >= 1073741824 then "\(. / 1073741824) GiB" elif . >= 1048576 then "\(. / 1048576) MiB"
    else "\(. / 1024) KiB" end;

def level:
    if . == 0 then "memory" else "L\(.)" end;

def giga:
    map(. / 1e9) | with_range(readable);

# The line of one thing that was measured and one other program, which begins with $cells.
def line($ours; $cells):
    . as $theirs
    | ($theirs | map(.skipped // empty) | first) as $skipped
    | [$theirs[] | . as $other | select(.rate != null)
       | ($ours[] | select(.round == $other.round).rate) as $rate | {$rate, other: .rate}] as $pairs
    | "\($cells) | \(if $ours == [] then "" else $ours | map(.rate) | giga end) | \($theirs[0].who) | "
      + if $skipped != null then " | | skipped: \($skipped) |"
        elif $pairs == [] then " | | FAILED: no round has both |"
        else ($pairs | map(.rate / .other)) as $ratios
            | "\($pairs | map(.other) | giga) | \($ratios | with_range(fixed(3)))"
              + " | \(if ($ratios | median) - 1 | fabs <= bar then "holds" else "MISSED" end) |"
        end;

# The lines of one thing, one for each other program.
def lines(cells):
    (map(select(.who == "ours"))) as $ours
    | ($ours[0] // .[0] | cells) as $cells
    | map(select(.who != "ours")) | group_by(.who)[] | line($ours; $cells);

. as $rows
| "Reads, in GB/s: working sets of all threads together.",
  "",
  "| threads | working set | fits | ours, median (least..most) | other program | its | ratio | within 10 % |",
  "|--:|--:|---|--:|---|--:|--:|---|",
  ($rows | map(select(.what == "read")) | group_by([.threads, .bytes])[]
   | lines("| \(.threads) | \(.bytes | size) | \(.cache_level // 0 | level)")),
  "",
  ($rows | map(select(.what == "bound")) | group_by(.threads)[]
   | "Threads \(.[0].threads): no working set is larger because of \(.[0].by)."),
  "",
  "GEMM, in Gflop/s: all threads together. *each*: a product of its own for every thread; *one*: one product,",
  "which OpenBLAS divides among them.",
  "",
  "| threads | ours, median (least..most) | other program | its | ratio | within 10 % |",
  "|--:|--:|---|--:|--:|---|",
  ($rows | map(select(.what == "gemm")) | group_by(.threads)[] | lines("| \(.threads)")),
  "",
  "Regions: what each costs at least, in microseconds. No other program is at hand to compare with.",
  "",
  "| threads | fork/join, median (least..most) | barrier |",
  "|--:|--:|--:|",
  ($rows | map(select(.what == "fork_join" or .what == "barrier")) | group_by(.threads)[]
   | "| \(.[0].threads) | " + ([("fork_join", "barrier") as $what
      | map(select(.what == $what).seconds * 1e6) | with_range(readable)] | join(" | ")) + " |")
