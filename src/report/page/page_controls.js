"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The controls: one bar that all parts of the page obey, made of plain form elements, so that a
 * keyboard and a reader of screens know them. What follows # in the address sets them too,
 * "#over=seconds&range=rate:0.1:1": a view can be linked to, and tests press the same buttons.
 */
{
  const state = page.state, element = page.element;

  const radios = (title, name, values) => element("fieldset", {}, element("legend", {}, title),
    ...values.map(([value, text]) => element("label", {}, element("input", {
      type: "radio", name, value, checked: state[name] === value,
      onchange: () => { state[name] = value; page.change(); },
    }), text)));

  const select = (title, name, values, after = value => value) => element("label", {},
    element("span", {}, title), element("select", {
      name,
      onchange: event => { state[name] = after(event.target.value); state.first = 0; page.change(); },
    }, ...values.map(([value, text]) =>
      element("option", {value, selected: String(state[name]) === String(value)}, text))));
  page.select = select;

  const dashes = ["solid", "solid", "dashed", "dotted", "double", "dashed"];
  const solverBox = name => {
    const ink = page.solverInk(name);
    const swatch = element("span", {class: "swatch", "aria-hidden": "true"});
    swatch.style.borderTopStyle = dashes[ink.dash];
    swatch.style.borderTopColor = page.colour(ink);
    return element("label", {}, element("input", {
      type: "checkbox", name: "solver", value: name, checked: true,
      onchange: () => {
        const boxes = [...document.querySelectorAll("input[name=solver]")];
        state.solvers = new Set(boxes.filter(box => box.checked).map(box => box.value));
        state.first = 0;
        page.change();
      },
    }), swatch, name);
  };

  page.clear = () => {
    Object.assign(state, {text: "", solvers: null, first: 0});
    state.ranges.clear();
    page.change();
  };

  page.makeControls = () => {
    page.fill("controls",
      element("div", {class: "fields"}, radios("Over", "over", [["epochs", "epochs"], ["seconds", "seconds"]]),
        radios("Show", "value", page.values),
        element("label", {}, element("input", {
          type: "checkbox", name: "log",
          onchange: event => { state.log = event.target.checked; page.change(); },
        }), "log axis"),
        select("Theme", "theme", [["", "system"], ["light", "light"], ["dark", "dark"]])),
      element("div", {class: "fields printed"},
        page.solvers.length < 2 ? "" // nothing to choose, and colours are those of sides
          : element("fieldset", {}, element("legend", {}, "Solvers"), ...page.solvers.map(solverBox))),
      element("div", {class: "fields printed"},
        element("label", {}, element("span", {}, "Filter"), element("input", {
          type: "search", name: "text", placeholder: "solver=gd rate=0.1", autocomplete: "off",
          "aria-label": "Words that a configuration must have",
          oninput: event => { state.text = event.target.value; state.first = 0; page.change(); },
        })),
        element("button", {type: "button", id: "clear", onclick: page.clear}, "Clear filters"),
        element("span", {id: "status", role: "status", "aria-live": "polite"})));
  };

  /* Controls follow the state, whoever changed it. */
  const showControls = () => {
    for (const input of document.querySelectorAll("#controls input, #controls select, #answer-controls select")) {
      const {name, value} = input;
      if (name === "solver")
        input.checked = state.solvers === null || state.solvers.has(value);
      else if (name === "log")
        input.checked = page.isLog();
      else if (input.type === "radio")
        input.checked = state[name] === value;
      else if (input.value !== String(state[name]))
        input.value = String(state[name]);
    }
    for (const swatch of document.querySelectorAll("#controls .swatch"))
      swatch.style.borderTopColor = page.colour(page.solverInk(swatch.nextSibling.textContent));
    page.id("status").textContent =
      `${page.keptCount.toLocaleString("en")} of ${page.plural(page.count, "configuration")}`;
    document.documentElement.dataset.theme = page.printing ? "light" : state.theme;
    Object.assign(document.body.dataset, {over: state.over, value: state.value,
      theme: page.isDark() ? "dark" : "light"});
  };
  page.parts.push(showControls);

  /* Where the bar stays on top, a section that is jumped to begins below it. */
  page.leaveRoom = () => {
    const bar = page.id("controls"), stays = getComputedStyle(bar).position === "sticky";
    document.documentElement.style.scrollPaddingTop = stays ? `${bar.offsetHeight + 8}px` : "0";
  };
  window.addEventListener("resize", page.leaveRoom);

  const setRange = text => {
    const [name, low, high] = text.split(":");
    if (page.dimension(name))
      state.ranges.set(name, [low === "" ? -Infinity : Number(low),
        high === "" || high === undefined ? Infinity : Number(high)]);
  };
  const oneOf = {over: ["epochs", "seconds"], value: page.values.map(([value]) => value), theme: ["", "light", "dark"]};

  /* What is not known is left alone. */
  page.readAddress = () => {
    const words = new URLSearchParams(window.location.hash.slice(1));
    for (const [name, value] of words)
      if (name in oneOf && oneOf[name].includes(value))
        state[name] = value;
      else if (["text", "x", "y", "cell", "sort"].includes(name))
        state[name] = value;
      else if (name === "study" || name === "threads")
        state[name] = Number(value);
      else if (name === "log" || name === "descending")
        state[name] = value === "1";
      else if (name === "section" && Number(value) >= -1 && Number(value) < page.data.sections.length)
        state.section = Number(value);
      else if (name === "by")
        state.by = Math.max(0, page.data.comparisons.findIndex(one => one.by === value));
      else if (name === "solver")
        state.solvers = new Set(value.split(","));
      else if (name === "range")
        setRange(value);
  };
}
