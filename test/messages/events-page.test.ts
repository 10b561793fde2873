import { silentLog } from "../../shared/ports/log.ts";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { sqlMatcher } from "../../shared/adapters/sqlite/broker/sql-filter.ts";
import { signedWebhookSender } from "../../shared/adapters/webhook/signed-webhook-sender.ts";
import { alertKinds, type Alert } from "../../shared/domain/alert.ts";
import { decideStateAlerts } from "../../shared/domain/decide-alerts.ts";
import { Secret } from "../../shared/domain/secret.ts";
import { alertEventType, alertProperties, formatAlertEvent } from "../../shared/messages/alert-event.ts";
import { deliverWebhook } from "../../shared/use-cases/deliver-webhook.ts";
import { manualClock } from "../support/manual-clock.ts";
import { aDatabase, aFindingsChangedAlert, anImage, anImageRecord } from "../support/samples.ts";
import { problemsOf } from "./event-validation.ts";

/** docs/events.md is read by people who build on it: what it says is tried. */

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(resolve(root, "docs/events.md"), "utf8");

describe("the examples", () => {
  const examples = blocks("json").map((text): unknown => JSON.parse(text));

  it.each(alertKinds)("show a whole %s that its JSON Schema takes", (kind) => {
    const ofKind = examples.filter((example) => Typed.parse(example).type === alertEventType(kind));

    expect(ofKind.map((example) => problemsOf(kind, example))).toEqual([[]]);
  });
});

describe("the SQL filters", () => {
  const gone = decideStateAlerts(anImageRecord({ state: { kind: "gone", since: new Date(0) } }));
  const failed = decideStateAlerts(
    anImageRecord({ state: { kind: "failed", since: new Date(0), failure: "timeout", attempts: 5, detail: "" } }),
  );
  const others = [
    aFindingsChangedAlert({ highestSeverity: "low" }),
    aFindingsChangedAlert({ highestSeverity: "high", fixAvailable: false }),
    aFindingsChangedAlert({ image: anImage({ repository: "other/web" }) }),
  ];
  const stale: Alert = {
    ...{ kind: "database.stale", id: "1", occurredAt: new Date(0), database: aDatabase, ageHours: 25, limitHours: 24 },
  };
  const alerts = [aFindingsChangedAlert({ highestSeverity: "critical" }), ...others, ...gone, ...failed, stale];

  it.each([
    [0, ["critical", "high", "high"]],
    [1, ["critical", "high"]],
    [2, ["critical", "low", "high", "image.gone", "scan.failed"]],
    [3, ["scan.failed"]],
    [4, ["database.stale"]],
  ])("let through what the text says, number %i", (index, through) => {
    const matches = sqlMatcher(blocks("sql")[index]?.trim() ?? "");

    const passing = alerts.filter((alert) =>
      matches({ messageId: alert.id, body: "", applicationProperties: alertProperties(alert) }),
    );

    expect(passing.map((alert) => ("highestSeverity" in alert ? alert.highestSeverity : alert.kind))).toEqual(through);
  });
});

it("the schedule is the one that is kept", async () => {
  const clock = manualClock();
  const waits: number[] = [];
  const deadLetters: string[] = [];
  const deliver = deliverWebhook({
    clock,
    subscribers: [{ id: "desk", url: new URL("https://desk.example"), secret: new Secret("s") }],
    sender: { send: async () => ({ kind: "refused", status: 500 }) },
    deliveries: { send: async (_, until) => void waits.push(((until?.getTime() ?? 0) - clock.now().getTime()) / 1000) },
    deadLetters: { add: async ({ reason }) => void deadLetters.push(reason) },
    deliveryLog: { add: async () => undefined },
    log: silentLog,
  });

  for (let attempt = 1; attempt <= 10; attempt++)
    await deliver({ subscriber: "desk", alertId: "a1", event: "{}", attempt });

  expect(waits).toEqual(scheduleOnPage());
  expect(deadLetters).toEqual(["webhook-given-up"]);
});

describe("the receiver in TypeScript", () => {
  const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
  const code = (blocks("ts")[0] ?? "").replace(
    ".listen(8080)",
    '.listen(0, "127.0.0.1", function () { console.log(this.address().port) })',
  );
  let receiver: ChildProcessByStdio<null, Readable, null>;
  let printed = "";
  let url: URL;
  beforeAll(async () => {
    receiver = spawn(process.execPath, ["--input-type=module-typescript", "--eval", code], {
      cwd: root,
      env: { WEBHOOK_SECRET: secret },
      stdio: ["ignore", "pipe", "inherit"],
    });
    receiver.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    await once(receiver.stdout, "data", { signal: AbortSignal.timeout(20_000) });
    url = new URL(`http://127.0.0.1:${printed.trim()}`);
  });
  afterAll(async () => {
    receiver.kill();
    if (receiver.exitCode === null && receiver.signalCode === null) await once(receiver, "exit");
  });

  const alert = aFindingsChangedAlert();
  const sender = signedWebhookSender({ userAgent: "tidewatch/test", timeoutMs: 10_000 });
  const send = (key: string) =>
    sender.send({ url, secret: new Secret(key), id: alert.id, sentAt: new Date(), body: formatAlertEvent(alert) });

  it("takes what is signed, and works on it once", async () => {
    const answers = [await send(secret), await send(secret)];

    expect(answers).toEqual([
      { kind: "accepted", status: 204 },
      { kind: "accepted", status: 204 },
    ]);
    expect(printed.match(/dev\.tidewatch\.findings\.changed team\/web@sha256:/g)).toHaveLength(1);
  });

  it("refuses what is signed with another secret", async () => {
    expect(await send(`whsec_${Buffer.alloc(32, 6).toString("base64")}`)).toMatchObject({ status: 401 });
  });
});

const Typed = z.object({ type: z.string() });

function blocks(language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, "gm"))].map(([, text]) => text ?? "");
}

/** In seconds. */
function scheduleOnPage(): readonly number[] {
  const units: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600 };
  const rows = page.matchAll(/^\| \d+ +\| (\d+) (seconds|minutes|hours) +\|$/gm);
  return [...rows].map(([, count, unit]) => Number(count) * (units[unit ?? ""] ?? NaN));
}
