import { describe, expect, it } from "vitest";
import { structuredLog } from "../../../../shared/hosts/embedded/functions/structured-log.ts";

const clock = { now: () => new Date("2026-01-02T03:04:05.678Z") };

function written(options: { readonly pretty?: boolean; readonly level?: "debug" | "warn" }) {
  const lines: string[] = [];
  return { log: structuredLog({ write: (line) => lines.push(line), clock, ...options }), lines };
}

describe("a log line", () => {
  it("is one JSON object with time, level, message and the fields", () => {
    const { log, lines } = written({});

    log.info("It\nhappened", { function: "scan", invocationId: "1", count: 3n, at: new Date(0), none: undefined });

    expect(lines).toEqual([
      '{"time":"2026-01-02T03:04:05.678Z","level":"info","message":"It\\nhappened","function":"scan","invocationId":"1","count":"3","at":"1970-01-01T00:00:00.000Z"}\n',
    ]);
  });

  it("shows an error with its stack", () => {
    const { log, lines } = written({});

    log.error("Failed", { cause: new TypeError("odd") });

    const stack: unknown = expect.stringContaining("structured-log.test");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ cause: { name: "TypeError", message: "odd", stack } });
  });

  it("below the level is dropped", () => {
    const { log, lines } = written({ level: "warn" });

    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");

    expect(lines).toHaveLength(2);
  });

  it("is readable on a terminal, which text from outside can neither break nor steer", () => {
    const { log, lines } = written({ pretty: true });

    log.warn("Odd\n\u001b[31m", { function: "scan", note: "two words", code: "\u001b]0;x" });

    expect(lines).toEqual([
      String.raw`03:04:05.678 warn  Odd\n\u001b[31m function=scan note="two words" code="\u001b]0;x"` + "\n",
    ]);
  });
});
