/**
 * Milliseconds of a .NET time span as host.json and timer schedules write it: `hh:mm:ss`, `d.hh:mm:ss`, with an
 * optional fraction of a second. Undefined for anything else; so is `24:00:00`, which .NET reads as 24 days.
 */
export function parseTimeSpan(text: string): number | undefined {
  const match = /^(?:(\d{1,5})\.)?(\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,7})?)$/.exec(text);
  if (match === null) return undefined;
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  const wholeMinutes = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  return Math.round((wholeMinutes * 60 + Number(seconds)) * 1000);
}
