// Makes Python of what was chosen in the forms, and a fault plan of the rows of faults. Pure functions.

// A JSON string is a Python string too: the escapes that JSON writes mean the same in both.
const literal = (value) => JSON.stringify(value);

const number = (value) => (Number.isFinite(Number(value)) && String(value).trim() !== "" ? String(Number(value)) : "0");

function written(parameter, value) {
  switch (parameter.kind) {
    case "flag":
      return value ? "True" : "False";
    case "integer":
    case "seconds":
      return number(value);
    case "choice":
      return parameter.names ? value : literal(value);
    case "texts":
      return `[${value.split(",").map((each) => each.trim()).filter(Boolean).map(literal).join(", ")}]`;
    case "program":
      return `${parameter.of}(${literal(value)})`;
    case "policy":
      return `WaitPolicy(deadline=${number(value)})`;
    default:
      return literal(value);
  }
}

function call(operation, values) {
  const given = [];
  for (const parameter of operation.parameters) {
    const value = values[parameter.name] ?? parameter.value;
    if (parameter.kind === "flag" && !value) continue;
    if (parameter.unwritten !== undefined && String(value) === String(parameter.unwritten)) continue;
    const text = written(parameter, value);
    given.push(parameter.positional ? text : `${parameter.name}=${text}`);
  }
  return listed(`${operation.name}(`, given, ")");
}

const WIDE = 46; // characters that a line of the box can hold
const NAMED = "program = ".length;

// The lines of a list between brackets: one, or one for each member where that would be too wide.
function listed(opens, members, closes) {
  const line = `${opens}${members.join(", ")}${closes}`;
  return line.length + NAMED <= WIDE ? [line] : [opens, ...members.map((each) => `    ${each},`), closes];
}

// What a program gives after its first `count` links: "stream" for a stream that is not collected.
export function givenBy({ operation, collect, links }, count = links.length) {
  const first = operation.gives === "stream" && collect ? "values" : operation.gives;
  return count === 0 ? first : links[count - 1].gives;
}

// The source of a program: `operation`, the `values` of its parameters, the `links` after it, and what it is wrapped in.
export function compose({ operation, values, links, collect, retrying, retries }) {
  const names = new Set([operation.name]);
  const collected = collect && operation.gives === "stream";
  if (operation.parameters.some(({ kind }) => kind === "policy")) names.add("WaitPolicy");
  for (const parameter of operation.parameters) {
    if (parameter.of) names.add(parameter.of);
    if (parameter.names) names.add(values[parameter.name] ?? parameter.value);
  }
  if (collected) names.add("collect");
  const called = call(operation, values);
  let lines = collected ? around("collect(", called, ")") : called;
  for (const link of links) {
    lines.push(...link.code.split("\n"));
    link.imports.forEach((name) => names.add(name));
  }
  if (retrying) {
    names.add("retrying");
    const policy = Number(retries) === 2 ? "" : `RetryPolicy(max_retries=${number(retries)})`;
    if (policy) {
      names.add("RetryPolicy");
      lines = lines.length === 1 ? [`${lines[0]}, ${policy}`] : [...lines.slice(0, -1), `${lines.at(-1)},`, `${policy},`];
    }
    lines = around("retrying(", lines, ")");
  } else if (links.length > 0) {
    lines = ["(", ...indented(lines), ")"];
  }
  const imports = importing([...names].sort(asRuffDoes));
  return `${imports.join("\n")}\n\nprogram = ${lines.join("\n")}\n`;
}

const indented = (lines) => lines.map((line) => `    ${line}`);

const around = (opens, lines, closes) =>
  lines.length === 1 && lines[0].length + opens.length + 1 + NAMED <= WIDE
    ? [`${opens}${lines[0]}${closes}`]
    : [opens, ...indented(lines), closes];

function importing(names) {
  const from = "from puresponse import ";
  const line = from + names.join(", ");
  return line.length <= WIDE ? [line] : [`${from}(`, ...names.map((name) => `    ${name},`), ")"];
}

// Classes before functions, each by name: as in the house.
function asRuffDoes(one, other) {
  const rank = (name) => (/^[A-Z]/.test(name) ? 0 : 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

// The JSON of a `FaultPlan` from rows of `{fault, method, path, times}`; no times means always.
export function plan(rows) {
  const rules = rows.map(({ fault, method, path, times }) => ({
    fault,
    method: method || null,
    path: path || "*",
    times: String(times).trim() === "" ? null : Number(times),
  }));
  return JSON.stringify({ rules });
}
