// Runs the scenarios of a client against the service at a base URL, and prints what each came to, as one line of JSON:
// `{name: {value}}`, or `{name: {error}}` where it threw.
//
//   node run.mjs openai.mjs http://127.0.0.1:8080/v1

const [, , file, baseURL] = process.argv;
const { scenarios } = await import(new URL(file, import.meta.url));
const found = {};
for (const [name, scenario] of Object.entries(scenarios(baseURL))) {
  try {
    found[name] = { value: (await scenario()) ?? null };
  } catch (error) {
    found[name] = { error: `${error?.stack ?? error}` };
  }
}
console.log(JSON.stringify(found));
