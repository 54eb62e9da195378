#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The trial protocol in a shell, to show how little it takes: gradient descent in awk, on dense data.
# docs/protocol.md explains it. It is not fast.
#
#   descent judge pets --parameters epochs=2000 -- bench/peers/programs/shell.sh

member() # NAME: of the message in $line, a text or a number
{
    printf '%s' "$line" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

while read -r line; do
    case $(member message) in
    hello)
        echo '{"protocol": 1, "name": "shell", "version": "1", "parameters": {
            "rate": {"type": "number", "minimum": 0, "default": 0.5},
            "epochs": {"type": "integer", "minimum": 1, "default": 100}}}' | tr -d '\n'
        echo
        ;;
    data)
        n=$(member samples) d=$(member features)
        X=$(od -An -v -t f8 -w$((8 * d)) -j 128 "$(member X)")
        y=$(od -An -v -t f8 -w8 -j 128 "$(member y)")
        echo '{}'
        ;;
    train)
        printf '%s\n%s\n' "$y" "$X" | awk -v n="$n" -v d="$d" -v lambda="$(member lambda)" \
            -v rate="$(member rate)" -v epochs="$(member epochs)" '
            NR <= n { y[NR] = $1; next }
            { for (j = 1; j <= d; j++) x[NR - n, j] = $j }
            END {
                if (rate == "") rate = 0.5
                if (epochs == "") epochs = 100
                for (e = 1; e <= epochs; e++) {
                    for (j = 0; j <= d; j++) g[j] = j > 0 ? lambda * w[j] : 0
                    for (i = 1; i <= n; i++) {
                        z = w[0]
                        for (j = 1; j <= d; j++) z += x[i, j] * w[j]
                        r = (1 / (1 + exp(-z)) - y[i]) / n
                        g[0] += r
                        for (j = 1; j <= d; j++) g[j] += r * x[i, j]
                    }
                    for (j = 0; j <= d; j++) w[j] -= rate * g[j]
                }
                printf "{\"bias\": %.17g, \"iterations\": %d, \"weights\": [", w[0], epochs
                for (j = 1; j <= d; j++) printf "%s%.17g", (j > 1 ? ", " : ""), w[j]
                print "]}"
            }'
        ;;
    quit) exit ;;
    esac
done
