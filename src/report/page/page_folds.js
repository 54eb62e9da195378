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

  /* "0.6335 ± 0.0052" */
  const loss = ({heldout_loss: {mean: value, standard_error: error}}) =>
    `${page.number(value)}${error === null ? "" : ` ± ${Number(error.toPrecision(2))}`}`;

  /* The answer of the page, and what it rests on. */
  page.validated = () => {
    const {best, one_standard_error: rule} = validation;
    if (best === null)
      return [page.data.sweep.done === 0 ? "Nothing has been trained here yet."
        : "No configuration has ended well without each of its folds yet."];
    return [`Best: ${choice(best)}, with a held-out loss of ${loss(best)}.`, undefined,
      `The mean of ${best.folds} folds, ± its standard error. ` + (same(best, rule)
        ? "No larger lambda comes within one standard error of it."
        : `Within one standard error of it: ${choice(rule)}, with ${loss(rule)}.`) + ` Data: ${best.data}.`];
  };

  /* --- The picture --- */

  /* On a logarithmic axis 0 stands left of all others. */
  const axisOf = numbers => {
    const positive = numbers.filter(value => value > 0), low = Math.min(...positive), high = Math.max(...positive);
    const isLog = numbers.every(value => value >= 0) && high > 20 * low;
    const zero = isLog && numbers.includes(0) ? low / 4 : undefined;
    return {isLog, zero, place: value => value === 0 && zero !== undefined ? zero : value, rest: !isLog ? {type: "linear"} : {
      type: "logarithmic", min: (zero ?? low) / 1.15, max: high * 1.15,
      afterBuildTicks: scale => {
        scale.ticks = [...(zero === undefined ? [] : [zero]), ...page.logTicks(low / 1.15, scale.max)].map(value => ({value}));
      },
      ticks: {callback: value => value === zero ? "0" : page.number(value)},
    }};
  };

  /* The best is a large point, what the one-standard-error rule takes a diamond. */
  const curveSet = (curve, axis, several, isFirst) => {
    const {name, at, mean, error, best, simplest} = curve, colour = page.colour(curve);
    const marked = (one, other, rest) => at.map((_, i) => i === best ? one : i === simplest ? other : rest);
    return {
      label: name, end: several ? name : "", data: at.map((value, i) => ({x: axis.place(value), y: mean[i]})),
      whiskers: isFirst ? mean.map((value, i) => [value - error[i], value + error[i]]) : undefined, at, error,
      borderColor: colour, borderWidth: 2, borderDash: several ? page.dash(curve) : [], pointBorderColor: colour, pointBackgroundColor: colour,
      pointRadius: marked(7, 8, at.length > 40 ? 1.5 : 3), pointStyle: marked("circle", "rectRot", "circle"), pointBorderWidth: 1,
    };
  };

  const drawFolds = () => {
    const picture = validation?.picture;
    page.id("folds-picture").hidden = !picture;
    if (!picture)
      return;
    const {across, curves, all} = picture, axis = axisOf(curves.flatMap(curve => curve.at));
    const {best, one_standard_error: rule} = validation, limit = best.heldout_loss.mean + best.heldout_loss.standard_error;
    const ends = curves.flatMap(curve => curve.at.map(axis.place)), line = {
      label: "one standard error above the best", end: "best + one standard error", pointRadius: 0, borderWidth: 1.5, borderDash: [2, 3],
      borderColor: page.paint("quiet"), data: [Math.min(...ends), Math.max(...ends)].map(x => ({x, y: limit})),
    };
    const losses = curves.flatMap((curve, c) => curve.mean.flatMap((value, i) => c > 0 ? [value]
      : [value - curve.error[i], value + curve.error[i]]));
    const isSteep = Math.min(...losses) > 0 && Math.max(...losses) > 20 * Math.min(...losses);
    page.draw("folds-canvas", `Mean held-out loss over ${across}; the numbers are in the table below`, {
      type: "line", datasets: [...curves.map((curve, c) => curveSet(curve, axis, all > 1, c === 0)), line],
      scales: {
        x: page.axis(across, null, axis.rest),
        y: page.axis("mean held-out loss", "number", isSteep ? {type: "logarithmic"}
          : {type: "linear", suggestedMin: Math.min(...losses), suggestedMax: Math.max(...losses)}),
      },
      options: {parsing: false, normalized: true, interaction: {mode: "nearest", axis: "xy", intersect: false}},
      tooltip: {
        title: () => "",
        label: ({dataset, dataIndex: i, parsed}) => dataset.at === undefined ? `${dataset.label}: ${page.number(limit)}`
          : [dataset.label, `${across} ${page.number(dataset.at[i])}: ${page.number(parsed.y)} ± ${Number(dataset.error[i].toPrecision(2))}`],
      },
    });
    page.id("folds-legend").textContent = `Bars: one standard error on either side${all > 1 ? ", of the line with the best" : ""}. Large: the best, ${across} ` +
      `${page.text(best.configuration[across])}.` + (same(best, rule) ? "" : ` Diamond: ${across} ` +
      `${page.text(rule.configuration[across])}, by the one-standard-error rule.`) +
      (all > curves.length ? ` The ${curves.length} best of ${all.toLocaleString("en")} lines.` : "");
    document.body.dataset.validation = `${across}/${curves.length}/${curves.reduce((sum, curve) => sum + curve.at.length, 0)}`;
  };
  page.parts.push(drawFolds);

  page.makeFolds = () => {
    if (validation === null)
      return;
    page.id("folds-picture").replaceChildren(...page.figure("folds-canvas", "held-out loss", "tall").children);
    page.id("folds-picture").querySelector("figcaption").prepend(page.element("span", {id: "folds-legend", class: "quiet"}));
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
