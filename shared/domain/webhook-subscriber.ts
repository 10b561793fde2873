import type { Alert } from "./alert.ts";
import { atLeast, type Severity } from "./severity.ts";
import type { Secret } from "./secret.ts";

/** Who gets alerts by webhook. */
export interface WebhookSubscriber {
  /** Lower case letters, digits and `-`, at most 64. */
  readonly id: string;
  readonly url: URL;
  readonly secret: Secret;
  /** Missing: all kinds. */
  readonly kinds?: readonly Alert["kind"][] | undefined;
  /** Keeps changes of findings below it away. Messages that carry no severity always pass. */
  readonly minimumSeverity?: Severity | undefined;
}

/** The parts of an alert that a subscriber filters on. */
export interface AlertTraits {
  readonly kind: string;
  readonly highestSeverity?: Severity | undefined;
}

export function wants({ kinds, minimumSeverity }: WebhookSubscriber, alert: AlertTraits): boolean {
  if (kinds !== undefined && !kinds.some((kind) => kind === alert.kind)) return false;
  if (minimumSeverity === undefined || alert.highestSeverity === undefined) return true;
  return atLeast(alert.highestSeverity, minimumSeverity);
}
