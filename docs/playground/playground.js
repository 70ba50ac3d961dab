// The page: what happens when a button is pressed, and what is shown then.
//
// Law: one press of Step is one step of the core. Run asks for steps a few at a time, so that it can be stopped between
// them; what does not come back from inside of a step is stopped by ending Python, and starting it afresh.

import { card, next, problemText } from "./cards.js";
import { Composer } from "./composer.js";
import { el, find, plural, seconds } from "./dom.js";
import { Engine, Stopped } from "./engine.js";

const AT_ONCE = 20; // steps that Run asks for at a time
const SLOWLY = 700; // milliseconds between two steps of Run slowly
const TYPING = 150; // milliseconds after which a change in a form counts
const PATIENCE = 1000; // milliseconds that Stop waits for a step to come back
const BUSY = 400; // milliseconds after which a call is told to be long
const CARDS = 200; // cards that are kept

let ready = false;
let stale = true; // what is in the box is not what was built
let view = null; // what was shown last
let twin = null;
let loading = Promise.resolve();
let running = null; // a token of the run that goes on
let stopped = false; // the visitor ended the last run
let long = false; // a call has not come back for a while
let timer;
let leftOut = 0;
let atStart = new Map();
let sentence = "";

const engine = new Engine(told);
const composer = new Composer(changed);

// --- what Python says of itself --------------------------------------------------------------------

function told({ type, what, loaded, total, reason, version }) {
  if (type === "progress") {
    const share = Math.min(1, loaded / total);
    find("progress").value = share;
    find("progress-label").textContent = share < 1 ? `${what}: ${Math.round(share * 100)} %` : `${what}…`;
    say("Loading.");
  } else if (type === "ready") {
    ready = true;
    find("loading").hidden = true;
    document.body.dataset.python = version;
    if (sentence) say(sentence);
    else load();
  } else if (type === "failed") {
    engine.end();
    find("loading").hidden = true;
    find("failed").hidden = false;
    find("failed").replaceChildren(
      el("p", {}, "Python could not be loaded: ", el("code", {}, reason)),
      el("p", {}, "The page needs the whole folder that ", el("code", {}, "python docs/playground/serve.py"), " puts together."),
      el("button", { type: "button", onclick: () => location.reload() }, "Try again"),
    );
    say("Python could not be loaded.");
  }
  buttons();
}

function restart(why) {
  sentence = why;
  ready = false;
  stale = true;
  running = null;
  view = null;
  find("next").hidden = true;
  find("loading").hidden = false;
  say(why);
  engine.restart();
  buttons();
}

async function call(name, ...args) {
  const late = setTimeout(() => {
    long = true;
    say("Python is busy inside of a step. Stop ends it.");
    buttons();
  }, BUSY);
  try {
    return await engine.call(name, ...args);
  } catch (error) {
    if (!(error instanceof Stopped)) restart(`Python broke down and was started afresh: ${error.message.slice(-300)}`);
    return null;
  } finally {
    clearTimeout(late);
    long = false;
  }
}

// --- what the visitor does -------------------------------------------------------------------------

// The program or the faults are others: build it now, soon, or (null) when the visitor leaves the box.
function changed(soon) {
  stale = true;
  running = null;
  clearTimeout(timer);
  buttons();
  if (soon === null || !ready) return;
  if (soon) timer = setTimeout(load, TYPING);
  else load();
}

function load() {
  clearTimeout(timer);
  stale = false;
  sentence = "";
  loading = call("load", composer.source, composer.plan, composer.life).then((loaded) => {
    if (loaded === null) return;
    find("cards").replaceChildren();
    leftOut = 0;
    twin = loaded.facts?.twin ?? null;
    atStart = new Map(loaded.service.responses.map((row) => [row.id, row]));
    composer.knows([...atStart.keys()]);
    show(loaded, false);
    say(loaded.problem ? "There is no program yet: see what is wrong with it." : "Ready for the first step.");
  });
  return loading;
}

async function built() {
  if (stale) load();
  await loading;
  return ready && view !== null && view.next !== null;
}

async function advance(most, opened) {
  const stepped = await call("step", most);
  if (stepped === null) return;
  twin = null;
  show(stepped, opened);
  if (stepped.cards.length) say(described(stepped));
}

async function step() {
  if (await built()) await advance(1, true);
}

async function run(pause) {
  const mine = (running = {});
  stopped = false;
  buttons();
  await built();
  while (running === mine && view?.next) {
    await advance(pause ? 1 : AT_ONCE, pause > 0);
    if (running !== mine || !view?.next) break;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  if (running === mine) running = null;
  tellIfStopped();
  buttons();
}

function stop() {
  stopped = running !== null;
  running = null;
  tellIfStopped();
  buttons();
  if (!engine.busy) return;
  const calls = engine.calls;
  setTimeout(() => {
    if (engine.busy && engine.calls === calls) restart("Python was stopped inside of a step, and started afresh.");
  }, PATIENCE);
}

// A stop is there when the steps that were asked for have come back.
function tellIfStopped() {
  if (stopped && !engine.busy) say("Stopped between two steps. Step and Run go on from here.");
}

const ACTIONS = { step, run: () => run(0), slow: () => run(SLOWLY), stop, back: load };

for (const [name, action] of Object.entries(ACTIONS)) {
  find(name).addEventListener("click", ({ currentTarget }) => {
    if (currentTarget.getAttribute("aria-disabled") !== "true") action();
  });
}

find("life").addEventListener("change", async ({ target }) => {
  await live(target.files[0]);
  target.value = ""; // so that the same file can be chosen again
});

find("compose").addEventListener("dragover", (event) => event.preventDefault());
find("compose").addEventListener("drop", (event) => {
  event.preventDefault();
  live(event.dataTransfer.files[0]);
});

// A file with a life: its program goes into the box, and its answers to whatever is in there.
async function live(file) {
  if (file === undefined || !ready) return;
  const life = await file.text();
  const program = await call("source_of", life);
  if (program === null) return;
  if (program.problem === null) composer.live(life, program);
  else problem({ problem: { sentence: `${file.name} is no life: ${program.problem}` }, printed: "" });
}

find("source").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !ready) return;
  event.preventDefault();
  stale = true;
  run(0);
});

// --- what is shown ---------------------------------------------------------------------------------

function show(shown, opened) {
  view = shown;
  const cards = find("cards");
  for (const details of cards.querySelectorAll("details[data-auto]")) {
    details.open = false;
    delete details.dataset.auto;
  }
  const added = shown.cards.map(card);
  cards.append(...added);
  if (opened && added.length) {
    for (const details of added[0].querySelectorAll(":scope > details")) {
      details.open = true;
      details.dataset.auto = "";
    }
  }
  while (cards.children.length > CARDS) {
    cards.firstChild.remove();
    leftOut += 1;
  }
  find("left-out").hidden = leftOut === 0;
  find("left-out").textContent = `The first ${plural(leftOut, "step")} are not shown any more.`;
  find("next").hidden = shown.next === null;
  find("next").replaceChildren(...(shown.next === null ? [] : [next(shown.next, shown.facts, twin)]));
  problem(shown);
  service(shown.service);
  if (added.length) (shown.next === null ? added.at(-1) : find("next")).scrollIntoView({ block: "nearest" });
  buttons();
}

function problem({ problem: wrong, printed }) {
  const box = find("problem");
  box.hidden = wrong === null && !printed;
  box.classList.toggle("harmless", wrong === null);
  find("source").setAttribute("aria-invalid", String(wrong !== null));
  const parts = [];
  if (wrong) parts.push(problemText(wrong));
  if (wrong?.line) {
    parts.push(el("button", { type: "button", onclick: () => composer.show(wrong.line) }, `Go to line ${wrong.line}`));
  }
  if (printed) parts.push(el("p", {}, "Printed"), el("pre", { tabIndex: 0 }, printed));
  box.replaceChildren(...parts);
}

function service({ time, elapsed, requests, responses }) {
  find("time").textContent = time;
  find("elapsed").textContent = seconds(elapsed);
  find("requests").textContent = String(requests);
  const rows = new Map(responses.map((row) => [row.id, row]));
  for (const [id, row] of atStart) if (!rows.has(id)) rows.set(id, { ...row, status: "deleted" });
  const held = [...atStart.keys(), ...[...rows.keys()].filter((id) => !atStart.has(id))];
  find("responses").replaceChildren(...held.map((id) => responseRow(rows.get(id), atStart.get(id))));
}

function responseRow({ id, status, background }, before) {
  const differs = before === undefined || before.status !== status;
  return el(
    "tr",
    { class: differs ? "differs" : "", data: { response: id, status } },
    el("th", { scope: "row" }, el("code", {}, id), background ? el("span", { class: "flag", title: "background" }, "bg") : null),
    el("td", {}, el("span", { class: `state ${status}` }, status)),
  );
}

function described({ cards, next: following }) {
  const { number, shown } = cards.at(-1);
  const what = {
    Send: () => `${shown.request.method} ${shown.request.path}: ${shown.answer.status ?? shown.answer.error.name}`,
    Open: () => `${shown.request.method} ${shown.request.path}: ${shown.answer.status ?? shown.answer.error.name}`,
    Wait: () => seconds(shown.drawn),
    Emit: () => plural(shown.count, "value"),
    Read: () => (shown.error ? shown.error.name : plural(shown.size, "byte")),
    Done: () => (shown.error ? `Failure, ${shown.error.name}` : `Success, ${shown.value.type}`),
    Raised: () => shown.problem.sentence,
    Died: () => "and another process goes on",
    Perform: () => "an operation",
    Fork: () => plural(shown.count, "operation"),
    Close: () => (shown.open ? "the body" : "nothing is open"),
    End: () => (shown.error ? `Failure, ${shown.error.name}` : "Success"),
  }[shown.step]();
  return `Step ${number}: ${shown.step}, ${what}.${following === null ? " The program has ended." : ""}`;
}

function say(words) {
  if (find("status").textContent !== words) find("status").textContent = words;
}

function buttons() {
  const going = running !== null;
  const able = ready && !long;
  const more = stale || (view !== null && view.next !== null);
  enable("step", able && !going && more);
  enable("run", able && !going && more);
  enable("slow", able && !going && more);
  enable("stop", ready && (going || long));
  enable("back", able && !going);
  document.body.dataset.state = !ready ? "loading" : going || long ? "running" : "idle";
}

function enable(name, able) {
  find(name).setAttribute("aria-disabled", String(!able));
}
