// The contract on standard input and output: one JSON-RPC message a line. Standard output belongs to
// the contract; whatever a person should read goes to standard error.

import { createInterface } from "node:readline";

const METHOD_NOT_FOUND = -32601;
const FAILED = -32000;

/** Answers every request with the method of that name, one after the other, until the input ends. */
export async function serve(client) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { id, method, params } = JSON.parse(line);
    const answer = await answerTo(client, method, params);
    process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id, ...answer }) + "\n");
    if (method === "close") return;
  }
}

async function answerTo(client, method, params) {
  if (typeof client[method] !== "function") {
    return { error: { code: METHOD_NOT_FOUND, message: `there is no method ${method}` } };
  }
  try {
    return { result: (await client[method](params)) ?? {} };
  } catch (error) {
    return { error: { code: FAILED, message: String(error) } };
  }
}
