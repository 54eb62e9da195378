"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Trials that diverged or failed, and why. A failed trial has a message; one that diverged was
 * stopped when its objective was no longer finite, or passed the limit.
 */
{
  const {ends} = page.data, most = 100;

  const why = trial => trial.message ?? (trial.status !== "diverged" ? "no reason is recorded"
    : trial.objective === null ? "the objective was no longer a finite number"
      : `the objective came to ${page.number(trial.objective)}, over ` +
        `${page.number(trial.limit)} times where it began (or times 1)`);

  const drawEnds = () => {
    const kept = ends.trials.filter(trial => page.kept[trial.row]);
    page.id("ends-note").textContent = `${page.plural(ends.count, "trial")} in all; ${kept.length.toLocaleString("en")} of the ` +
        `${ends.trials.length.toLocaleString("en")} on this page are of configurations kept` +
        (kept.length > most ? `; the first ${most} of them:` : ".");
    page.fill("ends-table", kept.length === 0 ? "" : page.table(
      ["how", "configuration", ["repeat", "number"], ["epochs", "number"], "why"],
      kept.slice(0, most).map(trial => page.row([page.cell(trial.status), page.cell(page.describe(trial.row) + (trial.fold === undefined ? "" : ` fold=${trial.fold}`)),
        page.cell(trial.repeat), page.cell(trial.epochs),
        page.element("td", {class: "wrap"}, why(trial))]))));
    document.body.dataset.ends = String(kept.length);
  };
  page.parts.push(drawEnds);
}
