import * as z from "zod";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ImageReference } from "../../shared/domain/image-reference.ts";
import { parseRegistryHost, parseRepository, parseTag } from "../../shared/domain/image-reference.ts";
import { buildHost } from "../../shared/hosts/host.ts";
import type { RegistryEvent } from "../../shared/domain/registry-event.ts";
import { helmChart } from "../support/images/artifacts.ts";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { blob, json, type Manifest } from "../support/images/descriptor.ts";
import { push } from "../support/images/push.ts";
import { alpineImage, multiPlatformIndex } from "../support/images/sample-images.ts";
import { encryptedImage, windowsImage } from "../support/images/unscannable-images.ts";
import { aFinding, manyFindings } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;

beforeEach(async () => {
  workshop = await openWorkshop();
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

const repository = parseRepository("team/web");

async function pushed(manifest: Manifest): Promise<ImageReference> {
  const { digest } = await push(workshop.registry.url, repository, manifest);
  return { registry: workshop.registry.host, repository, digest };
}

const PartOfAlert = z.object({
  data: z.object({ parts: z.number(), findings: z.array(z.object({ id: z.string() })) }),
});

function pushOf(image: ImageReference, tag = "1.0"): RegistryEvent {
  return {
    kind: "pushed",
    ...image,
    tag: parseTag(tag),
    occurredAt: workshop.clock.now(),
  };
}

describe("a push", () => {
  it("leads to a scan, a stored result and one alert", async () => {
    workshop.scanner.findings = [aFinding()];
    const image = await pushed(await alpineImage());

    await workshop.host.acceptRegistryEvent(pushOf(image, "1.0"));
    const ended = await workshop.work();

    expect(ended).toEqual([{ kind: "scanned", findings: 1, alerts: 1 }]);
    const record = await workshop.read(image);
    expect(record).toMatchObject({
      state: { kind: "scanned" },
      tags: ["1.0"],
      platform: { os: "linux", architecture: "amd64" },
      scan: { reason: "pushed", counts: { high: 1 } },
    });
    expect((await workshop.host.readFindings(record?.id ?? ""))?.findings).toEqual([
      { ...aFinding(), firstSeenAt: record?.scan?.scannedAt },
    ]);
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["findings.changed"]);
  });

  it("under ten tags, told in any order and twice, is scanned once and keeps the tags", async () => {
    const image = await pushed(await alpineImage());
    const tags = Array.from({ length: 10 }, (_, index) => `1.${index.toString()}`);

    await Promise.all([...tags, ...tags].map((tag) => workshop.host.acceptRegistryEvent(pushOf(image, tag))));
    await workshop.work();
    await workshop.host.acceptRegistryEvent(pushOf(image, "late"));
    await workshop.work();

    expect(workshop.scanner.begun).toHaveLength(1);
    expect((await workshop.read(image))?.tags.toSorted()).toEqual([...tags, "late"].toSorted());
    expect(await workshop.alerts()).toHaveLength(1);
  });

  it("of an image without findings is answered, so that a pipeline need not wait in vain", async () => {
    const image = await pushed(await alpineImage());

    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();

    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["scan.completed"]);
  });

  it("of an image with 20,000 findings is committed at once and told in parts that hold each finding once", async () => {
    workshop.scanner.findings = manyFindings(20_000);
    const image = await pushed(await alpineImage());

    await workshop.host.acceptRegistryEvent(pushOf(image));
    const [ended] = await workshop.work();

    expect(ended).toMatchObject({ kind: "scanned", findings: 20_000 });
    const events = (await workshop.alerts()).map(({ event }) => PartOfAlert.parse(JSON.parse(event)).data);
    expect(events.length).toBeGreaterThan(50);
    expect(new Set(events.flatMap(({ findings }) => findings.map(({ id }) => id))).size).toBe(20_000);
    expect(events.every(({ parts }) => parts === events.length)).toBe(true);
  });

  it("of an index is expanded: a scan for each platform, a record for each attestation, one alert", async () => {
    workshop.scanner.findings = [aFinding()];
    const index = await pushed(await multiPlatformIndex());

    await workshop.host.acceptRegistryEvent(pushOf(index, "1.0"));
    await workshop.host.acceptRegistryEvent(pushOf(index));
    const ended = await workshop.work();

    expect(ended.filter(({ kind }) => kind === "scanned")).toHaveLength(3);
    expect(await workshop.alerts()).toHaveLength(1);
    const { items } = await workshop.host.listImages({}, { limit: 100 });
    expect(items.map(({ state }) => state.kind).toSorted()).toEqual([
      "expanded",
      "scanned",
      "scanned",
      "scanned",
      "unscannable",
      "unscannable",
      "unscannable",
    ]);
    expect(items.filter(({ indexes }) => indexes.includes(index.digest))).toHaveLength(6);
  });

  it.each([
    ["a chart", () => helmChart({ name: "web", version: "1.0.0" }), "not-an-image", []],
    ["a Windows image", windowsImage, "windows", ["image.unscannable"]],
    ["an encrypted image", encryptedImage, "encrypted", ["image.unscannable"]],
  ])("of %s is recorded with the reason and never scanned", async (_what, make, reason, kinds) => {
    const image = await pushed(await make());

    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();

    expect((await workshop.read(image))?.state).toMatchObject({ kind: "unscannable", reason });
    expect(workshop.scanner.begun).toEqual([]);
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("of an image that is deleted before its scan is recorded as gone", async () => {
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await deleteManifest(workshop.registry.url, repository, image.digest);

    const ended = await workshop.work();

    expect(ended).toEqual([{ kind: "gone" }]);
    expect((await workshop.read(image))?.state.kind).toBe("gone");
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["image.gone"]);
  });

  it("of a registry that is not on the list is refused without contact", async () => {
    const image = await pushed(await alpineImage());
    const before = workshop.registry.requests.all().length;

    const accepted = await workshop.host.acceptRegistryEvent({
      ...pushOf(image),
      registry: parseRegistryHost("evil.example"),
    });

    expect(accepted).toBe("unknownRegistry");
    expect(workshop.registry.requests.all()).toHaveLength(before);
    expect((await workshop.host.listImages({}, { limit: 10 })).items).toEqual([]);
  });
});

describe("an index", () => {
  it("cannot hide an image by calling it an attestation", async () => {
    workshop.scanner.findings = [aFinding()];
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    const { descriptor } = await alpineImage();
    const lie = {
      ...descriptor,
      platform: { os: "unknown", architecture: "unknown" },
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    };
    const mediaType = "application/vnd.oci.image.index.v1+json";
    const content = json({ schemaVersion: 2, mediaType, manifests: [lie] });
    const index = await pushed({ ...blob(mediaType, content), blobs: [], manifests: [await alpineImage()] });

    await workshop.host.acceptRegistryEvent(pushOf(index));
    await workshop.work();

    expect((await workshop.read(image))?.state.kind).toBe("scanned");
    expect((await workshop.read(index))?.state.kind).toBe("expanded");
  });
});

describe("a deletion that is told", () => {
  it("is believed only when the registry confirms it, since events come out of order", async () => {
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    const deleted: RegistryEvent = { kind: "deleted", ...image, occurredAt: workshop.clock.now() };

    await workshop.host.acceptRegistryEvent(deleted);
    await workshop.work();
    const stillThere = (await workshop.read(image))?.state.kind;
    await deleteManifest(workshop.registry.url, repository, image.digest);
    await workshop.clock.advance(1000);
    await workshop.host.acceptRegistryEvent({ ...deleted, occurredAt: workshop.clock.now() });
    await workshop.work();

    expect(stillThere).toBe("scanned");
    expect((await workshop.read(image))?.state.kind).toBe("gone");
  });
});

describe("a failure", () => {
  const failure = { kind: "failed", failure: "timeout", detail: "It took too long." } as const;

  it("puts the scan off with growing waits, then counts as failed and says so once", async () => {
    const image = await pushed(await alpineImage());
    workshop.scanner.outcomes.push(failure, failure, failure);
    await workshop.host.acceptRegistryEvent(pushOf(image));

    const first = await workshop.work();
    const tooEarly = await workshop.work();
    await workshop.clock.advance(2_000);
    const second = await workshop.work();
    await workshop.clock.advance(15_000);
    const third = await workshop.work();

    expect([first, tooEarly, second, third].map((each) => each.map(({ kind }) => kind))).toEqual([
      ["putOff"],
      [],
      ["putOff"],
      ["failed"],
    ]);
    expect((await workshop.read(image))?.state).toMatchObject({ kind: "failed", failure: "timeout", attempts: 3 });
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["scan.failed"]);
  });

  it("that passes leaves nothing behind", async () => {
    const image = await pushed(await alpineImage());
    workshop.scanner.outcomes.push(failure);
    await workshop.host.acceptRegistryEvent(pushOf(image));

    await workshop.work();
    await workshop.clock.advance(2_000);
    await workshop.work();

    expect((await workshop.read(image))?.state.kind).toBe("scanned");
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["scan.completed"]);
  });

  it("is counted once, however often the image is pulled meanwhile", async () => {
    const image = await pushed(await alpineImage());
    workshop.scanner.outcomes.push(...Array.from({ length: 20 }, () => failure));
    await workshop.host.acceptRegistryEvent(pushOf(image));

    for (let minutes = 0; minutes < 180; minutes += 11) {
      await workshop.work();
      await workshop.clock.advance(11 * 60_000);
      const puller = { userAgent: "containerd/2.1" };
      await workshop.host.acceptRegistryEvent({ kind: "pulled", ...image, puller, occurredAt: workshop.clock.now() });
    }

    expect(workshop.scanner.begun).toHaveLength(3);
    expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["scan.failed"]);
  });

  it("around the image does not use up the attempts of the image", async () => {
    const image = await pushed(await alpineImage());
    const around = { ...failure, failure: "database-unavailable" } as const;
    workshop.scanner.outcomes.push(around, around, around, around, failure);
    await workshop.host.acceptRegistryEvent(pushOf(image));

    for (let hour = 0; hour < 6; hour += 1) {
      await workshop.work();
      await workshop.clock.advance(3_600_000);
    }

    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });

  it("shows why the image waits, and until when", async () => {
    const image = await pushed(await alpineImage());
    workshop.scanner.outcomes.push(failure);
    await workshop.host.acceptRegistryEvent(pushOf(image));

    await workshop.work();

    const until = new Date(workshop.clock.now().getTime() + 2_000);
    const putOff = { failure: "timeout", detail: "It took too long.", attempts: 1, failures: 1, until };
    expect((await workshop.read(image))?.state).toMatchObject({ kind: "waiting", reason: "pushed", putOff });
  });

  it("of one request does not overwrite what another is about to find", async () => {
    const image = await pushed(await alpineImage());
    const asked = { image, reason: "asked", requestedAt: workshop.clock.now(), attempt: 78, failures: 0 } as const;
    let other: unknown;
    workshop.scanner.during = async () => {
      workshop.registry.faults.add({ path: /manifests/, fault: { kind: "answer", status: 503 }, times: 1 });
      other = await workshop.host.scanImage(asked, "another message");
    };
    await workshop.host.acceptRegistryEvent(pushOf(image));

    await workshop.work();

    expect(other).toEqual({ kind: "answered" });
    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });

  it("keeps the earlier result in sight", async () => {
    workshop.scanner.findings = [aFinding()];
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    workshop.scanner.outcomes.push(failure, failure, failure);
    await workshop.clock.advance(1000);
    await workshop.host.requestScan(image);
    for (let minute = 0; minute < 3; minute += 1) {
      await workshop.work();
      await workshop.clock.advance(60_000);
    }

    const record = await workshop.read(image);

    expect(record?.state.kind).toBe("failed");
    expect(record?.scan?.counts.high).toBe(1);
  });

  it.each([
    ["answers 500", { kind: "answer", status: 500 } as const, "registry-unavailable"],
    [
      "answers 429",
      { kind: "answer", status: 429, headers: { "retry-after": "120" } } as const,
      "registry-unavailable",
    ],
    ["lies about a digest", { kind: "corrupt" } as const, "digest-mismatch"],
    ["asks who we are", { kind: "answer", status: 401 } as const, "registry-refused"],
    ["does not answer", { kind: "hang" } as const, "registry-unavailable"],
  ])("of a registry that %s is put off and named", async (_what, fault, failureClass) => {
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    workshop.registry.faults.add({ path: /manifests/, fault, times: 1 });

    const [first] = await workshop.work();
    await workshop.clock.advance(3_600_000);
    const later = await workshop.work();

    expect(first?.kind === "putOff" && first.why).toContain(failureClass);
    expect(later).toMatchObject([{ kind: "scanned" }]);
  });

  it("with Retry-After waits as long as the registry asks", async () => {
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    const headers = { "retry-after": "120" };
    workshop.registry.faults.add({ path: /manifests/, fault: { kind: "answer", status: 429, headers }, times: 1 });

    await workshop.work();
    await workshop.clock.advance(119_000);
    const tooEarly = await workshop.work();
    await workshop.clock.advance(1_000);
    const inTime = await workshop.work();

    expect(tooEarly).toEqual([]);
    expect(inTime).toMatchObject([{ kind: "scanned" }]);
  });
});

describe("a lease", () => {
  it("keeps a second request from scanning the image at the same time; it is answered later", async () => {
    const image = await pushed(await alpineImage());
    const asked = { image, reason: "asked", requestedAt: workshop.clock.now(), attempt: 1, failures: 0 } as const;
    let second: unknown;
    workshop.scanner.during = async () => {
      workshop.scanner.during = async () => undefined;
      second = await workshop.host.scanImage({ ...asked, reason: "discovered" }, "another message");
    };

    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    await workshop.clock.advance(30_000);
    const later = await workshop.work();

    expect(second).toMatchObject({ kind: "putOff" });
    expect(later).toEqual([{ kind: "answered" }]);
    expect(workshop.scanner.begun).toHaveLength(1);
  });

  it("that was taken over cannot commit: the new holder's result stands, and is told once", async () => {
    const image = await pushed(await alpineImage());
    const request = { image, reason: "pushed", requestedAt: workshop.clock.now(), attempt: 1, failures: 0 } as const;
    await workshop.host.acceptRegistryEvent(pushOf(image));
    workshop.scanner.findings = [aFinding()];
    let redelivered: unknown;
    workshop.scanner.during = async () => {
      workshop.scanner.during = async () => undefined;
      // The queue took the first worker for dead and delivered the message again.
      redelivered = await workshop.host.scanImage(request, "message");
    };

    const first = await workshop.host.scanImage(request, "message");

    expect(redelivered).toMatchObject({ kind: "scanned" });
    expect(first).toEqual({ kind: "superseded" });
    expect(await workshop.alerts()).toHaveLength(1);
    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });
});

describe("a message that was lost", () => {
  it("leaves no image waiting for ever: the timer asks again", async () => {
    const image = await pushed(await alpineImage());
    const lost = { ...workshop.parts, scanRequests: { send: async () => undefined } };
    await buildHost(lost).acceptRegistryEvent(pushOf(image));

    await workshop.clock.advance(2 * 3_600_000);
    const early = await workshop.host.requestDueRescans();
    await workshop.clock.advance(2 * 3_600_000);
    const late = await workshop.host.requestDueRescans();
    await workshop.work();

    expect([early.recovered, late.recovered]).toEqual([0, 1]);
    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });

  it("leaves no image in the hands of the dead", async () => {
    const image = await pushed(await alpineImage());
    workshop.scanner.during = () => Promise.reject(new Error("The process dies."));
    const request = { image, reason: "pushed", requestedAt: workshop.clock.now(), attempt: 1, failures: 0 } as const;
    await expect(workshop.host.scanImage(request, "message")).rejects.toThrow("dies");
    workshop.scanner.during = async () => undefined;

    await workshop.clock.advance(5 * 3_600_000);
    await workshop.host.requestDueRescans();
    await workshop.work();

    expect((await workshop.read(image))?.state.kind).toBe("scanned");
  });
});

describe("an older database", () => {
  it("of another instance takes nothing back", async () => {
    workshop.scanner.findings = manyFindings(2);
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    await workshop.alerts();

    workshop.scanner.findings = manyFindings(1);
    workshop.scanner.database = { updatedAt: new Date("2020-01-01T00:00:00Z"), digest: "sha256:older" };
    await workshop.clock.advance(1000);
    await workshop.host.requestScan(image);
    await workshop.work();

    expect(await workshop.alerts()).toEqual([]);
    expect((await workshop.host.readFindings((await workshop.read(image))?.id ?? ""))?.findings).toHaveLength(2);
  });
});

describe("a newer database", () => {
  it("leads to one alert with only what changed", async () => {
    const [known, fixed, gone, added] = manyFindings(4);
    if (!known || !fixed || !gone || !added) throw new Error("four findings");
    const unfixed = { ...fixed, fixedVersion: undefined };
    workshop.scanner.findings = [known, unfixed, gone];
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    await workshop.alerts();

    workshop.scanner.findings = [known, fixed, added];
    workshop.scanner.database = { updatedAt: new Date("2026-04-01T00:00:00Z"), digest: "sha256:newer" };
    await workshop.clock.advance(1000);
    await workshop.host.requestScan(image);
    await workshop.work();

    const [alert, ...more] = await workshop.alerts();
    expect(more).toEqual([]);
    expect(JSON.parse(alert?.event ?? "")).toMatchObject({
      data: { changes: { opened: 1, fixAvailable: 1, retracted: 1 } },
    });
  });

  it("that changes nothing is silent for a rescan and answered for a question", async () => {
    workshop.scanner.findings = [aFinding()];
    const image = await pushed(await alpineImage());
    await workshop.host.acceptRegistryEvent(pushOf(image));
    await workshop.work();
    await workshop.alerts();

    workshop.scanner.database = { updatedAt: new Date("2026-04-01T00:00:00Z"), digest: "sha256:newer" };
    await workshop.clock.advance(8 * 24 * 3_600_000);
    await workshop.host.requestDueRescans();
    await workshop.work();
    const afterRescan = await workshop.alerts();
    await workshop.clock.advance(1000);
    await workshop.host.requestScan(image);
    await workshop.work();
    const afterQuestion = await workshop.alerts();

    expect(workshop.scanner.begun).toHaveLength(3);
    expect(afterRescan).toEqual([]);
    expect(afterQuestion.map(({ kind }) => kind)).toEqual(["scan.completed"]);
  });
});
