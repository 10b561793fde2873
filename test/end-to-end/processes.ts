import { execa } from "execa";

/** Command lines of all processes that work with files of this directory. */
export async function processesOf(directory: string): Promise<readonly string[]> {
  const { stdout } = await execa("ps", ["-axo", "args"], { timeout: 10_000 });
  return stdout.split("\n").filter((line) => line.includes(`${directory}/`));
}
