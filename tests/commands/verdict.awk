# SPDX-License-Identifier: MIT
#
# The verdicts of `descent compare` worked out again from what `descent export --format csv` writes,
# by a program that shares nothing with it: two sides (sgd and gd), targets that are gaps, the best of
# each side by the sweep (it arrives most often, then soonest), its times from the finals. Arrivals
# between recorded epochs are intervals, of several seeds each counts once, and trials that were disturbed
# have no time where there are others; where they leave too few rounds, the outcome is `disturbed`.
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

# Median time to a gap of one configuration, whatever its seed, in the sweep (finals = 0) or in the
# finals; `share` is then how often it arrives.
function median_time(e, finals, gap,    p, r, t, all, count, there, list, quiet) {
    all = count = there = 0
    quiet = has_quiet(e, finals)
    for (p = 1; p <= positions; p++)
        for (r = 1; r <= most; r++)
            if (entrant_of[p] == e && (p, finals, r) in known) {
                t = arrival(p, finals, r, gap)
                there += t < never
                all++
                if (!quiet || !noisy[p, finals, r]) list[++count] = t
            }
    share = all ? there / all : 0
    return count ? middle(list, count) : -1
}

# Has it a trial that nothing disturbed?
function has_quiet(e, finals,    p, r) {
    for (p = 1; p <= positions; p++)
        for (r = 1; r <= most; r++)
            if (entrant_of[p] == e && (p, finals, r) in known && !noisy[p, finals, r]) return 1
    return 0
}

function arrival(position, finals, round, gap,    key) {
    key = position SUBSEP finals SUBSEP round SUBSEP gap
    return key in time ? time[key] : never
}

# The earliest that it may have been.
function since(position, finals, round, gap,    key) {
    key = position SUBSEP finals SUBSEP round SUBSEP gap
    return key in time ? after[key] : never
}

# The configuration of a side that the sweep chose, in best; returns whether one arrives.
function choose(data, side, gap,    e, t, least, often) {
    least = never
    often = 0
    best = 0
    for (e = 1; e <= entrants; e++) {
        if (data_of[e] != data || side_of[e] != side || unfit[e]) continue
        t = median_time(e, 0, gap)
        if (t >= 0 && share > 0 && (share > often || (share == often && t < least))) {
            least = t
            often = share
            best = e
        }
    }
    slack = 1 # of its earliest time: another of the side may have been sooner
    for (e = 1; best && e <= entrants; e++) {
        if (data_of[e] != data || side_of[e] != side || unfit[e] || median_time(e, 0, gap) < 0 || share != often)
            continue
        t = median_since(e, gap) / median_since(best, gap)
        if (t < slack) slack = t
    }
    return best > 0
}

# The least that median_time() of the sweep may be.
function median_since(e, gap,    p, r, count, list, quiet) {
    count = 0
    quiet = has_quiet(e, 0)
    for (p = 1; p <= positions; p++)
        for (r = 1; r <= most; r++)
            if (entrant_of[p] == e && (p, 0, r) in known && (!quiet || !noisy[p, 0, r]))
                list[++count] = since(p, 0, r, gap)
    return middle(list, count)
}

# The middle of what rounds of one seed said, in place of them all; both ends.
function fold(low, high, from, n,    i, a, b) {
    for (i = from; i <= n; i++) { a[i - from + 1] = low[i]; b[i - from + 1] = high[i] }
    low[from] = middle(a, n - from + 1)
    high[from] = middle(b, n - from + 1)
    return from
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
    key = cell[column["data"]]
    for (i = column["solver"]; i <= column["record"]; i++)
        if (i != column["seed"]) key = key SUBSEP cell[i]
    if (!(key in entrant)) entrant[key] = ++entrants
    e = entrant_of[p] = entrant[key]
    seed_of[p] = cell[column["seed"]]
    data_of[e] = cell[column["data"]]
    if (!(data_of[e] in seen)) { seen[data_of[e]] = 1; sets[++set_count] = data_of[e] }
    side_of[e] = cell[column["solver"]]
    optimum[p] = cell[column["optimum"]]
    best_known[data_of[e]] = optimum[p]
    status = cell[column["status"]]
    if (status == "diverged" || status == "failed") unfit[e] = 1
    r = cell[column["repeat"]] + 0
    known[p, cell[column["final"]] > 0, r] = 1
    noisy[p, cell[column["final"]] > 0, r] = cell[column["disturbed"]] != ""
    most = r > most ? r : most
    next
}

{
    split_csv($0)
    p = cell[column["position"]] + 0
    r = cell[column["repeat"]] + 0
    finals = cell[column["final"]] > 0
    objective = cell[column["objective"]]
    epoch = cell[column["epoch"]] + 0
    trial = p SUBSEP finals SUBSEP r
    if (epoch == 0 && objective != "" && !unfit[entrant_of[p]]) {
        s = data_of[entrant_of[p]]
        if (!(s in start) || objective + 0 < start[s]) start[s] = objective + 0
    }
    for (g = 1; g <= gaps; g++)
        if (objective != "" && objective + 0 <= optimum[p] + gap_of[g] &&
            !((p, finals, r, g) in time)) {
            time[p, finals, r, g] = cell[column["seconds"]] + 0
            after[p, finals, r, g] = epoch > last_epoch[trial] + 1 ? last_seconds[trial] : cell[column["seconds"]] + 0
        }
    last_epoch[trial] = epoch
    last_seconds[trial] = cell[column["seconds"]] + 0
}

END {
    for (pass = 1; pass <= 2; pass++)
        for (i = 1; i <= set_count; i++)
            for (g = 1; g <= gaps; g++)
                decide(sets[i], g, pass)
}

# First pass: count the comparisons; second: make them, each at 0.05 over their number.
function decide(data, g, pass,    s, b, rs, rb, n, k, p, q, r, from, seeds, ahead, behind, outcome, all, before, a, o, low, high) {
    if (best_known[data] + gap_of[g] >= start[data]) return
    s = choose(data, "sgd", g) ? best : 0
    slack_of["SGD"] = slack
    b = choose(data, "gd", g) ? best : 0
    slack_of["batch"] = slack
    if (s && b) { if (pass == 1) comparisons++ }
    if (pass == 1) return
    if (!s && !b) { print data, gap_of[g] + 0, "-", "none", "-", "-", "-"; return }
    if (!s || !b) { print data, gap_of[g] + 0, s ? "SGD" : "batch", "only", "-", "-", "-"; return }
    rs = median_time(s, 1, g)
    rb = median_time(b, 1, g)
    ahead = rs < rb ? "SGD" : "batch"
    behind = ahead == "SGD" ? "batch" : "SGD"
    a = ahead == "SGD" ? s : b
    o = ahead == "SGD" ? b : s
    seeds = 0
    for (p = 1; p <= positions; p++) seeds += entrant_of[p] == a
    n = all = 0
    for (p = 1; p <= positions; p++)
        for (q = 1; q <= positions; q++) {
            if (entrant_of[p] != a || entrant_of[q] != o || seed_of[p] != seed_of[q]) continue
            from = n + 1
            before = all
            for (r = 1; r <= most; r++) {
                if (!((p, 1, r) in known) || !((q, 1, r) in known)) continue
                if (arrival(p, 1, r, g) < never || arrival(q, 1, r, g) < never) all++
                if (noisy[p, 1, r] || noisy[q, 1, r]) continue
                low[++n] = log(since(q, 1, r, g) * slack_of[behind] / arrival(p, 1, r, g))
                high[n] = log(arrival(q, 1, r, g) / (since(p, 1, r, g) * slack_of[ahead]))
            }
            if (seeds > 1 && n >= from) n = fold(low, high, from, n)
            if (seeds > 1 && all > before) all = before + 1
        }
    sort(low, n)
    sort(high, n)
    k = rank(n, 0.05 / comparisons)
    outcome = k >= 0 && low[k + 1] > 0 ? "faster" : "not significant"
    if (k < 0 && n < all && (rank(all, 0.05 / comparisons) >= 0 || n == 0)) outcome = "disturbed"
    if (n == 0) { print data, gap_of[g] + 0, ahead, outcome, "-", "0", "-"; return }
    print data, gap_of[g] + 0, ahead, outcome, told((middle(low, n) + middle(high, n)) / 2),
        (k < 0 ? "0" : told(low[k + 1])), (k < 0 ? "-" : told(high[n - k]))
}

# A ratio by its logarithm; "-" where a side never arrived.
function told(x) { return x > 200 ? "-" : sprintf("%.6g", exp(x)) }
