#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The trial protocol (docs/protocol.md) in 40 lines: gradient descent in awk, on dense data. It is not fast.
#
#   descent judge pets --parameters epochs=2000 -- bench/peers/programs/shell.sh

member() # NAME: of the message in $line, a text or a number
{
    printf '%s' "$line" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}
# shellcheck disable=SC2016 # dollars are awk's own
train='
NR <= n { y[NR] = $1; next }
{ for (j = 1; j <= d; j++) x[NR - n, j] = $j }
END {
    for (; e < epochs; e++) {
        for (j = 1; j <= d; j++) g[j] = lambda * w[j]
        for (i = 1; i <= n; i++) {
            z = b
            for (j = 1; j <= d; j++) z += x[i, j] * w[j]
            r = (1 / (1 + exp(-z)) - y[i]) / n
            db += r
            for (j = 1; j <= d; j++) g[j] += r * x[i, j]
        }
        for (j = 1; j <= d; j++) w[j] -= rate * g[j]
        b -= rate * db; db = 0
    }
    for (j = 1; j <= d; j++) list = list (j > 1 ? ", " : "") sprintf("%.17g", w[j])
    printf "{\"weights\": [%s], \"bias\": %.17g, \"iterations\": %d}\n", list, b, epochs
}'
while read -r line; do
    case $(member message) in
    hello) echo '{"protocol": 1, "name": "shell", "version": "1", "parameters": {"rate": {"type": "number", "minimum": 0, "default": 0.5}, "epochs": {"type": "integer", "minimum": 1, "default": 100}}}' ;;
    data) n=$(member samples) d=$(member features) X=$(member X) y=$(member y); echo '{}' ;;
    train) { od -An -v -t f8 -w8 -j 128 "$y"; od -An -v -t f8 -w$((8 * d)) -j 128 "$X"; } | awk -v n="$n" -v d="$d" \
        -v lambda="$(member lambda)" -v rate="$(member rate | grep . || echo 0.5)" -v epochs="$(member epochs | grep . || echo 100)" "$train" ;;
    quit) exit ;;
    esac
done
