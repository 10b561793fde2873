import { describe, expect, it } from "vitest";
import { severities } from "../../shared/domain/severity.ts";
import { Secret } from "../../shared/domain/secret.ts";
import { wants, type WebhookSubscriber } from "../../shared/domain/webhook-subscriber.ts";

const subscriber: WebhookSubscriber = { id: "desk", url: new URL("https://desk.example"), secret: new Secret("s") };

describe("wants", () => {
  it("is true for everything when the subscriber names nothing", () => {
    expect(wants(subscriber, { kind: "image.gone" })).toBe(true);
    expect(wants(subscriber, { kind: "findings.changed", highestSeverity: "unknown" })).toBe(true);
  });

  it("keeps to the kinds that are named, none when the list is empty", () => {
    const picky = { ...subscriber, kinds: ["scan.failed", "image.gone"] as const };

    expect(wants(picky, { kind: "image.gone" })).toBe(true);
    expect(wants(picky, { kind: "findings.changed", highestSeverity: "critical" })).toBe(false);
    expect(wants({ ...subscriber, kinds: [] }, { kind: "image.gone" })).toBe(false);
  });

  it("keeps to changes that are severe enough, and lets pass what carries no severity", () => {
    const calm = { ...subscriber, minimumSeverity: "high" as const };

    const passing = severities.filter((highestSeverity) => wants(calm, { kind: "findings.changed", highestSeverity }));

    expect(passing).toEqual(["high", "critical"]);
    expect(wants(calm, { kind: "scan.failed" })).toBe(true);
  });
});
