// Starts Pyodide in a page or in a worker and calls `main` of a Python file, as boot.mjs does under Node.js.
//
// The job: {wheels: [url], archive: url, script: url, arguments: {…}}. A worker is posted the job, and posts the result.

import { loadPyodide } from "/pyodide/pyodide.mjs";

const SITE_PACKAGES = "/lib/python3.14/site-packages";

const bytes = async (url) => (await fetch(url)).arrayBuffer();

export async function run(job) {
  const pyodide = await loadPyodide();
  for (const wheel of job.wheels) pyodide.unpackArchive(await bytes(wheel), "wheel");
  pyodide.unpackArchive(await bytes(job.archive), "zip", { extractDir: SITE_PACKAGES });
  pyodide.globals.set("arguments_as_json", JSON.stringify(job.arguments));
  await pyodide.runPythonAsync(await (await fetch(job.script)).text());
  return pyodide.runPythonAsync("import json; json.dumps(await main(**json.loads(arguments_as_json)))");
}

if (globalThis.WorkerGlobalScope) {
  globalThis.onmessage = async ({ data }) => {
    try {
      globalThis.postMessage({ result: await run(data) });
    } catch (error) {
      globalThis.postMessage({ error: String(error.message).slice(-4000) });
    }
  };
}
