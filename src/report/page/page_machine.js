"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The machines that recorded the trials, and what disturbed them. Facts are shown as they were
 * recorded, whatever they are.
 */
{
  const {noise, machines, machines_differ: differences} = page.data;

  const flat = (value, prefix = "") => Array.isArray(value) || value === null || typeof value !== "object"
    ? [[prefix, Array.isArray(value) ? JSON.stringify(value) : String(value ?? "unknown")]]
    : Object.entries(value).flatMap(([key, inner]) => flat(inner, prefix ? `${prefix}.${key}` : key));

  const facts = (machine, i) => page.element("details", {},
    page.element("summary", {}, machines.length === 1 ? "The machine and the build" : `Machine ${i + 1}`),
    page.element("dl", {}, ...flat(machine).flatMap(([name, value]) =>
      [page.element("dt", {}, name || "machine"), page.element("dd", {}, value)])));

  const share = (part, whole) => whole === 0 ? "-" : page.forms.share(part / whole);

  page.makeMachine = () => {
    page.fill("noise",
      page.element("p", {}, noise.solo === 0 ? "No trial was timed alone: no time here is a trial's own."
        : `Of ${page.plural(noise.solo, "trial")} timed alone, ${noise.watched.toLocaleString("en")} were ` +
          `watched for noise, and ${noise.disturbed.toLocaleString("en")} ` +
          `(${share(noise.disturbed, noise.watched)}) were disturbed, also when run again.`),
      noise.solo === 0 ? "" : page.table(
        ["limit", "of what", ["most", "number"], ["trials over it", "number"], ["share", "number"]],
        noise.limits.map(limit => page.row([page.cell(limit.name), page.cell(limit.what),
          page.cell(`${limit.most} %`, "number"), page.cell(limit.trials),
          page.cell(share(limit.trials, noise.watched), "number")]))));
    page.fill("machines", differences ? page.element("p", {class: "warning"},
      `More than one machine or build recorded these trials (${differences}): their times must not be compared.`) : "",
    ...machines.map(facts));
  };
}
