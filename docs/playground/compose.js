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
  return `${operation.name}(${given.join(", ")})`;
}

// What a program gives after its first `count` links: "stream" for a stream that is not collected.
export function givenBy({ operation, collect, links }, count = links.length) {
  const first = operation.gives === "stream" && collect ? "values" : operation.gives;
  return count === 0 ? first : links[count - 1].gives;
}

// The source of a program: `operation`, the `values` of its parameters, the `links` after it, and what it is wrapped in.
export function compose({ operation, values, links, collect, retrying, retries }) {
  const names = { core: new Set([operation.name]), codecs: new Set() };
  const collected = collect && operation.gives === "stream";
  if (operation.parameters.some(({ kind }) => kind === "policy")) names.core.add("WaitPolicy");
  if (collected) names.core.add("collect");
  let lines = [collected ? `collect(${call(operation, values)})` : call(operation, values)];
  for (const link of links) {
    lines.push(link.code);
    for (const [home, imported] of Object.entries(link.imports)) imported.forEach((name) => names[home].add(name));
  }
  if (retrying) {
    names.core.add("retrying");
    const policy = Number(retries) === 2 ? "" : `RetryPolicy(max_retries=${number(retries)})`;
    if (policy) names.core.add("RetryPolicy");
    if (lines.length === 1) lines = [`retrying(${lines[0]}${policy && `, ${policy}`})`];
    else lines = ["retrying(", ...indented(policy ? [...lines.slice(0, -1), `${lines.at(-1)},`, `${policy},`] : lines), ")"];
  } else if (lines.length > 1) {
    lines = ["(", ...indented(lines), ")"];
  }
  const imports = Object.entries(names)
    .filter(([, imported]) => imported.size > 0)
    .sort()
    .map(([home, imported]) => `from puresponse.${home} import ${[...imported].sort(asRuffDoes).join(", ")}`);
  return `${imports.join("\n")}\n\nprogram = ${lines.join("\n")}\n`;
}

const indented = (lines) => lines.map((line) => `    ${line}`);

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
