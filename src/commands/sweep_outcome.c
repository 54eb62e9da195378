/* SPDX-License-Identifier: MIT
 *
 * What went wrong without ending the sweep is still said and is the exit code.
 */
#include "commands/sweep_outcome.h"

bool sweep_outcome_is_whole(const struct sweep_outcome *outcome, struct error *error)
{
    if (!outcome->interrupted)
        return true;
    error_failed(error, "stopped after %zu of %zu trials; the same command resumes from here",
                 outcome->recorded + outcome->run, outcome->planned);
    error->kind = ERROR_INTERRUPTED;
    return false;
}

bool sweep_outcome_is_sound(const struct sweep_outcome *outcome, struct error *error)
{
    size_t failed = outcome->failed + outcome->old_failed;
    if (failed == 0 && outcome->refused > 0)
        return error_failed(error,
                            "%zu of %zu trials were not started: there was not enough memory",
                            outcome->refused, outcome->planned);
    if (failed == 0)
        return true;
    return error_failed(error,
                        "%zu of %zu trials failed: repeats of the same computation differ in their "
                        "bits, or another program failed; `descent export` has their messages, "
                        "--retry-failed runs them again",
                        failed, outcome->planned);
}
