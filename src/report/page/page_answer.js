"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The first screen: the question, the answer in one sentence, what it rests on, the warning where
 * noise has taken it, and one picture: seconds to each target, a curve for each side.
 *
 * The sentence is the program's own for the problem that it answers. Of another, and where that is too
 * long for large type, it is made from the same numbers: what was found at the hardest target.
 */
{
  const {sweep} = page.data, element = page.element;

  page.makeHeads = () => {
    const missing = sweep.planned - sweep.done, text = page.comparison().question ?? sweep.question;
    const end = text.lastIndexOf("?") + 1;
    page.id("name").textContent = `${sweep.name}: ${sweep.done.toLocaleString("en")} of ` +
      `${page.plural(sweep.planned, "trial")} done` + (missing > 0 ? `, ${missing.toLocaleString("en")} missing` : "") +
      (sweep.superfluous > 0 ? `; ${sweep.superfluous} that the sweep file no longer contains` : "");
    page.id("question").textContent = end > 0 ? text.slice(0, end) : text || sweep.name;
    page.id("remark").textContent = end > 0 ? text.slice(end).trim() : "";
    page.id("command-line").textContent = `${sweep.command}\ndescent report ${sweep.store}`;
    page.id("sweep-file").textContent = sweep.text;
    makeChoices();
  };

  const makeChoices = () => {
    const {sections, comparisons} = page.data;
    const titles = page.shortTitles(sections, section => page.sectionTitle(sections.indexOf(section)));
    const problems = titles.slice(0, 24).map((title, i) => [i, title]);
    page.fill("answer-controls",
      sections.length > 1 && sweep.done > 0 ? page.select("Data", "section", [[-1, "all of them"], ...problems], Number) : "",
      comparisons.length > 1 && sweep.done > 0 ? page.select("Sides by", "by", comparisons.map((one, i) => [i, one.by]), Number) : "");
  };

  /* --- The sentence --- */

  const outcomes = {faster: ["faster", "first"], only: ["only"], disturbed: ["disturbed"],
    open: ["not significant", "ahead"], untimed: ["untimed"]};
  page.outcomeOf = target => Object.keys(outcomes).find(name => outcomes[name].includes(target.outcome)) ?? "none";

  page.mark = target => target.gap !== undefined ? page.forms.mark(target.gap)
    : `${Number((100 * target.share_of_way).toPrecision(3))} %`;
  const goal = target => target.gap !== undefined ? `a gap of ${page.mark(target)}` : `${page.mark(target)} of the way`;

  page.factor = value => value === null ? "inf" : String(Number(value.toPrecision(3)));
  page.arrived = target => target.places.filter(place => place.arrived > 0);
  const rivals = target => page.arrived(target).filter(place => place.side !== target.ahead);

  /* The rival that is nearest to the side ahead. */
  const nearest = page.nearest = target => rivals(target).filter(place => place.times_slower?.ratio_least !== undefined)
    .sort((a, b) => a.times_slower.ratio_least - b.times_slower.ratio_least)[0];

  /* "3.1": of a ratio that is known only between two, the least. */
  const times = ({ratio_least: least}) => page.factor(Number((least ?? Infinity).toPrecision(2)));

  const isFew = target => rivals(target).some(place => place.times_slower?.separation.startsWith("too few"));

  /* A sentence of at most 15 words: the target stands below as well. */
  const isBrief = text => text.trim().split(/\s+/).length <= 15;
  const brief = (text, rest) => `${text}${isBrief(text + rest) ? rest : ""}.`;

  /* The hardest target that two sides reach, for there they differ most; else that one reaches. */
  const hardest = (problem, least) => problem.targets.filter(target =>
    page.outcomeOf(target) !== "none" && page.arrived(target).length >= least).pop();

  const compose = (comparison, problem) => {
    const competing = problem?.sides.filter(side => side.configurations > side.not_run) ?? [];
    if (competing.length === 0)
      return ["Nothing has been trained here yet."];
    const target = hardest(problem, 2) ?? hardest(problem, 1);
    if (target === undefined)
      return ["No side reaches any target within its limits."];
    const kind = page.outcomeOf(target), rival = nearest(target);
    if (competing.length === 1) {
      const [place] = page.arrived(target);
      return [`Only ${competing[0].side} was tried; it reaches ${goal(target)} in ` +
        `${place.timed_alone ? page.text(place.seconds, "seconds") : page.plural(place.epochs, "epoch")}.`, target];
    }
    const pair = rival && rivals(target).length === 1;
    const words = {
      faster: () => `${target.ahead} is ${rival ? times(rival.times_slower) : ""} times faster than ${rival?.side}`,
      only: () => `Only ${target.ahead} reaches ${goal(target)}`,
      disturbed: () => "Not measurable here: other programs disturbed too many trials",
      open: () => isFew(target)
        ? `Too few rounds to tell ${pair ? `${target.ahead} from ${rival.side}` : "the fastest sides apart"}`
        : `No significant difference ${pair ? `between ${target.ahead} and ${rival.side}` : "among the fastest sides"}`,
      untimed: () => "No time can be compared: every trial shared its clock",
    };
    return [brief(words[kind](), ["faster", "open"].includes(kind) ? ` at ${goal(target)}` : ""), target];
  };

  const interval = ({ratio, ratio_least: least, ratio_most: most, low, high}) =>
    `${least === most ? page.factor(ratio) : `${page.factor(least)} to ${page.factor(most)}`} ` +
    `[${page.factor(low)}, ${page.factor(high)}]`;

  /* The ratio with its interval, or why there is none; and on what data. */
  const evidence = (problem, target) => {
    const parts = [], rival = target && nearest(target);
    if (rival && page.outcomeOf(target) === "faster")
      parts.push(`Ratio ${interval(rival.times_slower)}: ${page.plural(rival.times_slower.rounds, "round")}, ` +
        `${Number((100 * page.comparison().confidence).toPrecision(3))} % for all comparisons together` +
        (target.condition ? `, ${target.condition}.` : "."));
    else if (target)
      parts.push(`At ${goal(target)}: ${target.verdict}.`);
    if (problem)
      parts.push(`Data: ${problem.title}.`);
    return parts.join(" ");
  };

  /* Words as a sentence. One that begins with a name, as of a solver, begins as that is written;
   * families, and "batch 16", are words. */
  const sentence = (comparison, text) => {
    const {by, sides} = comparison;
    const named = by !== "family" && sides.some(side => text.startsWith(side) && !side.startsWith(`${by} `));
    return `${named ? text : text.charAt(0).toUpperCase() + text.slice(1)}${text.endsWith(".") ? "" : "."}`;
  };

  const drawAnswer = () => {
    const comparison = page.comparison(), problem = page.problem(), {answer, noise} = comparison;
    const halved = page.isProfile || (problem && timed(problem)) ? null : page.halved();
    const [words, found, rest] = page.isProfile ? page.diagnosis()
      : page.isAveraged ? page.validated() : halved ?? compose(comparison, problem);
    const theirs = !page.isProfile && halved === null && answer?.words && isBrief(answer.words) &&
      (answer.problem === null || comparison.problems[answer.problem] === problem);
    const target = theirs && answer.target !== null ? problem.targets[answer.target] : found;
    const trusted = theirs ? answer.trusted : target === undefined || page.outcomeOf(target) !== "disturbed";
    page.id("sentence").textContent = sentence(comparison, theirs ? answer.words : words)
      .replace(/e-(\d)/g, "e-\u2060$1"); // no line ends within a number
    page.id("sentence").classList.toggle("warning", !trusted);
    page.id("evidence").textContent = rest ?? evidence(problem, target);
    page.id("warning").textContent = comparison.trusted !== false ? "" : theirs && answer.words.includes(noise.words)
      ? "descent machine says what to do about it."
      : `${trusted ? "Some verdicts are not measurable here: " : ""}${noise.words}; descent machine says what to do.`;
    page.id("warning").hidden = comparison.trusted !== false;
    document.body.dataset.words = String(page.id("sentence").textContent.trim().split(/\s+/).length);
    document.body.dataset.trusted = String(trusted);
    drawRace(comparison, problem);
  };

  /* --- The picture --- */

  const timed = problem => problem.targets.some(target => page.arrived(target).some(place => place.timed_alone));

  const raceSet = (problem, ink, over) => {
    const found = problem.targets.map(target => page.arrived(target).find(place => place.side === ink.name &&
      (over === "epochs" || place.timed_alone)));
    const won = problem.targets.map(target => page.outcomeOf(target) === "faster" && target.ahead === ink.name);
    const colour = page.colour(ink);
    return {
      label: ink.name, end: ink.name, data: found.map(place => place?.[over] ?? null), spanGaps: false,
      whiskers: over === "epochs" ? undefined : problem.spreads.map(spread => spread[ink.name]?.every(Number.isFinite)
        ? spread[ink.name] : null),
      borderColor: colour, borderWidth: 2, borderDash: page.dash(ink), pointBorderWidth: 2,
      pointRadius: won.map(first => first ? 6 : 4), pointBorderColor: colour,
      pointBackgroundColor: won.map(first => first ? colour : page.paint("paper")),
      found,
    };
  };

  const drawRace = (comparison, problem) => {
    const over = problem && !timed(problem) ? "epochs" : "seconds";
    const sets = problem ? comparison.colours.map(ink => raceSet(problem, ink, over))
      .filter(set => set.data.some(value => value !== null)) : [];
    const points = sets.flatMap(set => set.data.filter(value => value !== null)).length; // one alone is no picture
    page.id("race").hidden = points < 2 || page.isProfile;
    document.body.dataset.race = `${over}/${sets.length}`;
    if (page.id("race").hidden)
      return;
    const all = sets.flatMap(set => [...set.data, ...(set.whiskers ?? []).flat()]).filter(value => value > 0);
    const form = over === "epochs" ? "number" : "seconds", last = sets[0].data.length;
    const reached = problem.targets.slice(0, last).filter(target => page.arrived(target).length > 0).length;
    page.draw("race-canvas", `${over === "epochs" ? "Epochs" : "Time"} of the best of each side to each target, ` +
      `${problem.title}; the numbers are in the table below`, {
      type: "line", labels: problem.targets.slice(0, reached).map(page.mark),
      datasets: sets.map(set => ({...set, data: set.data.slice(0, reached)})),
      scales: {
        x: page.axis(problem.targets[0].gap !== undefined ? "gap F - F*, the harder the further right"
          : `share of the way down${page.comparison().heldout ? ", of the loss on rows held out" : ""}`, null,
          {offset: true, grid: {display: false, borderColor: page.paint("line")}}),
        y: page.axis(over === "epochs" ? "epochs to the target" : "time to the target", form,
          {type: "logarithmic", min: Math.min(...all) / 1.4, max: Math.max(...all) * 1.4}),
      },
      tooltip: {label: item => {
        const place = sets[item.datasetIndex].found[item.dataIndex];
        return `${place.side}: ${page.text(place[over], form)}, ${place.arrived} of ${place.trials} rounds reached it`;
      }},
    });
    const disturbed = problem.targets.some(target => page.outcomeOf(target) === "disturbed");
    page.id("race-note").textContent = over === "epochs" ? "Epochs: no trial was timed alone."
      : `Medians; bars: the middle half of the rounds${disturbed ? ", disturbed ones among them" : ""}. ` +
        "Filled: faster, and significantly so.";
  };

  page.makeAnswer = () => {
    const note = element("span", {id: "race-note", class: "quiet"});
    page.id("race").replaceChildren(...page.figure("race-canvas", "time to each target", "race").children);
    page.id("race").querySelector("figcaption").prepend(note);
  };
  page.parts.push(drawAnswer);
}
