"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The verdict as tables: side by target, and problem by target. The numbers are those of `descent
 * compare`, as they are. A cell has the colour of a side only where that side won; where no
 * difference is significant, or noise has taken the verdict, it is hatched.
 */
{
  const element = page.element, factor = page.factor;

  const interval = slower => {
    const remark = ["slower", "faster", "not separated", "not significant"].includes(slower.separation) ? ""
      : `, ${slower.separation}`;
    const times = slower.ratio_least === slower.ratio_most ? factor(slower.ratio)
      : `${factor(slower.ratio_least)} to ${factor(slower.ratio_most)}`;
    if (slower.separation.startsWith("too few"))
      return slower.ratio_least === null ? slower.separation : `x ${times}${remark}`;
    return `x ${times} [${factor(slower.low)}, ${factor(slower.high)}]${remark}`;
  };
  const standings = {faster: "faster", only: "only one that reached it", open: "ahead",
    disturbed: "disturbed", untimed: "-", none: "-"};
  const slowdown = (place, target) => place.side === target.ahead ? standings[page.outcomeOf(target)]
    : place.times_slower === undefined ? "-" : interval(place.times_slower);

  const choice = configuration => page.axes
    .filter(axis => configuration[axis.name] !== null && configuration[axis.name] !== undefined)
    .map(axis => {
      const value = configuration[axis.name];
      return axis.name === "solver" ? value
        : `${axis.name}=${typeof value === "number" ? page.number(value) : value}`;
    }).join(" ");

  const scroll = (name, ...children) => element("div",
    {class: "scroll", tabindex: "0", role: "region", "aria-label": name}, ...children);
  page.scroll = scroll;

  /* --- Side by target --- */

  const paint = (cell, side) => {
    const ink = page.comparison().colours.find(one => one.name === side), colour = page.colour(ink);
    cell.style.background = colour;
    cell.style.color = page.textOn(colour);
    cell.classList.add("won");
    return cell;
  };

  const sideCell = (target, side, alone) => {
    const place = page.arrived(target).find(one => one.side === side), kind = page.outcomeOf(target);
    if (place === undefined)
      return element("td", {class: "number missed"}, "not reached");
    if (place.epochs === null) // the median trial does not come there
      return element("td", {class: "number missed"}, `${place.arrived} of ${place.trials} rounds`);
    const time = place.timed_alone ? page.text(place.seconds, "seconds") : page.plural(place.epochs, "epoch");
    const hatch = alone || !place.timed_alone ? "" : {open: " open", disturbed: " disturbed"}[kind] ?? "";
    const cell = element("td", {class: `number${hatch}`}, element("b", {}, time),
      element("span", {class: "under"}, alone ? "" : place.side === target.ahead ? standings[kind]
        : place.times_slower !== undefined ? interval(place.times_slower) : ""));
    return !alone && ["faster", "only"].includes(kind) && target.ahead === side ? paint(cell, side) : cell;
  };

  const heads = targets => targets.map(target =>
    element("th", {scope: "col", class: "number"}, target.gap !== undefined ? `gap ${page.mark(target)}` : page.mark(target)));

  /* Targets down to the last that any side reaches, and the sides that reach any; others in words. */
  const reached = problem => problem.targets.slice(0, problem.targets.findLastIndex(target => page.arrived(target).length > 0) + 1);
  const unreached = (problem, targets, sides) => {
    const left = page.comparison().sides.filter(side => !sides.includes(side) &&
      problem.targets.some(target => target.places.some(place => place.side === side)));
    const next = problem.targets[targets.length];
    return [next ? `No side reaches ${next.gap !== undefined ? `a gap of ${page.mark(next)}` : `${page.mark(next)} of the way`}.` : "",
      left.length > 0 && sides.length > 0 ? `No target is reached by ${left.join(", ")}.` : ""].filter(text => text !== "").join(" ");
  };

  const bySide = problem => {
    const targets = reached(problem), {sides: all} = page.comparison();
    const sides = all.filter(side => targets.some(target => page.arrived(target).some(place => place.side === side)));
    const table = element("table", {class: "verdict"},
      element("caption", {}, problem.title),
      element("thead", {}, page.row([element("th", {scope: "col"}, "side"), ...heads(targets)])),
      element("tbody", {}, ...sides.map(side => page.row([element("th", {scope: "row"}, side),
        ...targets.map(target => sideCell(target, side, all.length === 1))]))));
    return [sides.length > 0 ? scroll(`Verdict, ${problem.title}`, table) : "",
      element("p", {class: "quiet"}, unreached(problem, targets, sides))];
  };

  /* --- Problem by target --- */

  const outcomeCell = target => {
    const kind = page.outcomeOf(target), rival = page.nearest(target);
    if (kind === "faster" || kind === "only")
      return paint(element("td", {class: "number"}, element("b", {}, target.ahead), element("span", {class: "under"},
        kind === "only" ? "only one that reached it" : rival ? `${factor(rival.times_slower.ratio_least)} times faster` : "")), target.ahead);
    return element("td", {class: `number ${{open: "open", disturbed: "disturbed"}[kind] ?? "missed"}`},
      element("span", {class: "under"}, {open: "no significant difference", disturbed: "disturbed",
        untimed: "not timed alone", none: "not reached"}[kind]));
  };

  const byProblem = problems => {
    const titles = page.shortTitles(problems, problem => problem.title);
    const longest = problems.map(reached).reduce((best, one) => one.length > best.length ? one : best, []);
    return element("table", {class: "verdict"},
      element("caption", {}, "Who is faster, on all data"),
      element("thead", {}, page.row([element("th", {scope: "col"}, "data"), ...heads(longest)])),
      element("tbody", {}, ...problems.map((problem, i) => page.row([
        element("th", {scope: "row", title: problem.title}, titles[i]),
        ...longest.map(head => {
          const target = problem.targets.find(one => page.mark(one) === page.mark(head));
          return target ? outcomeCell(target) : element("td", {class: "missed"}, "-");
        })]))));
  };

  /* What a cell looks like, and what it says below the time. */
  const key = () => {
    const sample = name => element("span", {class: `sample ${name}`, "aria-hidden": "true"});
    const won = [...new Set(page.comparison().colours.map(page.colour))].slice(0, 2).map(colour => {
      const span = sample("");
      span.style.background = colour;
      return span;
    });
    return element("ul", {class: "key"}, element("li", {}, ...won, "in a side's colour: it won"),
      element("li", {}, sample("open"), "no significant difference"),
      element("li", {}, sample("disturbed"), "disturbed by other programs"),
      element("li", {}, "time to the target; x: slowdown, times longer than the side ahead, with its interval"));
  };

  /* --- The numbers --- */

  const places = problem => problem.targets.flatMap(target => page.arrived(target).map(place => {
    const line = page.row([
      page.cell(page.mark(target)), page.cell(place.side), page.cell(choice(place.configuration)),
      place.first_epochs < place.epochs
        ? page.cell(`${place.first_epochs} to ${place.epochs}`, "number")
        : page.cell(place.epochs, "number"),
      page.cell(place.seconds_per_epoch, "seconds"),
      page.cell(place.seconds, "seconds"), page.cell(`${place.arrived}/${place.trials}`, "number"),
      page.cell(slowdown(place, target)),
    ]);
    if (page.outcomeOf(target) === "faster" && place.side === target.ahead)
      line.className = "first";
    return line;
  }));

  const tuning = problem => {
    const {sides} = page.comparison();
    return problem.tuning.length === 0 ? "" : page.table(
      [["tried", "number"], ...sides.map(side => [side, "number"])],
      problem.tuning.map(step => page.row([page.cell(step.tried), ...sides.map(side =>
        page.cell((step.seconds ?? step.epochs)[side], step.seconds ? "seconds" : "number"))])),
      "What may be expected of the best of so many configurations tried, at the last target that all sides come to");
  };

  const competitors = problem => page.table(
    ["side", ["configurations", "number"], ["not run", "number"], ["diverged or failed", "number"],
      ["never timed alone", "number"], ...(problem.sides.some(side => side.cut > 0) ? [["cut at a rung", "number"]] : [])],
    problem.sides.map(side => page.row([page.cell(side.side), page.cell(side.configurations),
      page.cell(side.not_run), page.cell(side.unfit), page.cell(side.not_timed),
      ...(problem.sides.some(other => other.cut > 0) ? [page.cell(side.cut)] : [])])), "Who competed");

  const numbers = problem => element("details", {},
    element("summary", {}, `Numbers, ${problem.title}`),
    element("p", {class: "quiet"}, problem.optimum === null ? "Targets are shares of the way down."
      : `Targets are gaps F - F*, with F* = ${problem.optimum.toPrecision(10)}.`),
    scroll(`Numbers of ${problem.title}`, page.table(
      ["target", "side", "best", ["epochs", "number"], ["time per epoch", "number"], ["time to gap", "number"],
        ["rounds that reached it", "number"], "slowdown"], places(problem)), competitors(problem), tuning(problem)));

  const together = comparison => comparison.problems.length < 2 || comparison.sides.length < 2 ? "" : element("details", {},
    element("summary", {}, "All problems together"), page.table(
      [["within", "number"], ...comparison.sides.map(side => [side, "number"])],
      comparison.performance_profile.map(step => page.row([
        page.cell(step.within === null ? "any" : `${page.number(step.within)} x`, "number"),
        ...comparison.sides.map(side => page.cell(step.shares[side], "share"))])),
      "Share of problems and targets at which a side is within a factor of the best (Dolan and More, 2002)"));

  const drawVerdict = () => {
    const comparison = page.comparison(), one = page.problem();
    const shown = (page.state.section >= 0 || page.data.sections.length === 1 ? [one] : comparison.problems)
      .filter(problem => problem?.targets.length > 0);
    const all = comparison.problems.filter(problem => problem.targets.length > 0);
    page.fill("bouts",
      ...(comparison.sides.length > 1 ? [key()] : []),
      ...shown.flatMap(bySide),
      ...(all.length > 1 && comparison.sides.length > 1 ? [scroll("Verdicts on all data", byProblem(all))] : []),
      ...shown.map(numbers), together(comparison),
      comparison.left_out > 0 ? element("p", {class: "quiet"},
        `${page.plural(comparison.left_out, "more problem")}: descent compare has them.`) : "");
    page.id("words").textContent = comparison.words ?? "";
    page.id("words").hidden = !comparison.words;
    document.body.dataset.won = String(document.querySelectorAll("#bouts td.won").length);
    document.body.dataset.by = comparison.by;
  };
  page.parts.push(drawVerdict);
}
