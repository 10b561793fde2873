/** The value as JSON; undefined when it has values inside values deeper than JSON.stringify can go (some 5,000 levels). */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
