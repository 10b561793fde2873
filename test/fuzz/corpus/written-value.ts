/** A value as text, whatever it is: one that is too deep for JSON.stringify becomes another one of that kind. */
export function writtenValue(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value ?? null);
  } catch {
    return `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  }
}
