/* SPDX-License-Identifier: MIT
 *
 * The question that opens a sweep file.
 */
#include "base/memory.h"
#include "sweep/file/sweep_file_reading.h"
#include "testing.h"

#include <string.h>

/* Whatever may stand before it, and however lines end. */
static void the_question_is_the_first_comment(void **state)
{
    (void)state;
    static const char *const openings[] = {
        "# Is A\n#  faster?\n",
        "---\n# Is A\n# faster?\n",
        "--- # Is A\n# faster?\n",
        "---  \n\n# Is A\n# faster?\n---\n",
        "# Is A\n# faster?\n---\n# not this\n",
        "%YAML 1.2\n---\n# Is A\n# faster?\n",
        "%YAML 1.2\n# Is A\n# faster?\n---\n",
        "\xef\xbb\xbf---\n# Is A\n# faster?\n",
        "\xef\xbb\xbf# Is A\n# faster?\n",
        "%TAG ! tag:example.org,2026:\n%YAML 1.2\n\n---\n# Is A\n# faster?\n",
    };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        char text[512], lines[1024];
        snprintf(text, sizeof text,
                 "%s"
                 "data: pets\nsolver: gd\n",
                 openings[i]);
        size_t length = 0;
        for (const char *p = text; *p != '\0'; p++) {
            if (*p == '\n')
                lines[length++] = '\r';
            lines[length++] = *p;
        }
        lines[length] = '\0';
        const char *const both[] = {text, lines};
        for (size_t j = 0; j < 2; j++) {
            char *question = sweep_text_question(both[j]);
            if (strcmp(question, "Is A\nfaster?") != 0)
                fail_msg("of '%s' the question is '%s'", both[j], question);
            memory_free(question);
        }
    }
    static const char *const none[] = {"--- {a: 1} # b\n", "----\n# b\n", "a: 1\n# b\n", "---#b\n",
                                       ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        char *question = sweep_text_question(none[i]);
        assert_string_equal(question, "");
        memory_free(question);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_question_is_the_first_comment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
