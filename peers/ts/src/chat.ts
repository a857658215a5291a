/** Asking a model through a gateway: a request in, an answer out, within one deadline. */

import { request as plainRequest } from "node:http";
import { request as securedRequest } from "node:https";

export interface ChatAnswer {
  content: string;
  promptTokens: number;
  completionTokens: number;
}

/** A model could not be asked; the message says what came instead. */
export class NoAnswerError extends Error {}

const TIMEOUT_MS = 30_000;
const MAX_BYTES = 8 << 20;

export async function ask(gateway: string, model: string, bundle: string, task: string): Promise<ChatAnswer> {
  const system = bundle === "" ? [] : [{ role: "system", content: bundle }];
  const body = JSON.stringify({ model, messages: [...system, { role: "user", content: task }], temperature: 0, max_tokens: 512 });
  const [status, said] = await post(new URL(`${gateway.replace(/\/+$/, "")}/v1/chat`), body);
  if (status !== 200) throw new NoAnswerError(String(status));
  return read(said);
}

function read(said: string): ChatAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(said);
  } catch {
    throw new NoAnswerError("no answer");
  }
  const { content, usage = {} } = (answer ?? {}) as { content?: unknown; usage?: unknown };
  const { prompt_tokens = 0, completion_tokens = 0 } = (usage ?? {}) as Record<string, unknown>;
  const isAnswer = typeof content === "string" && Number.isInteger(prompt_tokens) && Number.isInteger(completion_tokens);
  if (!isAnswer) throw new NoAnswerError("no answer");
  return { content, promptTokens: prompt_tokens as number, completionTokens: completion_tokens as number };
}

function post(url: URL, body: string): Promise<[number, string]> {
  const send = url.protocol === "https:" ? securedRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new NoAnswerError("no answer"));
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = send(url, { method: "POST", headers, signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const received: Buffer[] = [];
      let size = 0;
      response.on("data", (piece: Buffer) => {
        received.push(piece);
        size += piece.length;
        if (size > MAX_BYTES) response.destroy(new NoAnswerError("no answer"));
      });
      response.on("end", () => resolve([response.statusCode ?? 0, Buffer.concat(received).toString()]));
      response.on("error", fail);
    });
    sent.on("error", fail);
    sent.end(body);
  });
}
