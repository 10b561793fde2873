import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awaitedRequest, pullResolutionMs, recordArrival, type Arrival } from "../../shared/domain/arrival.ts";
import { maximumTags, type ImageRecord, type ImageState } from "../../shared/domain/image-record.ts";
import { parseTag } from "../../shared/domain/image-reference.ts";
import { scanReasons } from "../../shared/domain/scan-request.ts";
import { aDigest, anImage, anImageRecord } from "../support/samples.ts";

const now = new Date("2026-03-05T12:00:00Z");
const later = new Date("2026-03-05T13:00:00Z");

describe("recordArrival", () => {
  it("makes a record of an image that is new, waiting for its scan", () => {
    const record = recordArrival(undefined, { image: anImage(), reason: "pushed", tag: parseTag("1.0") }, now);

    expect(record).toMatchObject({
      image: anImage(),
      state: { kind: "waiting", since: now, reason: "pushed" },
      tags: ["1.0"],
      indexes: [],
      firstSeenAt: now,
    });
  });

  it("gives back the same object when the same news comes twice, so that nothing is written", () => {
    fc.assert(
      fc.property(knownRecord, arrival, (known, news) => {
        const once = recordArrival(known, news, now);

        expect(recordArrival(once, news, later)).toBe(once);
      }),
    );
  });

  it("comes to the same whatever the order of the news", () => {
    const settled = fc.constantFrom(undefined, anImageRecord());
    fc.assert(
      fc.property(settled, fc.array(arrival, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (known, news, order) => {
        const first: Arrival = { image: anImage(), reason: "discovered" };
        const shuffled = news.map((each) => [order.next().value, each] as const).sort(([a], [b]) => a - b);

        const one = [first, ...news].reduce<ImageRecord | undefined>(recordNow, known);
        const other = [first, ...shuffled.map(([, each]) => each)].reduce<ImageRecord | undefined>(recordNow, known);

        expect(essence(one)).toEqual(essence(other));
        expect(Math.abs(pulledAt(one) - pulledAt(other))).toBeLessThan(pullResolutionMs);
      }),
    );
  });

  it("changes no state but that of a manifest that was gone or had failed, and only by newer news", () => {
    fc.assert(
      fc.property(knownRecord, arrival, (known, news) => {
        const { state } = recordArrival(known, news, now);

        const { state: before, lastPushedAt = new Date(0) } = known;
        const isAskedOrPushed = news.reason === "asked" || (news.pushedAt ?? new Date(0)) > lastPushedAt;
        const returned =
          (before.kind === "failed" && isAskedOrPushed) ||
          (before.kind === "gone" &&
            (isAskedOrPushed ||
              (news.pull !== undefined && news.pull.at > before.since) ||
              (news.listedAt !== undefined && news.listedAt > before.since)));
        expect(state).toEqual(returned ? { kind: "waiting", since: now, reason: news.reason } : known.state);
      }),
    );
  });

  it("makes the first look at a discovered image the answer to its push, when that is announced before the look", () => {
    const known = recordArrival(undefined, { image: anImage(), reason: "discovered" }, now);

    const record = recordArrival(known, { image: anImage(), reason: "pushed", pushedAt: now }, later);

    expect(record.state).toEqual({ kind: "waiting", since: later, reason: "pushed" });
  });

  it("keeps the newest tags and indexes only, so that a record stays small", () => {
    const tags = Array.from({ length: maximumTags + 10 }, (_, index) => parseTag(`v${index}`));

    const record = tags.reduce<ImageRecord | undefined>(
      (known, tag) => recordArrival(known, { image: anImage(), reason: "pushed", tag, index: aDigest(tag) }, now),
      undefined,
    );

    expect(record?.tags).toEqual(tags.slice(-maximumTags));
    expect(record?.indexes).toEqual(tags.slice(-maximumTags).map((tag) => aDigest(tag)));
  });

  it.each([
    ["a push that came late", { pushedAt: new Date("2026-02-01T00:00:00Z") }],
    ["a pull that came late", { pull: { at: new Date("2026-02-01T00:00:00Z"), puller: { identity: "old" } } }],
    ["a tag that is known", { tag: parseTag("latest") }],
    ["another platform", { platform: { os: "linux", architecture: "s390x" } }],
  ])("does not let %s change anything", (_, news) => {
    const known = anImageRecord();

    expect(recordArrival(known, { image: anImage(), reason: "pushed", ...news }, now)).toBe(known);
  });

  it("counts pulls close together as one, and notes who pulled when it counts", () => {
    const known = anImageRecord();
    const after = (ms: number): Arrival => ({
      image: anImage(),
      reason: "discovered",
      pull: { at: new Date(pulledAt(known) + ms), puller: { identity: "someone else" } },
    });

    expect(recordArrival(known, after(pullResolutionMs - 1), now)).toBe(known);
    expect(recordArrival(known, after(pullResolutionMs), now)).toMatchObject({
      lastPulledAt: new Date(pulledAt(known) + pullResolutionMs),
      lastPuller: { identity: "someone else" },
    });
  });
});

describe("awaitedRequest", () => {
  it("is always the same request for the same wait", () => {
    const known = anImageRecord({ state: { kind: "waiting", since: now, reason: "due" } });

    const request = { image: known.image, reason: "due", requestedAt: now, attempt: 1, failures: 0 };
    expect(awaitedRequest(known, now)).toEqual(request);
    expect(awaitedRequest({ ...known, tags: [] }, now)).toEqual(request);
  });

  it("is missing while the scan is put off, and then the next attempt", () => {
    const putOff = { failure: "timeout", detail: "", attempts: 3, failures: 2, until: now } as const;
    const known = anImageRecord({ state: { kind: "waiting", since, reason: "pushed", putOff } });

    expect(awaitedRequest(known, new Date(now.getTime() - 1))).toBeUndefined();
    expect(awaitedRequest(known, now)).toMatchObject({ requestedAt: since, attempt: 4, failures: 2 });
  });

  it("is missing in every other state", () => {
    fc.assert(
      fc.property(knownRecord, (known) => {
        expect(awaitedRequest(known, now) === undefined).toBe(known.state.kind !== "waiting");
      }),
    );
  });
});

const since = new Date("2026-03-03T00:00:00Z");

const states: readonly ImageState[] = [
  { kind: "waiting", since, reason: "pushed" },
  { kind: "scanning", since, reason: "due", lease: { holder: "a", message: "b", until: since } },
  { kind: "scanned", since },
  { kind: "expanded", since, manifests: [aDigest()] },
  { kind: "unscannable", since, reason: "windows", detail: "" },
  { kind: "failed", since, failure: "timeout", attempts: 5, detail: "" },
  { kind: "gone", since },
];

const knownRecord = fc.constantFrom(...states).map((state) => anImageRecord({ state }));

const instant = fc.date({ min: new Date("2026-02-01"), max: new Date("2026-04-01"), noInvalidDate: true });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

/** Each index lists an image for one platform, so every piece of news names the same one. */
const arrival: fc.Arbitrary<Arrival> = fc.record({
  image: fc.constant(anImage()),
  reason: fc.constantFrom(...scanReasons),
  tag: maybe(fc.constantFrom("1.4.2", "latest", "2.0").map(parseTag)),
  index: maybe(fc.constantFrom("an index", "another").map(aDigest)),
  platform: maybe(fc.constant({ os: "linux", architecture: "arm64", variant: "v8" })),
  pushedAt: maybe(instant),
  pull: maybe(fc.record({ at: instant, puller: fc.record({ identity: fc.constantFrom("kubelet", "a person") }) })),
  listedAt: maybe(instant),
});

function recordNow(known: ImageRecord | undefined, news: Arrival): ImageRecord {
  return recordArrival(known, news, now);
}

function essence(record: ImageRecord | undefined) {
  if (record === undefined) return undefined;
  const { id, image, state, platform, tags, indexes, lastPushedAt } = record;
  return { id, image, state, platform, lastPushedAt, tags: [...tags].sort(), indexes: [...indexes].sort() };
}

function pulledAt(record: ImageRecord | undefined): number {
  return record?.lastPulledAt?.getTime() ?? 0;
}
