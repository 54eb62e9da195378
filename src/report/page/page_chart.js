"use strict";
/* SPDX-License-Identifier: MIT
 *
 * What all charts by Chart.js have in common: axes in the colours of the theme, logarithmic ticks
 * that are there for any range, names at the ends of curves, intervals, and a button to save them.
 *
 * Names stand in a column to the right of the plot, with a piece of their curve, each as near to the
 * end of it as the others let it: sorted by height, pushed down where two would touch, and back up
 * from the lower edge. Where there are more than fit, the first are named. So no two ever overlap,
 * which <body> counts.
 */
{
  const charts = new Map(), overlaps = new Map(), lineHeight = 15, gutter = 30, sample = 16;
  const dashes = [[], [], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4]];
  page.dash = ink => dashes[ink.dash % dashes.length];
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;

  /* 1, 2 and 5 of every decade where there are few decades; else powers of ten, at most nine. */
  page.logTicks = (low, high) => {
    const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high)), list = [];
    const step = Math.ceil((last - first) / 8), steps = last - first < 3 ? [1, 2, 5] : [1];
    for (let power = first; power <= last; power += step)
      for (const digit of steps) {
        const value = Number(`${digit}e${power}`);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
          list.push(value);
      }
    return list.length >= 2 ? list : [low, high];
  };

  /* An axis of Chart.js; numbers in a form, or words where that is null. */
  page.axis = (title, form, rest = {}) => {
    const {ink, line} = page.paints();
    return {
      title: {display: title !== "", text: title, color: ink},
      grid: {color: line, lineWidth: 0.5, borderColor: line, tickColor: line},
      ...(rest.type !== "logarithmic" ? {} : {afterBuildTicks: scale => {
        scale.ticks = page.logTicks(scale.min, scale.max).map(value => ({value}));
      }}),
      ...rest,
      ticks: {color: ink, maxTicksLimit: 12,
        ...(form === null ? {} : {callback: value => page.forms[form](value)}), ...rest.ticks},
    };
  };

  /* --- Names at the ends --- */

  const lastPoint = (chart, i) => {
    const points = chart.getDatasetMeta(i).data.filter(point =>
      !point.skip && Number.isFinite(point.x) && Number.isFinite(point.y));
    return points[points.length - 1];
  };

  const spread = (labels, top, bottom) => {
    labels.sort((a, b) => a.end - b.end);
    labels.forEach((label, i) => {
      label.y = Math.max(label.end, i > 0 ? labels[i - 1].y + lineHeight : top);
    });
    for (let i = labels.length - 1, most = bottom; i >= 0; most = labels[i].y - lineHeight, i--)
      labels[i].y = Math.min(labels[i].y, most);
  };

  const shortened = (context, text, width) => {
    let short = text;
    while (short.length > 1 && context.measureText(short).width > width)
      short = `${short.slice(0, -2).trimEnd()}…`;
    return short;
  };

  const drawNames = chart => {
    const {ctx, chartArea: {right, top, bottom}} = chart, most = Math.floor((bottom - top) / lineHeight) + 1;
    const labels = [];
    chart.data.datasets.forEach((set, i) => {
      const point = set.end && labels.length < most ? lastPoint(chart, i) : undefined;
      if (point !== undefined)
        labels.push({text: set.end, colour: set.borderColor, dash: set.borderDash ?? [], from: point, end: Math.min(bottom, Math.max(top, point.y))});
    });
    spread(labels, top, bottom);
    ctx.save();
    ctx.font = `12px ${Chart.defaults.font.family}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (const {text, colour, dash, from, end, y} of labels) {
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1;
      ctx.setLineDash([1, 3]);
      ctx.beginPath();
      ctx.moveTo(Math.min(from.x, right), end);
      ctx.lineTo(right, end);
      ctx.lineTo(right + gutter - sample - 4, y);
      ctx.stroke();
      ctx.lineWidth = 2;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(right + gutter - sample - 4, y);
      ctx.lineTo(right + gutter - 4, y);
      ctx.stroke();
      ctx.fillStyle = page.paints().ink;
      ctx.fillText(shortened(ctx, text, chart.width - right - gutter - 2), right + gutter, y);
    }
    ctx.restore();
    overlaps.set(chart.canvas.id, labels.filter((label, i) => i > 0 && label.y - labels[i - 1].y < lineHeight - 1e-6).length);
  };

  /* The room that the names need: two fifths of the width at most. */
  const room = (canvas, datasets) => {
    const context = canvas.getContext("2d");
    context.font = `12px ${Chart.defaults.font.family}`;
    const widest = Math.max(0, ...datasets.map(set => set.end ? context.measureText(set.end).width : 0));
    return widest === 0 ? 0 : Math.min(widest + gutter + 4, 0.4 * canvas.parentElement.clientWidth);
  };

  /* --- Intervals --- */

  const drawWhiskers = chart => {
    const {ctx, scales: {y}, chartArea} = chart, cap = 4;
    ctx.save();
    ctx.lineWidth = 2;
    chart.data.datasets.forEach((set, i) => chart.getDatasetMeta(i).data.forEach((point, j) => {
      const range = set.whiskers?.[j];
      if (!range || point.skip)
        return;
      const [low, high] = range.map(value => Math.min(chartArea.bottom, Math.max(chartArea.top, y.getPixelForValue(value))));
      ctx.strokeStyle = set.borderColor;
      ctx.beginPath();
      for (const end of [low, high]) {
        ctx.moveTo(point.x - cap, end);
        ctx.lineTo(point.x + cap, end);
      }
      ctx.moveTo(point.x, low);
      ctx.lineTo(point.x, high);
      ctx.stroke();
    }));
    ctx.restore();
  };

  /* --- Charts --- */

  /* Legends of scatter charts: Chart.js leaves out the dashes of lines where it shows points. */
  const legendItems = chart => Chart.defaults.plugins.legend.labels.generateLabels(chart)
    .map(item => ({...item, lineDash: chart.data.datasets[item.datasetIndex].borderDash ?? []}));

  /* Draws on canvas `id`. A dataset with `end` is named there, one with `whiskers` has intervals. */
  page.draw = (id, label, {type, labels, datasets, scales, legend, tooltip, title, options = {}}) => {
    const {ink} = page.paints(), canvas = page.id(id);
    canvas.setAttribute("aria-label", label);
    charts.get(id)?.destroy();
    charts.set(id, new Chart(canvas, {
      type,
      data: {labels, datasets: datasets.map(set => ({segment: {}, ...set}))}, // else lines are Path2D: page_svg.js
      plugins: [{id: "whiskers", afterDatasetsDraw: drawWhiskers}, {id: "names", afterDatasetsDraw: drawNames}],
      options: {
        animation: false, maintainAspectRatio: false, scales, ...options,
        layout: {padding: {right: room(canvas, datasets)}},
        plugins: {
          legend: {display: legend === true, labels: {color: ink, usePointStyle: type === "scatter", generateLabels: legendItems}},
          tooltip: {callbacks: tooltip},
          title: {display: title !== undefined, color: ink, text: title},
        },
      },
    }));
    document.body.dataset.overlaps = String([...overlaps.values()].reduce((sum, count) => sum + count, 0));
  };

  const saveChart = id => {
    const chart = charts.get(id);
    page.savePicture(id.replace("-canvas", ""), chart.width, chart.height, () => chart.draw(), chart.ctx);
    chart.draw();
  };

  /* A button that saves what is called so: "Download NAME as SVG". */
  page.saveButton = (name, save) => page.element("button", {type: "button", class: "save",
    "aria-label": `Download ${name} as SVG`, onclick: save}, "SVG");

  /* The frame of a chart: to be drawn by page.draw(id). */
  page.figure = (id, name, size) => page.element("figure", {}, page.element("div", {class: `picture ${size}`},
    page.element("canvas", {id, role: "img", "aria-label": name})),
  page.element("figcaption", {class: "fields"}, page.saveButton(name, () => saveChart(id))));
}
