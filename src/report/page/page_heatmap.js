"use strict";
/* SPDX-License-Identifier: MIT
 *
 * A heat map over two axes of choice: the best in each cell of what is kept, as a table, so that it
 * can be read aloud, printed and copied. Values that are many are put into ten bins, of equal
 * ratios where they span more than a factor of 30. Colours are those of the pictures' heat maps, from
 * the best, which is dark, to the worst (report/plots/palette.h). The best cell has a border; one where
 * nothing ended well is hatched.
 */
{
  const most = 20, bins = 10, state = page.state, rows = page.data.rows;
  const isNumber = value => typeof value === "number";
  const short = value => String(Number(value.toPrecision(2)));
  let offered = "";

  const axes = () => page.axes.filter(axis => !["seed", "zoom"].includes(axis.name) &&
    new Set(axis.values.filter(value => value !== null)).size > 1);

  const pick = () => {
    const names = axes().map(axis => axis.name);
    const wish = ["rate", "batch", "lambda", ...names.filter(name => name !== "solver"), "solver"]
      .filter(name => names.includes(name));
    if (!names.includes(state.x))
      state.x = wish[0] ?? "";
    if (!names.includes(state.y) || state.y === state.x)
      state.y = wish.find(name => name !== state.x) ?? "";
  };

  /* Cells are told apart by keys; bins have the number of their lower end. */
  const keysOf = axis => {
    const found = new Set();
    for (let row = 0; row < page.count; row++)
      if (page.kept[row] && axis.values[row] !== null)
        found.add(axis.values[row]);
    const numbers = [...found].filter(isNumber).sort((a, b) => a - b);
    const words = [...found].filter(value => !isNumber(value));
    const name = value => isNumber(value) ? axis.names ? axis.names[value] : page.number(value) : value;
    if (numbers.length <= most)
      return {keys: [...numbers, ...words], key: value => value, name};
    const low = numbers[0], high = numbers[numbers.length - 1], log = low > 0 && high / low > 30;
    const scale = (log ? d3.scaleLog : d3.scaleLinear)([low, high], [0, bins]);
    return {
      keys: [...d3.range(bins), ...words],
      key: value => isNumber(value) ? Math.min(bins - 1, Math.floor(scale(value))) : value,
      name: key => isNumber(key) ? `${short(scale.invert(key))} to ${short(scale.invert(key + 1))}` : key,
    };
  };

  /* What may be in the cells: [name, form, value of a row, is more better?]. */
  const contents = () => [
    ...page.measures.map(({name, help, form, values}) =>
      ({name, title: help, form, value: row => values[row], more: form === "share"})),
    ...page.targets().map(label => ({
      name: `target ${label}`, title: `${state.over} to ${label}`,
      form: state.over === "seconds" ? "seconds" : "number", more: false,
      value: row => { const when = page.arrival(row, label, state.over); return when === -1 ? null : when; },
    })),
  ];

  const fillCells = (x, y, content) => {
    const cells = new Map();
    for (let row = 0; row < page.count; row++) {
      const a = page.axes.find(axis => axis.name === state.x).values[row];
      const b = page.axes.find(axis => axis.name === state.y).values[row];
      if (!page.kept[row] || a === null || b === null || rows.trials[row] === 0)
        continue;
      const key = `${x.key(a)}|${y.key(b)}`;
      const cell = cells.get(key) ?? {count: 0, bad: 0, best: null};
      const value = content.value(row);
      cell.count++;
      if (rows.diverged[row] + rows.failed[row] > 0)
        cell.bad++;
      else if (isNumber(value) && (cell.best === null || (content.more ? value > cell.best : value < cell.best)))
        cell.best = value;
      cells.set(key, cell);
    }
    return cells;
  };

  const colourScale = (cells, more) => {
    const values = [...cells.values()].map(cell => cell.best).filter(isNumber);
    const positive = values.filter(value => value > 0), [low, high] = d3.extent(positive);
    const log = positive.length > 0 && high / low > 30;
    const scale = log ? d3.scaleLog([low, high], [0, 1]).clamp(true)
      : d3.scaleLinear(d3.extent(values), [0, 1]);
    const shades = d3.scaleLinear(
      page.data.shades.map((_, i) => i / (page.data.shades.length - 1)), page.data.shades).clamp(true);
    return value => {
      const place = log && value <= 0 ? 0 : scale(value);
      return d3.rgb(shades(Number.isNaN(place) ? 0 : more ? 1 - place : place)).hex();
    };
  };

  const heatCell = (cell, content, colour, best) => {
    if (cell === undefined)
      return page.element("td", {class: "empty"});
    const bad = cell.bad > 0 ? `, ${cell.bad} diverged or failed` : "";
    const title = `best of ${page.plural(cell.count, "configuration")}${bad}`;
    if (cell.best === null)
      return page.element("td", {class: cell.bad > 0 ? "bad" : "empty", title},
        cell.bad === cell.count ? "diverged" : "missed");
    const element = page.element("td", {title: `${cell.best}: ${title}`,
      class: cell.best === best ? "best" : undefined}, page.text(cell.best, content.form));
    element.style.background = colour(cell.best);
    element.style.color = page.textOn(colour(cell.best));
    return element;
  };

  const showChoices = list => {
    const text = JSON.stringify([axes().map(axis => axis.name), list.map(one => one.title),
      state.x, state.y, state.cell]);
    if (text === offered)
      return;
    offered = text;
    const names = axes().map(axis => [axis.name, axis.name]);
    page.fill("heatmap-controls", page.select("Across", "x", names), page.select("Down", "y", names),
      page.select("Best", "cell", list.map(one => [one.name, one.title])));
  };

  const drawHeatmap = () => {
    pick();
    if (state.x === "" || state.y === "")
      return;
    const list = contents();
    const content = list.find(one => one.name === state.cell) ?? list[page.measures.length - 1];
    state.cell = content.name;
    showChoices(list);
    const across = page.axes.find(axis => axis.name === state.x);
    const down = page.axes.find(axis => axis.name === state.y);
    const x = keysOf(across), y = keysOf(down), cells = fillCells(x, y, content);
    const colour = colourScale(cells, content.more);
    const values = [...cells.values()].map(cell => cell.best).filter(isNumber);
    const best = content.more ? d3.max(values) : d3.min(values);
    const head = page.row([page.element("th", {scope: "col"}, `${down.name} \\ ${across.name}`),
      ...x.keys.map(key => page.element("th", {scope: "col", class: "number"}, x.name(key)))]);
    const table = page.element("table", {class: "heat"}, page.element("thead", {}, head),
      page.element("tbody", {}, ...y.keys.map(b => page.row([
        page.element("th", {scope: "row"}, y.name(b)),
        ...x.keys.map(a => heatCell(cells.get(`${a}|${b}`), content, colour, best))]))));
    page.fill("heatmap-picture", table);
    page.id("heatmap-note").textContent = `The best ${content.title} of the configurations kept; ` +
      "dark is best, the best has a border, hatched is where none ended well.";
    document.body.dataset.heat = `${state.x}/${state.y}/${cells.size}`;
  };
  page.parts.push(drawHeatmap);

  /* The table as a picture: its cells where they are, in their colours. */
  const draw = (context, table) => {
    const corner = table.getBoundingClientRect();
    context.textBaseline = "middle";
    for (const cell of table.querySelectorAll("th, td")) {
      const box = cell.getBoundingClientRect(), x = box.left - corner.left, y = box.top - corner.top, pad = 6;
      const style = getComputedStyle(cell), isNumber = style.textAlign === "right", isBest = cell.classList.contains("best");
      context.fillStyle = style.backgroundColor === "rgba(0, 0, 0, 0)" ? page.paint("paper") : style.backgroundColor;
      context.fillRect(x, y, box.width, box.height);
      context.strokeStyle = page.paint(isBest ? "best" : "paper");
      context.lineWidth = isBest ? 3 : 1;
      context.strokeRect(x + 1, y + 1, box.width - 2, box.height - 2);
      context.font = `${style.fontWeight >= 600 ? "bold " : ""}${style.fontSize} ${style.fontFamily}`;
      context.textAlign = isNumber ? "right" : cell.tagName === "TD" ? "center" : "left";
      context.fillStyle = style.color;
      context.fillText(cell.textContent, isNumber ? x + box.width - pad : cell.tagName === "TD" ? x + box.width / 2 : x + pad,
        y + box.height / 2);
    }
  };

  page.fill("heatmap-caption", page.saveButton("heat map", () => {
    const table = document.querySelector("#heatmap-picture table"), box = table.getBoundingClientRect();
    page.savePicture("heatmap", Math.ceil(box.width), Math.ceil(box.height), context => draw(context, table));
  }));
}
