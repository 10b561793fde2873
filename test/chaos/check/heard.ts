import type { ToldFinding } from "../world/consumer.ts";
import { findingText } from "./expected-findings.ts";

/** What a consumer knows of a finding; nothing when it was not told, or told that it is gone. */
export type Heard =
  | { readonly kind: "open"; readonly text: string }
  /** What becomes of it meanwhile is not told. */
  | { readonly kind: "exempted"; readonly since: string }
  /** It was there before anybody told of it, and may have been exempted by then. */
  | { readonly kind: "unsure" };

/** After the change, which was made with this database. */
export function hear(told: ToldFinding, database: string): Heard | undefined {
  if (told.change === "exempted") return { kind: "exempted", since: database };
  return isEnd(told) ? undefined : { kind: "open", text: findingText(told) };
}

/**
 * Whether the change says what is known, or ends what has not begun.
 * @param hasLapsed whether what was exempted since that database may have gone away meanwhile, unheard
 */
export function isRepeated(
  known: Heard | undefined,
  told: ToldFinding,
  hasLapsed: (since: string) => boolean,
): boolean {
  if (known?.kind === "unsure") return false;
  if (known?.kind === "exempted") return told.change !== "exemptionEnded" && !hasLapsed(known.since);
  if (told.change === "exempted") return false;
  if (isEnd(told)) return known === undefined;
  return told.change === "exemptionEnded" || known?.text === findingText(told);
}

function isEnd({ change }: ToldFinding): boolean {
  return change === "resolved" || change === "retracted";
}
