import type { ImageRecord } from "../domain/image-record.ts";

/**
 * Why nothing is known of the image's vulnerabilities, in a sentence; undefined when a scan tells. To be said instead
 * of an empty list, which would read as "no vulnerabilities".
 */
export function whyNoVerdict({ state, scan }: ImageRecord): string | undefined {
  if (state.kind === "unscannable") return `This image cannot be judged (${state.reason}): ${state.detail}`;
  if (state.kind === "expanded") return "This is an index. Each manifest that it lists is an image of its own.";
  if (scan !== undefined) return undefined;
  switch (state.kind) {
    case "waiting":
      return state.putOff === undefined
        ? "This image waits for its first scan."
        : `The first scan of this image waits until ${state.putOff.until.toISOString()} (${state.putOff.failure}): ${state.putOff.detail}`;
    case "scanning":
    case "scanned":
      return "This image is being scanned for the first time.";
    case "failed":
      return `This image could not be scanned (${state.failure}): ${state.detail}`;
    case "gone":
      return "The registry no longer had this image when it was to be scanned.";
  }
}
