"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Rungs: how many configurations were left at each, as bars and numbers, who won, and what training
 * all for a few epochs and the best of them to the end would have found at no more cost.
 */
{
  const {halving} = page.data, most = 12;

  const words = pool => {
    if (pool.winner === null)
      return "There is no winner yet.";
    const {rival} = pool, part = page.text(100 * pool.work / pool.whole);
    const found = rival === null || rival.chosen === null ? "" :
      ` Training all for ${page.plural(rival.epoch, "epoch")}` +
      (rival.known < pool.configurations ? ` (known of the ${rival.known} that were left here)` : "") +
      " and the best of them to the end, at no more cost, " +
      (rival.chosen === pool.winner ? "finds the same."
        : rival.ended ? `finds ${page.describe(rival.chosen)}: ${page.text(rival.value)}.`
          : `goes on with ${page.describe(rival.chosen)}, which was cut here at ${page.text(rival.value)}: its end is not known.`);
    const met = pool.fastest === null ? "" :
      ` In the finals, ${page.describe(pool.fastest)} is ` +
      (pool.finals > 1 ? `the fastest of the ${pool.finals}` : "the only one") +
      ` that went on from the last cut: ${page.text(pool.seconds)} s.`;
    return `The best of ${pool.configurations.toLocaleString("en")}: ${page.describe(pool.winner)}, ` +
      `${halving.criterion} ${page.text(pool.value)}, by ${page.text(pool.work)} model-epochs, ` +
      `${part} % of training all to the end` +
      `${halving.brackets ? `, first cut at epoch ${pool.rungs[0].epoch}` : ""}.${found}${met}`;
  };

  /* The answer of the page, where no time is compared: who was left. null: there is nobody yet. */
  page.halved = () => {
    const {section} = page.state;
    const pool = halving?.pools.find(one => one.winner !== null && (section < 0 || one.section === section));
    return pool === undefined ? null
      : [`Best of ${pool.configurations.toLocaleString("en")}: ${page.describe(pool.winner)}.`, undefined, words(pool)];
  };

  /* As wide as its share of those that began. */
  const bar = (rung, pool) => page.element("td", {},
    page.element("meter", {min: 0, max: pool.configurations, value: rung.compared,
      "aria-label": `${rung.compared} of ${pool.configurations}`}));

  const rungs = pool => page.table(
    [["rung", "number"], ["epoch", "number"], "left", ["compared", "number"], ["ended", "number"], ["diverged", "number"],
      ["failed", "number"], ["cut", "number"], ["went on", "number"], ["the best", "number"], ["last to go on", "number"],
      ["best that was cut", "number"]],
    pool.rungs.map((rung, i) => page.row([page.cell(pool.bracket + i), page.cell(rung.epoch), bar(rung, pool), page.cell(rung.compared),
      page.cell(rung.ended), page.cell(rung.diverged), page.cell(rung.failed), page.cell(rung.cut), page.cell(rung.on),
      page.cell(rung.best), page.cell(rung.last_on), page.cell(rung.best_cut)])),
    page.sectionTitle(pool.section));

  const drawHalving = () => {
    if (halving === null)
      return;
    const shown = halving.pools.slice(0, most);
    page.id("halving-note").textContent = `Cut by ${halving.criterion}` +
      (halving.in_order ? ", each among those before it in the plan" : "") +
      (shown.length < halving.pools.length ? `; the first ${most} of ${halving.pools.length} sets that were compared:` : ".");
    page.fill("halving-tables", ...shown.flatMap(pool => [page.element("p", {}, words(pool)), rungs(pool)]));
    document.body.dataset.halving = String(shown.length);
  };
  page.parts.push(drawHalving);
}
