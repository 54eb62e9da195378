#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# The checks themselves: what they must find, put into a small tree of its own.

setup()
{
    tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree"/{src/{base,kernels,store,sweep/plan,report},tests,bench,.ci}
    write src/base/text.h ''
}

write() # FILE TEXT
{
    printf '/* SPDX-License-Identifier: MIT */\n%b' "$2" >"$tree/$1"
}

refuses() # CHECK PART-OF-THE-MESSAGE
{
    run "$SOURCE/tests/checks/$1" "$tree"
    printf '%s\n' "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"$2"* ]]
}

@test "layers: an include of a folder above is allowed" {
    write src/store/store.c '#include "base/text.h"\n#include <sqlite3.h>\n#include <stdio.h>\n'
    "$SOURCE/tests/checks/check_layers.sh" "$tree"
}

@test "layers: an include of a folder below is not" {
    write src/base/text.c '#include "base/text.h"\n#include "store/store.h"\n'
    refuses check_layers.sh 'src/base/text.c:3: base/ includes "store/store.h"'
}

@test "layers: folders within a folder stand in the order, too" {
    mkdir -p "$tree/src/sweep/file"
    write src/sweep/file/yaml.c '#include "sweep/plan/plan.h"\n'
    refuses check_layers.sh 'src/sweep/file/yaml.c:2: sweep/file/ includes "sweep/plan/plan.h"'
}

@test "layers: a report does not know the runner" {
    write src/report/table.c '#include "sweep/run/runner.h"\n'
    refuses check_layers.sh 'src/report/table.c:2: report/ includes "sweep/run/runner.h"'
}

@test "layers: a library stays in its folder" {
    write src/sweep/plan/plan.c '# include <sqlite3.h>\n'
    refuses check_layers.sh 'src/sweep/plan/plan.c:2: sweep/plan/ includes <sqlite3.h>'
}

@test "layers: includes name the folder, and the folder is known" {
    write src/base/text.c '#include "text.h"\n'
    refuses check_layers.sh 'src/base/text.c:2: "text.h" is in no folder of src/'
}

@test "layers: a folder that the order does not have" {
    mkdir "$tree/src/utils"
    write src/utils/many.c ''
    refuses check_layers.sh 'src/utils/many.c is in no known folder'
}

@test "style: long files and functions are told, and no failure" {
    write src/base/text.c "int text(void)\n{\n$(printf '%0.s    x++;\\n' {1..449})}\n"
    run "$SOURCE/tests/checks/check_style.sh" "$tree"
    [ "$status" -eq 0 ]
    [[ $output == *'the longest of 453 lines (src/base/text.c);'*'the longest of 451 lines (src/base/text.c:3)' ]]
}

@test "style: a file without its licence" {
    printf 'int x;\n' >"$tree/src/base/text.c"
    refuses check_style.sh 'src/base/text.c:1: 0 lines with SPDX'
}

@test "style: a small tree in order passes" {
    write src/base/text.c 'int text(void)\n{\n    return 1;\n}\n'
    run "$SOURCE/tests/checks/check_style.sh" "$tree"
    [ "$status" -eq 0 ]
    [[ $output == '2 files, '*'; 1 functions in C, '* ]]
}
