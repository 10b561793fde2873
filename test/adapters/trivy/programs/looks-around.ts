import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { getPriority } from "node:os";

// Prints as JSON what it can reach: a port of 127.0.0.1, the paths in its other arguments, and what is around it.
const [port = "1", ...paths] = process.argv.slice(2);

function tryTo(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

function processes(): readonly string[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.map((id) => readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " "));
}

const connection = createConnection({ host: "127.0.0.1", port: Number(port) });
connection.on("connect", () => tell(true)).on("error", () => tell(false));

function tell(connected: boolean): void {
  const readable = paths.filter((path) => tryTo(() => readdirSync(path)) || tryTo(() => readFileSync(path)));
  const writable = paths.filter((path) => tryTo(() => writeFileSync(`${path}/written`, "")));
  const { env: environment } = process;
  const around = { environment, processes: processes(), priority: getPriority(), workingDirectory: process.cwd() };
  process.stdout.write(JSON.stringify({ readable, writable, connected, ...around }));
  connection.destroy();
}
