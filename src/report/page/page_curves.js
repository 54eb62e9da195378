"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Curves of training, by Chart.js. The vertical axis ends a little above the highest beginning, or
 * one curve that diverges would flatten all others; the gap has a logarithmic axis, on which points
 * that rounding puts at or below F* are left out. Over seconds only trials timed alone are drawn:
 * others have no time of their own.
 */
{
  const note = {loss: "mean cross-entropy", gap: "F - F*", heldout_loss: "mean cross-entropy on the rows held out"}, most = 12; // named each; of more, one of each colour

  const nameOf = value => page.values.find(([name]) => name === value)[1];

  const chosen = () => page.drawn.curves.filter(curve => page.kept[curve.row] &&
    (page.state.over === "epochs" || curve.solo));

  /* Seconds span decades, for a first epoch is soon over; epochs are counted from 0. */
  const isLog = () => page.state.log ?? page.state.over === "seconds";
  page.isLog = isLog;

  const points = curve => {
    const {over, value} = page.state, list = [];
    for (let i = 0; i < curve[over].length; i++) {
      const x = curve[over][i], y = curve[value]?.[i] ?? null;
      if (y !== null && (value !== "gap" || y > 0) && (!isLog() || x > 0))
        list.push({x, y});
    }
    return list;
  };

  /* What tells the curves apart, in words. */
  const namesOf = list => {
    const axes = page.axes.filter(axis => new Set(list.map(curve => axis.values[curve.row])).size > 1);
    return curve => axes.map(axis => [axis.name, page.value(axis, curve.row)]).filter(([, value]) => value !== null)
      .map(([name, value]) => typeof value === "number" ? `${name} ${page.number(value)}` : value).join(", ");
  };

  /* The curves with a name: all, or of each ink the one that comes to the least. */
  const named = (list, sets) => {
    const last = set => set.data.length === 0 ? Infinity : set.data[set.data.length - 1].y;
    const order = list.map((_, i) => i).filter(i => sets[i].data.length > 0).sort((a, b) => last(sets[a]) - last(sets[b]));
    if (order.length <= most)
      return [order, namesOf(list)];
    const seen = new Set();
    return [order.filter(i => {
      const {name} = page.inkOf(list[i].row), fresh = !seen.has(name);
      seen.add(name);
      return fresh;
    }), curve => page.inkOf(curve.row).name];
  };

  const dataset = (curve, many) => {
    const ink = page.inkOf(curve.row);
    return {
      label: page.describe(curve.row) + (curve.fold === undefined ? "" : ` fold=${curve.fold}`), data: points(curve), borderDash: page.dash(ink),
      borderColor: page.colour(ink), borderWidth: many ? 1 : 2,
      pointRadius: 0, pointHitRadius: 4, tension: 0,
    };
  };

  /* The highest beginning; undefined where nothing begins. */
  const top = sets => {
    const starts = sets.filter(set => set.data.length > 0).map(set => set.data[0].y);
    return starts.length === 0 ? undefined
      : Math.max(...starts) * (page.state.value === "gap" ? 2 : 1.1);
  };

  const scales = sets => {
    const {over, value} = page.state;
    return {
      x: page.axis(over === "epochs" ? "epochs" : "time of training", over === "epochs" ? "number" : "seconds",
        {type: isLog() ? "logarithmic" : "linear"}),
      y: page.axis(value === "gap" ? "gap F - F*" : nameOf(value), value === "gap" ? "mark" : "number",
        {type: value === "gap" ? "logarithmic" : "linear", max: top(sets)}),
    };
  };

  const drawCurves = () => {
    const list = chosen(), {over, value} = page.state;
    const sets = list.map(curve => dataset(curve, list.length > 30));
    const without = page.drawn.curves.filter(curve => page.kept[curve.row]).length - list.length;
    const empty = sets.filter(set => set.data.length === 0).length;
    const [order, name] = named(list, sets);
    for (const i of order)
      sets[i].end = name(list[i]) || page.solver(list[i].row);
    page.id("curves-note").textContent = `${page.plural(list.length, "curve")}, ${note[value]}, ` +
      `${page.isAveraged ? "one training each, without one of the folds" : "a configuration's first trial each"}, thinned for drawing.` +
      (order.length < list.length - empty ? ` Named are the best of each ${page.solvers.length > 1 ? "solver" : "side"}.` : "") +
      (page.drawn.left_out > 0 ? ` ${page.plural(page.drawn.left_out, "more configuration")} of all ` +
        "have no curve on this page: those drawn go from the best to the worst of each solver." : "") +
      (without > 0 ? ` ${page.plural(without, "trial")} shared a clock and have no time of their own.` : "") +
      (empty > 0 && value === "gap" ? ` ${page.plural(empty, "curve")} without a gap: F* is not known there.` : "") +
      (empty > 0 && value === "heldout_loss" ? ` ${page.plural(empty, "curve")} without it: no rows are held out there.` : "");
    page.draw("curves-canvas", `${page.plural(list.length, "curve")} of ${nameOf(value)} over ${over}`, {
      type: "line", datasets: [...order.map(i => sets[i]), ...sets.filter((_, i) => !order.includes(i))], scales: scales(sets),
      options: {parsing: false, normalized: true, interaction: {mode: "nearest", axis: "xy", intersect: false}},
      tooltip: {
        title: () => "",
        label: item => [item.dataset.label, `${page.forms[value === "gap" ? "gap" : "loss"](item.parsed.y)} at ` +
          (over === "epochs" ? `epoch ${item.parsed.x}` : page.forms.seconds(item.parsed.x))],
      },
    });
    document.body.dataset.curves = String(list.length - empty);
    document.body.dataset.axes = `${value}/${over}`;
  };
  page.parts.push(drawCurves);

  page.makeCurves = () => page.id("curves-picture").replaceChildren(
    ...page.figure("curves-canvas", "curves of training", "tall").children);
}
