# SPDX-License-Identifier: MIT
#
# Numbers for tables: medians, and text with so many digits. Read with `jq -L bench` and
# `include "numbers";`.
#
# jq sorts null below every number; who takes a median of what may be missing looks for it first.

def median:
    sort
    | if length % 2 == 1 then .[(length - 1) / 2]
      else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# A number with $n decimals.
def fixed($n):
    (fabs * pow(10; $n) | round | tostring) as $digits
    | if ($digits | test("e")) then tostring
      else ((if . < 0 then "-" else "" end)
            + ([range($n + 1 - ($digits | length)) | "0"] | add // "") + $digits)
          | .[:length - $n] + "." + .[length - $n:]
      end;

def readable:
    fixed(if . >= 100 then 1 elif . >= 10 then 2 elif . >= 1 then 3 elif . >= 0.1 then 4 else 6 end);

# A number with two digits.
def scientific:
    if . == 0 then "0"
    else (fabs | log10 | floor) as $exponent
        | (. / pow(10; $exponent) * 10 | round) as $digits
        | if $digits | fabs >= 100 then "\($digits / 100)e\($exponent + 1)"
          else "\($digits / 10)e\($exponent)" end
    end;

def with_range(text): "\(median | text) (\(min | text)..\(max | text))";
