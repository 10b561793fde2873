import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

/** The most resident memory that the process ever had. Undefined where there is no /proc, and when it has ended. */
export async function peakMemoryMb(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Math.round(Number(kibibytes) / 102.4) / 10;
}

/**
 * Watches the Trivy processes below a process until the work has ended, and resolves to the largest peak of one of
 * them. Looking so often takes time itself: not for work whose time is measured.
 */
export async function watchTrivyMemory(pid: number, work: Promise<unknown>): Promise<number | undefined> {
  let largest: number | undefined;
  const ended = new AbortController();
  const end = () => ended.abort();
  work.then(end, end);
  while (!ended.signal.aborted) {
    for (const each of await trivyBelow(pid)) {
      const peak = await peakMemoryMb(each);
      if (peak !== undefined) largest = Math.max(largest ?? 0, peak);
    }
    await setTimeout(2);
  }
  await work;
  return largest;
}

async function trivyBelow(pid: number): Promise<readonly number[]> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  const children = lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
  const below = await Promise.all(children.map(trivyBelow));
  return [...(name.trim() === "trivy" ? [pid] : []), ...below.flat()];
}
