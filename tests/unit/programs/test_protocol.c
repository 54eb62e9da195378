/* SPDX-License-Identifier: MIT
 *
 * What is said to programs and what they may answer: each wrong answer is refused with its reason,
 * and a number comes as it went.
 */
#include "base/memory.h"
#include "programs/base64.h"
#include "programs/data_files.h"
#include "programs/protocol.h"
#include "testing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double seconds = 20.0;

/* A program of the shell that answers each question with the next of `answers`, and then ends. */
static struct process *start(const char *answers)
{
    static const char script[] = "exec 3<&0; printf '%s\\n' \"$0\" |"
                                 " while read -r a; do read -r q <&3; printf '%s\\n' \"$a\"; done";
    static const char *arguments[] = {"sh", "-c", script, NULL, NULL};
    static const struct process_command command = {.name = "peer", .arguments = arguments};
    struct error error = {0};
    arguments[3] = answers;
    struct process *process = process_start(&command, &error);
    if (process == NULL)
        fail_msg("%s", error.message);
    return process;
}

static const char greeting[] =
    "{\"protocol\": 1, \"name\": \"peer\", \"version\": \"2.5\", \"sparse\": true, \"colour\": 3,"
    " \"parameters\": {\"tolerance\": {\"type\": \"number\", \"minimum\": 0, \"default\": 1e-4},"
    " \"memory\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 50, \"default\": 10},"
    " \"algorithm\": {\"type\": \"choice\", \"values\": [\"lbfgs\", \"newton\"], \"default\": "
    "\"lbfgs\"}}}";

static void hello_says_what_a_program_can(void **state)
{
    (void)state;
    char reason[PROTOCOL_REASON];
    struct hello hello;
    struct process *process = start(greeting);
    if (!protocol_hello(process, seconds, &hello, reason))
        fail_msg("%s", reason);
    assert_string_equal(hello.name, "peer");
    assert_string_equal(hello.version, "2.5");
    assert_true(hello.sparse && !hello.threads && !hello.warm_start && !hello.regularises_bias);
    assert_int_equal(hello.parameter_count, 3);
    const struct parameter *memory = hello_parameter(&hello, "memory");
    assert_true(memory->kind == PARAMETER_INTEGER && memory->minimum == 1 && memory->maximum == 50);
    assert_string_equal(memory->standard, "10");
    assert_null(hello_parameter(&hello, "colour"));
    assert_true(parameter_allows(hello_parameter(&hello, "tolerance"), "1e-9", reason));
    assert_false(parameter_allows(hello_parameter(&hello, "tolerance"), "-1", reason));
    assert_string_equal(reason, "parameter 'tolerance': -1 is below 0");
    assert_false(parameter_allows(memory, "2.5", reason));
    assert_false(parameter_allows(memory, "51", reason));
    assert_false(parameter_allows(hello_parameter(&hello, "algorithm"), "newtom", reason));
    assert_string_equal(reason,
                        "parameter 'algorithm': there is no 'newtom'; did you mean 'newton'?");
    hello_clear(&hello);
    process_stop(process, seconds, NULL);
}

static const struct {
    const char *answer, *reason;
} wrong_greetings[] = {
    {"", "its answer is no JSON object: ''; '[' or '{' expected near end of file"},
    {"[1]", "its answer is no JSON object: '[1]'"},
    {"{\"name\"", "its answer is no JSON object: '{\"name\"'; ':' expected near end of file"},
    {"{\"error\": \"no licence\"}", "it says: no licence"},
    {"{\"name\": \"a\", \"version\": \"1\"}", "its hello has no 'protocol': 1"},
    {"{\"protocol\": 2}", "it speaks version 2 of the protocol, and this descent speaks version 1"},
    {"{\"protocol\": 1, \"version\": \"1\"}", "'name' is missing"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": 1}",
     "'version' is not a text; put it in quotation marks"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"sparse\": 1}",
     "'sparse' is not true or false"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"parameters\": []}",
     "'parameters' is not an object"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"parameters\": {\"p\": 1}}",
     "parameter 'p': 'type' is not \"number\", \"integer\" or \"choice\""},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"parameters\": {\"p\": {\"type\": "
     "\"number\"}}}",
     "parameter 'p' has no 'default'"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"parameters\": {\"p\": {\"type\": "
     "\"choice\", \"values\": [], \"default\": \"x\"}}}",
     "parameter 'p': 'values' is not a list of texts"},
    {"{\"protocol\": 1, \"name\": \"a\", \"version\": \"1\", \"parameters\": {\"p\": {\"type\": "
     "\"number\", \"maximum\": 1, \"default\": 2}}}",
     "parameter 'p': 2 is above 1"},
};

static void a_wrong_hello_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_greetings / sizeof *wrong_greetings; i++) {
        char reason[PROTOCOL_REASON] = "";
        struct hello hello;
        struct process *process = start(wrong_greetings[i].answer);
        assert_false(protocol_hello(process, seconds, &hello, reason));
        if (strcmp(reason, wrong_greetings[i].reason) != 0)
            fail_msg("%s: %s", wrong_greetings[i].answer, reason);
        process_stop(process, seconds, NULL);
    }
}

static bool train(const char *answer, size_t features, struct protocol_result *result, char *reason)
{
    const struct protocol_task task = {.lambda = 0.1, .seed = 7, .threads = 2, .seconds = INFINITY};
    struct process *process = start(answer);
    const bool done = protocol_train(process, &task, features, seconds, result, reason);
    process_stop(process, seconds, NULL);
    return done;
}

static void weights_come_in_three_ways(void **state)
{
    (void)state;
    const double w[] = {0.1, -1e-300, 3.0};
    char reason[PROTOCOL_REASON], answer[512], path[] = "/tmp/descent-weights.XXXXXX.npy";
    char *text = base64_encode(w, sizeof w);
    const int file = mkstemps(path, 4);
    FILE *array = fdopen(file, "wb");
    fprintf(array, "%cNUMPY%c%c\x76%c%-117s\n", 0x93, 1, 0, 0,
            "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
    fwrite(w, sizeof *w, 3, array);
    fclose(array);
    const char *const ways[] = {"[0.1, -1e-300, 3]", text, path};
    const char *const formats[] = {
        "{\"weights\": %s, \"bias\": 2, \"seconds\": 0.5, \"iterations\": 12}",
        "{\"weights\": \"%s\", \"bias\": 2}",
        "{\"weights\": {\"npy\": \"%s\"}, \"bias\": 2, \"seconds\": null}"};
    for (size_t i = 0; i < 3; i++) {
        struct protocol_result result;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(answer, sizeof answer, formats[i], ways[i]);
#pragma GCC diagnostic pop
        if (!train(answer, 3, &result, reason))
            fail_msg("%s: %s", answer, reason);
        assert_memory_equal(result.w, w, sizeof w);
        assert_true(result.b == 2.0 && result.seconds >= 0.0);
        assert_true(i == 0 ? result.own_seconds == 0.5 && result.iterations == 12
                           : isnan(result.own_seconds) && result.iterations == -1);
        memory_free(result.w);
    }
    unlink(path);
    memory_free(text);
}

static const struct {
    const char *answer, *reason;
} wrong_results[] = {
    {"{}", "'bias' is missing; give 0 where there is none"},
    {"{\"bias\": \"0\"}", "'bias' is not a number"},
    {"{\"error\": 7}", "'error' is not a text"},
    {"{\"bias\": 1}",
     "'weights' is missing, or neither a list of numbers, base64, nor {\"npy\": path}"},
    {"{\"bias\": 1, \"weights\": [1]}", "it has 1 weight, and there are 2 features"},
    {"{\"bias\": 1, \"weights\": [1, \"2\"]}", "weight 2 is not a number"},
    {"{\"bias\": 1, \"weights\": [1, 1e999]}",
     "its answer is no JSON object: '{\"bias\": 1, \"weights\": [1, 1e999]}'; real number overflow "
     "near '1e999'"},
    {"{\"bias\": NaN, \"weights\": [1, 2]}", "its answer is no JSON object: '{\"bias\": NaN, "
                                             "\"weights\": [1, 2]}'; invalid token near 'NaN'"},
    {"{\"bias\": 1, \"weights\": \"AAAA\"}", "'weights' is not base64 of 2 float64"},
    {"{\"bias\": 1, \"weights\": \"AAAAAAAA+H8AAAAAAADwPw==\"}", "weight 1 is not finite"},
    {"{\"bias\": 1, \"weights\": [1, 2], \"seconds\": \"fast\"}", "'seconds' is not a number"},
    {"{\"bias\": 1, \"weights\": {\"npy\": \"/nowhere.npy\"}}",
     "weights: /nowhere.npy: cannot be opened: No such file or directory"},
    {"{\"error\": \"did not converge\"}", "it says: did not converge"},
};

static void a_wrong_result_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong_results / sizeof *wrong_results; i++) {
        char reason[PROTOCOL_REASON] = "";
        struct protocol_result result;
        assert_false(train(wrong_results[i].answer, 2, &result, reason));
        if (strcmp(reason, wrong_results[i].reason) != 0)
            fail_msg("%s: %s", wrong_results[i].answer, reason);
        assert_null(result.w);
    }
}

/* What is cut, or has bits beyond the last byte, is no base64. */
static void base64_is_what_it_was(void **state)
{
    (void)state;
    const char bytes[] = "any carnal pleasure";
    static const char *const texts[] = {"", "YQ==", "YW4=", "YW55", "YW55IA=="};
    for (size_t size = 0; size <= 4; size++) {
        char *text = base64_encode(bytes, size), back[8] = "";
        assert_string_equal(text, texts[size]);
        assert_true(base64_decode(text, back, size));
        assert_memory_equal(back, bytes, size);
        assert_false(base64_decode(text, back, size + 3));
        memory_free(text);
    }
    char back[4];
    static const char *const wrong[] = {"YR==", "YQ=A", "YQ", "Y===", "Y*==", "YQ==YQ=="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(base64_decode(wrong[i], back, 1));
}

static void assert_holds(const char *path, const char *header, const void *numbers, size_t size)
{
    char bytes[1024];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_int_equal(length, 128 + size);
    assert_non_null(memmem(bytes, 128, header, strlen(header)));
    assert_memory_equal(bytes + 128, numbers, size);
}

static void data_are_arrays_in_files(void **state)
{
    (void)state;
    struct error error = {0};
    struct dataset *data = dataset_create_sparse(3, 4, 3, true);
    const double values[] = {5, 6, 7}, y[] = {0, 1, 1};
    const uint32_t columns[] = {1, 0, 3};
    const size_t starts[] = {0, 1, 1, 3};
    memcpy(data->values, values, sizeof values);
    memcpy(data->columns, columns, sizeof columns);
    memcpy(data->starts, starts, sizeof starts);
    memcpy(data->y, y, sizeof y);
    struct data_files *files = data_files_write(data, false, &error);
    const struct protocol_data *said = data_files_message(files);
    assert_true(said->samples == 3 && said->features == 4 && said->X == NULL);
    assert_holds(said->starts, "'<i8', 'fortran_order': False, 'shape': (4,)", starts,
                 sizeof starts);
    assert_holds(said->columns, "'<i4', 'fortran_order': False, 'shape': (3,)", columns,
                 sizeof columns);
    assert_holds(said->values, "'<f8', 'fortran_order': False, 'shape': (3,)", values,
                 sizeof values);
    assert_holds(said->y, "'<f8', 'fortran_order': False, 'shape': (3,)", y, sizeof y);
    data_files_remove(files);
    files = data_files_write(data, true, &error);
    const double X[] = {0, 5, 0, 0, 0, 0, 0, 0, 6, 0, 0, 7};
    said = data_files_message(files);
    assert_true(said->starts == NULL);
    assert_holds(said->X, "'<f8', 'fortran_order': False, 'shape': (3, 4)", X, sizeof X);
    char *path = memory_copy_text(said->X);
    data_files_remove(files);
    assert_int_equal(access(path, F_OK), -1);
    memory_free(path);
    dataset_free(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_says_what_a_program_can),
        cmocka_unit_test(a_wrong_hello_is_refused),
        cmocka_unit_test(weights_come_in_three_ways),
        cmocka_unit_test(a_wrong_result_is_refused),
        cmocka_unit_test(base64_is_what_it_was),
        cmocka_unit_test(data_are_arrays_in_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
