import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** Remembers when each timer ran, so that a run missed while the host was down is made up at the next start. */
export interface ScheduleStore {
  readonly read: (functionName: string) => Promise<ScheduleStatus | undefined>;
  readonly write: (functionName: string, status: ScheduleStatus) => Promise<void>;
}

export interface ScheduleStatus {
  /** Missing until the first run. */
  readonly last?: Date | undefined;
  readonly next: Date;
  readonly lastUpdated: Date;
}

/** One small file per timer. A file that cannot be read counts as none: the timer starts anew. */
export const fileScheduleStore = (directory: string): ScheduleStore => ({
  read: async (functionName) => {
    try {
      return statusSchema.parse(JSON.parse(await readFile(statusFile(directory, functionName), "utf8")));
    } catch {
      return undefined;
    }
  },
  write: async (functionName, status) => {
    await mkdir(directory, { recursive: true });
    const file = statusFile(directory, functionName);
    await writeFile(`${file}.new`, JSON.stringify(status));
    await rename(`${file}.new`, file);
  },
});

const statusFile = (directory: string, functionName: string) => join(directory, `${functionName}.json`);

const statusSchema = z.object({
  last: z.coerce.date().optional(),
  next: z.coerce.date(),
  lastUpdated: z.coerce.date(),
});
