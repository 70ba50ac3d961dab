// A step as a card: what was asked and answered, as text.

import { copyButton, el, plural, seconds } from "./dom.js";

export function card({ number, depth, branch, at, shown, printed, said }) {
  const [line, ...parts] = BODIES[shown.step](shown);
  return el(
    "li",
    { class: "card", data: { step: shown.step, depth } },
    el(
      "div",
      { class: "head" },
      el("span", { class: "number" }, String(number)),
      el("span", { class: `badge ${shown.step.toLowerCase()}` }, shown.step),
      ...line,
      ofFork(branch),
      el("span", { class: "at", title: "virtual seconds since the start" }, seconds(at)),
    ),
    said ? el("p", { class: "said" }, said) : null,
    ...parts,
    printed ? el("div", { class: "part" }, el("p", {}, "Printed"), pre(printed)) : null,
  );
}

const BODIES = {
  Send: exchanged,
  Open: exchanged,
  Wait({ seconds: least, spread, drawn, elapsed }) {
    if (drawn === 0) return [[text("asks only for the time")], told(elapsed)];
    const asked = spread ? `${seconds(least)} to ${seconds(least + spread)} asked for` : `${seconds(least)} asked for`;
    return [[text(`${asked}, ${seconds(drawn)} ${spread ? "drawn" : "waited"}`)], told(elapsed)];
  },
  Emit({ values, count, total, said }) {
    const more = count - values.length;
    return [
      [text(plural(count, "value")), el("span", { class: "note" }, `${total.toLocaleString("en")} so far`)],
      el("ol", { class: "values" }, ...values.map((each) => el("li", {}, value(each)))),
      more > 0 ? el("p", { class: "note" }, `… and ${more.toLocaleString("en")} more`) : null,
      said ? el("p", { class: "said" }, `“${said}”`) : null,
    ];
  },
  Perform: () => [[text("an operation, within the stream")]],
  Fork({ count }) {
    if (count === 0) return [[text("no operations")]];
    const how = count === 1 ? "" : "; here they go one after another";
    return [[text(plural(count, "operation"))], el("p", { class: "note" }, `All run to their end, whichever fails${how}.`)];
  },
  Close({ open, within }) {
    if (!open) return [[text("no body is open: there is nothing to give up")]];
    return [[text(`the body is given up${within ? `, its end waited for ${seconds(within)} at most` : ""}`)]];
  },
  End({ error }) {
    if (error) return [[pill("bad", "Failure"), code(error.name)], ...failure(error)];
    return [[pill("good", "Success"), text("the stream has ended well")]];
  },
  Read({ size, text: chunk, error }) {
    if (error) return [[pill("bad", error.name)], sentence(error)];
    if (size === 0) return [[text("no bytes: the end of the body")]];
    return [[text(plural(size, "byte"))], part("Chunk", pre(chunk))];
  },
  Done({ last, value: gave, error }) {
    const whose = last ? null : el("span", { class: "note" }, "of the operation within");
    if (error) return [[pill("bad", "Failure"), code(error.name), whose], ...failure(error)];
    if (gave.type === "NoneType") return [[pill("good", "Success"), code("None"), whose]];
    const shown = value(gave);
    shown.open = last;
    return [[pill("good", "Success"), code(gave.type), whose], shown];
  },
  Died: ({ said }) => [[pill("bad", "the process dies")], el("p", { class: "sentence" }, said)],
  Raised: ({ problem }) => [[pill("bad", "in your code")], problemText(problem)],
};

const ofFork = (branch) => (branch ? el("span", { class: "note branch" }, `operation ${branch}`) : null);

export function next({ step, line, depth, branch, repr, request }, facts, twin) {
  return el(
    "div",
    { class: "card next", data: { step, depth } },
    el(
      "div",
      { class: "head" },
      el("span", { class: "number" }, "Next"),
      el("span", { class: `badge ${step.toLowerCase()}` }, step),
      code(line),
      ofFork(branch),
    ),
    request ? requestPart(request, true) : null,
    el("div", { class: "part where" }, el("p", {}, "Where the program stands"), pre(repr)),
    el(
      "ul",
      { class: "facts" },
      twin === null ? null : el("li", { data: { fact: "twin" } }, "equal to its twin: ", flag(twin)),
      el("li", { data: { fact: "saved" } }, "saves as JSON: ", flag(facts.saved !== null), ...saved(facts)),
      !twin && twin !== null ? el("li", { class: "note" }, "a lambda is equal to itself alone; a named function is not") : null,
    ),
  );
}

const flag = (holds) => el("b", { class: holds ? "yes" : "no" }, holds ? "True" : "False");

function saved({ saved: checkpoint, reason }) {
  if (checkpoint === null) return [` (${reason})`];
  return [`, ${plural(checkpoint.length, "character")}, and comes back equal `, copyButton("Copy the checkpoint", () => checkpoint)];
}

export function problemText({ sentence: says, line, code: source, trace }) {
  return el(
    "div",
    { class: "part" },
    el("p", {}, line ? `Line ${line}: ${says}` : says),
    trace ? pre(trace) : source ? pre(source) : null,
  );
}

function exchanged({ request, answer }) {
  const came = answer.error
    ? pill("bad", answer.error.name)
    : pill(answer.status < 300 ? "good" : "bad", `${answer.status} ${answer.reason}`.trim());
  return [[code(`${request.method} ${request.path}`), came], requestPart(request, false), answerPart(answer)];
}

function requestPart(request, open) {
  const parts = [];
  if (request.query.length) parts.push(pairs("Query", request.query));
  if (request.headers.length) parts.push(pairs("Headers", request.headers));
  if (request.body) parts.push(pre(request.body));
  const said = [
    request.body === null ? "no body" : request.body === "" ? "an empty body" : "with a body",
    request.idempotent ? "may be repeated" : "not to be repeated",
  ];
  return part(
    `Request: ${said.join(", ")}`,
    ...parts,
    copyButton("Copy as JSON", () => request.json),
  ).also((details) => (details.open = open && parts.length > 0));
}

function answerPart({ headers, body, error }) {
  if (error) return part("Answer: none", sentence(error), ...chips(error));
  return part(
    `Answer: ${body ? "with a body" : "the body is left to be read"}`,
    body ? pre(body) : null,
    headers.length ? pairs("Headers", headers) : null,
  );
}

function failure(error) {
  return [sentence(error), ...chips(error), part("All of the error", pre(error.text))];
}

const sentence = (error) => el("p", { class: "sentence" }, error.sentence);

const chips = (error) => [
  el(
    "ul",
    { class: "facts" },
    el("li", {}, "the server may have acted: ", el("b", {}, error.may_have_acted ? "yes" : "no")),
    el("li", {}, "worth a retry: ", el("b", {}, error.retryable ? "yes" : "no")),
  ),
];

function value({ line, text: whole }) {
  return el("details", { class: "part value" }, el("summary", {}, code(line)), pre(whole));
}

const told = (elapsed) => el("p", { class: "note" }, `The program is told that ${seconds(elapsed)} have passed.`);

function part(title, ...children) {
  const details = el("details", { class: "part" }, el("summary", {}, title), ...children);
  details.also = (change) => (change(details), details);
  return details;
}

function pairs(title, list) {
  return el(
    "dl",
    { class: "pairs", "aria-label": title },
    ...list.flatMap(([name, said]) => [el("dt", {}, name), el("dd", {}, said)]),
  );
}

const pre = (content) => el("pre", { tabIndex: 0 }, content);
const code = (content) => el("code", { class: "line" }, content);
const text = (content) => el("span", { class: "line" }, content);
const pill = (kind, content) => el("span", { class: `pill ${kind}` }, content);
