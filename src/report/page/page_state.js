"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The data, what is chosen, and which configurations are left by it. The parts of the page read
 * page.data, page.state and page.kept; a control changes the state and calls page.change(), which
 * works out who is kept and lets every part draw itself again. A part is a function in page.parts.
 *
 * A dimension is anything that a configuration has a number for: its hyper-parameters, where a
 * choice is the number of its name, and what came of it. Ranges over dimensions are the brushes.
 */
const page = {parts: [], errors: 0};
window.addEventListener("error", () => { document.body.dataset.errors = String(++page.errors); });

{
  const read = id => JSON.parse(document.getElementById(id).textContent);
  page.data = read("data");
  page.drawn = read("curves-data");
  page.isAveraged = averageFolds(page.data, page.drawn); // rows are means over folds
  const rows = page.data.rows;
  page.count = rows.section.length;
  page.kept = new Uint8Array(page.count);

  /* The comparison and the problem on show: of one data set and lambda, the chosen or the largest. */
  const {comparisons, sections} = page.data;
  page.comparison = () => comparisons[page.state.by];
  page.problemOf = section => page.comparison().problems[page.comparison().problem_of[section]];
  page.problem = () => page.problemOf(page.state.section >= 0 ? page.state.section : largest);
  const size = i => sections[i].rows * sections[i].features;
  const answered = comparisons[0].problem_of.indexOf(comparisons[0].answer?.problem ?? null);
  const largest = answered >= 0 ? answered : sections.reduce((best, _, i) => size(i) > size(best) ? i : best, 0);

  /* What curves may show; held-out loss where rows are held out, and first where configurations are
   * ranked by what they do there. */
  page.values = [["loss", "loss"], ["gap", "gap"],
    ...(page.drawn.curves.some(curve => curve.heldout_loss) ? [["heldout_loss", "held-out loss"]] : [])];
  const metric = page.isAveraged ? "heldout_loss" : page.data.sweep.metric ?? "objective";
  const value = metric.startsWith("heldout") && page.values.length > 2 ? "heldout_loss"
    : rows.gap.some(gap => gap !== null) && metric !== "loss" ? "gap" : "loss";

  page.state = {
    section: sections.length > 1 && sections.length <= 24 ? largest : -1, by: 0, // -1: all
    over: "epochs", value, log: null, // null: of seconds
    text: "", solvers: null, ranges: new Map(), theme: "", x: "", y: "", cell: "",
    sort: "", descending: false, first: 0, study: 0, threads: 0, // of the profile; 0: the most
  };

  const isNumber = value => typeof value === "number";

  /* The names of a choice that occur, so that a picture has no empty places. */
  const ofAxis = axis => {
    if (!axis.choice)
      return {name: axis.name, help: axis.help, values: axis.values, axis};
    const used = [...new Set(axis.values.filter(isNumber))].sort((a, b) => a - b);
    const place = new Map(used.map((value, i) => [value, i]));
    return {
      name: axis.name, help: axis.help, names: used.map(i => axis.names[i]), axis,
      values: axis.values.map(value => isNumber(value) ? place.get(value) : value),
    };
  };
  const measures = [
    ["epochs", "epochs trained", "number"], ["seconds", "training time, of trials timed alone", "seconds"],
    ["accuracy", "share of rows that it classifies rightly", "share"],
    ["heldout_loss", "mean cross-entropy on rows held out", "loss"],
    ["heldout", "share of rows held out that it classifies rightly", "share"],
    rows.gap.some(isNumber) ? ["gap", "final F - F*", "gap"] : ["objective", "final objective F", "loss"],
  ];
  page.axes = page.data.axes.map(ofAxis);
  page.measures = measures.map(([name, help, form]) => ({name, help, form, values: rows[name]}))
    .filter(measure => measure.values.some(isNumber));
  page.dimensions = page.axes.concat(page.measures);
  const ranked = page.measures.find(measure => measure.name === (metric === "heldout_accuracy" ? "heldout" : metric));
  if (ranked && metric !== "objective") // what the sweep file says that the best are best by
    Object.assign(page.state, {cell: ranked.name, sort: ranked.name, descending: ranked.form === "share"});
  page.dimension = name => page.dimensions.find(dimension => dimension.name === name);

  const solver = page.axes.find(axis => axis.name === "solver");
  const inks = new Map(page.data.solvers.map(ink => [ink.name, ink]));
  page.solvers = solver.names;
  page.solver = row => solver.names[solver.values[row]];
  page.isDark = () => !page.printing && (page.state.theme === "dark" || (page.state.theme === "" &&
    window.matchMedia("(prefers-color-scheme: dark)").matches));
  page.colour = ink => page.isDark() ? ink.dark : ink.colour;
  page.solverInk = name => inks.get(name);
  /* What a configuration is drawn with: its solver's or, where all have the same, its side's. */
  page.inkOf = row => (page.solvers.length > 1 ? undefined : page.comparison().colours[page.comparison().side_of[row]])
    ?? inks.get(page.solver(row));

  /* "solver=gd rate=0.1", for people and for the text filter. */
  page.value = (dimension, row) => {
    const value = dimension.values[row];
    return isNumber(value) && dimension.names ? dimension.names[value] : value;
  };
  const descriptions = [];
  page.describe = row => descriptions[row] ??= page.axes
    .map(axis => [axis.name, page.value(axis, row)]).filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${isNumber(value) ? page.number(value) : value}`).join(" ");

  const keeps = row => {
    const state = page.state;
    if (state.section >= 0 && rows.section[row] !== state.section)
      return false;
    if (state.solvers !== null && !state.solvers.has(page.solver(row)))
      return false;
    for (const [name, [low, high]] of state.ranges) {
      const value = page.dimension(name).values[row];
      if (!isNumber(value) || value < low || value > high)
        return false;
    }
    return true;
  };

  /* A word that ends with "=VALUE" must be that value, and not begin like it. */
  const says = (row, words) => {
    const text = ` ${page.describe(row).toLowerCase()} `;
    return words.every(word => text.includes(word.includes("=") ? ` ${word} ` : word));
  };

  const choose = () => {
    const words = page.state.text.toLowerCase().split(/\s+/).filter(word => word !== "");
    page.keptCount = 0;
    for (let row = 0; row < page.count; row++) {
      page.kept[row] = keeps(row) && (words.length === 0 || says(row, words)) ? 1 : 0;
      page.keptCount += page.kept[row];
    }
  };

  page.change = () => {
    choose();
    document.body.dataset.shown = String(page.keptCount);
    for (const part of page.parts)
      part();
  };

  /* The labels of the targets of what is shown, from the easiest on. */
  page.targets = () => {
    const problems = new Set(), labels = [];
    for (let row = 0; row < page.count; row++)
      if (page.kept[row] && rows.entrant[row] >= 0)
        problems.add(page.data.entrants.problem[rows.entrant[row]]);
    for (const problem of problems)
      for (const label of page.data.problems[problem])
        if (!labels.includes(label))
          labels.push(label);
    return labels.sort((a, b) => a.endsWith("%") === b.endsWith("%")
      ? (a.endsWith("%") ? parseFloat(a) - parseFloat(b) : parseFloat(b) - parseFloat(a))
      : a.endsWith("%") ? 1 : -1);
  };

  /* When a configuration came to a target: -1 never, null not timed, undefined not its target. */
  page.arrival = (row, label, over) => {
    const entrant = rows.entrant[row];
    if (entrant < 0)
      return undefined;
    const place = page.data.problems[page.data.entrants.problem[entrant]].indexOf(label);
    return place < 0 ? undefined : page.data.entrants[over][entrant][place];
  };
}
