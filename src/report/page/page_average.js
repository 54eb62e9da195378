"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Where all was trained without a fold, a row of the page is a configuration with the means over its
 * folds, and not one training: a fold is no problem of its own. Data sets are then told apart by name
 * alone, for held-out loss may be compared across lambda; and there are no targets, as each fold has an
 * F* of its own.
 */

/* Changes the data of the page; returns whether there was something to average. */
const averageFolds = (data, drawn) => {
  const {rows, sections} = data, fold = data.axes.find(axis => axis.name === "fold");
  if (fold === undefined || !fold.values.every(value => value > 0))
    return false;

  const axes = data.axes.filter(axis => axis !== fold);
  const names = [...new Set(sections.map(section => section.data))];
  const sectionOf = row => names.indexOf(sections[rows.section[row]].data);
  const numbers = new Map(), members = [], place = fold.values.map((_, row) => {
    const key = JSON.stringify([sectionOf(row), ...axes.map(axis => axis.values[row])]);
    if (!numbers.has(key))
      numbers.set(key, members.push([]) - 1);
    members[numbers.get(key)].push(row);
    return numbers.get(key);
  });

  /* Of each configuration; a mean is of all its folds or of none. */
  const first = values => members.map(list => values[list[0]]);
  const sum = values => members.map(list => list.reduce((total, row) => total + values[row], 0));
  const mean = values => members.map(list => list.every(row => typeof values[row] === "number")
    ? list.reduce((total, row) => total + values[row], 0) / list.length : null);

  const section = first(fold.values.map((_, row) => sectionOf(row)));
  for (const name of ["trials", "diverged", "failed"])
    rows[name] = sum(rows[name]);
  for (const name of ["epochs", "objective", "gap", "accuracy", "heldout_loss", "heldout", "seconds"])
    rows[name] = mean(rows[name]);
  Object.assign(rows, {section, entrant: section.map(() => -1)});
  for (const axis of axes)
    axis.values = first(axis.values);
  data.comparisons.length = 1; // which has colours alone
  for (const one of data.comparisons)
    Object.assign(one, {side_of: first(one.side_of), problems: [], problem_of: names.map(() => -1),
      answer: null, trusted: true, left_out: 0});
  for (const entry of [...drawn.curves, ...data.ends.trials])
    Object.assign(entry, {fold: fold.values[entry.row], row: place[entry.row]});
  Object.assign(data, {axes, sections: names.map(name => {
    const {data: text, rows: count, features} = sections.find(one => one.data === name);
    return {data: text, rows: count, features};
  })});
  return true;
};
