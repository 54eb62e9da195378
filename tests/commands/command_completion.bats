#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
#
# Completion: bash's function is called as bash would call it; zsh and fish read theirs, where they
# are installed.

setup()
{
    cd "$BATS_TEST_TMPDIR"
    mkdir results
    touch 'my data.csv' model.json
    # shellcheck source=/dev/null
    source <("$DESCENT" completion bash)
}

commands()
{
    "$DESCENT" list commands | cut -d ' ' -f 1
}

complete_words() # WORD...: the last is the one before the cursor
{
    COMP_WORDS=(descent "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _descent
    printf '%s\n' "${COMPREPLY[@]}"
}

offers() # EXPECTED WORD...: these, with blanks between, and no other
{
    local expected=$1
    shift
    [ "$(complete_words "$@" | paste -sd ' ')" = "$expected" ]
}

need() # PROGRAM
{
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

@test "bash: commands" {
    offers 'train' tr
    offers 'predict plan plot profile programs' p
    offers 'slurm' sl
    for command in $(commands); do
        complete_words '' | grep -qx "$command"
    done
}

@test "bash: every option of every command" {
    for command in $(commands); do
        "$DESCENT" "$command" --help | grep -o '^  --[a-z0-9-]*' | tr -d ' ' | sort >expected
        complete_words "$command" -- | sort >offered
        diff expected offered
    done
}

@test "bash: values of tables, keywords, also after an equals sign" {
    offers 'csv json gbench' export --format ''
    offers 'json' export --format = j
    offers 'csv json gbench' export --format =
    offers 'none once epoch' train pets --shuffle ''
    offers 'all' train pets --threads ''
    offers 'solo batched placed' sweep --execution ''
    offers 'solo batched placed' slurm --execution ''
    offers '' show --top ''
}

@test "bash: words and files for operands" {
    offers 'pets' train pe
    offers 'my data.csv' train my
    offers 'model.json' predict mo
    offers 'results' show ''
    offers 'convert' data conv
    offers 'solvers' list so
    offers 'bash' completion b
    offers 'sweep' man sw
    offers '' machine ''
}

@test "bash: files for options that take one" {
    offers 'model.json' train pets --save mo
    offers 'results' sweep --results ''
}

@test "an unknown shell is refused" {
    run "$DESCENT" completion bsh
    [ "$status" -eq 2 ]
    [[ $output == *"unknown shell 'bsh'; did you mean 'bash'?"* ]]
}

@test "every option of every command is in zsh's and in fish's" {
    "$DESCENT" completion zsh >script.zsh
    "$DESCENT" completion fish >script.fish
    for command in $(commands); do
        sed -n "/^        $command)/,/;;/p" script.zsh >part
        for option in $("$DESCENT" "$command" --help | grep -o '^  --[a-z0-9-]*' | tr -d ' -'); do
            tr -d - <part | grep -q "'${option}[=[]"
            grep "__fish_descent_command $command'" script.fish | tr -d - | grep -q " l $option "
        done
    done
}

@test "zsh reads its script" {
    need zsh
    "$DESCENT" completion zsh >_descent
    zsh -n _descent
    zsh -f -c 'autoload -Uz compinit; compinit -D -u; source ./_descent; [[ $_comps[descent] == _descent ]]'
}

@test "fish reads its script, and completes by it" {
    need fish
    export HOME=$BATS_TEST_TMPDIR
    "$DESCENT" completion fish >descent.fish
    fish -n descent.fish
    [ "$(fish -c 'source descent.fish; complete -C "descent export --format j"' | cut -f 1)" = json ]
    fish -c 'source descent.fish; complete -C "descent train --sav"' | grep -q -- '^--save'
    fish -c 'source descent.fish; complete -C "descent man tr"' | grep -q '^train'
}
