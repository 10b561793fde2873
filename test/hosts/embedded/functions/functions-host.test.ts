import { describe, expect, it, vi } from "vitest";
import { seen } from "./fixtures/seen-hooks.ts";
import { startHost } from "./start-host.ts";

const functions = () => import("./fixtures/hooked-functions.ts");

describe("hooks", () => {
  it("run at start and at stop, sharing their data, once however often the host is stopped", async () => {
    seen.length = 0;
    const host = await startHost({ functions });
    const atStart = [...seen];

    await Promise.all([host.stop(), host.stop()]);
    await host.stop();

    expect([atStart, seen]).toEqual([["appStart"], ["appStart", "appTerminate kept"]]);
  });

  it("before and after an invocation change inputs, handler, result and error", async () => {
    seen.length = 0;
    const { invoke } = await startHost({ functions });

    expect(await invoke("greet", { id: 1 })).toEqual({ changed: { id: 1, replaced: true } });
    expect(await invoke("swap")).toBe("swapped");
    expect(await invoke("forgive")).toBeUndefined();
    expect(seen).toContain("post pre");
  });

  it("for logs change level and message", async () => {
    const { invoke, logged } = await startHost({ functions });

    await invoke("speak");

    expect(logged()).toContainEqual(expect.objectContaining({ level: "warn", message: "[hidden]", function: "speak" }));
    expect(JSON.stringify(logged())).not.toContain("a secret");
  });
});

describe("invoke", () => {
  it.each([
    ["timer", undefined, { isPastDue: false, schedule: { adjustForDST: true }, scheduleStatus: null }],
    ["queue", { a: 1 }, { a: 1 }],
    ["queue", "text", "text"],
    ["number", undefined, 1.5],
  ])("runs %s with %j and resolves to what it returned", async (name, input, expected) => {
    const { invoke } = await startHost({ functions });

    expect(await invoke(name, input)).toEqual(expected);
  });

  it.each([
    ["nobody", "There is no function nobody"],
    ["http", "http is an HTTP function"],
    ["throwText", "just text"],
  ])("of %s rejects", async (name, message) => {
    const { invoke } = await startHost({ functions });

    await expect(invoke(name)).rejects.toThrow(message);
  });

  it("rejects after the functionTimeout of host.json", async () => {
    const { invoke, logged } = await startHost({
      functions,
      hostJson: { version: "2.0", functionTimeout: "00:00:00.05" },
    });

    await expect(invoke("endless")).rejects.toThrow("endless did not end within 0.05 s");
    expect(logged()).toContainEqual(expect.objectContaining({ level: "error", function: "endless" }));
  });
});

describe("a host", () => {
  it("lists its functions with their triggers", async () => {
    const host = await startHost({ functions, appSettings: { "AzureWebJobs.queue.Disabled": "true" } });

    expect(host.functions).toEqual(
      expect.arrayContaining([
        { name: "timer", trigger: "timer", source: "0 0 0 1 1 *", disabled: false },
        { name: "queue", trigger: "serviceBus", source: "q", disabled: true },
        { name: "http", trigger: "http", source: "GET,POST /api/http", disabled: false },
      ]),
    );
  });

  it("refuses to be the second in its process, until the first has stopped", async () => {
    const first = await startHost({ functions });

    await expect(startHost({ functions })).rejects.toThrow("already runs in this process");
    await first.stop();

    expect((await startHost({ functions })).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("leaves nothing behind when its port is taken", async () => {
    const first = await startHost({ functions });
    const port = Number(new URL(first.url).port);
    await first.stop();
    const { createServer } = await import("node:net");
    const other = createServer().listen(port, "127.0.0.1");
    await vi.waitFor(() => expect(other.listening).toBe(true));

    await expect(startHost({ functions, listen: { port } })).rejects.toThrow("EADDRINUSE");
    other.close();

    await startHost({ functions });
  });

  it("stops when its signal is aborted", async () => {
    const controller = new AbortController();
    const { url } = await startHost({ functions, signal: controller.signal });

    controller.abort();

    await vi.waitFor(async () => expect(fetch(`${url}/api/http`)).rejects.toThrow());
  });

  it("says what is wrong with host.json", async () => {
    await expect(startHost({ functions, hostJson: { version: "2.0", functionTimeout: "soon" } })).rejects.toThrow(
      '"soon" is not a time span like 00:30:00',
    );
  });
});

describe("stopping while a request is in progress", () => {
  it("answers it, and refuses new ones", async () => {
    const { url, stop } = await startHost({ functions: () => import("./fixtures/http-functions.ts") });
    const slow = fetch(`${url}/api/slow`);
    await new Promise((resolve) => setTimeout(resolve, 100));

    const stopped = stop();
    const late = await fetch(`${url}/api/nothing`).then(
      ({ status }) => status,
      () => "refused",
    );

    expect(["refused", 503]).toContain(late);
    expect(await (await slow).text()).toBe("done");
    await stopped;
  });

  it("sends a long answer to its end", async () => {
    const { url, stop } = await startHost({ functions: () => import("./fixtures/http-functions.ts") });
    const response = await fetch(`${url}/api/large`);

    const stopped = stop();

    expect((await response.arrayBuffer()).byteLength).toBe(32_000_000);
    await stopped;
  });
});
