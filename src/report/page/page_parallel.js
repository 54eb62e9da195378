"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Parallel coordinates (Inselberg, 1985), which Chart.js has not: an axis a dimension, a line a
 * configuration. Scales, axes and brushes are D3's; the lines are on a canvas, for ten thousand of
 * them as SVG would take seconds. A value that is no number ("auto", or not used) is in a place of
 * its own below the axis. A range can be typed as well: brushes are for a mouse.
 */
{
  const widest = Math.max(...page.solvers.map(name => name.length)); // on the first axis
  const margin = {top: 34, right: 40, bottom: 14, left: Math.max(60, 24 + 6.2 * widest)}, gapBelow = 26, height = 336;
  const host = page.id("parallel-picture"), state = page.state;
  const canvas = host.appendChild(page.element("canvas", {role: "img"}));
  const svg = d3.select(host).append("svg");
  let scales = [], brushes = [], places = [], made = "", dragged = -1, waiting = false, moving = false;
  let shown = []; // dimensions

  /* Those that differ on the data on show, whatever filters leave; and the others in words. */
  const differs = dimension => {
    let first;
    return dimension.values.some((value, row) => {
      if (state.section >= 0 && page.data.rows.section[row] !== state.section)
        return false;
      first ??= [value];
      return value !== first[0];
    });
  };
  const constants = () => {
    const row = page.data.rows.section.findIndex(section => state.section < 0 || section === state.section);
    return page.dimensions.filter(dimension => !shown.includes(dimension) && dimension.values[row] !== null)
      .map(dimension => `${dimension.name} ${page.text(page.value(dimension, row), dimension.form === "gap" ? "gap" : dimension.form)}`)
      .join(", ");
  };

  const numbers = dimension => dimension.values.filter(value => typeof value === "number");

  /* Logarithmic where the values span more than a factor of 30. */
  const scaleOf = dimension => {
    const range = [height - margin.bottom - gapBelow, margin.top];
    if (dimension.names)
      return d3.scaleLinear([-0.3, dimension.names.length - 0.7], range);
    const [low, high] = d3.extent(numbers(dimension));
    if (low > 0 && high / low > 30)
      return d3.scaleLog([low, high], range);
    const positive = numbers(dimension).filter(value => value > 0);
    if (dimension.form === "gap" && positive.length > 0)
      return d3.scaleLog([d3.min(positive), Math.max(high, d3.min(positive) * 10)], range).clamp(true);
    if (low === 0 && high > 30 * d3.min(positive)) // 0 beside a logarithmic axis
      return d3.scaleSymlog([low, high], range).constant(d3.min(positive));
    const pad = low === high ? Math.abs(low) * 0.5 || 0.5 : 0;
    return d3.scaleLinear([low - pad, high + pad], range);
  };

  const axisOf = (dimension, scale) => {
    const axis = d3.axisLeft(scale);
    if (dimension.names)
      return axis.tickValues(d3.range(dimension.names.length)).tickFormat(i => dimension.names[i]);
    const form = page.forms[dimension.form === "gap" ? "mark" : dimension.form ?? "number"];
    const few = [...new Set(numbers(dimension))];
    if (few.length <= 8 && dimension.form === undefined)
      return axis.tickValues(few).tickFormat(form);
    if (scale.base) { // logarithmic: powers of ten alone, or the ends
      const [low, high] = scale.domain(), powers = d3.range(Math.ceil(Math.log10(low) - 1e-9),
        Math.floor(Math.log10(high) + 1e-9) + 1).map(power => 10 ** power);
      const step = Math.ceil(powers.length / 8);
      return axis.tickValues(powers.length > 1 ? powers.filter((_, i) => i % step === 0) : [low, high])
        .tickFormat(form);
    }
    return axis.ticks(6).tickFormat(form);
  };

  const heightOf = (i, value) => typeof value === "number" ? scales[i](value)
    : height - margin.bottom - 4;

  /* On paper as wide as a sheet, for nothing scrolls there. */
  const widthOf = () => page.printing ? 690 : Math.max(host.clientWidth,
    margin.left + margin.right + 92 * (shown.length - 1));

  /* One path of all lines of a colour. */
  const stroke = (context, rows, colour, alpha, width) => {
    context.beginPath();
    for (const row of rows)
      for (let i = 0; i < places.length; i++) {
        const y = heightOf(i, shown[i].values[row]);
        if (i === 0)
          context.moveTo(places[0], y);
        else
          context.lineTo(places[i], y);
      }
    context.strokeStyle = colour;
    context.globalAlpha = alpha;
    context.lineWidth = width;
    context.stroke();
  };

  const drawLines = context => {
    const others = [], byInk = new Map();
    for (let row = 0; row < page.count; row++) {
      const ink = page.inkOf(row);
      if (!page.kept[row])
        others.push(row);
      else if (byInk.has(ink))
        byInk.get(ink).push(row);
      else
        byInk.set(ink, [row]);
    }
    stroke(context, others, page.paint("line"), 0.6, 0.5);
    const alpha = Math.max(0.04, Math.min(1, 200 / page.keptCount));
    for (const [ink, rows] of byInk)
      for (let first = 0; first < rows.length; first += 50) // paths that cross themselves do not add up
        stroke(context, rows.slice(first, first + 50), page.colour(ink), alpha, 1.2);
  };

  const fillCanvas = () => {
    const context = canvas.getContext("2d"), width = widthOf(), scale = window.devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.scale(scale, scale);
    drawLines(context);
    canvas.setAttribute("aria-label", `Parallel coordinates of ${page.keptCount} of ` +
      `${page.plural(page.count, "configuration")} over ${shown.map(d => d.name).join(", ")}`);
  };

  /* A brush from pixels to the state; many moves become one change a frame. The one that is being
   * dragged is left alone by showRanges(). */
  const brushed = (event, dimension, i) => {
    const {type, selection, sourceEvent} = event;
    if (moving || !sourceEvent)
      return;
    dragged = type === "end" ? -1 : i;
    if (type === "start")
      return;
    if (selection === null)
      state.ranges.delete(dimension.name);
    else
      state.ranges.set(dimension.name, [scales[i].invert(selection[1]), scales[i].invert(selection[0])]);
    state.first = 0;
    if (!waiting)
      window.requestAnimationFrame(() => { waiting = false; page.change(); });
    waiting = true;
  };

  /* Listeners get the event as an argument from D3 6 on, and before it is d3.event. */
  const brushOf = (dimension, i) => d3.brushY()
    .extent([[-12, margin.top - 3], [12, height - margin.bottom - gapBelow + 3]])
    .on("start brush end", event => brushed(event ?? d3.event, dimension, i));

  const makeAxes = () => {
    const width = widthOf();
    scales = shown.map(scaleOf);
    brushes = shown.map(brushOf);
    places = shown.map((_, i) => margin.left + i * (width - margin.left - margin.right) / Math.max(1, shown.length - 1));
    svg.attr("width", width).attr("height", height).selectAll("*").remove();
    shown.forEach((dimension, i) => {
      const axis = svg.append("g").attr("transform", `translate(${places[i]},0)`);
      axis.call(axisOf(dimension, scales[i]));
      axis.append("text").attr("class", "title").attr("text-anchor", "middle").attr("y", 14)
        .text(dimension.name).append("title").text(dimension.help);
      if (dimension.values.some(value => typeof value !== "number"))
        axis.append("text").attr("text-anchor", "end").attr("x", -9).attr("y", height - margin.bottom)
          .text(dimension.values.find(value => typeof value === "string") ?? "none");
      axis.append("g").attr("class", "brush").attr("aria-hidden", "true").call(brushes[i]);
    });
  };

  /* Brushes and fields follow the state. */
  const showRanges = () => {
    moving = true;
    svg.selectAll(".brush").each(function (_, i) {
      const range = state.ranges.get(shown[i].name), [low, high] = scales[i].domain();
      const clamp = value => scales[i](Math.min(high, Math.max(low, value)));
      if (i !== dragged)
        d3.select(this).call(brushes[i].move,
          range ? [clamp(range[1]), clamp(range[0]) + 0.5] : null);
    });
    moving = false;
    for (const input of document.querySelectorAll("#range-fields input")) {
      const range = state.ranges.get(input.dataset.name), end = range?.[Number(input.dataset.end)];
      if (document.activeElement !== input)
        input.value = end === undefined || !Number.isFinite(end) ? "" : String(Number(end.toPrecision(6)));
    }
  };

  const typed = event => {
    const {name, end} = event.target.dataset, text = event.target.value.trim();
    const range = [...(state.ranges.get(name) ?? [-Infinity, Infinity])];
    const value = text === "" ? [-Infinity, Infinity][Number(end)] : Number(text);
    if (Number.isNaN(value))
      return event.target.setAttribute("aria-invalid", "true");
    event.target.removeAttribute("aria-invalid");
    range[Number(end)] = value;
    if (range.every(one => !Number.isFinite(one)))
      state.ranges.delete(name);
    else
      state.ranges.set(name, range);
    state.first = 0;
    return page.change();
  };

  /* A choice has none: the filter takes its names, and solvers have boxes of their own. */
  const field = dimension => {
    const end = (i, text) => page.element("input", {type: "text", inputmode: "decimal",
      "data-name": dimension.name, "data-end": String(i), onchange: typed, placeholder: text,
      "aria-label": `${dimension.name}, ${text}`});
    return page.element("label", {}, page.element("span", {title: dimension.help}, dimension.name),
      end(0, "from"), end(1, "to"));
  };

  /* Axes are D3's elements, in the colour of text; brushes are left out. */
  const savePicture = () => page.savePicture("configurations", widthOf(), height, (context, root) => {
    drawLines(context);
    const axes = svg.node().cloneNode(true);
    for (const brush of axes.querySelectorAll(".brush"))
      brush.remove();
    axes.setAttribute("color", page.paint("ink"));
    for (const text of axes.querySelectorAll("text")) {
      text.setAttribute("paint-order", "stroke"); // as page.css has it
      text.setAttribute("fill", page.paint("ink"));
      text.setAttribute("stroke", page.paint("paper"));
      text.setAttribute("stroke-width", "3");
    }
    root.append(axes);
  });

  page.makeParallel = () => {
    page.fill("parallel-caption", page.element("span", {id: "parallel-constants", class: "quiet"}),
      page.saveButton("configurations", savePicture));
    page.fill("range-fields", ...page.dimensions.filter(dimension => !dimension.names).map(field));
    window.addEventListener("resize", drawParallel);
  };

  const drawParallel = () => {
    shown = page.dimensions.filter(differs);
    const words = constants(), wanted = `${widthOf()} ${shown.map(dimension => dimension.name)} ${state.section}`;
    if (made !== wanted)
      makeAxes();
    made = wanted;
    fillCanvas();
    showRanges();
    page.id("parallel-constants").textContent = words === "" ? "" : `The same in all: ${words}.`;
    document.body.dataset.dimensions = shown.map(dimension => dimension.name).join(" ");
  };
  page.parts.push(drawParallel);
}
