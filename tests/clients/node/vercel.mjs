// The AI SDK of Vercel, with its provider for the Responses API.

import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, Output, generateText, isStepCount, streamText, tool } from "ai";
import { z } from "zod";

const weather = tool({
  description: "The weather of a city.",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `${city}: 19 degrees`,
});
const Animals = z.object({ animals: z.array(z.string()) });

export function scenarios(baseURL) {
  const openai = createOpenAI({ baseURL, apiKey: "sk-test" });
  const model = openai("gpt-5");
  const given = { model, maxRetries: 0 };

  // What the SDK throws for a request that the service refuses.
  async function refusal(asking, callId) {
    try {
      await asking;
    } catch (error) {
      if (!APICallError.isInstance(error)) throw error;
      const { code, param, message } = error.data.error;
      const said = message.replace(callId, "call_made");
      return { status: error.statusCode, code, param, message: said, again: error.isRetryable };
    }
    throw new Error("it was not refused");
  }

  return {
    async text() {
      const { text, finishReason, usage } = await generateText({ ...given, prompt: "Hello!" });
      return { text, finishReason, usage: usage.totalTokens > 0 };
    },

    async toolCalls() {
      const prompt = "What is the weather in Lyon?";
      const made = await generateText({ ...given, prompt, tools: { weather }, stopWhen: isStepCount(5) });
      return {
        text: made.text,
        calls: made.steps.map((step) => step.toolCalls.map((call) => [call.toolName, call.input])),
        results: made.steps.flatMap((step) => step.toolResults.map((result) => result.output)),
        reasoning: made.steps.map((step) => step.reasoningText ?? null),
      };
    },

    async toolCallsWithoutStore() {
      const prompt = "What is the weather in Lyon?";
      const providerOptions = { openai: { store: false, include: ["reasoning.encrypted_content"] } };
      const made = await generateText({
        ...given,
        prompt,
        providerOptions,
        tools: { weather },
        stopWhen: isStepCount(5),
      });
      return { text: made.text, steps: made.steps.length };
    },

    async stream() {
      const kinds = [];
      let text = "";
      for await (const part of streamText({ ...given, prompt: "Tell me a story." }).fullStream) {
        if (part.type === "error") throw part.error;
        if (part.type === "text-delta") text += part.text;
        if (kinds.at(-1) !== part.type) kinds.push(part.type);
      }
      return { kinds, text };
    },

    async streamOfToolCalls() {
      const prompt = "What is the weather in Lyon?";
      const streamed = streamText({ ...given, prompt, tools: { weather }, stopWhen: isStepCount(5) });
      let written = "";
      const kinds = [];
      for await (const part of streamed.fullStream) {
        if (part.type === "error") throw part.error;
        if (part.type === "tool-input-delta") written += part.delta;
        if (kinds.at(-1) !== part.type) kinds.push(part.type);
      }
      return { kinds, input: JSON.parse(written), text: await streamed.text };
    },

    async structured() {
      const output = Output.object({ schema: Animals });
      const made = await generateText({ ...given, prompt: "Name two animals.", output });
      return made.output;
    },

    async structuredStream() {
      const output = Output.object({ schema: Animals });
      const streamed = streamText({ ...given, prompt: "Name two animals.", output });
      return streamed.output;
    },

    async chain() {
      const first = await generateText({ ...given, prompt: "Hello!" });
      const previousResponseId = first.providerMetadata.openai.responseId;
      const providerOptions = { openai: { previousResponseId } };
      const second = await generateText({ ...given, prompt: "And then?", providerOptions });
      return [first.text, second.text];
    },

    async messagesOfTheTurnBefore() {
      const messages = [{ role: "user", content: "What is the weather in Lyon?" }];
      const first = await generateText({ ...given, messages, tools: { weather }, stopWhen: isStepCount(5) });
      messages.push(...first.responseMessages, { role: "user", content: "Hello!" });
      return (await generateText({ ...given, messages, tools: { weather } })).text;
    },

    async noCallForAnOutput() {
      const output = { type: "text", value: "19 degrees" };
      const result = { type: "tool-result", toolCallId: "call_1", toolName: "weather", output };
      const messages = [{ role: "tool", content: [result] }];
      return refusal(generateText({ ...given, messages, tools: { weather } }));
    },

    async noOutputForACall() {
      const asked = await generateText({
        ...given,
        prompt: "What is the weather in Lyon?",
        tools: { weather: tool({ inputSchema: z.object({ city: z.string() }) }) },
      });
      const previousResponseId = asked.providerMetadata.openai.responseId;
      const providerOptions = { openai: { previousResponseId } };
      return refusal(generateText({ ...given, prompt: "Well?", providerOptions }), asked.toolCalls[0].toolCallId);
    },

    async reasoningWithoutItsItem() {
      const reasoning = {
        type: "reasoning",
        text: "Hm.",
        providerOptions: { openai: { itemId: "rs_1", reasoningEncryptedContent: "gAAAA" } },
      };
      const messages = [
        { role: "user", content: "Hello!" },
        { role: "assistant", content: [reasoning] },
        { role: "user", content: "Well?" },
      ];
      return refusal(generateText({ ...given, messages, providerOptions: { openai: { store: false } } }));
    },

    async chainFromWhatIsNotThere() {
      const providerOptions = { openai: { previousResponseId: "resp_nobody" } };
      return refusal(generateText({ ...given, prompt: "And then?", providerOptions }));
    },
  };
}
