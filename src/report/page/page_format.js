"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Numbers as people read them, and elements. A number that is shortened has every digit in its
 * title. Elements are made from tags, attributes and texts, never from HTML: names come from files.
 */
{
  const units = [[3600, 60, "min"], [1, 1, "s"], [1e-3, 1e-3, "ms"], [1e-6, 1e-6, "µs"], [0, 1e-9, "ns"]];

  page.number = value => {
    if (Number.isInteger(value) && Math.abs(value) < 1e6)
      return String(value);
    const text = String(Number(value.toPrecision(4)));
    return text.length <= 8 ? text : String(Number(value.toPrecision(3)));
  };
  page.forms = {
    number: page.number,
    seconds: value => {
      if (value === 0)
        return "0 s";
      const [, unit, name] = units.find(([least]) => value >= least);
      return `${Number((value / unit).toPrecision(3))} ${name}`;
    },
    share: value => `${(100 * value).toFixed(2)} %`,
    gap: value => value === 0 ? "0" : value.toExponential(1).replace(/e([+-])(\d)$/, "e$10$2"),
    mark: value => page.forms.gap(value).replace(".0e", "e"),
    loss: value => value.toPrecision(6),
  };

  /* What stands at a tick of an axis by Chart.js; of a logarithmic one, at powers of ten alone. */
  page.tick = (type, form) => value =>
    type === "logarithmic" && Math.abs(Math.log10(value) - Math.round(Math.log10(value))) > 1e-6
      ? null : page.forms[form](value);

  /* A number in a form; "-" where there is none, "missed" for a target that is. */
  page.text = (value, form = "number") => {
    if (value === null || value === undefined)
      return "-";
    return typeof value === "number" ? page.forms[form](value) : String(value);
  };

  page.element = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes))
      if (name.startsWith("on"))
        element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== undefined)
        element.setAttribute(name, value === true ? "" : value);
    element.append(...children.filter(child => child !== null && child !== undefined));
    return element;
  };
  page.id = name => document.getElementById(name);
  page.fill = (name, ...children) => page.id(name).replaceChildren(...children);

  /* A cell with a number in a form. */
  page.cell = (value, form) => page.element("td", {
    class: typeof value === "number" || form ? "number" : undefined,
    title: typeof value === "number" ? String(value) : undefined,
  }, page.text(value, form));

  page.row = cells => page.element("tr", {}, ...cells);

  /* A table of heads (texts, or [text, class]) and rows. */
  page.table = (heads, rows, caption) => page.element("table", {},
    caption ? page.element("caption", {}, caption) : null,
    page.element("thead", {}, page.row(heads.map(head => page.element("th",
      {scope: "col", class: Array.isArray(head) ? head[1] : undefined},
      Array.isArray(head) ? head[0] : head)))),
    page.element("tbody", {}, ...rows));

  page.plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

  page.sectionTitle = section => {
    const {data, rows, features, lambda} = page.data.sections[section];
    return `${data} (${rows} rows, ${features} features)` +
      (lambda === undefined ? "" : `, lambda ${page.number(lambda)}`);
  };

  page.inkColours = () => page.isDark()
    ? {ink: "#e6e8ec", quiet: "#a3abb8", line: "#3a404b"}
    : {ink: "#1b1d21", quiet: "#595f69", line: "#d5d9e0"};
}
