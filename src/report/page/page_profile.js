"use strict";
/* SPDX-License-Identifier: MIT
 *
 * The profile: of one study (a configuration on several numbers of threads) where the time of an
 * epoch goes, how it scales, and how far it is from the ceilings of the machine. Every number is
 * the program's. A phase has its colour in all pictures; without a profile there is no section.
 */
{
  const {profile} = page.data, state = page.state, element = page.element;
  const giga = 1e9, dashes = {amdahl: [7, 3], usl: [2, 3], bandwidth: [9, 3, 2, 3]};
  const inks = new Map(profile?.inks.map(ink => [ink.name, ink]));
  let offered = "";

  const team = threads => page.plural(threads, "thread");
  const several = new Set(profile?.studies.map(study => study.data)).size > 1;
  const title = study => several ? `${study.data}: ${study.name}` : study.name;
  const phaseColour = name => page.colour(inks.get(name));

  /* A number with a prefix: "33.6 M". */
  const scaled = (value, unit) => {
    if (value === null)
      return "-";
    const [size, prefix] = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]
      .find(([least]) => value >= least) ?? [1, ""];
    return `${Number((value / size).toPrecision(3))} ${prefix}${unit}`.trim();
  };
  const quantity = (value, unit) => element("td",
    {class: "number", title: value === null ? undefined : String(value)}, scaled(value, unit));
  const share = value => value === null || value === undefined ? "-" : `${(100 * value).toFixed(1)} %`;
  const shareCell = value => page.cell(share(value), "number");

  /* The study and the number of threads that are shown. */
  const shown = () => {
    const study = profile.studies[state.study] ?? profile.studies[0];
    const points = study.points.filter(point => point.profiled > 0);
    return [study, points.find(point => point.threads === state.threads) ?? points[points.length - 1]];
  };

  const showChoices = (study, point) => {
    const index = profile.studies.indexOf(study), text = `${index}/${point.threads}`;
    state.study = index;
    state.threads = point.threads;
    if (text === offered)
      return;
    offered = text;
    page.fill("profile-controls",
      page.select("Configuration", "study", profile.studies.map((one, i) => [i, title(one)]), Number),
      page.select("Threads", "threads", study.points.filter(one => one.profiled > 0)
        .map(one => [one.threads, team(one.threads)]), Number));
  };

  /* --- Words and tables --- */

  const note = (study, point) => {
    const counters = Object.entries(point.counters).map(([name, value]) =>
      `${scaled(value, "")} ${name.replace("_", " ")}`);
    return `${title(study)} on ${team(point.threads)}: training takes ${page.text(point.seconds, "seconds")} an ` +
      `epoch (the median of ${page.plural(point.trials, "trial")}), ${page.text(point.wall, "seconds")} with ` +
      "evaluation and record." +
      (point.waits.length > 1 ? ` A thread waits for ${share(point.wait)} of it (each: ` +
        `${point.waits.map(share).join(", ")}); the longest works ${share(point.imbalance)} longer than the mean.` : "") +
      (point.processors ? ` Bound to processors ${point.processors}.` : "") +
      (counters.length > 0 ? ` Counted an epoch: ${counters.join(", ")}.` : "") +
      (profile.left_out > 0 ? ` ${page.plural(profile.left_out, "more configuration")} ` +
        "of the profile are not on this page." : "");
  };

  const phaseTable = point => page.table(
    ["phase", ["time per epoch", "number"], ["share", "number"], ["bytes", "number"], ["operations", "number"],
      ["bytes per second", "number"], ["operations per second", "number"], ["of the ceiling", "number"], "bound by"],
    point.phases.map(phase => page.row([
      element("td", {title: phase.help}, phase.name), page.cell(phase.seconds, "seconds"), shareCell(phase.share),
      quantity(phase.bytes, "B"), quantity(phase.flops, "FLOP"), quantity(phase.byte_rate, "B/s"),
      quantity(phase.flop_rate, "FLOP/s"), shareCell(phase.of_ceiling), page.cell(phase.bound)])),
    "Where the time per epoch goes; the ceiling is the time that bytes and operations take at least");

  const interval = one => `${one.name} ${page.text(one.value)} [${page.text(one.low)}, ${one.high === null ? "inf" : page.text(one.high)}]`;

  const scalingTables = ({scaling}) => scaling === null ? [] : [
    page.table([["threads", "number"], ["time per epoch", "number"], ["speed-up", "number"],
      ["efficiency", "number"], ["serial fraction", "number"]],
    scaling.counts.map(row => page.row([page.cell(row.threads), page.cell(row.seconds, "seconds"),
      page.cell(row.speedup, "number"), shareCell(row.efficiency), shareCell(row.serial)])),
    `${scaling.definition}; the serial fraction is that of Karp and Flatt`),
    page.table(["model", "what it says", "parameters, with 95 % intervals", ["best threads", "number"]],
      scaling.fits.map(fit => page.row([page.cell(fit.name), page.cell(fit.help),
        element("td", {class: "wrap"}, fit.reason ?? fit.parameters.map(interval).join(", ")),
        page.cell(fit.best === undefined ? "-" : `${fit.best} [${fit.best_low}, ${fit.best_high}]`, "number")])),
      `Models of up to ${team(scaling.maximum)}: ${scaling.verdict}`)];

  const ceilingTables = point => {
    const reads = profile.ceilings.find(one => one.threads === point.threads)?.reads ?? [];
    return [
      page.table([["threads", "number"], ["from memory", "number"], ["GEMM", "number"],
        ["fork and join", "number"], ["barrier", "number"]],
      profile.ceilings.map(one => page.row([page.cell(one.threads),
        quantity(one.reads[one.reads.length - 1]?.rate ?? null, "B/s"), quantity(one.gemm, "FLOP/s"),
        page.cell(one.fork_join, "seconds"), page.cell(one.barrier, "seconds")])), "Ceilings: the most that this machine does"),
      reads.length === 0 ? "" : page.table([["working set", "number"], "held by", ["read", "number"]],
        reads.map(read => page.row([quantity(read.bytes, "B"), page.cell(read.level), quantity(read.rate, "B/s")])),
        `Reading on ${team(point.threads)}`)];
  };

  /* --- Pictures --- */

  /* Is there something to draw? If not, there is no picture. */
  const shows = (id, something) => {
    page.id(id).closest("figure").hidden = !something;
    return something;
  };

  const drawBars = study => {
    const points = study.points.filter(point => point.profiled > 0);
    const names = [...inks.keys()].filter(name => points.some(point => point.phases.some(phase => phase.name === name)));
    page.draw("profile-bars", "Time per epoch by phase", {
      type: "bar", title: "Time per epoch by phase", legend: true, labels: points.map(point => team(point.threads)),
      datasets: names.map(name => ({label: name, backgroundColor: phaseColour(name),
        data: points.map(point => point.phases.find(phase => phase.name === name)?.seconds ?? 0)})),
      scales: {x: page.axis("", null, {stacked: true}), y: page.axis("time per epoch", "seconds", {stacked: true})},
      tooltip: item => `${item.dataset.label}: ${page.forms.seconds(item.parsed.y)}`,
    });
  };

  const line = (label, data, colour, rest) => ({label, data, showLine: true, pointRadius: 0, pointHitRadius: 0,
    borderColor: colour, backgroundColor: colour, borderWidth: 1.5, pointStyle: "line", ...rest});
  const dots = (label, data, colour, rest) => ({label, data, borderColor: colour, backgroundColor: colour,
    pointRadius: 5, clip: 8, ...rest});

  const drawScaling = study => {
    if (!shows("profile-scaling", study.points.length > 1))
      return;
    const {quiet} = page.paints(), ink = page.colour(page.solverInk(study.solver));
    const points = study.points.map(point => ({x: point.threads, y: point.speedup}));
    const least = study.points[0].threads, fits = study.scaling?.fits.filter(fit => fit.shown) ?? [];
    const most = Math.max(points[points.length - 1].x, fits.length > 0 ? study.scaling.maximum : 0);
    const first = fits.find(fit => fit.name === study.scaling.first);
    page.draw("profile-scaling", "Speed-up over threads", {
      type: "scatter", title: "Speed-up over threads", legend: true,
      datasets: [
        dots("measured", points, ink),
        ...(first ? [dots(`best by ${first.name}: ${team(first.best)}`, [{x: first.best, y: first.best_speedup}], ink,
          {pointStyle: "star", pointRadius: 9, borderWidth: 2})] : []),
        ...fits.map(fit => line(fit.name, fit.curve.map(([x, y]) => ({x, y})), ink, {borderDash: dashes[fit.name]})),
        line("perfect scaling", [{x: least, y: 1}, {x: most, y: most / least}], quiet),
      ],
      scales: {x: page.axis("threads", "number", {min: 0, ticks: {precision: 0}}), y: page.axis("speed-up", "number", {min: 0})},
      tooltip: item => `${item.dataset.label}: ${team(item.parsed.x)}, ${page.number(item.parsed.y)}`,
    });
  };

  const drawRoofline = point => {
    if (!shows("profile-roofline", point.marks.length > 0))
      return;
    const {ink} = page.paints(), flat = point.gemm ?? Infinity;
    const slowest = Math.min(...point.roofs.map(roof => roof.rate)), fastest = Math.max(...point.roofs.map(roof => roof.rate));
    const places = point.marks.map(mark => mark.intensity), rates = point.marks.map(mark => mark.rate);
    const low = Math.min(...places) / 2, high = 2 * Math.max(...places, point.roofs.length > 0 && point.gemm ? flat / slowest : 0);
    const slope = (roof, i) => {
      const end = Math.min(high, flat / roof.rate);
      return line(`${roof.name} ${scaled(roof.rate, "B/s")}`,
        [{x: low, y: low * roof.rate / giga}, {x: end, y: end * roof.rate / giga}], ink, {borderDash: i === 0 ? [] : [7, 3]});
    };
    page.draw("profile-roofline", `Roofline on ${team(point.threads)}`, {
      type: "scatter", title: `Roofline on ${team(point.threads)}`, legend: true,
      datasets: [
        ...point.marks.map(mark => dots(mark.name, [{x: mark.intensity, y: mark.rate / giga}], phaseColour(mark.name),
          mark.name === "epoch" ? {pointRadius: 8, pointStyle: "rectRot"} : {})),
        ...point.roofs.map(slope),
        ...(point.gemm && point.roofs.length > 0 ? [line(`GEMM ${scaled(point.gemm, "FLOP/s")}`,
          [{x: flat / fastest, y: flat / giga}, {x: high, y: flat / giga}], ink, {borderDash: [2, 3]})] : []),
      ],
      scales: {x: page.axis("operations per byte", "number", {type: "logarithmic", min: low, max: high}),
        y: page.axis("GFLOP/s", "number", {type: "logarithmic", min: Math.min(...rates) / giga / 2,
          max: 1.5 * Math.max(...rates, point.roofs.length > 0 ? point.gemm : 0) / giga})},
      tooltip: item => `${item.dataset.label}: ${page.number(item.parsed.y)} GFLOP/s at ` +
        `${page.number(item.parsed.x)} operations per byte`,
    });
  };

  const drawProfile = () => {
    const [study, point] = shown();
    showChoices(study, point);
    page.id("profile-note").textContent = note(study, point);
    page.fill("profile-phases", phaseTable(point));
    page.fill("profile-numbers", ...scalingTables(study), ...ceilingTables(point));
    drawBars(study);
    drawScaling(study);
    drawRoofline(point);
    document.body.dataset.profile = `${state.study}/${point.threads}/${point.phases.length}/${point.marks.length}`;
  };

  /* The diagnosis in a sentence, and what it says beside: of the study and team that are shown. */
  page.diagnosis = () => {
    const [study, point] = shown(), text = point.diagnosis, end = text.search(/[:;.](\s|$)/);
    return [`${team(point.threads)}: ${end < 0 ? text : text.slice(0, end)}.`, undefined,
      `${title(study)}. ${text.charAt(0).toUpperCase()}${text.slice(1)}`];
  };

  page.makeProfile = () => {
    if (profile === null)
      return;
    page.fill("profile-pictures", element("div", {class: "pair"},
      page.figure("profile-bars", "time per epoch by phase", "tall"), page.figure("profile-roofline", "roofline", "tall")),
    page.figure("profile-scaling", "speed-up over threads", "tall"));
    page.fill("profile-remarks", ...profile.remarks.map(remark => element("li", {}, `${remark.about}: ${remark.text}`)));
    page.parts.push(drawProfile);
  };
}
