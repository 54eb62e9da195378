# SPDX-License-Identifier: MIT
#
# The verdicts of `descent compare` worked out again from what `descent export --format csv` writes,
# by a program that shares nothing with it: two sides (sgd and gd), targets that are gaps, the best of
# each side by the sweep, its times from the finals.
#
#   awk -f verdict.awk trials.csv traces.csv
#
# prints DATA, GAP, AHEAD, OUTCOME, RATIO, LOW and HIGH a line, tabs between them, numbers to six digits, -
# where there are none.

# Splits a line of CSV into cell[1 ...]; returns how many.
function split_csv(line,    count, part) {
    for (count = 0; line != "" || count == 0; ) {
        if (substr(line, 1, 1) == "\"") {
            match(line, /^"([^"]|"")*"/)
            part = substr(line, 2, RLENGTH - 2)
            gsub(/""/, "\"", part)
            line = substr(line, RLENGTH + 1)
        } else {
            match(line, /^[^,]*/)
            part = substr(line, 1, RLENGTH)
            line = substr(line, RLENGTH + 1)
        }
        cell[++count] = part
        if (line == "") break
        line = substr(line, 2)
        if (line == "") cell[++count] = ""
    }
    return count
}

function sort(values, count,    i, j, x) {
    for (i = 2; i <= count; i++) {
        x = values[i]
        for (j = i - 1; j >= 1 && values[j] > x; j--) values[j + 1] = values[j]
        values[j + 1] = x
    }
}

function middle(values, count) {
    sort(values, count)
    return count % 2 ? values[(count + 1) / 2] : (values[count / 2] + values[count / 2 + 1]) / 2
}

# Rank of the sign test: the largest k with 2 P(Bin(n, 1/2) <= k) <= alpha; -1: none.
function rank(n, alpha,    k, term, sum) {
    term = 0.5 ^ n
    sum = 0
    for (k = 0; k <= n; k++) {
        sum += term
        if (2 * sum > alpha) return k - 1
        term = term * (n - k) / (k + 1)
    }
    return n
}

# Median time to a gap of one configuration in the sweep (finals = 0) or in the finals.
function median_time(position, finals, gap,    r, count, list) {
    count = 0
    for (r = 1; r <= most; r++)
        if ((position, finals, r) in known) list[++count] = arrival(position, finals, r, gap)
    return count ? middle(list, count) : -1
}

function arrival(position, finals, round, gap,    key) {
    key = position SUBSEP finals SUBSEP round SUBSEP gap
    return key in time ? time[key] : never
}

# The configuration of a side that the sweep chose, in best_position; returns whether one arrives.
function choose(data, side, gap,    p, t, least) {
    least = never
    best_position = 0
    for (p = 1; p <= positions; p++) {
        if (data_of[p] != data || side_of[p] != side || unfit[p]) continue
        t = median_time(p, 0, gap)
        if (t >= 0 && t < least) { least = t; best_position = p }
    }
    return best_position > 0
}

BEGIN { OFS = "\t"; gaps = split("0.1 0.01 0.001 0.0001 0.00001 0.000001", gap_of, " "); never = 1e300 }

FNR == 1 {
    file++
    count = split_csv($0)
    delete column
    for (i = 1; i <= count; i++) column[cell[i]] = i
    next
}

file == 1 {
    split_csv($0)
    p = cell[column["position"]] + 0
    positions = p > positions ? p : positions
    data_of[p] = cell[column["data"]]
    if (!(data_of[p] in seen)) { seen[data_of[p]] = 1; sets[++set_count] = data_of[p] }
    side_of[p] = cell[column["solver"]]
    optimum[p] = cell[column["optimum"]]
    status = cell[column["status"]]
    if (status == "diverged" || status == "failed") unfit[p] = 1
    r = cell[column["repeat"]] + 0
    known[p, cell[column["final"]] > 0, r] = 1
    most = r > most ? r : most
    next
}

{
    split_csv($0)
    p = cell[column["position"]] + 0
    r = cell[column["repeat"]] + 0
    finals = cell[column["final"]] > 0
    objective = cell[column["objective"]]
    if (cell[column["epoch"]] == 0 && objective != "" && !unfit[p]) {
        s = data_of[p]
        if (!(s in start) || objective + 0 < start[s]) start[s] = objective + 0
    }
    for (g = 1; g <= gaps; g++)
        if (objective != "" && objective + 0 <= optimum[p] + gap_of[g] &&
            !((p, finals, r, g) in time))
            time[p, finals, r, g] = cell[column["seconds"]] + 0
}

END {
    for (i = 1; i <= set_count; i++)
        for (p = 1; p <= positions; p++)
            if (data_of[p] == sets[i]) best_known[sets[i]] = optimum[p]
    for (pass = 1; pass <= 2; pass++)
        for (i = 1; i <= set_count; i++)
            for (g = 1; g <= gaps; g++)
                decide(sets[i], g, pass)
}

# First pass: count the comparisons; second: make them, each at 0.05 over their number.
function decide(data, g, pass,    s, b, rs, rb, n, k, r, ahead, outcome, a, o, ta, to, x) {
    if (best_known[data] + gap_of[g] >= start[data]) return
    s = choose(data, "sgd", g) ? best_position : 0
    b = choose(data, "gd", g) ? best_position : 0
    if (s && b) { if (pass == 1) comparisons++ }
    if (pass == 1) return
    if (!s && !b) { print data, gap_of[g] + 0, "-", "nobody", "-", "-", "-"; return }
    if (!s || !b) { print data, gap_of[g] + 0, s ? "SGD" : "batch", "only", "-", "-", "-"; return }
    rs = median_time(s, 1, g)
    rb = median_time(b, 1, g)
    ahead = rs < rb ? "SGD" : "batch"
    a = ahead == "SGD" ? s : b
    o = ahead == "SGD" ? b : s
    n = 0
    for (r = 1; r <= most; r++) {
        if (!((a, 1, r) in known) || !((o, 1, r) in known)) continue
        ta = arrival(a, 1, r, g)
        to = arrival(o, 1, r, g)
        x[++n] = log(to / ta)
    }
    sort(x, n)
    k = rank(n, 0.05 / comparisons)
    outcome = k >= 0 && x[k + 1] > 0 ? "first" : "ahead"
    printf "%s\t%s\t%s\t%s\t%.6g\t", data, gap_of[g] + 0, ahead, outcome, exp(middle(x, n))
    if (k >= 0) printf "%.6g\t%.6g\n", exp(x[k + 1]), exp(x[n - k])
    else print "-", "-"
}
