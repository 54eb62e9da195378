# SPDX-License-Identifier: MIT
#
# What of an SVG file that gnuplot made lies on something else: a text on another text or outside of
# the picture and, with -v curves=1, on a curve or a point. Widths of text are estimated from
# letters, on the narrow side, so that what is reported is there. Prints a line for each, and ends
# with 1 if there are any.
#
#     awk -v curves=1 -f svg_overlaps.awk picture.svg

function attribute(line, name, found) { # the number in name="12.5"
    if (!match(line, name "=\"[-0-9.]+\""))
        return 0
    found = substr(line, RSTART + length(name) + 2, RLENGTH - length(name) - 3)
    return found + 0
}

function numbers(line, name, values, inside) { # of "name(1,2)": values[1], values[2]; 0: none
    if (!match(line, name "\\([-0-9., ]+\\)"))
        return 0
    inside = substr(line, RSTART + length(name) + 1, RLENGTH - length(name) - 2)
    return split(inside, values, /[ ,]+/)
}

function letters(text) {
    gsub(/&[a-z]+;|&#[0-9]+;/, "x", text)
    gsub(/[\200-\277]/, "", text) # what is left of a character of UTF-8 is one byte
    return length(text)
}

# A text is boxes one behind another: one, if it is level or upright, or else one for each letter.
function add_box(x0, y0, x1, y1, owner) {
    boxes++
    left[boxes] = x0 < x1 ? x0 : x1
    right[boxes] = x0 < x1 ? x1 : x0
    top[boxes] = y0 < y1 ? y0 : y1
    bottom[boxes] = y0 < y1 ? y1 : y0
    of[boxes] = owner
}

function add_text(text, x, y, angle, size, anchor, width, start, up, i, count, step) {
    count = letters(text)
    if (count == 0)
        return
    texts++
    said[texts] = text
    width = 0.48 * size * count
    start = anchor == "end" ? -width : anchor == "middle" ? -width / 2 : 0
    up = 0.65 * size
    if (angle == 0) {
        add_box(x + start, y - up, x + start + width, y, texts)
    } else if (angle == -90 || angle == 270) {
        add_box(x - up, y - start, x, y - start - width, texts)
    } else {
        angle *= 3.14159265 / 180
        step = width / count
        for (i = 0; i < count; i++)
            add_box(x + (start + (i + 0.5) * step) * cos(angle) - 0.2 * size,
                    y + (start + (i + 0.5) * step) * sin(angle) - 0.4 * size,
                    x + (start + (i + 0.5) * step) * cos(angle) + 0.2 * size,
                    y + (start + (i + 0.5) * step) * sin(angle), texts)
    }
}

function add_point(x, y) {
    points++
    px[points] = x
    py[points] = y
}

function add_path(d, tokens, count, i, xy, x, y, steps, s) {
    count = split(d, tokens, /[ \t]+/)
    for (i = 1; i <= count; i++) {
        if (tokens[i] !~ /^[ML]/ || split(substr(tokens[i], 2), xy, ",") != 2)
            continue
        steps = tokens[i] ~ /^L/ ? int(sqrt((xy[1] - x) ^ 2 + (xy[2] - y) ^ 2) / 3) : 0
        for (s = 1; s < steps; s++)
            add_point(x + (xy[1] - x) * s / steps, y + (xy[2] - y) * s / steps)
        x = xy[1]
        y = xy[2]
        add_point(x, y)
    }
}

function report(words) {
    print FILENAME ": " words
    bad = 1
}

/<svg/ { seen = 1 }
/viewBox="0 0 / && !width { split($0, part, "viewBox=\"0 0 "); split(part[2], part, /[ "]/); width = part[1]; height = part[2] }
/<defs>/ { defining = 1 }
/<\/defs>/ { defining = 0; next }
defining { next }
/id="gnuplot_plot_/ { plotting = 1 }

/<g transform="translate/ {
    numbers($0, "translate", at)
    angle = numbers($0, "rotate", turn) ? turn[1] : 0
    size = attribute($0, "font-size")
    anchor = $0 ~ /text-anchor="end"/ ? "end" : $0 ~ /text-anchor="middle"/ ? "middle" : "start"
}

match($0, /<text>.*<\/text>/) {
    text = substr($0, RSTART + 6, RLENGTH - 13)
    gsub(/<[^>]*>/, "", text)
    add_text(text, at[1], at[2], angle, size, anchor)
}

plotting && curves && /<use xlink:href='#gpPt/ && numbers($0, "translate", spot) { add_point(spot[1], spot[2]) }

# The path of a curve may have many lines.
plotting && curves && match($0, /<path stroke='[^']*' +d='/) { path = substr($0, RSTART + RLENGTH); open = 1 }
open && !match($0, /<path stroke='[^']*' +d='/) { path = path " " $0 }
open && index(path, "'") { sub(/'.*/, "", path); add_path(path); open = 0 }

END {
    if (!seen || texts == 0)
        report("no texts were found")
    for (i = 1; i <= boxes; i++) {
        if (left[i] < -1 || top[i] < -1 || right[i] > width + 1 || bottom[i] > height + 1)
            report("'" said[of[i]] "' reaches out of the picture")
        for (j = i + 1; j <= boxes; j++)
            if (of[i] != of[j] && left[i] < right[j] && left[j] < right[i] &&
                top[i] < bottom[j] && top[j] < bottom[i])
                report("'" said[of[i]] "' lies on '" said[of[j]] "'")
        for (p = 1; p <= points; p++)
            if (px[p] > left[i] && px[p] < right[i] && py[p] > top[i] && py[p] < bottom[i]) {
                report("'" said[of[i]] "' lies on a curve or a point")
                break
            }
    }
    exit bad
}
