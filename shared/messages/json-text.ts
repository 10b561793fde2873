/** The value as JSON; undefined when it has values inside values deeper than JSON.stringify can go (some 5,000 levels). */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The value as JSON, to be kept with the dead letters: whatever it was, there is something to keep. */
export function keptText(value: unknown): string {
  return jsonText(value) ?? '"It is nested too deep to be kept."';
}
