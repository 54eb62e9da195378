/* SPDX-License-Identifier: MIT
 *
 * Hands every file named on the command line to a fuzz target: what was found once stays mended,
 * whatever the compiler. The bytes are those of the file, compressed or not.
 */
#include "fuzzing.h"

static bool file_try(const char *path)
{
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    size_t size = fread(bytes, 1, sizeof bytes, file);
    bool whole = ferror(file) == 0 && size < sizeof bytes;
    fclose(file);
    if (whole)
        LLVMFuzzerTestOneInput(bytes, size);
    return whole;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (!file_try(argv[i])) {
            fprintf(stderr, "%s: cannot be read\n", argv[i]);
            return EXIT_FAILURE;
        }
    printf("%d files\n", argc - 1);
    return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
