"use strict";
/* SPDX-License-Identifier: MIT
 *
 * One Chromium without a window for all pages of a test, for each takes two seconds of a processor to
 * begin: node browser.js FOLDER. A line of JSON on the pipe FOLDER/ask opens a page in a window of its own:
 * {page: ADDRESS, into: FOLDER, scheme: "light" or "dark"}. Once nothing is left to do there, `into`
 * has dom.html, what has become of the page, and console.txt, what its console said, and a line comes from
 * the pipe FOLDER/told: "done", or what went wrong. The first line there is "ready". SIGTERM ends it.
 *
 * It speaks the protocol of Chromium's developer tools over two pipes: objects with a 0 behind each.
 */
const {spawn} = require("node:child_process");
const fs = require("node:fs");
const {Socket} = require("node:net");
const readline = require("node:readline");

const folder = process.argv[2];
const options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--window-size=1280,1000", `--user-data-dir=${folder}/profile`,
    "--remote-debugging-pipe"];
const browser = spawn("chromium", options, {stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]});
const [, , , orders, answers] = browser.stdio;
const waiting = new Map(); // by number of the order
let count = 0, rest = "", listener = () => {};

answers.setEncoding("utf8").on("data", part => {
    const texts = (rest + part).split("\0");
    rest = texts.pop();
    for (const message of texts.map(text => JSON.parse(text))) {
        if (!waiting.has(message.id)) {
            listener(message);
            continue;
        }
        const {resolve, reject} = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.error)
            reject(new Error(message.error.message));
        else
            resolve(message.result);
    }
});

function order(method, params = {}, sessionId = undefined) {
    return new Promise((resolve, reject) => {
        waiting.set(++count, {resolve, reject});
        orders.write(JSON.stringify({id: count, method, params, sessionId}) + "\0");
    });
}

/* What is said by an event of the console; undefined for other events. */
function words({method, params}) {
    switch (method) {
    case "Runtime.consoleAPICalled":
        return params.args.map(one => one.value ?? one.description).join(" ");
    case "Runtime.exceptionThrown":
        return params.exceptionDetails.exception?.description ?? params.exceptionDetails.text;
    case "Log.entryAdded":
        return params.entry.text;
    default:
        return undefined;
    }
}

async function open({page, into, scheme}) {
    const said = [];
    const {targetId} = await order("Target.createTarget", {url: "about:blank"});
    const {sessionId} = await order("Target.attachToTarget", {targetId, flatten: true});
    const here = (method, params) => order(method, params, sessionId);
    const heard = method => new Promise(resolve => {
        awaited = {method, resolve};
    });
    let awaited = {};
    listener = event => {
        if (event.sessionId !== sessionId)
            return;
        if (event.method === awaited.method)
            awaited.resolve();
        if (words(event) !== undefined)
            said.push(words(event) + "\n");
    };
    for (const domain of ["Page", "Runtime", "Log"])
        await here(`${domain}.enable`);
    await here("Emulation.setEmulatedMedia", {features: [{name: "prefers-color-scheme", value: scheme}]});
    const loaded = heard("Page.loadEventFired");
    await here("Page.navigate", {url: page});
    await loaded;
    // Then ten seconds of a clock that waits for nothing but the page.
    const settled = heard("Emulation.virtualTimeBudgetExpired");
    await here("Emulation.setVirtualTimePolicy", {policy: "pauseIfNetworkFetchesPending", budget: 10000,
        maxVirtualTimeTaskStarvationCount: 9999});
    await settled;
    const {result} = await here("Runtime.evaluate", {expression: "document.documentElement.outerHTML"});
    fs.writeFileSync(`${into}/dom.html`, result.value);
    fs.writeFileSync(`${into}/console.txt`, said.join(""));
    await order("Target.closeTarget", {targetId});
}

async function serve() {
    // Open for both ends, a pipe does not end with whoever asks.
    const told = fs.openSync(`${folder}/told`, "r+");
    const asked = new Socket({fd: fs.openSync(`${folder}/ask`, "r+"), writable: false});
    fs.writeSync(told, "ready\n");
    for await (const line of readline.createInterface({input: asked})) {
        const answer = await open(JSON.parse(line)).then(() => "done", error => String(error));
        fs.writeSync(told, answer + "\n");
    }
}

// Only when the browser has ended does nobody write into its folder any more.
process.on("SIGTERM", () => browser.kill());
browser.on("exit", () => process.exit());
serve();
