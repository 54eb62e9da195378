# SPDX-License-Identifier: MIT
#
# From the JSON of descent_bench to a table of figures: each a ratio of medians over repetitions,
# with who it is of, the bar that it has to pass, and a verdict. See bench/figures/figures.sh.

# --- What was measured ---------------------------------------------------------------------------

def median:
    sort | length as $n
    | if $n == 0 then null else (.[($n - 1) / 2 | floor] + .[$n / 2 | floor]) / 2 end;

# "gd_epoch/fused/n:2000/d:100" as {family, kernel, n: "2000", d: "100"}
def parts:
    split("/") | {family: .[0], kernel: .[1]}
        + (map(select(contains(":")) | split(":") | {(.[0]): .[1]}) | add);

# The repetitions of one row as one: medians of its counters, the largest residual.
def summary:
    . as $repetitions
    | (.[0].run_name | parts)
        + {name: .[0].run_name}
        + (["seconds_per_model", "nanoseconds_per_sample_model", "of_ceiling"]
           | map({(.): ([$repetitions[][.] | numbers] | median)}) | add)
        + {residual: ([.[].residual | numbers] | max),
           error: (map(.error_message // empty) | first)};

def rows:
    [.benchmarks[] | select(.run_type == "iteration")] | group_by(.run_name) | map(summary);

# --- Looking rows up -----------------------------------------------------------------------------

# All of `rows` with the parts of $wanted.
def matching($wanted):
    map(select(. as $row | all($wanted | to_entries[]; .value == $row[.key])));

def row($wanted):
    matching($wanted) | first;

# The fastest kernel for the features as they are; `auto` chooses among them, and the rivals are none.
def best($wanted):
    matching($wanted)
    | map(select(.error == null and .precision == null
                 and (.kernel | IN("two_dgemv", "plain", "auto") | not)))
    | min_by(.seconds_per_model);

def shape($n; $d):
    {n: $n, d: $d};

# --- Figures -------------------------------------------------------------------------------------

# A figure of one row or of two, with the number that `value` makes of {a, b}; null: not measured.
def figure($what; $wanted; $a; $b; value; $limits):
    {$what, shape: "\($wanted.n) x \($wanted.d)", threads: $wanted.threads, k: $wanted.k,
     order: $wanted.order, kernel: ($a.kernel // "?"),
     residual: ([$a.residual, $b.residual | numbers] | max),
     error: ($a.error // $b.error)}
    + $limits
    + {value: (if $a == null or $b == null or $a.error != null or $b.error != null then null
               else {$a, $b} | value end)};

# How many times faster a is than b, for one model.
def faster:
    .b.seconds_per_model / .a.seconds_per_model;

def epoch_over_read_pass($threads):
    . as $rows
    | (shape("1000000"; "100"), shape("200000"; "784"), shape("3000000"; "28"))
    | (. + {family: "gd_epoch", k: "1", $threads}) as $wanted
    | ($rows | row($wanted + {kernel: "fused"})) as $fused
    | figure("epoch over read pass"; $wanted; $fused; $fused; 1 / .a.of_ceiling;
             {bar: (if $wanted.d == "28" then 1.15 else 1.1 end), less: true});

def fused_over_two_dgemv($threads):
    . as $rows
    | (shape("1000000"; "100"), shape("200000"; "784"), shape("3000000"; "28"),
       shape("2000"; "100"))
    | (. + {family: "gd_epoch", k: "1", $threads}) as $wanted
    | figure("two_dgemv over fused"; $wanted; ($rows | row($wanted + {kernel: "fused"}));
             ($rows | row($wanted + {kernel: "two_dgemv"})); faster;
             {bar: (if $threads == "1" then 2.2 else 2.5 end)});

def shapes_of_many:
    shape("1000000"; "100"), shape("200000"; "784"), shape("2000"; "100");

def share_of_gemm($threads):
    . as $rows
    | shapes_of_many
    | (. + {family: "gd_epoch", k: "64", $threads}) as $wanted
    | ($rows | best($wanted)) as $best
    | figure("share of GEMM rate"; $wanted; $best; $best; .a.of_ceiling; {bar: 0.97});

# Two dgemv take one model after the other: where 64 were not measured, one says the same.
def best_over_two_dgemv($threads):
    . as $rows
    | shapes_of_many
    | (. + {family: "gd_epoch", k: "64", $threads}) as $wanted
    | ($wanted + {kernel: "two_dgemv"}) as $plain
    | figure("a model: two_dgemv over best"; $wanted; ($rows | best($wanted));
             ($rows | row($plain) // row($plain + {k: "1"})); faster; {bar: 8});

def best_over_plain($k; limits):
    . as $rows
    | limits
    | . as $limits
    | ({family: "sgd_epoch", n, d, $k, threads: "1", order: ("none", "random")}) as $wanted
    | figure("plain SGD over best"; $wanted; ($rows | best($wanted));
             ($rows | row($wanted + {kernel: "plain"}));
             .b.nanoseconds_per_sample_model / .a.nanoseconds_per_sample_model;
             {bar: ($limits[$wanted.order] // $limits.bar)});

def one_model:
    shape("10000"; "2") + {bar: 2}, shape("20000"; "100") + {none: 2, random: 2.5};

def many_models:
    shape("10000"; "2") + {bar: 12}, shape("20000"; "100") + {bar: 6},
    shape("20000"; "784") + {bar: 4.4};

def sgd_on_two_threads:
    . as $rows
    | many_models
    | ({family: "sgd_epoch", n, d, k: "64", order: ("none", "random")}) as $wanted
    | figure("SGD: 1 thread over 2"; $wanted + {threads: "2"};
             ($rows | best($wanted + {threads: "2"})); ($rows | best($wanted + {threads: "1"}));
             faster; {bar: 1.9});

# A model among a few side by side, against one that is trained alone.
def few_over_alone($threads):
    . as $rows
    | ({k: "3", bar: 2}, {k: "4", bar: 2.5}, {k: "8", bar: 5}, {k: "16", bar: 8})
    | {bar} as $limits
    | (shape("1000000"; "100") + {family: "gd_epoch", k, $threads}) as $wanted
    | figure("a model: fused alone over batched"; $wanted;
             ($rows | row($wanted + {kernel: "batched"}));
             ($rows | row($wanted + {kernel: "fused", k: "1"})); faster; $limits);

# Features in fewer bits, against the kernel of the same shape for those as they are.
def narrow_over_wide($threads; $k; $wide; $narrow; limits):
    . as $rows
    | (shape("1000000"; "100"), shape("200000"; "784"), shape("3000000"; "28")) as $shape
    | limits
    | {bar} as $limits
    | .precision as $precision
    | ($shape + {family: "gd_epoch", $k, $threads}) as $wanted
    | figure("float64 over \($precision)"; $wanted;
             ($rows | row($wanted + {kernel: $narrow, $precision}));
             ($rows | row($wanted + {kernel: $wide})); faster; $limits);

def precisions_of_one:
    {precision: "float32", bar: 1.9}, {precision: "bfloat16", bar: 3.4},
    {precision: "int8", bar: 5.5};

# `auto` against `blas`, wherever both were measured.
def auto_over_blas:
    . as $rows
    | matching({family: "gd_epoch", kernel: "auto"}) | sort_by((.n | tonumber), (.k | tonumber))[]
    | . as $auto
    | {family, n, d, k, threads} as $wanted
    | figure("auto over blas"; $wanted; $auto; ($rows | row($wanted + {kernel: "blas"}));
             1 / faster; {bar: 1.05, less: true});

def figures:
    (matching({family: "gd_epoch"}) | map(.threads) | unique_by(tonumber)) as $threads
    | [epoch_over_read_pass($threads[]), fused_over_two_dgemv($threads[]),
       share_of_gemm($threads[]), best_over_two_dgemv($threads[]), few_over_alone($threads[]),
       narrow_over_wide($threads[]; "1"; "fused"; "fused-narrow"; precisions_of_one),
       narrow_over_wide($threads[]; "64"; "batched"; "batched-narrow";
                        {precision: "float32", bar: 1.8}),
       best_over_plain("1"; one_model), best_over_plain("64"; many_models), sgd_on_two_threads,
       auto_over_blas];

# --- The table -----------------------------------------------------------------------------------

def verdict:
    if .error != null then "FAILED: \(.error)"
    elif .value == null then "not measured"
    else (if .less then -1 else 1 end) as $sign
        | if $sign * .value >= $sign * .bar then "met" else "missed" end
    end;

def rounded:
    if . == null then "" else . * 1000 | round / 1000 | tostring end;

# "1.2e-14"
def scientific:
    if . == null then "" elif . == 0 then "0"
    else (log10 | floor) as $exponent
        | "\(. / pow(10; $exponent) * 10 | round / 10)e\($exponent)" end;

def line:
    [.what, .shape, .k, .order // "", .threads, .kernel, (.value | rounded), (.bar | rounded),
     (.residual | scientific), verdict];

def table_line:
    "| \(join(" | ")) |";

.context as $context
| "\($context.descent_processor), \($context.descent_threads) threads; "
    + "\($context.descent_compiler), \($context.descent_flags); "
    + "\($context.descent_blas) (\($context.descent_blas_core)); "
    + "\($context.descent_commit), \($context.date); "
    + "medians of \([.benchmarks[].repetitions] | max) repetitions.",
  "",
  (["figure", "n x d", "models", "order", "threads", "kernel", "measured", "bar",
    "residual", "verdict"], [range(10) | "---"] | table_line),
  (rows | (figures[] | line | table_line),
          (map(select(.error != null))
           | if length > 0 then "", "Rows without a result:" else empty end,
             (.[] | "- \(.name): \(.error)")))
