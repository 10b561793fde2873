import { expect } from "vitest";
import type { Lab } from "../support/lab.ts";
import type { ReceivedWebhook } from "../support/webhook-receiver.ts";
import { lodashFinding } from "./lodash-image.ts";
import { readFindings, readImage, type ImageJson } from "./read-api.ts";

type Named = Pick<ImageJson, "repository" | "digest">;

/** Every webhook about this image, in the order of arrival. */
export function toldAbout(
  { webhooks }: Pick<Lab, "webhooks">,
  { repository, digest }: Named,
): readonly ReceivedWebhook[] {
  return webhooks.received.filter(({ event }) => event.subject === `${repository}@${digest}`);
}

export function typesToldAbout(lab: Pick<Lab, "webhooks">, image: Named): readonly string[] {
  return toldAbout(lab, image).map(({ event }) => event.type);
}

/** For an image of {@link lodashImage}: it has its finding, and that was announced once and nothing else. */
export async function expectScannedOnce(lab: Lab, named: Named): Promise<void> {
  const image = await readImage(lab, named);
  expect(image?.state.kind).toBe("scanned");
  const findings = image === undefined ? [] : await readFindings(lab, image);
  expect(findings.map(({ vulnerabilityId }) => vulnerabilityId)).toEqual([lodashFinding]);
  expect(typesToldAbout(lab, named)).toEqual(["dev.tidewatch.findings.changed"]);
}
