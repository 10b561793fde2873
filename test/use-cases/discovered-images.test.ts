import { afterEach, beforeEach, expect, it } from "vitest";
import { parseRepository, type ImageReference } from "../../shared/domain/image-reference.ts";
import { push } from "../support/images/push.ts";
import { alpineImage } from "../support/images/sample-images.ts";
import { manyFindings } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

let workshop: Workshop;
let image: ImageReference;

beforeEach(async () => {
  workshop = await openWorkshop();
  workshop.scanner.findings = manyFindings(2);
  const repository = parseRepository("team/web");
  const { digest } = await push(workshop.registry.url, repository, await alpineImage(), { tags: ["1.0"] });
  image = { registry: workshop.registry.host, repository, digest };
});

afterEach(async () => {
  await workshop[Symbol.asyncDispose]();
});

it("an image that only a walk found is scanned, and what is in it is not told as news", async () => {
  await workshop.host.reconcileRegistries();
  await workshop.clock.advance(5 * 60_000);
  await workshop.work();

  expect((await workshop.read(image))?.scan).toMatchObject({ reason: "discovered", counts: { high: 2 } });
  expect((await workshop.alerts()).map(({ kind }) => kind)).toEqual(["coverage.gap"]);
});

it("a push is told as well when the request of the walk that met its image first is the one that is answered", async () => {
  await workshop.host.reconcileRegistries();
  await workshop.host.reconcileRegistries();
  const requestedAt = workshop.clock.now();
  await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: requestedAt });

  await workshop.host.scanImage({ image, reason: "discovered", requestedAt, attempt: 2, failures: 0 }, "message");

  expect((await workshop.read(image))?.scan).toMatchObject({ reason: "pushed", counts: { high: 2 } });
  expect((await workshop.alerts()).map(({ kind }) => kind)).toContain("findings.changed");
});

it("an image that a walk found before its push was announced is told as pushed, and scanned once", async () => {
  await workshop.host.reconcileRegistries();
  await workshop.host.acceptRegistryEvent({ kind: "pushed", ...image, occurredAt: workshop.clock.now() });
  await workshop.work();
  await workshop.clock.advance(5 * 60_000);
  await workshop.work();

  expect((await workshop.read(image))?.scan?.reason).toBe("pushed");
  expect(workshop.scanner.begun).toHaveLength(1);
  expect((await workshop.alerts()).map(({ kind }) => kind)).toContain("findings.changed");
});
