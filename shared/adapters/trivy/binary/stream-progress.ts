import type { Clock } from "../../../ports/clock.ts";
import { progressText } from "./progress-text.ts";
import type { Progress, ProgressState } from "./progress.ts";

/** Fits process.stderr. */
export interface ProgressStream {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** One line that changes in place on a terminal; elsewhere, as in a log, a line at the start of a step and each ten seconds. */
export function streamProgress(stream: ProgressStream, clock: Clock): Progress {
  const terminal = stream.isTTY === true;
  const everyMs = terminal ? 100 : 10_000;
  let step: { activity: string; startedAt: Date; startedFrom: number; shownAt: Date } | undefined;
  let lineIsOpen = false;

  const clear = () => {
    if (lineIsOpen) stream.write("\r\u001b[2K");
    lineIsOpen = false;
  };
  const show = (text: string) => {
    if (!terminal) return stream.write(`${text}\n`);
    clear();
    lineIsOpen = true;
    return stream.write(text.slice(0, (stream.columns ?? 80) - 1));
  };
  const update = (state: ProgressState) => {
    const now = clock.now();
    if (step?.activity !== state.activity) {
      step = { activity: state.activity, startedAt: now, startedFrom: state.count?.done ?? 0, shownAt: now };
    } else if (now.getTime() - step.shownAt.getTime() < everyMs) {
      return;
    }
    step.shownAt = now;
    show(progressText(state, { ...step, now, bar: terminal }));
  };
  return {
    note: (line) => {
      clear();
      stream.write(`${line}\n`);
    },
    update,
    clear: () => {
      clear();
      step = undefined;
    },
  };
}
