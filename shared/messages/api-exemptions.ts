import * as z from "zod";
import { isInForce } from "../domain/exemption-for.ts";
import type { Exemption } from "../domain/exemption.ts";
import type { Etag, PageRequest } from "../ports/image-store.ts";
import { InvalidCursorError } from "../ports/image-store.ts";
import { InvalidMessageError } from "./invalid-message-error.ts";

/** As PUT takes it, and what it is from and whether it applies now. */
export function toExemptionJson(exemption: Exemption, now: Date): object {
  const { id, scope, owner, reason, createdAt, until, source, verdict } = exemption;
  const justification = verdict?.status === "not_affected" ? verdict.justification : undefined;
  const status = verdict?.status ?? "accepted";
  return {
    id,
    ...scope,
    owner,
    reason,
    justification,
    createdAt,
    until,
    source,
    status,
    inForce: isInForce(exemption, now),
  };
}

/** Of a list sorted by id: the page, and the cursor of the next. */
export function exemptionsPage(all: readonly Exemption[], { limit, cursor }: PageRequest) {
  const after = cursor === undefined ? "" : parseCursor(cursor);
  const rest = all.filter(({ id }) => id > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rest.length > limit && last !== undefined ? `after-${last.id}` : undefined };
}

/** If-Match with one etag, or If-None-Match: *. Undefined when there is neither. */
export function parseCondition(headers: { get: (name: string) => string | null }): Etag | "new" | undefined {
  const match = headers.get("if-match");
  const none = headers.get("if-none-match");
  if (none === "*" && match === null) return "new";
  if (none !== null) throw new InvalidMessageError('Not a condition: the only If-None-Match is "*", without If-Match.');
  if (match === null) return undefined;
  const etag = EtagText.safeParse(match);
  if (!etag.success) throw new InvalidMessageError("Not a condition: If-Match takes the one ETag that GET gave.");
  return etag.data;
}

const EtagText = z.templateLiteral(['"', z.string().max(100), '"']);

function parseCursor(cursor: string): string {
  const [, id] = /^after-([a-z0-9.-]{1,128})$/.exec(cursor) ?? [];
  if (id === undefined) throw new InvalidCursorError();
  return id;
}
