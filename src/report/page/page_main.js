"use strict";
/* SPDX-License-Identifier: MIT
 *
 * Puts the parts together. What <body> says of itself in data attributes is what is shown: tests
 * read it, and "milliseconds" is how long the page took from its first byte to its last stroke.
 */
{
  const body = document.body.dataset;
  body.errors = String(page.errors);
  page.readAddress();
  page.makeHeads();
  page.makeAnswer();
  page.makeFolds();
  page.makeControls();
  page.makeParallel();
  page.makeCurves();
  page.makeProfile();
  page.makeMachine();
  page.makeContents();
  page.change();

  /* An address without "=" is that of a section, which was not there when the browser looked for it. */
  page.leaveRoom();
  if (window.location.hash !== "" && !window.location.hash.includes("="))
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  window.addEventListener("hashchange", () => {
    if (window.location.hash.includes("=")) {
      page.readAddress();
      page.change();
    }
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", page.change);
  for (const [when, printing] of [["beforeprint", true], ["afterprint", false]])
    window.addEventListener(when, () => {
      page.printing = printing;
      document.documentElement.toggleAttribute("data-printing", printing); // sizes of charts
      page.change();
    });

  body.resources = String(performance.getEntriesByType("resource").length);
  body.milliseconds = String(Math.round(performance.now()));
  body.ready = "yes";
}
