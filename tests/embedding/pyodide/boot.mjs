// Starts Pyodide under Node.js, unpacks what the job names, and calls `main` of a Python file with its arguments.
//
//   node boot.mjs job.json
//
// The job: {wheels: [path], archive: path, script: path, arguments: {…}}. What `main` returns, as JSON, is the last line
// of the output; an exception is printed, cut short (Pyodide's hold megabytes), and ends the process with a 1.

import { readFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const SITE_PACKAGES = "/lib/python3.14/site-packages";

const bytes = (path) => new Uint8Array(readFileSync(path));
const job = JSON.parse(readFileSync(process.argv[2], "utf8"));

try {
  const pyodide = await loadPyodide();
  for (const wheel of job.wheels) pyodide.unpackArchive(bytes(wheel), "wheel");
  pyodide.unpackArchive(bytes(job.archive), "zip", { extractDir: SITE_PACKAGES });
  pyodide.globals.set("arguments_as_json", JSON.stringify(job.arguments));
  await pyodide.runPythonAsync(readFileSync(job.script, "utf8"), { filename: job.script });
  const result = await pyodide.runPythonAsync("import json; json.dumps(await main(**json.loads(arguments_as_json)))");
  process.stdout.write(`\n${result}\n`, () => process.exit(0));
} catch (error) {
  process.stderr.write(`${String(error.message).slice(-4000)}\n`, () => process.exit(1));
}
