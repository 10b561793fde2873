const LONGEST_WAIT_MS = 60 * 60 * 1000;

/** Retry-After (RFC 9110 section 10.2.3) as an instant at most one hour away; undefined when absent or unreadable. */
export function parseRetryAfter(header: string | null, now: Date): Date | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const at = /^\d{1,9}$/.test(text) ? now.getTime() + Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(Math.max(at, now.getTime()), now.getTime() + LONGEST_WAIT_MS));
}
