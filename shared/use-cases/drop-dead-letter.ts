import type { DeadLetters } from "../ports/dead-letters.ts";
import type { Log } from "../ports/log.ts";

export interface DropDeadLetterPorts {
  readonly deadLetters: Pick<DeadLetters, "read" | "remove">;
  readonly log: Log;
}

/** Who drops a letter, as far as they say, and why: kept in the log, beside what the letter was. */
export interface DroppedBecause {
  readonly reason: string;
  readonly by?: string | undefined;
}

/** Removes a letter for good. `changed`: it came again meanwhile and is worth another look. */
export const dropDeadLetter =
  ({ deadLetters, log }: DropDeadLetterPorts) =>
  async (id: string, because: DroppedBecause): Promise<"dropped" | "unknown" | "changed"> => {
    const stored = await deadLetters.read(id);
    if (stored === undefined) return "unknown";
    const { source, reason, detail, count } = stored.value;
    if (!(await deadLetters.remove(id, stored.etag))) return "changed";
    log.warn("A dead letter was dropped", {
      id,
      source,
      reason,
      detail,
      count,
      because: because.reason,
      by: because.by,
    });
    return "dropped";
  };
