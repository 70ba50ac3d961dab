// What the page offers: operations with their parameters, what can follow them, faults, and ready-made examples.
//
// Plain data. `gives` and `takes` say what kind of value goes from one to the next, so that what does not fit is not
// offered; `compose.js` makes Python of it all.

const id = (value) => ({ name: "response_id", label: "response_id", kind: "text", value, positional: true, ids: true });
const deadline = { name: "policy", label: "WaitPolicy deadline (s)", kind: "policy", value: 60, positional: true };
const model = { name: "model", label: "model", kind: "text", value: "gpt-5-mini" };
const input = (value) => ({ name: "input", label: "input", kind: "text", value });
const background = { name: "background", label: "background", kind: "flag", value: true };
const limit = (value, unwritten) => ({ name: "limit", label: "limit (1 to 100)", kind: "integer", value, unwritten });
const order = { name: "order", label: "order", kind: "choice", value: "desc", unwritten: "desc", choices: ["desc", "asc"] };

export const OPERATIONS = [
  {
    name: "delete_response",
    group: "Act on a stored response",
    about: "Deletes a stored response, permanently.",
    gives: "deleted",
    parameters: [id("resp_completed")],
  },
  {
    name: "cancel_response",
    group: "Act on a stored response",
    about: "Cancels a response that was created in the background.",
    gives: "response",
    parameters: [id("resp_in_progress")],
  },
  {
    name: "cancel_if_running",
    group: "Act on a stored response",
    about: "Looks first, and cancels only what runs.",
    gives: "response",
    parameters: [id("resp_queued")],
  },
  {
    name: "cancel_and_wait",
    group: "Act on a stored response",
    about: "Cancels, then waits until the response has settled.",
    gives: "response",
    parameters: [
      id("resp_in_progress"),
      { ...deadline, value: 30 },
      { name: "settle", label: "settle (s)", kind: "seconds", value: 5 },
    ],
  },
  {
    name: "retrieve_response",
    group: "Look at a stored response",
    about: "Retrieves a stored response.",
    gives: "response",
    parameters: [id("resp_completed")],
  },
  {
    name: "wait_for_response",
    group: "Look at a stored response",
    about: "Looks again and again until the response has ended, or the deadline comes.",
    gives: "response",
    parameters: [id("resp_queued"), { ...deadline, value: 5 }],
  },
  {
    name: "audit_response",
    group: "Look at a stored response",
    about: "Retrieves a response with all its input items.",
    gives: "audit",
    parameters: [id("resp_chat")],
  },
  {
    name: "list_input_items",
    group: "Look at a stored response",
    about: "Lists what a response was made from, one page at a time.",
    gives: "page",
    parameters: [id("resp_chat"), limit(20, 20), order],
  },
  {
    name: "create_response",
    group: "Create",
    about: "Creates a response. The service in memory says the input again.",
    gives: "response",
    parameters: [model, input("Say this is a test"), background],
  },
  {
    name: "stream_response",
    group: "Streams",
    about: "Creates a response and yields its events as they arrive; in the background, a stream that breaks off is resumed.",
    gives: "stream",
    parameters: [model, input("One two three four five"), background],
  },
  {
    name: "all_input_items",
    group: "Streams",
    about: "Gives all items that a response was made from, page after page.",
    gives: "stream",
    parameters: [id("resp_long"), limit(100)],
  },
  {
    name: "watch_response",
    group: "Streams",
    about: "Waits for a response, and yields it at each poll.",
    gives: "stream",
    parameters: [id("resp_queued"), { ...deadline, value: 5 }],
  },
  {
    name: "delete_response_chain",
    group: "Streams",
    about: "Deletes a response and all that it goes back to, oldest first.",
    gives: "stream",
    parameters: [id("resp_turn_3")],
  },
];

// A program within another: `of` names what makes it of the text.
const program = (name, of, value) => ({ name, label: of, kind: "program", of, value, positional: true, ids: true });

OPERATIONS.push(
  {
    name: "gather",
    group: "Many as one",
    about: "Carries out operations at once, or one after another, and gives all their values. All run to their end.",
    gives: "values",
    parameters: [
      program("first", "delete_response", "resp_completed"),
      program("second", "retrieve_response", "resp_chat"),
      program("third", "delete_response", "resp_failed"),
    ],
  },
  {
    name: "gather_all",
    group: "Many as one",
    about: "The same, with the Success or the Failure of each: none fails the others.",
    gives: "values",
    parameters: [
      program("first", "delete_response", "resp_unheard_of"),
      program("second", "cancel_response", "resp_in_progress"),
    ],
  },
  {
    name: "within",
    group: "Around a program",
    about: "Limits all that a program does, its waits and requests, to so many seconds.",
    gives: "response",
    parameters: [
      program("program", "wait_for_response", "resp_queued"),
      { name: "seconds", label: "seconds", kind: "seconds", value: 1.5, positional: true },
    ],
  },
  {
    name: "configured",
    group: "Around a program",
    about: "Adds headers, query parameters and a read timeout to every request of a program.",
    gives: "response",
    parameters: [
      program("program", "retrieve_response", "resp_chat"),
      { name: "timeout", label: "timeout (s)", kind: "seconds", value: 5 },
    ],
  },
  {
    name: "with_response",
    group: "Around a program",
    about: "Gives the value with the answer behind it: its status, headers and body.",
    gives: "answered",
    parameters: [program("operation", "delete_response", "resp_chat")],
  },
  {
    name: "traverse",
    group: "Many as one",
    about: "Makes an operation of each item, and carries them out one after another, up to the first that fails.",
    gives: "values",
    parameters: [
      { name: "items", label: "items, between commas", kind: "texts", value: "resp_completed, resp_chat", positional: true },
      { name: "function", label: "function", kind: "choice", value: "delete_response", choices: ["delete_response", "retrieve_response"], names: true, positional: true },
    ],
  },
);

const goesOn = (name) => `.bind(\n    lambda response: ${name}(response.id)\n)`;

export const LINKS = [
  {
    name: "take",
    label: "take: the first 3",
    takes: ["stream"],
    gives: "stream",
    code: ".take(3)",
    imports: [],
  },
  {
    name: "types",
    label: "map: the type of each",
    takes: ["stream"],
    gives: "stream",
    code: ".map(lambda value: type(value).__name__)",
    imports: [],
  },
  {
    name: "filter",
    label: "filter: those that have an id",
    takes: ["stream"],
    gives: "stream",
    code: '.filter(\n    lambda value: hasattr(value, "id")\n)',
    imports: [],
  },
  {
    name: "numbered",
    label: "numbered: each with its number",
    takes: ["stream"],
    gives: "stream",
    code: ".numbered(1)",
    imports: [],
  },
  {
    name: "chunk",
    label: "chunk: in tuples of 10",
    takes: ["stream"],
    gives: "stream",
    code: ".chunk(10)",
    imports: [],
  },
  {
    name: "concat",
    label: "concat: the items of another response after it",
    takes: ["stream"],
    gives: "stream",
    code: '.concat(\n    all_input_items("resp_chat")\n)',
    imports: ["all_input_items"],
  },
  {
    name: "for_each",
    label: "for_each: two operations at once for each",
    takes: ["stream"],
    gives: "stream",
    code: '.for_each(\n    lambda value: gather(\n        retrieve_response("resp_chat"),\n        succeed(value),\n    )\n)',
    imports: ["gather", "retrieve_response", "succeed"],
  },
  {
    name: "fold",
    label: "fold: how many",
    takes: ["stream"],
    gives: "number",
    code: ".fold(0, lambda count, value: count + 1)",
    imports: [],
  },
  {
    name: "delete",
    label: "bind: delete it",
    takes: ["response"],
    gives: "deleted",
    code: goesOn("delete_response"),
    imports: ["delete_response"],
  },
  {
    name: "cancel",
    label: "bind: cancel it",
    takes: ["response"],
    gives: "response",
    code: goesOn("cancel_response"),
    imports: ["cancel_response"],
  },
  {
    name: "wait",
    label: "bind: wait for it",
    takes: ["response"],
    gives: "response",
    code: ".bind(\n    lambda response: wait_for_response(\n        response,\n        WaitPolicy(deadline=60),\n    )\n)",
    imports: ["WaitPolicy", "wait_for_response"],
  },
  {
    name: "retrieve",
    label: "bind: retrieve it",
    takes: ["response", "deleted"],
    gives: "response",
    code: goesOn("retrieve_response"),
    imports: ["retrieve_response"],
  },
  {
    name: "items",
    label: "bind: list its input items",
    takes: ["response"],
    gives: "page",
    code: goesOn("list_input_items"),
    imports: ["list_input_items"],
  },
  {
    name: "text",
    label: "map: its output text",
    takes: ["response"],
    gives: "text",
    code: ".map(output_text)",
    imports: ["output_text"],
  },
  {
    name: "status",
    label: "map: its status",
    takes: ["response"],
    gives: "text",
    code: ".map(lambda response: response.status)",
    imports: [],
  },
  {
    name: "count",
    label: "map: how many",
    takes: ["page", "values"],
    gives: "number",
    code: ".map(len)",
    imports: [],
  },
  {
    name: "recover",
    label: "lash: go on with a sentence where it fails",
    takes: ["response", "deleted", "page", "audit", "text", "number", "values"],
    gives: "text",
    code: '.lash(\n    lambda error: succeed(f"never mind: {error}")\n)',
    imports: ["succeed"],
  },
];

export const FAULTS = [
  { label: "HTTP 503, overloaded", fault: { fault: "ServerError", status: 503 } },
  { label: "HTTP 500, though it acted", fault: { fault: "ServerError", status: 500, acted: true } },
  { label: "HTTP 429, asks for 2 s", fault: { fault: "RateLimited", retry_after: 2 } },
  { label: "HTTP 429, quota used up", fault: { fault: "QuotaUsedUp" } },
  { label: "Connection reset, not acted", fault: { fault: "Reset" } },
  { label: "Connection reset after it acted", fault: { fault: "Reset", acted: true } },
  { label: "Answer 3 s late", fault: { fault: "Delay", seconds: 3 } },
  { label: "Answer cut short", fault: { fault: "Truncated", bytes: 10 } },
  { label: "A proxy's page instead", fault: { fault: "Garbage" } },
  { label: "Stream cut after 4 events", fault: { fault: "CutStream", events: 4 } },
  { label: "Slow stream, 2 s an event", fault: { fault: "SlowStream", seconds: 2 } },
  { label: "Seen only after 2 s (404 before)", fault: { fault: "LateConsistency", seconds: 2 } },
];

const rule = (label, given) => ({ label, method: "", path: "*", times: 1, ...given });

// `parts` is what the forms then show; `links` are names of what follows. An example without parts has `code` instead.
export const EXAMPLES = [
  {
    title: "Retry: 503, then success",
    about: "The service is overloaded once. Retrying is a function from operation to operation; the wait is a step.",
    parts: { operation: "delete_response", values: { response_id: "resp_completed" }, retrying: true },
    faults: [rule("HTTP 503, overloaded", { method: "DELETE" })],
  },
  {
    title: "Cancel, then delete",
    about: "bind goes on with what the step before gave.",
    parts: { operation: "cancel_response", values: { response_id: "resp_in_progress" }, links: ["delete"] },
  },
  {
    title: "Create, wait, take the text",
    about: "A response in the background: created, polled until it has ended, and read. No time is spent waiting.",
    parts: { operation: "create_response", values: { input: "Say this is a test" }, links: ["wait", "text"] },
  },
  {
    title: "A stream that is cut, and resumes",
    about: "The connection breaks inside of an event. The core asks for what comes after the last one that arrived.",
    parts: { operation: "stream_response", values: { input: "One two three four five" } },
    faults: [rule("Stream cut after 4 events", { method: "POST" })],
  },
  {
    title: "Reset after the service acted",
    about: "The delete is carried out, the answer is lost. The 404 of the second attempt knows that it comes after one.",
    parts: { operation: "delete_response", values: { response_id: "resp_chat" }, retrying: true },
    faults: [rule("Connection reset after it acted", { method: "DELETE" })],
  },
  {
    title: "Rate limited: the server asks for 2 s",
    about: "A delay that the server asks for is kept exactly, without jitter.",
    parts: { operation: "cancel_response", values: { response_id: "resp_queued" }, retrying: true },
    faults: [rule("HTTP 429, asks for 2 s", { path: "*/cancel" })],
  },
  {
    title: "404: an error is a value",
    about: "Whatever the server says comes back as a Failure of one closed union. Nothing raises.",
    parts: { operation: "delete_response", values: { response_id: "resp_unheard_of" } },
  },
  {
    title: "An invalid argument: nothing is sent",
    about: "What no request can be built from is a program that is done before its first step.",
    parts: { operation: "list_input_items", values: { response_id: "resp_chat", limit: 1000 } },
  },
  {
    title: "All pages, as a stream",
    about: "Each page is performed and its items are emitted: one page in memory at a time.",
    parts: { operation: "all_input_items", values: { response_id: "resp_long", limit: 100 } },
  },
  {
    title: "Three operations at once",
    about: "gather is one step, a Fork: all its operations run to their end, and what follows has all their results.",
    parts: { operation: "gather", values: {}, links: ["recover"], retrying: true },
    faults: [rule("HTTP 503, overloaded", { method: "DELETE" })],
  },
  {
    title: "The first events, then another stream",
    about: "take closes the body at its last value: one connection is enough for what follows.",
    parts: { operation: "stream_response", values: { input: "One two three four five" }, links: ["take", "concat"] },
  },
  {
    title: "Delete a chain of turns",
    about: "Followed from the newest to the oldest, then deleted from the oldest to the newest.",
    parts: { operation: "delete_response_chain", values: { response_id: "resp_turn_3" }, retrying: true },
    faults: [rule("HTTP 503, overloaded", { method: "GET", path: "*/resp_turn_2" })],
  },
  {
    title: "A program of your own",
    about: "Functions that are named, not lambdas: so the program can be saved, and equals its twin, between any two steps.",
    code: `from puresponse import (
    audit_response,
    delete_response,
    succeed,
)


def delete_if_short(audit):
    if len(audit.input_items) > 10:
        return succeed(f"kept {audit.response.id}")
    return delete_response(audit.response.id)


program = audit_response("resp_chat").bind(
    delete_if_short
)
`,
  },
  {
    title: "A program that never ends",
    about: "Run goes on until you press Stop.",
    code: `from puresponse import retrieve_response


def again(response):
    return retrieve_response(response.id).bind(again)


program = retrieve_response("resp_queued").bind(
    again
)
`,
  },
];
