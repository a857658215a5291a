#!/usr/bin/env node
// Resumable uploads on npm's @tus/server, kept in a new folder: flow-tus PORT.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const directory = mkdtempSync(join(tmpdir(), "flow-tus-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
process.on("SIGTERM", () => process.exit(0));
const server = new Server({ path: "/files", datastore: new FileStore({ directory }), maxSize: 1000 });
server.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
