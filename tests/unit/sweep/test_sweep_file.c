/* SPDX-License-Identifier: MIT
 *
 * Reading sweep files: what is understood, and what is refused at which place.
 */
#include "sweep/file/sweep_file.h"

#include "sweep/workload/rounds.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Data, a solver, and the lines of a test from line 3 on. */
#define WITH(text_) "data: pets\nsolver: gd\n" text_

static struct sweep_file *parsed(const char *text)
{
    struct error error = {0};
    struct sweep_file *file = sweep_file_parse("folder/test.yaml", text, &error);
    if (file == NULL)
        fail_msg("%s", error.message);
    return file;
}

static const struct axis *axis_of(const struct sweep_file *file, size_t run, const char *name)
{
    for (size_t i = 0; i < file->runs[run].count; i++)
        if (strcmp(file->runs[run].axes[i].hyperparameter->entry.name, name) == 0)
            return &file->runs[run].axes[i];
    fail_msg("run %zu has no %s", run, name);
    return NULL;
}

static void check_reals(const char *text, const double *values, size_t count)
{
    struct sweep_file *file = parsed(text);
    const struct axis *rate = axis_of(file, 0, "rate");
    assert_int_equal(rate->count, count);
    for (size_t i = 0; i < count; i++)
        assert_true(rate->values[i].real == values[i]);
    sweep_file_free(file);
}

static void values_in_every_form(void **state)
{
    (void)state;
    check_reals(WITH("rate: 0.5\n"), (double[]){0.5}, 1);
    check_reals(WITH("rate: [0.5, 2, 1e-3]\n"), (double[]){0.5, 2.0, 1e-3}, 3);
    check_reals(WITH("rate:\n  values: [3]\n"), (double[]){3.0}, 1);
    check_reals(WITH("rate: {min: 1, max: 2, steps: 3}\n"), (double[]){1.0, 1.5, 2.0}, 3);
    check_reals(WITH("rate: {min: 1, max: 1, steps: 1}\n"), (double[]){1.0}, 1);
    check_reals(WITH("rate: {min: 0.1, max: 0.7, steps: 7, scale: linear}\n"),
                (double[]){0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7}, 7);
    check_reals(WITH("rate: {min: 0.01, max: 10, steps: 4, scale: log}\n"),
                (double[]){0.01, 0.1, 1.0, 10.0}, 4);
    check_reals(WITH("rate: {min: 1e-200, max: 1e200, steps: 5, scale: log}\n"),
                (double[]){1e-200, 1e-100, 1.0, 1e100, 1e200}, 5);
}

static void integers_and_words(void **state)
{
    (void)state;
    struct sweep_file *file = parsed("data: pets\n"
                                     "solver: [minibatch, sgd]\n"
                                     "batch: {min: 1, max: 100, steps: 3, scale: log}\n"
                                     "threads: [1, all]\n"
                                     "stop: {epochs: [10, 1e2], seconds: never}\n");
    assert_int_equal(axis_of(file, 0, "batch")->values[1].integer, 10);
    assert_int_equal(axis_of(file, 0, "threads")->values[0].integer, 1);
    assert_true(axis_of(file, 0, "threads")->values[1].integer >= 1);
    assert_int_equal(axis_of(file, 0, "epochs")->values[1].integer, 100);
    assert_true(isinf(axis_of(file, 0, "seconds")->values[0].real));
    assert_string_equal(axis_of(file, 0, "solver")->values[1].choice->name, "sgd");
    sweep_file_free(file);
}

static void runs_take_what_they_do_not_give(void **state)
{
    (void)state;
    struct sweep_file *file = parsed("data: [pets, {generate: blobs, rows: 50, seed: 3}]\n"
                                     "rate: 1\n"
                                     "runs:\n"
                                     "  - {solver: gd, rate: [2, 3], stop: {epochs: 5}}\n"
                                     "  - {solver: sgd, shuffle: once}\n"
                                     "stop: {epochs: 7, loss: 0.1}\n"
                                     "repeats: 3\n"
                                     "seed: [4, 5]\n");
    assert_int_equal(file->run_count, 2);
    assert_int_equal(file->runs[0].count, 5); /* solver, rate, epochs; loss, seed */
    assert_int_equal(axis_of(file, 0, "rate")->count, 2);
    assert_int_equal(axis_of(file, 0, "epochs")->values[0].integer, 5);
    assert_true(axis_of(file, 0, "loss")->values[0].real == 0.1);
    assert_int_equal(axis_of(file, 1, "rate")->count, 1);
    assert_int_equal(axis_of(file, 1, "epochs")->values[0].integer, 7);
    assert_int_equal(file->runs[1].place.line, 5);
    assert_int_equal(file->source_count, 2);
    assert_int_equal(file->sources[1].settings.rows, 50);
    assert_int_equal(file->source_places[1].column, 14);
    assert_int_equal(file->repeats, 3);
    assert_int_equal(file->seed, 4);
    sweep_file_free(file);
}

/* How trials are run and timed: what is usual, and what may be said. */
static void keys_of_timing(void **state)
{
    (void)state;
    struct sweep_file *file = parsed(WITH(""));
    assert_ptr_equal(file->order, &order_interleaved);
    assert_ptr_equal(file->binding, &binding_cores);
    assert_int_equal(file->warmup, 1);
    assert_int_equal(file->retries, 2);
    assert_int_equal(sweep_file_finals(file), 0);
    sweep_file_free(file);

    file = parsed(WITH("order: listed\nbinding: none\nwarmup: 0\nretries: 0\nfinals: 21\n"));
    assert_ptr_equal(file->order, &order_listed);
    assert_ptr_equal(file->binding, &binding_none);
    assert_int_equal(file->warmup, 0);
    assert_int_equal(file->retries, 0);
    assert_int_equal(sweep_file_finals(file), 21);
    sweep_file_free(file);

    file = parsed(WITH("order: interleaved\nbinding: cores\nwarmup: 7\nretries: 100\n"));
    assert_ptr_equal(file->order, &order_interleaved);
    assert_ptr_equal(file->binding, &binding_cores);
    assert_int_equal(file->warmup, 7);
    assert_int_equal(file->retries, 100);
    sweep_file_free(file);
}

/* Times that are shared decide nothing: the best of them are timed again, unless that is refused.
 */
static void finals_are_usual_where_times_are_shared(void **state)
{
    (void)state;
    struct sweep_file *file = parsed(WITH("execution: batched\n"));
    assert_int_equal(sweep_file_finals(file), 15);
    file->execution = &execution_solo; /* as --execution says */
    assert_int_equal(sweep_file_finals(file), 0);
    sweep_file_free(file);
    file = parsed(WITH("execution: batched\nfinals: 0\n"));
    assert_int_equal(sweep_file_finals(file), 0);
    sweep_file_free(file);
}

static void names_and_questions(void **state)
{
    (void)state;
    struct sweep_file *file =
        parsed("\n# Which is faster,\n#   and why?\n\n# no part of it\n" WITH(""));
    assert_string_equal(file->name, "test");
    assert_string_equal(file->question, "Which is faster,\nand why?");
    assert_ptr_equal(file->method, &method_grid);
    assert_int_equal(file->repeats, 1);
    sweep_file_free(file);

    file = parsed(WITH("name: v1.0_a-b\n"));
    assert_string_equal(file->name, "v1.0_a-b");
    assert_string_equal(file->question, "");
    sweep_file_free(file);
}

static void intervals_for_random_search(void **state)
{
    (void)state;
    struct sweep_file *file = parsed(WITH("method: random\ntrials: 5\nseed: 9\n"
                                          "rate: {min: 0.1, max: 10, scale: log}\n"
                                          "lambda: {min: 0, max: 1, steps: 3}\n"));
    assert_ptr_equal(file->method, &method_random);
    assert_int_equal(file->trials, 5);
    assert_int_equal(file->seed, 9);
    assert_true(axis_of(file, 0, "rate")->range);
    assert_true(axis_of(file, 0, "rate")->logarithmic);
    assert_false(axis_of(file, 0, "lambda")->range);
    assert_int_equal(axis_of(file, 0, "lambda")->count, 3);
    sweep_file_free(file);
}

static void anchors_and_merge_keys(void **state)
{
    (void)state;
    struct sweep_file *file = parsed("data: pets\n"
                                     "runs:\n"
                                     "  - &first {solver: gd, rate: &rates [1, 2]}\n"
                                     "  - {<<: *first, lambda: 0.5}\n"
                                     "  - {solver: sgd, rate: *rates}\n"
                                     "  - {rate: 3, <<: *first}\n");
    assert_int_equal(axis_of(file, 1, "rate")->count, 2);
    assert_int_equal(axis_of(file, 1, "lambda")->count, 1);
    assert_int_equal(axis_of(file, 2, "rate")->count, 2);
    assert_int_equal(axis_of(file, 3, "rate")->count, 1);
    sweep_file_free(file);
}

/* --- What is refused ----------------------------------------------------------------------- */

struct refused {
    const char *text;
    const char *place;      /* "line:column", or "" when it is the whole file */
    const char *message[3]; /* parts of it */
};

static const struct refused refused[] = {
    {"", "", {"the file is empty"}},
    {"# only a question?\n", "", {"the file is empty"}},
    {"---\n", "1:1", {"this is nothing"}},
    {"[1, 2]\n", "1:1", {"expected a mapping", "a list"}},
    {"solver: gd\n", "1:1", {"data is missing"}},
    {"data: pets\nrate: 1\n", "1:1", {"no solver", "perceptron, sgd"}},
    {"data: pets\nruns:\n  - {rate: 1}\n", "3:5", {"no solver"}},
    {"data: pets\nsolvr: gd\n", "2:1", {"unknown key 'solvr'", "did you mean 'solver'"}},
    {"data: pets\nsolver: sdg\n", "2:9", {"unknown solver 'sdg'", "did you mean 'sgd'"}},
    {WITH("schedule: lineal\n"), "3:11", {"unknown schedule", "inverse"}},
    {WITH("rate: fast\n"), "3:7", {"'fast'", "a number > 0"}},
    {WITH("rate: -1\n"), "3:7", {"'-1'", "a number > 0"}},
    {WITH("rate: .nan\n"), "3:7", {"a number > 0"}},
    {WITH("rate:\n"), "3:1", {"expected a number > 0", "this is nothing"}},
    {WITH("rate: []\n"), "3:7", {"the list is empty"}},
    {WITH("rate: [1, [2]]\n"), "3:11", {"this is a list"}},
    {WITH("rate: [1, {a: 2}]\n"), "3:11", {"this is a mapping"}},
    {WITH("rate: {values: 3}\n"), "3:16", {"expected a list"}},
    {WITH("rate: {values: [3], min: 1}\n"), "3:7", {"either values, or min"}},
    {WITH("rate: {min: 1, max: 2}\n"), "3:7", {"steps is missing"}},
    {WITH("rate: {min: 1, steps: 2}\n"), "3:7", {"max is missing"}},
    {WITH("rate: {min: 3, max: 2, steps: 2}\n"), "3:13", {"min 3 is larger than max 2"}},
    {WITH("rate: {min: 1, max: 2, steps: 0}\n"), "3:31", {"steps", "from 1"}},
    {WITH("rate: {min: 1, max: 2, steps: 1}\n"), "3:31", {"give at least 2"}},
    {WITH("rate: {min: 1, max: 2, step: 3}\n"), "3:24", {"did you mean 'steps'"}},
    {WITH("rate: {min: 1, max: 2, steps: 3, scale: lg}\n"), "3:41", {"unknown scale"}},
    {WITH("lambda: {min: 0, max: 2, steps: 3, scale: log}\n"), "3:15", {"larger than 0"}},
    {WITH("stop: {seconds: {min: 1, max: never, steps: 3}}\n"), "3:31", {"finite"}},
    {WITH("schedule: {min: 1, max: 2, steps: 3}\n"), "3:11", {"a range is for numbers"}},
    {WITH("rate: 1\nrate: 2\n"), "4:1", {"duplicate key 'rate'", "line 3"}},
    {WITH("stop: 3\n"), "3:7", {"expected a mapping"}},
    {WITH("stop: {epoch: 3}\n"), "3:8", {"unknown key 'epoch' in stop", "'epochs'"}},
    {WITH("stop: {epochs: -1}\n"), "3:16", {"an integer from 0 to 9007199254740992"}},
    {WITH("stop: {gap: {min: never, max: 1, steps: 3}}\n"), "3:19", {"a finite number"}},
    {WITH("rate: {min: auto, max: 1, steps: 3}\n"), "3:13", {"a finite number"}},
    {WITH("seed: 9007199254740993\n"), "3:7", {"an integer from 0 to 9007199254740992"}},
    {WITH("seed: 18446744073709551615\n"), "3:7", {"an integer from 0 to 9007199254740992"}},
    {WITH("lambda: [0.1, 1e-400]\n"), "3:15", {"'1e-400'", "below 4.9e-324", "a number >= 0"}},
    {WITH("lambda: 1e400\n"), "3:9", {"'1e400'", "beyond 1.8e308"}},
    {WITH("stop: {seconds: 1e999}\n"), "3:17", {"'1e999'", "beyond 1.8e308", "'never'"}},
    {WITH("split: 0.2\nsplit_seed: 9007199254740993\n"), "4:13", {"from 0 to 9007199254740992"}},
    {"data: {generate: pets, seed: 9007199254740993}\nsolver: gd\n",
     "1:30",
     {"'9007199254740993' is not allowed for seed; give an integer from 0 to 9007199254740992"}},
    {"data: {generate: blobs, rows: 4294967296}\nsolver: gd\n", "1:31", {"2 to 4294967295"}},
    {WITH("repeats: 0.99999999999999999999\n"), "3:10", {"an integer from 1 to 1000000"}},
    {WITH("epochs: 3\n"), "3:1", {"'epochs' belongs under stop"}},
    {WITH("batch: 3\n"), "3:8", {"batch is not used by gd; it is used by: minibatch"}},
    {WITH("runs:\n  - {batch: 3}\n"), "4:13", {"batch is not used by gd"}},
    {"data: pets\nsolver: sgd\ndecay: 1\n", "3:8", {"used by: schedule inverse"}},
    {WITH("runs: {solver: gd}\n"), "3:7", {"expected a list of mappings"}},
    {WITH("runs: []\n"), "3:7", {"the list is empty"}},
    {WITH("runs: [gd]\n"), "3:8", {"expected a mapping"}},
    {WITH("runs:\n  - {repeats: 3}\n"), "4:6", {"unknown key 'repeats' in a run"}},
    {WITH("repeats: 0\n"), "3:10", {"repeats", "from 1"}},
    {WITH("repeats: [1]\n"), "3:10", {"expected an integer", "a list"}},
    {WITH("order: random\n"), "3:8", {"unknown order 'random'", "interleaved, listed"}},
    {WITH("order: listd\n"), "3:8", {"did you mean 'listed'"}},
    {WITH("order: [listed]\n"), "3:8", {"order: expected one of interleaved, listed", "a list"}},
    {WITH("binding: core\n"), "3:10", {"unknown binding 'core'", "did you mean 'cores'"}},
    {WITH("binding: sockets\n"), "3:10", {"unknown binding 'sockets'", "cores, none"}},
    {WITH("warmup: -1\n"),
     "3:9",
     {"'-1' is not allowed for warmup; give an integer from 0 to 1000000"}},
    {WITH("warmup: some\n"), "3:9", {"'some' is not allowed for warmup", "an integer from 0"}},
    {WITH("retries: 101\n"),
     "3:10",
     {"'101' is not allowed for retries", "an integer from 0 to 100"}},
    {WITH("finals: 1.5\n"), "3:9", {"'1.5' is not allowed for finals", "an integer from 0"}},
    {WITH("finals: [3, 5]\n"), "3:9", {"expected an integer", "a list"}},
    {WITH("final: 3\n"), "3:1", {"unknown key 'final'", "did you mean 'finals'"}},
    {WITH("warm-up: 3\n"), "3:1", {"unknown key 'warm-up'", "did you mean 'warmup'"}},
    {WITH("runs:\n  - {warmup: 3}\n"), "4:6", {"unknown key 'warmup' in a run"}},
    {WITH("trials: 3\n"), "3:9", {"method: random"}},
    {WITH("method: random\n"), "3:9", {"needs trials"}},
    {WITH("draws: sobol\n"), "3:8", {"draws is for method: random; this file has method: grid"}},
    {WITH("method: random\ntrials: 2\ndraws: halton\n"),
     "5:8",
     {"unknown draws 'halton'", "known: independent, sobol"}},
    {WITH("method: radnom\n"), "3:9", {"unknown method 'radnom'"}},
    {WITH("method: grid\neta: 4\n"),
     "4:6",
     {"eta is for method: halving and asha", "method: grid"}},
    {WITH("method: asha\nrepeats: 2\n"), "4:10", {"method: asha trains every configuration once"}},
    {WITH("method: asha\nprofile: on\n"), "4:10", {"method: asha trains them rung by rung"}},
    {WITH("method: ahsa\n"), "3:9", {"did you mean 'asha'"}},
    {WITH("method: halving\neta: 1\n"), "4:6", {"'1' is not allowed for eta", "from 2"}},
    {WITH("method: halving\nfirst: 0\n"), "4:8", {"'0' is not allowed for first", "from 1"}},
    {WITH("method: halving\nfirst: 100\n"),
     "4:8",
     {"first cut comes after 100 epochs", "give first: less"}},
    {WITH("method: halving\nstop: {epochs: 1}\n"), "3:9", {"after 1 epoch,", "epochs: ...} more"}},
    {WITH("method: halving\nrepeats: 2\n"), "4:10", {"trains every configuration once", "seed:"}},
    {WITH("method: halving\nbrackets: 2\n"), "4:11", {"brackets: a grid", "give trials"}},
    {WITH("method: hyperband\n"), "3:9", {"write method: halving", "brackets: 3"}},
    {WITH("method: halving\nprofile: on\n"), "4:10", {"rung by rung", "leave out one"}},
    {WITH("method: halving\nrecord: [every, geometric]\n"), "4:9", {"give one value"}},
    {WITH("method: halving\ncut_by: loss\n"), "4:9", {"unknown criterion 'loss'", "objective"}},
    {WITH("method: halving\ncut_by: heldout_loss\n"), "4:9", {"rows held out", "split: 0.2"}},
    {WITH("method: halving\ncut_by: gap\noptimum: never\n"), "4:9", {"needs F*", "never"}},
    {WITH("method: halving\ncut_by: time_to_target\n"), "4:9", {"stop: {gap: 1e-6}"}},
    {WITH("method: halving\ncut_by: time_to_target\nstop: {gap: 1e-6}\nexecution: batched\n"),
     "4:9",
     {"execution: batched", "cut_by: gap"}},
    {WITH("name: a/b\n"), "3:7", {"'a/b' cannot be the name"}},
    {WITH("name: ..\n"), "3:7", {"cannot be the name"}},
    {"data: []\nsolver: gd\n", "1:7", {"the list is empty"}},
    {"data: pest\nsolver: gd\n", "1:7", {"did you mean 'pets'"}},
    {"data: ./none.csv\nsolver: gd\n", "1:7", {"cannot read ./none.csv"}},
    {"data: [pets, .]\nsolver: gd\n", "1:14", {"a directory"}},
    {"data: [pets, pets]\nsolver: gd\n", "1:14", {"line 1 already"}},
    {"data: {rows: 3}\nsolver: gd\n", "1:7", {"{generate: NAME}"}},
    {"data: {generate: pest}\nsolver: gd\n", "1:18", {"unknown generator", "'pets'"}},
    {"data: {generate: pets, features: 3}\nsolver: gd\n", "1:24", {"unknown key 'features'"}},
    {"data: {generate: pets, rows: many}\nsolver: gd\n", "1:30", {"'many'"}},
    {"data: {file: ., name: x}\nsolver: gd\n", "1:17", {"unknown key 'name' beside file"}},
    {"data: {file: /dev/null, format: cvs}\nsolver: gd\n", "1:33", {"did you mean 'csv'"}},
    {"data: {file: /dev/null, features: 3}\nsolver: gd\n", "1:14", {"is for LIBSVM files"}},
    {"data: {file: /dev/null, first_index: 2}\nsolver: gd\n",
     "1:38",
     {"unknown first index '2'; known: 1, 0"}},
    {"data: [pets\nsolver: gd\n", "3:1", {"without a closing bracket"}},
    {WITH("\trate: 1\n"), "3:2", {"indented by a tab"}},
    {"# caf\xe9\n" WITH(""), "1:6", {"0xe9 is not UTF-8"}},
    {WITH("name: a\001\n"), "3:8", {"control character 0x01"}},
    {WITH("rate: *x\n"), "3:8", {"there is no anchor of that name"}},
    {WITH("rate: &x [*x]\n"), "3:12", {"there is no anchor of that name"}},
    {WITH("<<: 3\n"), "3:5", {"<< merges a mapping"}},
    {WITH("zip: {rate: [1, 2], lambda: [0, 1, 2]}\n"),
     "3:29",
     {"lambda has 3 values and rate, which it goes together with, has 2; give as many"}},
    {WITH("zip: {rate: 1, lambda: [0, 1]}\n"), "3:24", {"lambda has 2 values and rate", "has 1"}},
    {WITH("rate: 1\nzip: {rate: [1, 2], lambda: [0, 1]}\n"), "4:13", {"rate is given on line 3"}},
    {WITH("zip: [{rate: [1, 2], lambda: [0, 1]},\n      {rate: [1, 2], seed: [0, 1]}]\n"),
     "4:14",
     {"rate is given on line 3 as well; leave one out"}},
    {WITH("zip: {rate: [1, 2]}\n"), "3:6", {"two axes or more go together; this has 1"}},
    {WITH("zip: []\n"), "3:6", {"zip: the list is empty"}},
    {WITH("zip: 3\n"), "3:6", {"zip: expected a mapping"}},
    {WITH("zip: {rate: [1, 2], zip: {}}\n"), "3:21", {"unknown key 'zip' in a zip"}},
    {WITH("runs:\n  - {zip: {rate: [1, 2], batch: [3, 4]}}\n"),
     "4:33",
     {"batch is not used by gd"}},
    {WITH("method: random\ntrials: 2\nzip: {rate: {min: 1, max: 2}, lambda: [0, 1]}\n"),
     "5:13",
     {"a range that is drawn from cannot go together with other axes; give it steps"}},
    {WITH("when: []\n"), "3:7", {"when: the list is empty"}},
    {WITH("when: {then: {rate: 1}}\n"), "3:7", {"no condition; give one beside then"}},
    {WITH("when: {solver: gd}\n"), "3:7", {"then is missing", "as in then: {rate: 0.1}"}},
    {WITH("when: {solver: gd, then: {}}\n"), "3:26", {"then: no axis; give one"}},
    {WITH("when: {solver: gd, then: {rat: 1}}\n"), "3:27", {"unknown key 'rat' in then", "'rate'"}},
    {WITH("when: {solvr: gd, then: {rate: 1}}\n"),
     "3:8",
     {"unknown key 'solvr' in an entry of when", "did you mean 'solver'"}},
    {WITH("when: {lambda: 0, then: {solver: sgd}}\n"), "3:34", {"holds without conditions"}},
    {WITH("when: {lambda: 1, then: {rate: 1}}\n"),
     "3:16",
     {"this condition is on lambda, which is not given; give it as an axis"}},
    {WITH("lambda: [0, 1]\nwhen: {lambda: [0, 2], then: {rate: 1}}\n"),
     "4:16",
     {"this condition is never met: there is no configuration with lambda 2; leave"}},
    {WITH("when: {solver: sgd, then: {rate: 1}}\n"),
     "3:16",
     {"never met: there is no configuration with solver sgd"}},
    {"data: pets\nsolver: [gd, newton]\nrate: [1, 2]\n"
     "when: {solver: newton, rate: 1, then: {lambda: 1}}\n",
     "4:16",
     {"there is no configuration with solver newton that meets the others too"}},
    {WITH("lambda: [0, 1]\nwhen:\n  - {solver: gd, then: {rate: 1}}\n"
          "  - {lambda: 0, then: {rate: 2}}\n"),
     "6:30",
     {"rate is given on line 5 as well, under conditions that can be met together"}},
    {WITH("lambda: [0, 1]\nwhen:\n  - {schedule: inverse, then: {rate: 1}}\n"
          "  - {lambda: 0, then: {schedule: inverse}}\n"),
     "5:16",
     {"this condition is on schedule, which the entry on line 6 gives; put that entry before"}},
    {WITH("when: {solver: gd, then: {batch: 3}}\n"), "3:34", {"batch is not used by gd"}},
    {WITH("method: random\ntrials: 2\nlambda: {min: 0, max: 1}\n"
          "when: {lambda: 0, then: {rate: 1}}\n"),
     "6:16",
     {"lambda is drawn from a range (line 5), and a condition needs values"}},
    {WITH("method: random\ntrials: 2\nlambda: 1\n"
          "when: {lambda: {min: 0, max: 1}, then: {rate: 1}}\n"),
     "6:16",
     {"a condition is a value, a list, or a range with steps"}},
    {WITH("lambda: [0, 1]\nwhen: {lambda: {min: 0, max: 1, steps: 1001}, then: {rate: 1}}\n"),
     "4:16",
     {"lambda: a condition has at most 1000 values"}},
    {WITH("when: {solver: gd, then: {rate: 1, zip: {rate: [1, 2], lambda: [1, 2]}}}\n"),
     "3:48",
     {"rate is given on line 3 as well"}},
#define RATES WITH("rate: [1, 2]\n")
    {RATES "targets: 1e-7\n",
     "4:10",
     {"targets: '1e-7' is no gap at which arrivals are recorded; these are: 0.1, 0.01, 0.001"}},
    {RATES "targets: []\n", "4:10", {"targets: the list is empty; give gaps, as in"}},
    {RATES "targets: [1e-3, 0.001]\n", "4:17", {"targets: 0.001 is given twice; leave one out"}},
    {RATES "targets: {gap: 1}\n", "4:10", {"targets: expected a gap, or a list of gaps"}},
    {RATES "zoom: 3\n", "4:7", {"zoom: expected a mapping"}},
    {RATES "zoom: {points: 3}\n", "4:7", {"zoom: no axes; give those to look along"}},
    {RATES "zoom: {axes: []}\n", "4:7", {"zoom: no axes"}},
    {RATES "zoom: {axes: [rat]}\n", "4:15", {"'rat' is no axis"}},
    {RATES "zoom: {axes: [rate, rate]}\n", "4:21", {"rate is given twice"}},
    {RATES "zoom: {axes: rate, point: 3}\n", "4:20", {"unknown key 'point' in zoom", "'points'"}},
    {RATES "zoom: {axes: rate, points: 4}\n", "4:28", {"4 values have no middle; give an odd"}},
    {RATES "zoom: {axes: rate, points: 1}\n", "4:28", {"an integer from 3 to 99"}},
    {RATES "zoom: {axes: rate, rounds: 0}\n", "4:28", {"an integer from 1 to 10"}},
    {RATES "zoom: {axes: [solver]}\n", "4:15", {"solver has no values between others"}},
    {RATES "seed: [1, 2]\nzoom: {axes: [seed]}\n", "5:15", {"seed has no values between"}},
    {RATES "zoom: {axes: [lambda]}\n", "4:15", {"lambda has no axis; give it two or more"}},
    {WITH("rate: 1\nzoom: {axes: rate}\n"), "4:14", {"rate has one value; give it two or more"}},
    {RATES "lambda: [1, 2]\nzoom: {axes: [lambda]}\n",
     "5:15",
     {"the objective includes the L2 term", "give metric: heldout_loss"}},
    {WITH("zip: {rate: [1, 2], seed: [1, 2]}\nzoom: {axes: rate}\n"),
     "4:14",
     {"rate goes together with other axes (line 3)"}},
    {WITH("method: random\ntrials: 3\nrate: [1, 2]\nzoom: {axes: rate}\n"),
     "6:7",
     {"a grid has neighbours, and draws have none"}},
    {RATES "lambda: [1, 2]\nmetric: loss\nstop: {epochs: [1, 2]}\n"
           "zoom: {axes: [rate, lambda], points: 99, rounds: 1}\ndecay: 1\n",
     "8:8",
     {"decay is not used"}},
    {WITH("[a]: 3\n"), "3:1", {"a key is a text"}},
    {WITH("---\na: 1\n"), "3:1", {"a second document"}},
    {WITH("a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n"), "3:29", {"nested too deep"}},
};

static void check_refused(const struct refused *row)
{
    struct error error = {0};
    char place[64];
    snprintf(place, sizeof place, "test.yaml:%s%s ", row->place, *row->place != '\0' ? ":" : "");
    assert_null(sweep_file_parse("test.yaml", row->text, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    bool found = strncmp(error.message, place, strlen(place)) == 0;
    for (size_t i = 0; i < sizeof row->message / sizeof *row->message; i++)
        found = found && (row->message[i] == NULL || strstr(error.message, row->message[i]));
    if (!found)
        fail_msg("%sgave:\n%s", row->text, error.message);
}

static void bad_files_are_refused_at_their_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        check_refused(&refused[i]);
}

static void the_offending_line_is_shown_with_a_caret(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(sweep_file_parse("x.yaml", WITH("rate: -1 # é\n"), &error));
    assert_string_equal(error.message,
                        "x.yaml:3:7: '-1' is not allowed for rate; give a number > 0, or 'auto'"
                        "\n    rate: -1 # é\n          ^");
}

static void files_that_are_none(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(sweep_file_read(".", &error));
    assert_non_null(strstr(error.message, "a directory"));
    error = (struct error){0};
    assert_null(sweep_file_read("no/such.yaml", &error));
    assert_non_null(strstr(error.message, "cannot open no/such.yaml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_in_every_form),
        cmocka_unit_test(integers_and_words),
        cmocka_unit_test(runs_take_what_they_do_not_give),
        cmocka_unit_test(keys_of_timing),
        cmocka_unit_test(finals_are_usual_where_times_are_shared),
        cmocka_unit_test(names_and_questions),
        cmocka_unit_test(intervals_for_random_search),
        cmocka_unit_test(anchors_and_merge_keys),
        cmocka_unit_test(bad_files_are_refused_at_their_place),
        cmocka_unit_test(the_offending_line_is_shown_with_a_caret),
        cmocka_unit_test(files_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
