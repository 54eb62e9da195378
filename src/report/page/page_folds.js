"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Cross-validation: a line for each configuration, with its means over folds and their standard
 * errors; the best and, by the one-standard-error rule, the most regularised that cannot be told
 * from it are marked.
 */
{
  const validation = page.data.cross_validation, most = 200;
  const measures = [["held-out loss", "heldout_loss"], ["accuracy", "heldout_accuracy"], ["AUC", "heldout_auc"],
    ["loss, trained", "loss"]];

  const same = (a, b) => a !== null && JSON.stringify([a.data, a.configuration]) === JSON.stringify([b.data, b.configuration]);
  const remark = one => same(validation.best, one) ? "best"
    : same(validation.one_standard_error, one) ? "within one standard error" : "";

  const choice = ({configuration}) => Object.entries(configuration)
    .filter(([name, value]) => value !== null && name !== "fold" &&
      (name === "solver" || new Set(validation.configurations.map(one => one.configuration[name])).size > 1))
    .map(([name, value]) => name === "solver" ? value : `${name}=${typeof value === "number" ? page.number(value) : value}`)
    .join(" ");

  const mean = ({mean: value, standard_error: error}) => page.element("td", {class: "number"},
    value === null ? "-" : `${page.number(value)}${error === null ? "" : ` ± ${Number(error.toPrecision(2))}`}`);

  page.makeFolds = () => {
    if (validation === null)
      return;
    const shown = validation.configurations.slice(0, most), all = validation.configurations.length;
    page.id("folds-note").textContent = "Each configuration was trained without each fold in turn: means over folds on the " +
      "rows left out, ± their standard error." + (all > most ? ` The best ${most} of ${all.toLocaleString("en")}.` : "");
    page.fill("folds-table", page.table(["configuration", ...measures.map(([head]) => [head, "number"]),
      ["folds", "number"], ""],
    shown.map(one => page.row([page.cell(choice(one)), ...measures.map(([, key]) => mean(one[key])),
      page.element("td", {class: "number"}, `${one.folds_done}/${one.folds}`), page.cell(remark(one))]))));
    document.body.dataset.folds = String(shown.length);
  };
}
