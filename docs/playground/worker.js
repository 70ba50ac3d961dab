// Python, in a thread of its own: loads Pyodide, the wheels and the library, and passes on what the page asks.
//
// A worker rather than the page itself, because a visitor writes the program. What loops for ever inside of a step can
// only be ended by ending the thread, and while Python loads or works the page stays alive.

const here = (name) => new URL(name, import.meta.url).href;

const progress = { loaded: 0, total: 0 };
let said = 0;

// Counts what arrives, also of the files that Pyodide itself asks for.
const plainFetch = self.fetch.bind(self);
self.fetch = async (...asked) => {
  const answer = await plainFetch(...asked);
  if (!answer.ok || !answer.body) return answer;
  const counting = new TransformStream({
    transform(chunk, controller) {
      progress.loaded += chunk.byteLength;
      if (progress.loaded - said > 250_000) {
        said = progress.loaded;
        postMessage({ type: "progress", what: "Loading Python", ...progress });
      }
      controller.enqueue(chunk);
    },
  });
  return new Response(answer.body.pipeThrough(counting), { status: answer.status, headers: answer.headers });
};

async function bytes(name) {
  const answer = await fetch(here(name)).catch((error) => {
    throw new Error(`${name}: ${error.message}`);
  });
  if (!answer.ok) throw new Error(`${name}: HTTP ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function start() {
  const manifest = JSON.parse(new TextDecoder().decode(await bytes("manifest.json")));
  progress.total = Object.values(manifest.sizes).reduce((sum, size) => sum + size, 0);
  const sources = Object.keys(manifest.sizes).filter((name) => name.endsWith(".py"));
  const runtime = import(here("pyodide/pyodide.mjs")).then(({ loadPyodide }) =>
    // What Python prints outside of a step is nobody's: steps keep what a program prints themselves.
    loadPyodide({ indexURL: here("pyodide/"), stdout: () => {}, stderr: () => {} }),
  );
  const [python, library, wheels, modules] = await Promise.all([
    runtime,
    bytes("puresponse.zip"),
    Promise.all(manifest.wheels.map(bytes)),
    Promise.all(sources.map(bytes)),
  ]);
  postMessage({ type: "progress", what: "Starting Python", loaded: 1, total: 1 });
  for (const wheel of wheels) python.unpackArchive(wheel, "wheel");
  const packages = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  python.unpackArchive(library, "zip", { extractDir: packages });
  sources.forEach((name, index) => python.FS.writeFile(`${packages}/${name}`, modules[index]));
  const module = python.pyimport("playground");
  const playground = module.Playground();
  const version = python.runPython("import sys; sys.version.split()[0]");
  self.onmessage = ({ data: { id, call, args } }) => {
    try {
      postMessage({ type: "view", id, view: JSON.parse(playground[call](...args)) });
    } catch (error) {
      postMessage({ type: "broken", id, reason: shortened(error) });
    }
  };
  postMessage({ type: "ready", version });
}

function shortened(error) {
  return String(error?.message ?? error).trim().slice(-2000);
}

start().catch((error) => postMessage({ type: "failed", reason: shortened(error) }));
