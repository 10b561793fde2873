import { readdir, readFile } from "node:fs/promises";
import { execa } from "execa";

/**
 * Memory that the process and its descendants hold and that the system cannot take back by writing it to a file: not
 * counted are mapped files such as Trivy's database. 0 when the process has ended. On macOS, where the two cannot be told
 * apart cheaply, mapped files count too.
 */
export async function processMemoryBytes(pid: number): Promise<number> {
  return process.platform === "linux" ? memoryByProc(pid) : memoryByPs(pid);
}

async function memoryByProc(pid: number): Promise<number> {
  const [status, children] = await Promise.all([
    readFile(`/proc/${pid}/status`, "utf8").catch(() => ""),
    childrenByProc(pid),
  ]);
  const kibibytes = [...status.matchAll(/^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm)].map(([, value]) => Number(value));
  const below = await Promise.all(children.map(memoryByProc));
  return sum(kibibytes) * 1024 + sum(below);
}

/** Each thread lists the children that it began. */
async function childrenByProc(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => "")),
  );
  return lists.flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}

/** With the POSIX `ps`; exported because Linux, which does not need it, is where it is tested. */
export async function memoryByPs(pid: number): Promise<number> {
  const { stdout, failed } = await execa("ps", ["-A", "-o", "pid=,ppid=,rss="], { reject: false, timeout: 5000 });
  if (failed) return 0;
  const processes = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return sumOfTree(pid, processes) * 1024;
}

function sumOfTree(pid: number, processes: readonly (readonly number[])[]): number {
  const own = processes.find(([id]) => id === pid)?.[2] ?? 0;
  const children = processes.filter(([, parent]) => parent === pid).flatMap(([id = 0]) => id);
  return own + sum(children.map((child) => sumOfTree(child, processes)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
