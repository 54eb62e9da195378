#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# How large is the report page of many trials, and how long does it take to open? A sweep of random
# configurations on a small set, its page, and Chromium without a window, which opens it a few times.
# A time is the page's own: from its first byte until all of it is drawn (page_main.js), the median.
# The bars are 6 MB and 3 seconds, at 10,000 trials.
#
#   bench/figures/page.sh [DESCENT [TRIALS]]     by default build/descent of this repository, 10000; prints
#                                        Markdown
set -euo pipefail
descent=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/descent}")
trials=${2:-10000}
openings=5

if ! command -v chromium >/dev/null; then
    printf 'page.sh: chromium is not installed: apt-get install chromium\n' >&2
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
cat >many.yaml <<END
# How does a page with very many trials open?
name: many
data: {generate: pets}
lambda: 0.01
optimum: always
method: random
trials: $((trials / 4))
runs:
  - {solver: gd, rate: {min: 0.001, max: 1000, scale: log}, threads: 1}
  - {solver: sgd, rate: {min: 0.00001, max: 10, scale: log}, schedule: [constant, inverse, cosine]}
  - {solver: minibatch, rate: {min: 0.0001, max: 100, scale: log}, batch: [4, 8, 16, 32], threads: 1}
  - {solver: minibatch-momentum, rate: {min: 0.0001, max: 10, scale: log}, batch: [4, 8, 16, 32],
     momentum: {min: 0, max: 0.99}, threads: 1}
stop: {epochs: 40, divergence: 10}
warmup: 0
retries: 0
END
"$descent" sweep many.yaml --quiet >sweep.log || { cat sweep.log && exit 1; }
begin=$(date +%s%N)
"$descent" report results/many --output many.html >/dev/null
made=$((($(date +%s%N) - begin) / 1000000))
bytes=$(wc -c <many.html)

for ((i = 0; i < openings; i++)); do
    chromium --headless=new --no-sandbox --disable-gpu --no-first-run --user-data-dir="$folder/profile" \
        --window-size=1280,1000 --dump-dom "file://$folder/many.html" 2>/dev/null |
        grep -o 'data-milliseconds="[0-9]*"' | tr -dc '0-9\n'
done | sort -n >times.txt
opened=$(sed -n "$((openings / 2 + 1))p" times.txt)

verdict() # VALUE BAR
{
    if [ "$1" -lt "$2" ]; then printf 'met'; else printf 'MISSED'; fi
}
printf '| %s trials | is | bar | |\n|---|--:|--:|---|\n' "$trials"
printf '| size | %d.%02d MB | 6 MB | %s |\n' $((bytes / 1000000)) $((bytes / 10000 % 100)) \
    "$(verdict "$bytes" 6000000)"
printf '| opened in | %d ms | 3000 ms | %s |\n' "$opened" "$(verdict "$opened" 3000)"
printf '| made in | %d ms | | |\n' "$made"
