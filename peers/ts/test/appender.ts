/**
 * Appends records to a log for as long as it lives, and says which are there.
 *
 * appender.ts LOG WRITER TEMPLATE SIZE…: record I has the id WRITER-I and a task of the next size in turn, written into
 * the template for RUN_ID and TASK. An id is printed when its append has returned.
 */
import { writeSync } from "node:fs";

import { appendRecord } from "../src/files";

const [log = "", writer = "", template = "", ...sizes] = process.argv.slice(2);
for (let number = 0; ; number++) {
  const id = `${writer}-${number}`;
  appendRecord(log, template.replace("RUN_ID", id).replace("TASK", "x".repeat(Number(sizes[number % sizes.length]))));
  writeSync(1, `${id}\n`);
}
