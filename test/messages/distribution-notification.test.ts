import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { RegistryEvent } from "../../shared/domain/registry-event.ts";
import { distributionEvents, parseDistributionEvent } from "../../shared/messages/distribution-notification.ts";
import { InvalidMessageError } from "../../shared/messages/invalid-message-error.ts";
import { recorded } from "./recorded.ts";

const digest = "sha256:7d3620b67a748a5be35914890bcf0b8bd0024cc92b7eef1aa5c64f02b57e2ec3";
const web = { registry: "127.0.0.1:43247", repository: "team/web", digest };
const puller = { identity: undefined, userAgent: "curl/7.88.1" };

describe("a notification of a CNCF distribution registry", () => {
  it.each([
    ["push-manifest", { kind: "pushed", ...web, tag: "1.0", occurredAt: new Date("2026-11-21T08:47:01.014Z") }],
    ["pull-manifest", { kind: "pulled", ...web, puller, occurredAt: new Date("2026-11-21T08:47:01.067Z") }],
    [
      "pull-manifest-head",
      { kind: "pulled", ...web, tag: "1.0", puller, occurredAt: new Date("2026-11-21T08:47:01.049Z") },
    ],
    ["delete-manifest", { kind: "deleted", ...web, occurredAt: new Date("2026-11-21T08:47:01.257Z") }],
  ])("is understood: %s", (file, event) => {
    expect(parseAll(envelope(file))).toEqual({ events: [event], ignored: 0, refused: [] });
  });

  it.each(["push-blob", "pull-blob", "delete-tag"])("says nothing about a manifest: %s", (file) => {
    expect(parseAll(envelope(file))).toEqual({ events: [], ignored: 1, refused: [] });
  });

  it.each([
    ["application/vnd.oci.image.index.v1+json", 1],
    ["application/vnd.docker.distribution.manifest.v2+json", 1],
    ["application/vnd.docker.distribution.manifest.list.v2+json", 1],
    ["application/vnd.oci.image.layer.v1.tar+gzip", 0],
    ["application/vnd.docker.container.image.v1+json", 0],
  ])("knows manifests by their media type: %s", (mediaType, events) => {
    const parsed = parseAll({ events: [changed("push-manifest", { target: { mediaType } })] });

    expect(parsed.events).toHaveLength(events);
  });

  it("ignores what is neither push, pull nor delete", () => {
    const parsed = parseAll({ events: [changed("push-manifest", { action: "mount" })] });

    expect(parsed).toMatchObject({ events: [], ignored: 1, refused: [] });
  });

  it("tells who pulled, cut to a length that can be stored", () => {
    const event = changed("pull-manifest", { actor: { name: "a".repeat(1000) }, request: { useragent: "" } });

    expect(parseAll({ events: [event] }).events).toMatchObject([
      { puller: { identity: "a".repeat(200), userAgent: undefined } },
    ]);
  });

  it("leaves out a tag that is none rather than losing the push", () => {
    const event = changed("push-manifest", { target: { tag: "not a tag" } });

    expect(parseAll({ events: [event] }).events).toMatchObject([{ digest, tag: undefined }]);
  });
});

describe("an envelope", () => {
  it("keeps its good events when one is bad, and says what is wrong with that", () => {
    const good = changed("push-manifest", {});
    const bad = changed("push-manifest", { target: { digest: "sha256:beef" } });

    const parsed = parseAll({ events: [bad, good, changed("push-blob", {}), good] });

    expect(parsed.events).toHaveLength(2);
    expect(parsed.ignored).toBe(1);
    expect(parsed.refused).toEqual([
      { reason: "Not an event of a registry: target.digest is not a sha256 digest.", event: bad },
    ]);
  });

  it.each<[unknown, string]>([
    [null, "it: Invalid input"],
    ["push", "it: Invalid input"],
    [{ action: "push" }, "target: "],
    [changed("push-manifest", { timestamp: "soon" }), "timestamp: "],
    [changed("push-manifest", { request: { host: "a b" } }), "request.host is not a registry host"],
    [changed("push-manifest", { request: { host: undefined } }), "request.host is not a registry host"],
    [changed("push-manifest", { target: { repository: "../x" } }), "target.repository is not a repository"],
    [changed("push-manifest", { target: { digest: undefined } }), "target.digest is not a sha256 digest"],
    [changed("delete-manifest", { target: { digest: "latest" } }), "target.digest is not a sha256 digest"],
  ])("sets aside %j", (event, reason) => {
    expect(() => parseDistributionEvent(event)).toThrow(`Not an event of a registry: ${reason}`);
  });

  it.each<[unknown, RegExp]>([
    [null, /it: /],
    [[], /it: /],
    [{}, /events: /],
    [{ events: "push" }, /events: /],
    [{ events: Array.from({ length: 5001 }, () => ({})) }, /events: /],
  ])("is refused as a whole when it is none", (value, names) => {
    expect(() => distributionEvents(value)).toThrow(InvalidMessageError);
    expect(() => distributionEvents(value)).toThrow(names);
  });
});

function envelope(file: string): { readonly events: readonly Record<string, unknown>[] } {
  const events = z.array(z.record(z.string(), z.unknown()));
  return z.object({ envelope: z.object({ events }) }).parse(recorded(`distribution/${file}.json`)).envelope;
}

/** The recorded event with some members of its members changed. */
function changed(file: string, changes: Record<string, unknown>): unknown {
  const [event] = envelope(file).events;
  return Object.entries(changes).reduce<Record<string, unknown>>(
    (result, [name, change]) => ({
      ...result,
      [name]:
        typeof change === "object"
          ? { ...z.record(z.string(), z.unknown()).parse(result[name] ?? {}), ...change }
          : change,
    }),
    event ?? {},
  );
}

/** As the function that receives an envelope goes through it. */
function parseAll(value: unknown) {
  const events: RegistryEvent[] = [];
  const refused: { readonly reason: string; readonly event: unknown }[] = [];
  let ignored = 0;
  for (const raw of distributionEvents(value))
    try {
      const event = parseDistributionEvent(raw);
      if (event === undefined) ignored += 1;
      else events.push(event);
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      refused.push({ reason: error.message, event: raw });
    }
  return { events, ignored, refused };
}
