"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The question, how far the sweep is, and the verdict: the numbers of `descent compare`, as they
 * are. A ratio stands with its interval always: alone it says nothing.
 */
{
  const {sweep, comparison} = page.data, element = page.element;
  let bars = null;

  page.makeHeads = () => {
    page.id("name").textContent = sweep.name;
    page.id("question").textContent = sweep.question;
    const missing = sweep.planned - sweep.done;
    page.id("progress").textContent = `${page.plural(sweep.configurations, "configuration")}, ` +
      `${sweep.done.toLocaleString("en")} of ${page.plural(sweep.planned, "trial")} done` +
      (missing > 0 ? `; ${missing.toLocaleString("en")} missing` : "") +
      (sweep.superfluous > 0 ? `; ${sweep.superfluous} that the sweep file no longer contains` : "");
    page.id("command-line").textContent = `${sweep.command}\ndescent report ${sweep.store}`;
    page.id("sweep-file").textContent = sweep.text;
  };

  const factor = value => value === null ? "inf" : String(Number(value.toPrecision(3)));
  const ratio = (place, target) => {
    if (place.side === target.ahead)
      return target.outcome;
    const slower = place.times_slower;
    if (slower === undefined)
      return "-";
    const remark = ["slower", "faster"].includes(slower.separation) ? "" : `, ${slower.separation}`;
    const times = slower.ratio_least === slower.ratio_most ? factor(slower.ratio)
      : `${factor(slower.ratio_least)} to ${factor(slower.ratio_most)}`;
    return slower.separation.startsWith("too few") ? `${times}${remark}`
      : `${times} [${factor(slower.low)}, ${factor(slower.high)}]${remark}`;
  };

  const mark = target => target.gap !== undefined ? page.forms.mark(target.gap)
    : `${Number((100 * target.share_of_way).toPrecision(3))} %`;

  const choice = configuration => page.axes
    .filter(axis => configuration[axis.name] !== null && configuration[axis.name] !== undefined)
    .map(axis => {
      const value = configuration[axis.name];
      return axis.name === "solver" ? value
        : `${axis.name}=${typeof value === "number" ? page.number(value) : value}`;
    }).join(" ");

  const there = target => target.places.filter(place => place.arrived > 0);

  const places = problem => problem.targets.flatMap(target => there(target).map(place => {
    const line = page.row([
      page.cell(mark(target)), page.cell(place.side), page.cell(choice(place.configuration)),
      place.first_epochs < place.epochs
        ? page.cell(`${place.first_epochs} to ${place.epochs}`, "number")
        : page.cell(place.epochs, "number"),
      page.cell(place.seconds_per_epoch, "seconds"),
      page.cell(place.seconds, "seconds"), page.cell(`${place.arrived}/${place.trials}`, "number"),
      page.cell(ratio(place, target)),
    ]);
    if (target.outcome === "faster" && place.side === target.ahead)
      line.className = "first";
    return line;
  }));

  const tuning = problem => problem.tuning.length === 0 ? null : page.table(
    [["tried", "number"], ...comparison.sides.map(side => [side, "number"])],
    problem.tuning.map(step => page.row([page.cell(step.tried), ...comparison.sides.map(side =>
      page.cell((step.seconds ?? step.epochs)[side], step.seconds ? "seconds" : "number"))])),
    "What may be expected of the best of so many configurations tried, at the last target that all sides come to");

  const standings = problem => page.table(
    ["side", ["configurations", "number"], ["not run", "number"], ["diverged or failed", "number"],
      ["never timed alone", "number"]],
    problem.sides.map(side => page.row([page.cell(side.side), page.cell(side.configurations),
      page.cell(side.not_run), page.cell(side.unfit), page.cell(side.not_timed)])), "Who competed");

  const problemPart = (problem, i) => element("div", {class: "problem"},
    element("h3", {}, problem.title),
    problem.targets.length === 0 ? element("p", {class: "quiet"}, "Nothing to compare here.") : null,
    element("ul", {}, ...problem.targets.map(target => element("li", {},
      `${target.gap !== undefined ? "gap " : ""}${mark(target)}` +
      `${target.gap !== undefined ? "" : " of the way"}: ${target.verdict}`))),
    problem.targets.length > 0 ? element("details", {open: i === 0},
      element("summary", {}, "Numbers"),
      element("p", {class: "quiet"}, problem.optimum === null ? "Targets are shares of the way down."
        : `Targets are gaps F - F*, with F* = ${problem.optimum.toPrecision(10)}.`),
      element("div", {class: "scroll"}, page.table(
        ["target", "side", "best", ["epochs", "number"], ["time per epoch", "number"], ["time to target", "number"],
          ["rounds that reached it", "number"], "slowdown"], places(problem)), standings(problem), tuning(problem)))
      : null);

  const profile = () => comparison.problems.length < 2 ? "" : element("details", {},
    element("summary", {}, "All problems together"), page.table(
      [["within", "number"], ...comparison.sides.map(side => [side, "number"])],
      comparison.performance_profile.map(step => page.row([
        page.cell(step.within === null ? "any" : `${page.number(step.within)} x`, "number"),
        ...comparison.sides.map(side => page.cell(step.shares[side], "share"))])),
      "Share of problems and targets at which a side is within a factor of the best (Dolan and More, 2002)"));

  page.makeVerdict = () => {
    page.id("words").textContent = comparison.words ?? "";
    page.id("words").hidden = !comparison.words;
    page.fill("bouts", ...(comparison.problems.some(problem => problem.targets.length > 0)
      ? [element("div", {class: "picture bars"}, element("canvas", {id: "bars", role: "img"}))] : []),
    ...comparison.problems.map(problemPart), profile(),
    comparison.left_out > 0 ? element("p", {class: "quiet"},
      `${page.plural(comparison.left_out, "more problem")}: descent compare has them.`) : "");
  };

  /* Bars: the best time to each target by side, for the problem that is shown. */
  const problemShown = () => {
    const {rows, entrants} = page.data;
    const row = rows.section.findIndex((section, i) => rows.entrant[i] >= 0 &&
      (page.state.section < 0 || section === page.state.section));
    return row < 0 ? undefined : comparison.problems[entrants.problem[rows.entrant[row]]];
  };

  const drawBars = () => {
    const canvas = page.id("bars"), problem = problemShown(), over = page.state.over;
    if (canvas === null || problem === undefined)
      return;
    const {ink, line} = page.inkColours();
    const sets = page.data.sides.map(side => ({
      label: side.name, backgroundColor: page.colour(side),
      data: problem.targets.map(target => {
        const place = target.places.find(found => found.side === side.name);
        return place ? place[over] : null;
      }),
    }));
    const axis = title => ({title: {display: true, text: title, color: ink}, grid: {color: line}});
    const form = over === "epochs" ? "number" : "seconds";
    canvas.setAttribute("aria-label", `${over} of the best of each side to each target of ` +
      `${problem.title}; the numbers are in the table below`);
    bars?.destroy();
    bars = new Chart(canvas, {
      type: "bar",
      data: {labels: problem.targets.map(mark), datasets: sets},
      options: {
        animation: false, maintainAspectRatio: false,
        scales: {
          x: {...axis(problem.optimum === null ? "share of the way" : "gap F - F*"), ticks: {color: ink}},
          y: {type: "logarithmic", ...axis(over === "epochs" ? "epochs" : "time"),
            ticks: {color: ink, callback: page.tick("logarithmic", form)}},
        },
        plugins: {legend: {labels: {color: ink}},
          title: {display: true, color: ink, text: `The best of each side, ${problem.title}`}},
      },
    });
  };
  page.parts.push(drawBars);
}
