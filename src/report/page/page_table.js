"use strict";
/* SPDX-License-Identifier: MIT
 *
 * When each configuration came to each target, to be sorted by any column. A line is a
 * configuration whatever its seed, as in the comparison, and its times are medians over trials.
 * Fifty lines are in the page at a time: ten thousand would take seconds to lay out.
 */
{
  const size = 50, state = page.state, rows = page.data.rows;

  const targetColumn = label => ({
    name: `target ${label}`, title: label, form: state.over === "seconds" ? "seconds" : "number",
    value: row => page.arrival(row, label, state.over), target: true,
  });

  const columns = () => [
    ...page.axes.filter(axis => axis.name !== "seed").map(axis =>
      ({name: axis.name, title: axis.name, help: axis.help, value: row => page.value(axis, row),
        text: axis.name === "solver" || axis.names !== undefined, key: row => axis.values[row]})),
    ...page.targets().map(targetColumn),
    ...page.measures.map(measure => ({name: measure.name, title: measure.name, help: measure.help,
      form: measure.form, value: row => measure.values[row]})),
    ...(page.dimension("objective") ? [] : [{name: "objective", title: "objective", form: "loss",
      help: "final objective F", value: row => rows.objective[row]}]),
  ];

  /* What the gaps of the problem on show refer to, or why there are none. */
  const optimum = () => {
    const section = page.data.sections[state.section >= 0 ? state.section : 0];
    if (section === undefined || (state.section < 0 && page.data.sections.length > 1))
      return "";
    const known = section.optimum !== undefined ? ` F* = ${section.optimum.toPrecision(10)}.`
      : section.reason !== undefined ? ` F* is not known: ${section.reason}.` : "";
    return section.precision !== undefined ? `${known} ${section.precision}` : known;
  };

  /* The first row of each entrant that is kept; rows that are on no side stand for themselves. */
  const lines = () => {
    const seen = new Set(), list = [];
    for (let row = 0; row < page.count; row++) {
      if (!page.kept[row] || (rows.entrant[row] >= 0 && seen.has(rows.entrant[row])))
        continue;
      seen.add(rows.entrant[row]);
      list.push(row);
    }
    return list;
  };

  /* Numbers by size, words by name after them; missed after all that arrived, unknown last. */
  const rank = (column, row) => {
    const value = column.key ? column.key(row) : column.value(row);
    if (value === null || value === undefined)
      return [3, 0];
    if (typeof value !== "number")
      return [1, 0];
    return column.target && value === -1 ? [2, 0] : [0, value];
  };

  const sorted = (list, column) => {
    const sign = state.descending ? -1 : 1;
    return list.map(row => [rank(column, row), row]).sort(([a, i], [b, j]) =>
      a[0] - b[0] || sign * (a[1] - b[1]) || i - j).map(([, row]) => row);
  };

  const sortBy = name => {
    state.descending = state.sort === name && !state.descending;
    state.sort = name;
    state.first = 0;
    drawTable();
    document.querySelector(`#targets-table button[data-name="${CSS.escape(name)}"]`)?.focus();
  };

  const head = column => {
    const isSorted = column.name === state.sort, order = state.descending ? "descending" : "ascending";
    return page.element("th", {scope: "col", class: column.text ? undefined : "number",
      "aria-sort": isSorted ? order : undefined, title: column.help},
    page.element("button", {type: "button", "data-name": column.name, onclick: () => sortBy(column.name)},
      column.title + (isSorted ? state.descending ? " ▼" : " ▲" : "")));
  };

  const cell = (column, row) => {
    const value = column.value(row);
    if (column.target && value === -1)
      return page.element("td", {class: "number missed"}, "missed");
    return page.cell(value, column.text ? undefined : column.form ?? "number");
  };

  /* All lines and digits, not only those on show. */
  const save = () => {
    const all = columns();
    page.saveTable("time-to-target", [all.map(column => column.target ? `${state.over} to ${column.title}` : column.title),
      ...sorted(lines(), all.find(column => column.name === state.sort)).map(row => all.map(column => {
        const value = column.value(row);
        return column.target && value === -1 ? "missed" : value;
      }))]);
  };

  const pages = total => {
    const turn = (text, first, enabled) => page.element("button", {type: "button", disabled: !enabled,
      onclick: () => { state.first = first; drawTable(); }}, text);
    page.fill("targets-pages", turn("Previous", state.first - size, state.first > 0),
      turn("Next", state.first + size, state.first + size < total),
      page.element("span", {class: "quiet"}, total === 0 ? "nothing is left"
        : `${state.first + 1} to ${Math.min(total, state.first + size)} of ${total.toLocaleString("en")}`),
      page.element("button", {type: "button", class: "save", "aria-label": "Download the table as CSV", onclick: save}, "CSV"));
  };

  const drawTable = () => {
    const all = columns();
    const targets = all.filter(column => column.target);
    if (!all.some(column => column.name === state.sort)) {
      state.sort = (targets[targets.length - 1] ?? all[all.length - 1]).name;
      state.descending = false;
    }
    const list = sorted(lines(), all.find(column => column.name === state.sort));
    const shown = list.slice(state.first, state.first + size);
    page.id("targets-note").textContent = targets.length === 0
      ? page.isAveraged ? "Means over the folds of each configuration. A number shows all its digits when pointed at."
        : "There are no targets here: nothing is known to minimise, or nothing has been trained."
      : `${state.over === "seconds" ? "Seconds of training, of trials timed alone," : "Epochs"} to each ` +
        "target, medians; missed: most trials never come there. A number shows all its digits when pointed at.";
    page.id("targets-note").append(optimum());
    page.fill("targets-table", page.element("table", {}, page.element("thead", {}, page.row(all.map(head))),
      page.element("tbody", {}, ...shown.map(row => page.row(all.map(column => cell(column, row)))))));
    pages(list.length);
    document.body.dataset.lines = String(list.length);
    document.body.dataset.sort = `${state.sort}/${state.descending ? "descending" : "ascending"}`;
  };
  page.parts.push(drawTable);
}
