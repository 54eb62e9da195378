"use strict";
/* SPDX-License-Identifier: MIT
 *
 * What is drawn on a canvas, as SVG. While a picture is saved, the methods of its drawing context
 * write elements instead of setting pixels; colours, type and widths are still read from it. They
 * are those that Chart.js and the scripts of the page draw with. As on a canvas, a point of a path is
 * where the transformation of that moment puts it; an arc is a polygon of small steps.
 *
 * A picture that is saved has its colours and its paper in itself. Nothing is asked for: files are
 * blobs that a link of the page holds.
 */
{
  const make = (tag, attributes) => {
    const node = document.createElementNS(d3.namespaces.svg, tag);
    for (const [name, value] of Object.entries(attributes))
      node.setAttribute(name, String(value));
    return node;
  };
  const round = value => Number(value.toFixed(2));
  const anchors = {start: "start", left: "start", center: "middle", right: "end", end: "end"};
  const drops = {top: 0.8, hanging: 0.8, middle: 0.35, bottom: -0.2}; // of the base line, in heights of type

  class Recorder {
    constructor(root, context) {
      Object.assign(this, {root, context, path: "", matrix: [1, 0, 0, 1, 0, 0], dash: [], mask: "", clips: 0, saved: []});
    }

    save() {
      CanvasRenderingContext2D.prototype.save.call(this.context);
      this.saved.push([this.matrix, this.dash, this.mask]);
    }

    restore() {
      CanvasRenderingContext2D.prototype.restore.call(this.context);
      [this.matrix, this.dash, this.mask] = this.saved.pop();
    }

    transform(a, b, c, d, e, f) {
      const [A, B, C, D, E, F] = this.matrix;
      this.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
    }

    translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
    rotate(angle) { this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0); }
    scale(x, y) { this.transform(x, 0, 0, y, 0, 0); }
    setTransform(...matrix) { this.matrix = matrix; }
    resetTransform() { this.matrix = [1, 0, 0, 1, 0, 0]; }

    at(x, y) {
      const [a, b, c, d, e, f] = this.matrix;
      return `${round(a * x + c * y + e)} ${round(b * x + d * y + f)}`;
    }

    beginPath() { this.path = ""; }
    closePath() { this.path += "Z"; }
    moveTo(x, y) { this.path += `M${this.at(x, y)}`; }
    lineTo(x, y) { this.path += `${this.path === "" ? "M" : "L"}${this.at(x, y)}`; }
    bezierCurveTo(a, b, c, d, x, y) { this.path += `C${this.at(a, b)} ${this.at(c, d)} ${this.at(x, y)}`; }
    quadraticCurveTo(a, b, x, y) { this.path += `Q${this.at(a, b)} ${this.at(x, y)}`; }

    rect(x, y, width, height) {
      this.moveTo(x, y);
      this.lineTo(x + width, y);
      this.lineTo(x + width, y + height);
      this.lineTo(x, y + height);
      this.closePath();
    }

    arc(x, y, radius, from, to, back = false) {
      const turn = 2 * Math.PI, whole = Math.abs(to - from) >= turn;
      const angle = whole ? turn : (((back ? from - to : to - from) % turn) + turn) % turn;
      const steps = Math.max(2, Math.ceil(angle / 0.2));
      for (let i = 0; i <= steps; i++) {
        const at = from + (back ? -1 : 1) * angle * i / steps;
        this.lineTo(x + radius * Math.cos(at), y + radius * Math.sin(at));
      }
    }

    /* A clip is in the coordinates of the picture, and so on a group: a text has some of its own. */
    add(node) {
      const inside = this.mask === "" ? node : make("g", {"clip-path": this.mask});
      if (this.context.globalAlpha < 1)
        node.setAttribute("opacity", this.context.globalAlpha);
      if (inside !== node)
        inside.append(node);
      this.root.append(inside);
    }

    fill() { this.add(make("path", {d: this.path, fill: this.context.fillStyle})); }

    stroke() {
      const {strokeStyle, lineWidth, lineCap, lineJoin} = this.context;
      if (this.path !== "")
        this.add(make("path", {d: this.path, fill: "none", stroke: strokeStyle, "stroke-width": lineWidth,
          "stroke-linecap": lineCap, "stroke-linejoin": lineJoin, "stroke-dasharray": this.dash.join(" ") || "none"}));
    }

    clip() {
      const id = `clip-${++this.clips}`, clip = make("clipPath", {id, ...(this.mask ? {"clip-path": this.mask} : {})});
      clip.append(make("path", {d: this.path}));
      this.root.append(clip);
      this.mask = `url(#${id})`;
    }

    aside(draw) {
      const {path} = this;
      this.beginPath();
      draw();
      this.path = path;
    }

    fillRect(...box) { this.aside(() => { this.rect(...box); this.fill(); }); }
    strokeRect(...box) { this.aside(() => { this.rect(...box); this.stroke(); }); }
    clearRect() {} // nothing is under what is drawn
    setLineDash(dash) { this.dash = dash; }

    fillText(text, x, y) {
      const {font, fillStyle, textBaseline, textAlign} = this.context;
      const [, weight, size, family] = /^(.*?)([\d.]+)px(?:\/\S+)?\s+(.*)$/.exec(font);
      const node = make("text", {x: round(x), y: round(y + (drops[textBaseline] ?? 0) * size), fill: fillStyle,
        "font-size": size, "font-family": family, "font-weight": weight.includes("bold") ? "bold" : "normal",
        "text-anchor": anchors[textAlign], transform: `matrix(${this.matrix.map(round).join(" ")})`});
      node.textContent = text;
      this.add(node);
    }
  }

  const methods = Object.getOwnPropertyNames(Recorder.prototype).filter(name => name in CanvasRenderingContext2D.prototype);

  const save = (name, type, text) => {
    const address = URL.createObjectURL(new Blob([text], {type}));
    page.element("a", {href: address, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000); // it has been read by then
    document.body.dataset.saved = name;
  };

  /* Saves what `draw` draws: it is called with the context, by default one of its own, and the node
   * that is written to. */
  page.savePicture = (name, width, height, draw, context = document.createElement("canvas").getContext("2d")) => {
    const root = make("svg", {width, height, viewBox: `0 0 ${width} ${height}`}), recorder = new Recorder(root, context);
    root.append(make("rect", {width, height, fill: page.paints().paper}));
    for (const method of methods)
      context[method] = (...given) => recorder[method](...given);
    draw(context, root);
    for (const method of methods)
      delete context[method];
    save(`${page.data.sweep.name}-${name}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(root));
  };

  /* Saves rows of cells as CSV (RFC 4180). */
  page.saveTable = (name, rows) => {
    const quoted = cell => /[",\r\n]/.test(cell) ? `"${cell.replaceAll("\"", "\"\"")}"` : cell;
    save(`${page.data.sweep.name}-${name}.csv`, "text/csv", rows.map(row =>
      `${row.map(cell => quoted(cell === null || cell === undefined ? "" : String(cell))).join(",")}\r\n`).join(""));
  };
}
