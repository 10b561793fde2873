import type { ProgressCount, ProgressState } from "./progress.ts";

interface Running {
  readonly startedAt: Date;
  /** What was done before that moment, by an interrupted run, says nothing about the speed. */
  readonly startedFrom: number;
  readonly now: Date;
  readonly bar: boolean;
}

/** "building Trivy 0.74.0: 1,204 of 3,080 packages, about 3 min left" */
export function progressText({ activity, count }: ProgressState, running: Running): string {
  if (!count) return activity;
  const left = timeLeft(count, running);
  const text = `${activity}: ${amount(count)}${left ? `, about ${left} left` : ""}`;
  return running.bar && count.total > 0 ? `${bar(count)} ${text}` : text;
}

function amount({ done, total, unit }: ProgressCount): string {
  if (unit === "bytes") {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    return total > 0 ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(done)} MB`;
  }
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${unit}`;
}

function timeLeft({ done, total }: ProgressCount, { startedAt, startedFrom, now }: Running): string | undefined {
  const seconds = (now.getTime() - startedAt.getTime()) / 1_000;
  const progress = done - startedFrom;
  if (seconds < 5 || progress <= 0 || total <= done) return undefined;
  const secondsLeft = ((total - done) * seconds) / progress;
  return secondsLeft > 90 ? `${Math.round(secondsLeft / 60)} min` : `${Math.ceil(secondsLeft)} s`;
}

function bar({ done, total }: ProgressCount): string {
  const full = Math.min(barWidth, Math.floor((barWidth * done) / total));
  return `[${"#".repeat(full)}${" ".repeat(barWidth - full)}]`;
}

const barWidth = 20;
