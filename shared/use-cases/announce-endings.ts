import { contentId } from "../domain/content-id.ts";
import { addDays } from "../domain/days.ts";
import type { ExemptionEnding } from "../domain/general-alert.ts";
import { parseAnnounced } from "../messages/stored-review.ts";
import type { AlertTopic } from "../ports/alert-topic.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Clock } from "../ports/clock.ts";
import type { Exemptions } from "../ports/exemptions.ts";
import { reached } from "../ports/step.ts";

export interface AnnounceEndingsPorts {
  readonly exemptions: Exemptions;
  readonly alerts: AlertTopic;
  readonly checkpoints: Checkpoints;
  readonly clock: Clock;
  /** An exemption is announced so many days before it ends; 0 = never. */
  readonly warnDays: number;
}

/**
 * Announces exemptions that end soon, once for each end: a new `until` is announced anew. An end of the process between
 * publishing and remembering publishes the same again, under the same ids. Resolves to how many were announced.
 */
export const announceEndings =
  ({ exemptions, alerts, checkpoints, clock, warnDays }: AnnounceEndingsPorts) =>
  async (): Promise<number> => {
    const now = clock.now();
    const { all } = await exemptions.current();
    const soon = addDays(now, warnDays);
    const ending = all.flatMap((exemption): readonly ExemptionEnding[] => {
      const { id, until } = exemption;
      if (until === undefined || until <= now || until > soon) return [];
      const alertId = contentId("exemption.ending", id, until.toISOString());
      const occurredAt = addDays(until, -warnDays);
      return [{ kind: "exemption.ending", id: alertId, occurredAt, exemption: { ...exemption, until } }];
    });
    const stored = await checkpoints.read(name);
    const announced = new Set(stored === undefined ? [] : parseAnnounced(stored.value));
    const news = ending.filter(({ id }) => !announced.has(id));
    if (news.length === 0) return 0;
    await alerts.publish(news);
    reached("endings-published");
    // A conflict means that somebody else has announced them, too, with the same ids.
    await checkpoints.write(name, { announced: ending.map(({ id }) => id) }, stored?.etag ?? "new");
    return news.length;
  };

const name = "exemptions.announced";
