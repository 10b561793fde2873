export const hourMs = 60 * 60 * 1000;

export const dayMs = 24 * hourMs;

/** Days of 24 hours. Whole milliseconds, so that adding and taking away are opposites for parts of a day too. */
export function addDays(instant: Date, days: number): Date {
  return new Date(instant.getTime() + Math.round(days * dayMs));
}
