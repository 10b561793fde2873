import { afterEach, beforeEach, expect, it } from "vitest";
import { deleteManifest } from "../support/images/delete-manifest.ts";
import { manyFindings } from "../support/samples.ts";
import { livesIn, repository, type Lives } from "./lives-in.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let lives: Lives;

beforeEach(async () => {
  workshop = await openWorkshop();
  lives = livesIn(workshop);
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

it.each([
  ["had findings", 2],
  ["had none", 0],
])(
  "an image that %s is told as gone once, also when the event of an earlier push comes after that",
  async (_, found) => {
    const image = await lives.pushed();
    workshop.scanner.findings = manyFindings(found);
    await lives.scanPushed(image);
    await workshop.clock.advance(60_000);
    const pushedAgain = { kind: "pushed", ...image, occurredAt: workshop.clock.now() } as const;
    await workshop.clock.advance(60_000);
    await deleteManifest(workshop.registry.url, repository, image.digest);
    await workshop.host.acceptRegistryEvent({ kind: "deleted", ...image, occurredAt: workshop.clock.now() });
    await workshop.work();

    await workshop.clock.advance(60_000);
    await workshop.host.acceptRegistryEvent(pushedAgain);
    const ended = await workshop.work();

    expect(ended).toEqual([{ kind: "gone" }]);
    expect((await workshop.alerts()).filter(({ kind }) => kind === "image.gone")).toHaveLength(1);
    expect((await lives.history(image)).entries.filter(({ cause }) => cause.kind === "gone")).toHaveLength(1);
  },
);

it("an image that is gone before its first scan is told as gone once, too", async () => {
  const image = await lives.pushed();
  await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: workshop.clock.now() });
  await workshop.clock.advance(60_000);
  const pushedAgain = { kind: "pushed", ...image, occurredAt: workshop.clock.now() } as const;
  await deleteManifest(workshop.registry.url, repository, image.digest);
  await workshop.work();

  await workshop.clock.advance(60_000);
  await workshop.host.acceptRegistryEvent(pushedAgain);
  const ended = await workshop.work();

  expect(ended).toEqual([{ kind: "gone" }]);
  expect((await workshop.alerts()).filter(({ kind }) => kind === "image.gone")).toHaveLength(1);
});
