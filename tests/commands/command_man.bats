#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Pages of the manual: those who read roff find nothing to say, and every option is there.

setup()
{
    cd "$BATS_TEST_TMPDIR"
}

commands()
{
    "$DESCENT" list commands | cut -d ' ' -f 1
}

need() # PROGRAM
{
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

each_page() # COMMAND...: to be given every page on its input
{
    "$DESCENT" man | "$@"
    for command in $(commands); do
        "$DESCENT" man "$command" | "$@"
    done
}

@test "every option of every command has its entry" {
    for command in $(commands); do
        "$DESCENT" man "$command" >page.1
        for option in $("$DESCENT" "$command" --help | grep -o '^  --[a-z0-9-]*'); do
            grep -qF "\\fB${option//-/\\-}\\fR" page.1
        done
    done
}

@test "the page of descent has every command, the exit codes and the environment" {
    "$DESCENT" man >page.1
    for command in $(commands); do
        grep -qF "\\fB$command\\fR" page.1
    done
    for word in 130 NO_COLOR OMP_WAIT_POLICY store.sqlite; do
        grep -qF "$word" page.1
    done
}

@test "a value of a table, a keyword and the examples are there" {
    "$DESCENT" man export | grep -q 'one of csv, json, gbench'
    "$DESCENT" man train | grep -q 'or the word all'
    "$DESCENT" man sweep | grep -qx 'descent sweep configs/sgd\\-vs\\-gd.yaml'
}

@test "an unknown command has no page" {
    run "$DESCENT" man swep
    [ "$status" -eq 2 ]
    [[ $output == *"did you mean 'sweep'?"* ]]
}

silent() # COMMAND...
{
    [ -z "$("$@" 2>&1)" ]
}

groff_warnings()
{
    { groff -ww -man -Tutf8 >/dev/null; } 2>&1
}

# The pages have no date, so that the same source makes the same pages.
mandoc_warnings()
{
    mandoc -T lint -W warning | grep -v 'missing date' || true
}

man_warnings()
{
    { man --warnings -l - >/dev/null; } 2>&1
}

@test "groff has no warning" {
    need groff
    each_page silent groff_warnings
}

@test "man has no warning" {
    need man
    each_page silent man_warnings
}

@test "mandoc has no warning" {
    need mandoc
    each_page silent mandoc_warnings
}
