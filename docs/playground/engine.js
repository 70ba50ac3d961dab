// The page's side of the worker: one call at a time, in order, and an end to what does not come back.

export class Engine {
  #worker;
  #waiting = new Map();
  #calls = 0;
  #starts = 0;
  #queue = Promise.resolve();

  // `told` is called with what the worker says of itself: progress, ready, failed.
  constructor(told) {
    this.told = told;
    this.start();
  }

  start() {
    this.#starts += 1;
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return;
      const waiting = this.#waiting.get(data.id);
      if (waiting === undefined) return this.told(data);
      this.#waiting.delete(data.id);
      if (data.type === "view") waiting.resolve(data.view);
      else waiting.reject(new Error(data.reason));
    };
    worker.onerror = (event) => {
      if (worker !== this.#worker) return;
      event.preventDefault();
      this.told({ type: "failed", reason: event.message || "worker.js could not be loaded" });
    };
  }

  // Calls `load` or `step` of playground.py; gives a view.
  call(name, ...args) {
    const starts = this.#starts;
    const answered = this.#queue.then(() => {
      if (starts !== this.#starts) throw new Stopped();
      return new Promise((resolve, reject) => {
        const id = ++this.#calls;
        this.#waiting.set(id, { resolve, reject });
        this.#worker.postMessage({ id, call: name, args });
      });
    });
    this.#queue = answered.catch(() => {});
    return answered;
  }

  // How many calls there have been.
  get calls() {
    return this.#calls;
  }

  get busy() {
    return this.#waiting.size > 0;
  }

  // Ends Python wherever it is; nothing is heard of it any more.
  end() {
    this.#worker.terminate();
    this.#worker = null;
  }

  // Ends Python, and starts it afresh.
  restart() {
    this.end();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#queue = Promise.resolve();
    for (const { reject } of waiting) reject(new Stopped());
    this.start();
  }
}

export class Stopped extends Error {}
