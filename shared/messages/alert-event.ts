import type { Alert } from "../domain/alert.ts";
import { formatImageReference } from "../domain/image-reference.ts";
import { formatPlatform } from "../domain/platform.ts";
import { severityRank } from "../domain/severity.ts";

/** CloudEvents type of each kind of alert: `dev.tidewatch.findings.changed` … */
export function alertEventType(kind: Alert["kind"]): string {
  return `dev.tidewatch.${kind}`;
}

/** The alert as a CloudEvents 1.0 event in JSON format (docs/events.md). The same alert always gives the same bytes. */
export function formatAlertEvent(alert: Alert): string {
  const { kind, id, occurredAt, image, platform, ...rest } = alert;
  return JSON.stringify({
    specversion: "1.0",
    id,
    type: alertEventType(kind),
    source: `/registries/${image.registry}`,
    subject: `${image.repository}@${image.digest}`,
    time: occurredAt,
    datacontenttype: "application/json",
    data: {
      image: { reference: formatImageReference(image), ...image },
      platform: platform === undefined ? undefined : formatPlatform(platform),
      ...rest,
    },
  });
}

/** What a subscription on the topic filters by, as Service Bus application properties. */
export function alertProperties(alert: Alert): Readonly<Record<string, string | number | boolean>> {
  const common = { kind: alert.kind, registry: alert.image.registry, repository: alert.image.repository };
  if (alert.kind !== "findings.changed") return common;
  return {
    ...common,
    highestSeverity: alert.highestSeverity,
    severityRank: severityRank(alert.highestSeverity),
    fixAvailable: alert.fixAvailable,
  };
}
