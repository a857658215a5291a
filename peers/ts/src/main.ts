/** The batch tools in TypeScript: `materializer` and `replay`, as docs/distillation.md says. */

import { UsageError } from "./clock.ts";
import { materializer } from "./materializer.ts";
import { replay } from "./replay.ts";

const TOOLS: Record<string, (words: string[]) => number | Promise<number>> = { materializer, replay };

async function main([name = "", ...words]: string[]): Promise<number> {
  const tool = TOOLS[name];
  try {
    if (tool === undefined) throw new UsageError(`wanted one of ${Object.keys(TOOLS).join(", ")}, got ${name || "nothing"}`);
    return await tool(words);
  } catch (error) {
    const { message, code = "" } = error as Error & { code?: string };
    process.stderr.write(`${name || "lakehouse"}: ${message}\n`);
    return error instanceof UsageError || code.startsWith("ERR_PARSE_ARGS") ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
