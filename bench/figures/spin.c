/* SPDX-License-Identifier: MIT
 *
 * spin: a command that has so much to do, and no more: millions of turns of a chain of products, of
 * which each waits for the one before, and so many thousandths more.
 *
 *     spin MILLIONS [THOUSANDTHS]
 */
#include <stdint.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    const uint64_t turns = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    const uint64_t more = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    uint64_t x = 1;
    for (uint64_t i = 0; i < turns * (1000 + more) * 1000; i++)
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407;
    return x == 0; /* never: the loop cannot be left out */
}
