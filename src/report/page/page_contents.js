"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Which sections there are, by what the data have, and the list of links to them. A section without
 * content is neither on the page nor in the list; what filters leave of one does not change that.
 */
{
  const {data, drawn} = page;
  const trained = data.rows.trials.some(count => count > 0);
  const several = data.axes.filter(axis => !["seed", "zoom"].includes(axis.name) &&
    new Set(axis.values.filter(value => value !== null)).size > 1).length;

  const present = {
    folds: data.cross_validation !== null,
    verdict: data.comparisons.some(comparison => comparison.problems.some(problem =>
      problem.targets.some(target => page.arrived(target).length > 0))),
    controls: trained,
    parallel: trained && page.count > 1 && page.dimensions.length > 1,
    curves: drawn.curves.length > 0,
    heatmap: trained && several > 1,
    targets: trained,
    halving: data.halving !== null,
    profile: data.profile !== null,
    ends: data.ends.count > 0,
    machine: data.machines.length > 0,
    command: true,
    glossary: true,
  };

  /* Where the profile is what was asked for, or one method was profiled and there is nothing to
   * choose, the page opens with it. */
  page.isProfile = data.profile !== null && (data.sweep.is_profile || !data.comparisons.some(({by, sides}) =>
    ["family", "solver"].includes(by) && sides.length > 1));

  page.makeContents = () => {
    if (page.isAveraged)
      page.id("targets-title").textContent = "All configurations";
    if (page.isProfile) {
      page.id("verdict").before(page.id("profile"));
      page.id("verdict-title").after(page.id("answer-controls"));
    }
    for (const [name, shown] of Object.entries(present))
      page.id(name).hidden = !shown;
    page.fill("contents", ...[...document.querySelectorAll("main section")]
      .filter(section => !section.hidden && section.querySelector("h2") !== null)
      .map(section => page.element("a", {href: `#${section.id}`}, section.querySelector("h2").textContent)));
    document.body.dataset.sections = [...document.querySelectorAll("#contents a")].map(link => link.hash.slice(1)).join(" ");
  };
}
