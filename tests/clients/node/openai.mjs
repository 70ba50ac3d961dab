// The official client for JavaScript.

import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

const model = "gpt-4o-mini";
const weather = {
  type: "function",
  name: "get_weather",
  strict: true,
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};
const Animals = z.object({ animals: z.array(z.string()) });
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export function scenarios(baseURL) {
  const client = new OpenAI({ baseURL, apiKey: "sk-test", maxRetries: 0 });
  const { responses } = client;

  // What the client throws for a request that the service refuses.
  async function refusal(asking, id) {
    try {
      await asking;
    } catch (error) {
      const { status, code, param } = error;
      return { kind: error.constructor.name, status, code, param, message: error.message.replace(id, "resp_deleted") };
    }
    throw new Error("it was not refused");
  }

  async function ended(id) {
    const seen = [];
    for (let response = await responses.retrieve(id); ; response = await responses.retrieve(id)) {
      if (seen.at(-1) !== response.status) seen.push(response.status);
      if (!["queued", "in_progress"].includes(response.status)) return { seen, text: response.output_text };
      await pause(20);
    }
  }

  return {
    async text() {
      const created = await responses.create({ model, input: "Hello!" });
      const { output_text, status } = await responses.retrieve(created.id);
      return { output_text, status, usage: created.usage.total_tokens > 0 };
    },

    async toolCall() {
      const input = [{ role: "user", content: "What is the weather in Lyon?" }];
      const asked = await responses.create({ model, input, tools: [weather] });
      const call = asked.output.find((item) => item.type === "function_call");
      const { city } = JSON.parse(call.arguments);
      input.push(...asked.output, { type: "function_call_output", call_id: call.call_id, output: `${city}: 19 degrees` });
      const said = await responses.create({ model, input, tools: [weather] });
      return { kinds: asked.output.map((item) => item.type), name: call.name, city, said: said.output_text };
    },

    async toolCallInAChain() {
      const given = { model, tools: [weather] };
      const asked = await responses.create({ ...given, input: "What is the weather in Lyon?" });
      const { call_id } = asked.output.at(-1);
      const input = [{ type: "function_call_output", call_id, output: "19 degrees" }];
      const said = await responses.create({ ...given, input, previous_response_id: asked.id });
      return said.output_text;
    },

    async stream() {
      const kinds = [];
      const numbers = [];
      let text = "";
      for await (const event of await responses.create({ model, input: "Tell me a story.", stream: true })) {
        kinds.push(event.type);
        numbers.push(event.sequence_number);
        if (event.type === "response.output_text.delta") text += event.delta;
      }
      return { kinds: [...new Set(kinds)], text, inOrder: numbers.every((number, index) => number === index) };
    },

    async streamOfAToolCall() {
      let written = "";
      let done = null;
      const stream = responses.stream({ model, input: "What is the weather in Lyon?", tools: [weather] });
      stream.on("response.function_call_arguments.delta", (event) => (written += event.delta));
      stream.on("response.function_call_arguments.done", (event) => (done = event.arguments));
      const final = await stream.finalResponse();
      return { joined: written === done, done, kinds: final.output.map((item) => item.type) };
    },

    async structured() {
      const text = { format: zodTextFormat(Animals, "animals") };
      const parsed = await responses.parse({ model, input: "Name two animals.", text });
      return parsed.output_parsed;
    },

    async structuredStream() {
      const text = { format: zodTextFormat(Animals, "animals") };
      const final = await responses.stream({ model, input: "Name two animals.", text }).finalResponse();
      return final.output_parsed;
    },

    async refusalOfTheModel() {
      const { output } = await responses.create({ model, input: "Refuse!" });
      return output[0].content[0];
    },

    async background() {
      const created = await responses.create({ model, input: "Take your time.", background: true });
      return { first: created.status, ...(await ended(created.id)) };
    },

    async backgroundStreamThatIsResumed() {
      const given = { model, input: "Take your time.", background: true, stream: true };
      let id, last;
      const numbers = [];
      for await (const event of await responses.create(given)) {
        id ??= event.response?.id;
        numbers.push((last = event.sequence_number));
        if (numbers.length === 4) break;
      }
      let end;
      for await (const event of await responses.retrieve(id, { stream: true, starting_after: last })) {
        numbers.push(event.sequence_number);
        end = event.type;
      }
      return { end, inOrder: numbers.every((number, index) => number === index) };
    },

    async cancel() {
      const created = await responses.create({ model, input: "Never end.", background: true });
      const cancelled = await responses.cancel(created.id);
      const again = await responses.cancel(created.id);
      const { status } = await responses.retrieve(created.id);
      return [cancelled.status, again.status, status];
    },

    async cancelOfAForegroundResponse() {
      const created = await responses.create({ model, input: "Hello!" });
      return refusal(responses.cancel(created.id));
    },

    async delete() {
      const created = await responses.create({ model, input: "Hello!" });
      await responses.delete(created.id);
      const retrieved = await refusal(responses.retrieve(created.id), created.id);
      return [retrieved, await refusal(responses.delete(created.id), created.id)];
    },

    async paging() {
      const input = Array.from({ length: 45 }, (_, number) => ({ role: "user", content: `${number}` }));
      const created = await responses.create({ model, input });
      const listed = { asc: [], desc: [] };
      for (const order of ["asc", "desc"]) {
        for await (const item of responses.inputItems.list(created.id, { limit: 20, order })) {
          listed[order].push(Number(item.content[0].text));
        }
      }
      const pages = [];
      for await (const page of (await responses.inputItems.list(created.id, { limit: 20 })).iterPages()) {
        pages.push(page.data.length);
      }
      return { ...listed, pages };
    },

    async conversation() {
      const conversation = await client.conversations.create({ metadata: { topic: "test" } });
      await responses.create({ model, input: "Hello!", conversation: conversation.id });
      const said = [];
      for await (const item of client.conversations.items.list(conversation.id, { order: "asc" })) {
        said.push(`${item.role}: ${item.content[0].text}`);
      }
      return said;
    },

    async countAndCompact() {
      const input = "one two three";
      const counted = await responses.inputTokens.count({ model, input });
      const compacted = await responses.compact({ model, input });
      return { tokens: counted.input_tokens, kinds: compacted.output.map((item) => item.type) };
    },

    async models() {
      const ids = [];
      for await (const each of client.models.list()) ids.push(each.id);
      return ids.includes(model);
    },

    async noOutputForACall() {
      const call = { type: "function_call", call_id: "call_1", name: "get_weather", arguments: "{}" };
      return refusal(responses.create({ model, input: [call, { role: "user", content: "Well?" }] }));
    },

    async noCallForAnOutput() {
      const output = { type: "function_call_output", call_id: "call_1", output: "19 degrees" };
      return refusal(responses.create({ model, input: [output] }));
    },

    async reasoningWithoutItsItem() {
      const reasoning = { type: "reasoning", id: "rs_1", summary: [] };
      return refusal(responses.create({ model, input: [reasoning, { role: "user", content: "Well?" }] }));
    },

    async foreignId() {
      const message = { type: "message", id: "chatcmpl-1", role: "assistant", content: "Hello!" };
      return refusal(responses.create({ model, input: [message] }));
    },

    async chainFromWhatWasDeleted() {
      const created = await responses.create({ model, input: "Hello!" });
      await responses.delete(created.id);
      return refusal(responses.create({ model, input: "And then?", previous_response_id: created.id }), created.id);
    },
  };
}
