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
      const [, unit, name] = units.find(([least]) => Math.abs(value) >= least);
      return `${Number((value / unit).toPrecision(3))} ${name}`;
    },
    share: value => `${(100 * value).toFixed(2)} %`,
    gap: value => value === 0 ? "0" : value.toExponential(1).replace(/e([+-])(\d)$/, "e$10$2"),
    mark: value => page.forms.gap(value).replace(".0e", "e"),
    loss: value => value.toPrecision(6),
  };

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
    const {data, rows, features, lambda, fold} = page.data.sections[section];
    return `${data} (${rows} rows, ${features} features)` +
      (lambda === undefined ? "" : `, lambda ${page.number(lambda)}`) +
      (fold === undefined ? "" : `, without fold ${fold}`);
  };

  /* What tells data apart, in words: of those that differ, name, rows, features and lambda; all of it
   * where that is not enough. Problems of a comparison and sections of the data have the same fields. */
  page.shortTitles = (list, whole) => {
    const differ = of => new Set(list.map(of)).size > 1, name = ({data}) => data.split(":")[0];
    const parts = [[name, name], [one => one.rows, one => `${one.rows.toLocaleString("en")} rows`],
      [one => one.features, one => `${one.features} features`],
      [one => one.lambda ?? null, one => one.lambda === undefined || one.lambda === null ? "" : `lambda ${page.number(one.lambda)}`],
    ].filter(([of]) => differ(of));
    const titles = list.map(one => parts.map(([, text]) => text(one)).filter(text => text !== "").join(", "));
    return new Set(titles).size === list.length ? titles : list.map(whole);
  };

  /* Colours of the theme, from the style, which alone has them. */
  const probe = document.body.appendChild(page.element("span", {hidden: true}));
  page.paint = name => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  page.paints = () => Object.fromEntries(["ink", "quiet", "line", "paper"].map(name => [name, page.paint(name)]));

  /* Black or white: what is easier to read on a colour, by its relative luminance (WCAG 2.2). */
  const linear = share => share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  page.textOn = colour => {
    const {r, g, b} = d3.rgb(colour);
    const luminance = 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
    return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? "#000000" : "#ffffff";
  };
}
