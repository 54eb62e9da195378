#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A program of the trial protocol (docs/protocol.md) with a fault that it says nothing of: gradient
# descent in awk, on dense data.
#
#   faulty_program.sh FAULT     none, doubled, swapped, bias, times-n, fallback
bias=0 times=1 finally=1 epochs=1500
case $1 in
doubled) finally=2 ;;
swapped) finally=-1 ;;
bias) bias=1 ;;
times-n) times=n ;;
fallback) epochs=3 ;; # of another solver than was asked for
esac

member() # NAME: of the message in $line
{
    printf '%s' "$line" | sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

while read -r line; do
    case $(member message) in
    hello) echo '{"protocol": 1, "name": "faulty", "version": "1"}' ;;
    data) n=$(member samples) d=$(member features) X=$(member X) y=$(member y) && echo '{}' ;;
    train)
        [ "$times" != n ] || times=$n
        { od -An -v -t f8 -w8 -j 128 "$y" && od -An -v -t f8 -w$((8 * d)) -j 128 "$X"; } |
            awk -v n="$n" -v d="$d" -v lambda="$(member lambda)" -v bias="$bias" -v times="$times" \
                -v finally="$finally" -v epochs="$epochs" '
                NR <= n { y[NR] = $1; next }
                { for (j = 1; j <= d; j++) x[NR - n, j] = $j; x[NR - n, 0] = 1 }
                END {
                    lambda *= times
                    while (e++ < epochs) {
                        for (j = 0; j <= d; j++) g[j] = (j > 0 ? 1 : bias) * lambda * w[j]
                        for (i = 1; i <= n; i++) {
                            z = 0
                            for (j = 0; j <= d; j++) z += x[i, j] * w[j]
                            r = (1 / (1 + exp(-z)) - y[i]) / n
                            for (j = 0; j <= d; j++) g[j] += r * x[i, j]
                        }
                        for (j = 0; j <= d; j++) w[j] -= g[j]
                    }
                    for (j = 1; j <= d; j++) list = list (j > 1 ? ", " : "") sprintf("%.17g", finally * w[j])
                    printf "{\"weights\": [%s], \"bias\": %.17g}\n", list, finally * w[0]
                }'
        ;;
    quit) exit ;;
    esac
done
