import { describe, expect, it } from "vitest";
import type { ImageState } from "../../shared/domain/image-record.ts";
import { whyNoVerdict } from "../../shared/messages/api-no-verdict.ts";
import { aDigest, anImageRecord } from "../support/samples.ts";

const since = new Date("2026-03-02T10:00:00Z");
const lease = { holder: "a", message: "b", until: since };
const putOff = {
  failure: "registry-unavailable",
  detail: "It answered 503.",
  attempts: 1,
  failures: 0,
  until: since,
} as const;
const failed: ImageState = { kind: "failed", since, failure: "timeout", attempts: 5, detail: "It took 600 s." };
const waiting: ImageState = { kind: "waiting", since, reason: "pushed" };

describe("an image without a verdict", () => {
  it.each<[ImageState, string]>([
    [waiting, "This image waits for its first scan."],
    [
      { ...waiting, putOff },
      "The first scan of this image waits until 2026-03-02T10:00:00.000Z (registry-unavailable): It answered 503.",
    ],
    [{ kind: "scanning", since, reason: "pushed", lease }, "This image is being scanned for the first time."],
    [failed, "This image could not be scanned (timeout): It took 600 s."],
    [{ kind: "gone", since }, "The registry no longer had this image when it was to be scanned."],
  ])("says why: %j", (state, why) => {
    expect(whyNoVerdict(anImageRecord({ state, scan: undefined }))).toBe(why);
  });

  it("says so even if it could be judged once", () => {
    const state = { kind: "unscannable", since, reason: "windows", detail: "No advisories." } as const;

    expect(whyNoVerdict(anImageRecord({ state }))).toBe("This image cannot be judged (windows): No advisories.");
  });

  it("is an index as well: its manifests are judged, not it", () => {
    const state = { kind: "expanded", since, manifests: [aDigest()] } as const;

    expect(whyNoVerdict(anImageRecord({ state, scan: undefined }))).toMatch(/^This is an index/);
  });
});

it.each<ImageState>([{ kind: "scanned", since }, failed, waiting, { kind: "gone", since }])(
  "the newest scan that succeeded stays the verdict: %j",
  (state) => {
    expect(whyNoVerdict(anImageRecord({ state }))).toBeUndefined();
  },
);
