# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The recorded trials of a sweep as CSV, without what may be another at the next run: times, evidence
# of noise, numbers of groups, how often it went on; also without the columns that match `varying`, where a test sets it.
# Texts with commas are drawn together, so that columns can be counted.
recorded() # FOLDER [OPTION-FOR-EXPORT...]
{
    "$DESCENT" export "$1" --format csv "${@:2}" | sed 's/"[^"]*"/quoted/g' |
        awk -F, -v OFS=, -v varying="${varying:-}" '
        NR == 1 {
            for (i = 1; i <= NF; i++)
                if ($i ~ /_(seconds|per_cent|ppm)$/ ||
                    $i ~ /^(attempt|disturbed|processors|switches|migrations|load|shared|continued)$/ ||
                    (varying != "" && $i ~ varying))
                    varies[i]
        }
        { for (i in varies) $i = ""; print }'
}
