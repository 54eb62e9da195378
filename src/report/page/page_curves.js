"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Curves of training, by Chart.js. The vertical axis ends a little above the highest beginning, or
 * one curve that diverges would flatten all others; the gap has a logarithmic axis, on which points
 * that rounding puts at or below F* are left out. Over seconds only trials timed alone are drawn:
 * others have no time of their own.
 */
{
  const dashes = [[], [], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4]];
  const note = {loss: "mean cross-entropy", gap: "F - F*"};
  let chart = null;

  const chosen = () => page.drawn.curves.filter(curve => page.kept[curve.row] &&
    (page.state.over === "epochs" || curve.solo));

  const points = curve => {
    const {over, value, log} = page.state, list = [];
    for (let i = 0; i < curve[over].length; i++) {
      const x = curve[over][i], y = curve[value][i];
      if (y !== null && (value !== "gap" || y > 0) && (!log || x > 0))
        list.push({x, y});
    }
    return list;
  };

  const dataset = (curve, many) => {
    const ink = page.solverInk(page.solver(curve.row));
    return {
      label: page.describe(curve.row), data: points(curve), borderDash: dashes[ink.dash],
      borderColor: page.colour(ink) + (many ? "99" : ""), borderWidth: many ? 1.2 : 2,
      pointRadius: 0, pointHitRadius: 4, tension: 0,
    };
  };

  /* The highest beginning; undefined where nothing begins. */
  const top = sets => {
    const starts = sets.filter(set => set.data.length > 0).map(set => set.data[0].y);
    return starts.length === 0 ? undefined
      : Math.max(...starts) * (page.state.value === "gap" ? 2 : 1.1);
  };

  const options = sets => {
    const {over, value, log} = page.state, {ink, line} = page.inkColours();
    const axis = (title, type, form) => ({type, title: {display: true, text: title, color: ink},
      ticks: {color: ink, maxTicksLimit: 12, callback: page.tick(type, form)}, grid: {color: line}});
    return {
      animation: false, maintainAspectRatio: false, parsing: false, normalized: true,
      interaction: {mode: "nearest", axis: "xy", intersect: false},
      scales: {
        x: axis(over === "epochs" ? "epochs" : "time of training", log ? "logarithmic" : "linear",
          over === "epochs" ? "number" : "seconds"),
        y: {...axis(value === "gap" ? "gap F - F*" : "loss", value === "gap" ? "logarithmic" : "linear",
          value === "gap" ? "mark" : "number"), max: top(sets)},
      },
      plugins: {
        legend: {display: false},
        tooltip: {callbacks: {
          title: () => "",
          label: item => [item.dataset.label, `${page.forms[value](item.parsed.y)} at ` +
            (over === "epochs" ? `epoch ${item.parsed.x}` : page.forms.seconds(item.parsed.x))],
        }},
      },
    };
  };

  const drawCurves = () => {
    const list = chosen(), {over, value} = page.state, canvas = page.id("curves-canvas");
    const sets = list.map(curve => dataset(curve, list.length > 30));
    const without = page.drawn.curves.filter(curve => page.kept[curve.row]).length - list.length;
    const empty = sets.filter(set => set.data.length === 0).length;
    canvas.setAttribute("aria-label", `${page.plural(list.length, "curve")} of ${value} over ${over}`);
    page.id("curves-note").textContent = `${page.plural(list.length, "curve")}, ${note[value]}, ` +
      "a configuration's first trial each, thinned for drawing; colours are those of the solvers above." +
      (page.drawn.left_out > 0 ? ` ${page.plural(page.drawn.left_out, "more configuration")} of all ` +
        "have no curve on this page: those drawn go from the best to the worst of each solver." : "") +
      (without > 0 ? ` ${page.plural(without, "trial")} shared a clock and have no time of their own.` : "") +
      (empty > 0 && value === "gap" ? ` ${page.plural(empty, "curve")} without a gap: F* is not known there.` : "");
    chart?.destroy();
    chart = new Chart(canvas, {type: "line", data: {datasets: sets}, options: options(sets)});
    document.body.dataset.curves = String(list.length - empty);
    document.body.dataset.axes = `${value}/${over}`;
  };
  page.parts.push(drawCurves);
}
