/* SPDX-License-Identifier: MIT
 *
 * How a talk begins, fails and ends.
 */
#include "sweep/programs/talk.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdio.h>

bool talk_fail(struct talk *talk, const char *stage, const char *why,
               char reason[static TALK_REASON])
{
    static const double patience = 0.1; /* that one which is ending has for it */
    struct process_usage usage;
    char words[256];
    snprintf(words, sizeof words, "%s", process_last_words(talk->process));
    process_stop(talk->process, patience, &usage);
    talk->process = NULL;
    hello_clear(&talk->hello);
    snprintf(reason, TALK_REASON, "at '%s': %s; it %s%s%s", stage, why, usage.end,
             words[0] != '\0' ? "; its last words: " : "", text_shown(words));
    return false;
}

struct process_command talk_command(const struct sweep_file *file, const struct program *program,
                                    FILE *out)
{
    return (struct process_command){
        .name = program->name,
        .arguments = (const char *const *)(const void *)program->command,
        .environment = (const char *const *)(const void *)program->environment,
        .folder = file->folder,
        .out = out,
    };
}

bool talk_start(struct talk *talk, struct process_command command, char reason[static TALK_REASON])
{
    struct error error = {.kind = ERROR_NONE};
    *talk = (struct talk){.command = command};
    talk->process = process_start(&talk->command, &error);
    if (talk->process == NULL)
        snprintf(reason, TALK_REASON, "%.1000s", error.message);
    return talk->process != NULL;
}

bool talk_greet(struct talk *talk, char reason[static TALK_REASON])
{
    char why[PROTOCOL_REASON];
    return protocol_hello(talk->process, TALK_PATIENCE, &talk->hello, why) ||
           talk_fail(talk, "hello", why, reason);
}

bool talk_begin(struct talk *talk, struct process_command command, char reason[static TALK_REASON])
{
    return talk_start(talk, command, reason) && talk_greet(talk, reason);
}

void talk_take_leave(struct talk *talk)
{
    if (talk->process != NULL && !talk->left)
        protocol_quit(talk->process);
    talk->left = true;
}

void talk_end(struct talk *talk)
{
    if (talk->process == NULL)
        return;
    talk_take_leave(talk);
    process_stop(talk->process, 1.0, NULL);
    hello_clear(&talk->hello);
    talk->process = NULL;
}

char *talk_version(const struct hello *hello)
{
    char *version = NULL;
    if (asprintf(&version, "%s %s", text_shown(hello->name), text_shown(hello->version)) < 0)
        memory_exhausted(1, TALK_REASON);
    return version;
}
