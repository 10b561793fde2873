import { decideExemptionAlerts } from "../domain/decide-alerts.ts";
import { decideExemptions } from "../domain/decide-life.ts";
import type { ImageId } from "../domain/image-record.ts";
import type { CurrentExemptions } from "../ports/exemptions.ts";
import { recordChanges, type ImageChange, type KnownImage, type RecordChangesPorts } from "./record-changes.ts";

export interface ReviewedImage {
  readonly changed: boolean;
  /** A scan is on its way, and may have decided with older exemptions what it is about to write. */
  readonly isBeingScanned: boolean;
}

/** Makes the findings of an image agree with the exemptions that apply at `now`. The second call changes nothing. */
export const reviewImage = (ports: RecordChangesPorts) => {
  const record = recordChanges(ports);
  return async (id: ImageId, exemptions: CurrentExemptions, now: Date): Promise<ReviewedImage> => {
    const recorded = await record(id, (known) => decide(known, exemptions, now));
    return { changed: recorded.kind === "recorded", isBeingScanned: recorded.record?.state.kind === "scanning" };
  };
};

async function decide(known: KnownImage, current: CurrentExemptions, now: Date): Promise<ImageChange | undefined> {
  const { record } = known;
  if (record?.scan === undefined || record.state.kind === "gone") return undefined;
  const at = known.after(now);
  const tracked = await known.tracked();
  const life = decideExemptions({ tracked, exemptions: current.of(record, at), at });
  if (life.findings.every((finding, index) => finding === tracked[index])) return undefined;
  return {
    record,
    at,
    findings: {
      ...life,
      cause: { kind: "exemptions" },
      scan: record.scan,
      alerts: (next, scan, entry) =>
        entry === undefined ? [] : decideExemptionAlerts(next, scan, life.changes, entry),
    },
  };
}
