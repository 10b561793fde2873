import stringify from "safe-stable-stringify";
import type { Alert, AlertedPlatform, ImageAlert } from "../domain/alert.ts";
import type { GeneralAlert } from "../domain/general-alert.ts";
import { formatImageReference, type ImageReference } from "../domain/image-reference.ts";
import { formatPlatform, type Platform } from "../domain/platform.ts";
import { severityRank } from "../domain/severity.ts";

/** CloudEvents type of each kind of alert: `dev.tidewatch.findings.changed` … */
export function alertEventType(kind: Alert["kind"]): string {
  return `dev.tidewatch.${kind}`;
}

/**
 * The alert as a CloudEvents 1.0 event in JSON format (docs/events.md). The same alert always gives the same bytes,
 * whether it was just decided or read back: members of data are in the order of the alphabet.
 */
export function formatAlertEvent(alert: Alert): string {
  const { data, ...context } = "image" in alert ? imageEvent(alert) : generalEvent(alert);
  return `${JSON.stringify(context).slice(0, -1)},"data":${stringify(data)}}`;
}

/** What a subscription on the topic filters by, as Service Bus application properties. */
export function alertProperties(alert: Alert): Readonly<Record<string, string | number | boolean>> {
  const { kind } = alert;
  if (kind === "coverage.gap") return { kind, registry: alert.registry };
  if (!("image" in alert)) return { kind };
  const { registry, repository } = alert.image;
  if (alert.kind !== "findings.changed") return { kind, registry, repository };
  const { highestSeverity, fixAvailable } = alert;
  return { kind, registry, repository, highestSeverity, severityRank: severityRank(highestSeverity), fixAvailable };
}

function imageEvent(alert: ImageAlert) {
  const { kind, id, occurredAt, image, platform, ...rest } = alert;
  const platforms = "platforms" in alert ? alert.platforms : undefined;
  return event({ kind, id, occurredAt }, `/registries/${image.registry}`, `${image.repository}@${image.digest}`, {
    image: toImage(image),
    platform: toPlatform(platform),
    ...rest,
    ...(platforms !== undefined && { platforms: platforms.map(toAlertedPlatform) }),
  });
}

function generalEvent(alert: GeneralAlert) {
  const { kind, id, occurredAt, ...data } = alert;
  const about = { kind, id, occurredAt };
  switch (alert.kind) {
    case "exemption.ending":
      return event(about, ourselves, alert.exemption.id, data);
    case "database.stale":
      return event(about, ourselves, alert.database.digest, data);
    case "coverage.gap":
      return event(about, `/registries/${alert.registry}`, "coverage", data);
    case "digest": {
      const { every, until } = alert.period;
      const worst = alert.worst.map(({ image, platform, ...rest }) => ({
        image: toImage(image),
        platform: toPlatform(platform),
        ...rest,
      }));
      return event(about, ourselves, `${every} until ${until.toISOString().slice(0, 10)}`, { ...data, worst });
    }
  }
}

/** The source of what is about no registry. */
const ourselves = "/tidewatch";

function event(
  { kind, id, occurredAt }: Pick<Alert, "kind" | "id" | "occurredAt">,
  source: string,
  subject: string,
  data: object,
) {
  return {
    specversion: "1.0",
    id,
    type: alertEventType(kind),
    source,
    subject,
    time: occurredAt,
    datacontenttype: "application/json",
    data,
  };
}

function toAlertedPlatform({ image, platform, ...rest }: AlertedPlatform) {
  return { reference: formatImageReference(image), digest: image.digest, platform: toPlatform(platform), ...rest };
}

function toImage(image: ImageReference) {
  return { reference: formatImageReference(image), ...image };
}

function toPlatform(platform: Platform | undefined): string | undefined {
  return platform === undefined ? undefined : formatPlatform(platform);
}
