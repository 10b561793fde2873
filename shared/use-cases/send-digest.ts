import { contentId } from "../domain/content-id.ts";
import { dayMs } from "../domain/days.ts";
import type { PeriodicDigest } from "../domain/general-alert.ts";
import { addImage, noImages, type ImagesSummary } from "../domain/summarise-images.ts";
import { parseDigestCheckpoint } from "../messages/announced-checkpoints.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImageStore } from "../ports/image-store.ts";
import { everyItem } from "./every-item.ts";

export interface SendDigestPorts {
  readonly images: Pick<ImageStore, "list">;
  readonly checkpoints: Checkpoints;
  readonly alerts: AlertTopic;
  readonly clock: Clock;
  readonly digestEvery: "day" | "week" | "off";
}

/** `begun`: the first period has just begun; its digest comes at its end. */
export type SentDigest = "sent" | "notYet" | "begun" | "off";

/**
 * Tells the state of everything when a day or a week has ended at 06:00 UTC (on Monday), as soon after as it is called:
 * one event, however many images there are. Periods that went by while nobody called are told as one.
 */
export const sendDigest =
  ({ images, checkpoints, alerts, clock, digestEvery: every }: SendDigestPorts) =>
  async (): Promise<SentDigest> => {
    if (every === "off") return "off";
    const until = lastEnd(every, clock.now());
    const stored = await checkpoints.read(checkpoint);
    if (stored === undefined) {
      await checkpoints.write(checkpoint, { until }, "new");
      return "begun";
    }
    const last = parseDigestCheckpoint(stored.value);
    if (until <= last.until) return "notYet";

    const summary = await summarise(images, last.until);
    const { totals } = last;
    const digest: PeriodicDigest = {
      kind: "digest",
      id: contentId("digest", every, until.toISOString()),
      occurredAt: until,
      period: { every, from: last.until, until },
      ...summary,
      ...(totals !== undefined && { before: { at: last.until, ...totals } }),
    };
    await alerts.publish([digest]);
    const { images: states, counts, exempted } = summary;
    // A conflict means that another instance has told the same, under the same id.
    await checkpoints.write(checkpoint, { until, totals: { images: states, counts, exempted } }, stored.etag);
    return "sent";
  };

const checkpoint = "digest";

function lastEnd(every: "day" | "week", now: Date): Date {
  const length = (every === "day" ? 1 : 7) * dayMs;
  return new Date(aMonday + Math.floor((now.getTime() - aMonday) / length) * length);
}

const aMonday = Date.parse("1970-01-05T06:00:00Z");

async function summarise(images: Pick<ImageStore, "list">, from: Date): Promise<ImagesSummary> {
  let summary = noImages;
  for await (const record of everyItem((page) => images.list({}, page), 200)) summary = addImage(summary, record, from);
  return summary;
}
