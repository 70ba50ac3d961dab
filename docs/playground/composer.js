// The left column: examples, the forms that write a program, the source itself, and the faults of the service.
//
// Law: what runs is what is in the box. The forms write into it and read nothing from it; what a visitor had written
// there is kept, and can be brought back.

import { EXAMPLES, FAULTS, LINKS, OPERATIONS } from "./catalogue.js";
import { compose, givenBy, plan } from "./compose.js";
import { copy, el, find } from "./dom.js";

export class Composer {
  #links = [];
  #kept = null;
  #edited = false;
  #life = "";

  // `changed(soon)` is called where the program or the faults are others: `soon` while somebody types in a form.
  constructor(changed) {
    this.changed = changed;
    find("example").append(...EXAMPLES.map(({ title }, index) => el("option", { value: index }, title)));
    find("example").addEventListener("change", () => this.#example());
    const groups = new Map();
    for (const { name, group } of OPERATIONS) {
      if (!groups.has(group)) groups.set(group, el("optgroup", { label: group }));
      groups.get(group).append(el("option", { value: name }, name));
    }
    find("operation").append(...groups.values());
    find("operation").addEventListener("change", () => this.#chosen());
    find("add-link").addEventListener("click", () => this.#chain());
    for (const name of ["collect", "retrying", "retries"]) find(name).addEventListener("input", () => this.#write());
    find("parameters").addEventListener("input", () => this.#write());
    find("source").addEventListener("input", () => {
      this.#edited = true;
      this.changed(null);
    });
    find("source").addEventListener("change", () => this.changed(false));
    find("copy-source").addEventListener("click", ({ target }) => copy(target, this.source));
    find("bring-back").addEventListener("click", () => this.#bringBack());
    find("leave-life").addEventListener("click", () => {
      this.#leaveLife();
      this.changed(false);
      find("life").focus();
    });
    find("add-fault").addEventListener("click", () => {
      this.#addFault(FAULTS[0]).querySelector("select").focus();
      this.changed(false);
    });
    find("builder").open = matchMedia("(min-width: 68rem)").matches;
    this.#example();
  }

  get source() {
    return find("source").value;
  }

  get plan() {
    return plan(
      [...find("fault-rows").children].map((row) => ({
        fault: FAULTS[row.querySelector("[name=fault]").value].fault,
        method: row.querySelector("[name=method]").value,
        path: row.querySelector("[name=path]").value,
        times: row.querySelector("[name=times]").value,
      })),
    );
  }

  // The life that the program is to live again, as the text of its file; empty where there is none.
  get life() {
    return this.#life;
  }

  live(life, { source, about }) {
    this.#life = life;
    find("lived").hidden = false;
    find("lived-about").textContent = `Answered as in this life, and not by the service. Does not hold: ${about}`;
    find("fault-rows").replaceChildren();
    this.#faultsChanged();
    find("faults").hidden = true;
    this.#put(source);
    this.changed(false);
  }

  #leaveLife() {
    this.#life = "";
    find("lived").hidden = true;
    find("faults").hidden = false;
  }

  // Puts the cursor on a line of the source, counted from 1.
  show(line) {
    const box = find("source");
    const before = box.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, each) => sum + each.length + 1, 0);
    box.focus();
    box.setSelectionRange(start, start + (box.value.split("\n")[line - 1] ?? "").length);
  }

  // Offers the ids that the service knows.
  knows(ids) {
    find("known-ids").replaceChildren(...ids.map((id) => el("option", { value: id })));
  }

  #put(source) {
    if (this.#edited && this.source !== source) this.#kept = this.source;
    this.#edited = false;
    find("source").value = source;
    find("source").rows = Math.min(18, Math.max(6, source.split("\n").length));
    find("bring-back").hidden = this.#kept === null;
  }

  #bringBack() {
    this.#put(this.#kept);
    this.#edited = true;
    this.#kept = null;
    find("bring-back").hidden = true;
    find("source").focus();
    this.changed(false);
  }

  #example() {
    const { about, code, parts, faults = [] } = EXAMPLES[find("example").value];
    this.#leaveLife();
    find("example-about").textContent = about;
    find("fault-rows").replaceChildren();
    for (const rule of faults) this.#addFault(FAULTS.find(({ label }) => label === rule.label), rule);
    this.#faultsChanged();
    if (parts) this.#fill(parts);
    this.#put(code ?? compose(this.#form()));
    this.changed(false);
  }

  // --- the forms ---------------------------------------------------------------------------------

  get #operation() {
    return OPERATIONS.find(({ name }) => name === find("operation").value);
  }

  // Shows in the forms what an example is made of.
  #fill({ operation, values, links = [], retrying = false }) {
    find("operation").value = operation;
    this.#links = links.map((link) => LINKS.find(({ name }) => name === link));
    find("collect").checked = false;
    find("retrying").checked = retrying;
    find("retries").value = 2;
    this.#fields(values);
  }

  #chosen() {
    this.#links = [];
    find("collect").checked = false;
    this.#fields();
    this.#write();
  }

  #fields(values = {}) {
    const { about, parameters, gives } = this.#operation;
    find("operation-about").textContent = about;
    find("parameters").replaceChildren(
      ...parameters.map((parameter) => field({ ...parameter, value: values[parameter.name] ?? parameter.value })),
    );
    find("collect-label").hidden = gives !== "stream";
    this.#offer();
  }

  #form() {
    const values = {};
    for (const { name, kind } of this.#operation.parameters) {
      const control = find(`parameter-${name}`);
      values[name] = kind === "flag" ? control.checked : control.value;
    }
    return {
      operation: this.#operation,
      values,
      links: this.#links,
      collect: find("collect").checked,
      retrying: find("retrying").checked,
      retries: find("retries").value,
    };
  }

  #write() {
    const form = this.#form();
    const broken = form.links.findIndex((link, index) => !link.takes.includes(givenBy(form, index)));
    if (broken >= 0) form.links = this.#links = form.links.slice(0, broken);
    this.#put(compose(form));
    this.#offer();
    this.changed(true);
  }

  #chain() {
    this.#links = [...this.#links, LINKS.find(({ name }) => name === find("link").value)];
    this.#write();
    find("link").focus();
  }

  // Shows what is chained, and offers what fits after it.
  #offer() {
    const form = this.#form();
    find("links").replaceChildren(
      ...this.#links.map((link, index) =>
        el(
          "li",
          {},
          el("span", {}, link.label),
          el("button", { type: "button", class: "remove", "aria-label": `Remove ${link.label}`, onclick: () => this.#cut(index) }, "×"),
        ),
      ),
    );
    const fitting = LINKS.filter(({ takes }) => takes.includes(givenBy(form)));
    find("link-row").hidden = fitting.length === 0;
    find("link").replaceChildren(...fitting.map(({ name, label }) => el("option", { value: name }, label)));
  }

  #cut(index) {
    this.#links = this.#links.slice(0, index);
    this.#write();
    find("operation").focus();
  }

  // --- faults ------------------------------------------------------------------------------------

  #addFault(chosen, { method = "", path = "*", times = 1 } = {}) {
    const options = FAULTS.map((each, index) => el("option", { value: index, selected: each === chosen }, each.label));
    const methods = ["", "GET", "POST", "DELETE"].map((each) =>
      el("option", { value: each, selected: each === method }, each || "any"),
    );
    const remove = el("button", { type: "button", class: "remove", "aria-label": "Remove this fault" }, "×");
    const row = el(
      "li",
      {},
      labelled("Fault", el("select", { name: "fault" }, ...options)),
      remove,
      labelled("Method", el("select", { name: "method" }, ...methods)),
      labelled("Path", el("input", { name: "path", value: path, spellcheck: false, title: "* stands for any text" })),
      labelled("Times", el("input", { name: "times", type: "number", min: 0, value: times, placeholder: "always" })),
    );
    row.addEventListener("input", () => this.changed(true));
    remove.addEventListener("click", () => {
      row.remove();
      this.#faultsChanged();
      find("add-fault").focus();
      this.changed(false);
    });
    find("fault-rows").append(row);
    this.#faultsChanged();
    return row;
  }

  #faultsChanged() {
    find("no-faults").hidden = find("fault-rows").children.length > 0;
  }
}

let labels = 0;

function labelled(label, control) {
  control.id = `fault-${++labels}`;
  return el("div", {}, el("label", { htmlFor: control.id }, label), control);
}

function field({ name, label, kind, value, choices, ids }) {
  const id = `parameter-${name}`;
  const type = { flag: "checkbox", integer: "number", seconds: "number", policy: "number" }[kind] ?? "text";
  const control =
    kind === "choice"
      ? el("select", { id }, ...choices.map((each) => el("option", { value: each, selected: each === value }, each)))
      : el("input", { id, type, spellcheck: false });
  if (kind === "flag") control.checked = value;
  else if (kind !== "choice") control.value = value;
  if (type === "number") control.step = kind === "integer" ? "1" : "any";
  if (ids) control.setAttribute("list", "known-ids");
  return el("div", { class: "field" }, el("label", { htmlFor: id }, label), control);
}
