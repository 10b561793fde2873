import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { Secret } from "../../shared/domain/secret.ts";

const secret = new Secret("hunter2");

describe("Secret", () => {
  it("gives its value to who asks for it", () => {
    expect(secret.reveal()).toBe("hunter2");
  });

  it.each([
    ["a template", () => String(secret)],
    ["JSON", () => JSON.stringify({ password: secret, list: [secret] })],
    ["a log line", () => inspect({ password: secret }, { showHidden: true, depth: 9 })],
    ["an error and its cause", () => inspect(new Error("no", { cause: secret }))],
    ["its members", () => JSON.stringify([Object.entries(secret), Object.getOwnPropertyNames(secret)])],
    ["a copy", () => inspect(structuredClone(secret))],
  ])("does not show it in %s", (_, print) => {
    expect(print()).not.toContain("hunter2");
  });
});
