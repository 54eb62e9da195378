/* SPDX-License-Identifier: MIT
 *
 * Hands every file named on the command line to a fuzz target: what was found once stays mended,
 * whatever the compiler.
 */
#include "data/input.h"
#include "fuzzing.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct input input;
        struct error error = {.kind = ERROR_NONE};
        if (!input_open(&input, argv[i], &error)) {
            fprintf(stderr, "%s\n", error.message);
            return EXIT_FAILURE;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)input.bytes, input.size);
        input_close(&input);
    }
    printf("%d files\n", argc - 1);
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
