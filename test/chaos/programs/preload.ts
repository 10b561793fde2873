// Imported before Tidewatch in the processes that the fault injection starts: kills, a clock that is ahead, a full disk,
// and for the control tests guards that are taken out. What to do is in the environment (world/preload-orders.ts).
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import { registerHooks, syncBuiltinESMExports } from "node:module";
import { readOrders, type SourceEdit } from "../world/preload-orders.ts";

const orders = readOrders(process.env);
const { killAt } = orders;

if (killAt !== undefined) {
  let seen = 0;
  subscribe("tidewatch:step", (step) => {
    if (step === killAt.step && (seen += 1) === killAt.occurrence) process.kill(process.pid, "SIGKILL");
  });
}

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const edits = orders.edits.filter(({ module }) => url.endsWith(`/${module}`));
    if (edits.length === 0 || loaded.source === undefined) return loaded;
    const text = typeof loaded.source === "string" ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: edits.reduce(edited, text) };
  },
});

/** A guard that is taken out in vain would make a control test prove nothing. */
function edited(text: string, { module, find, replace }: SourceEdit): string {
  if (text.split(find).length === 2) return text.replace(find, () => replace);
  fs.writeSync(2, `An edit of ${module} does not fit: this is not there exactly once:\n${find}\n`);
  process.exit(86);
}

if (orders.diskFull) {
  const full = () => Promise.reject(Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }));
  Object.assign(fs.promises, { writeFile: full, copyFile: full, mkdtemp: full });
  syncBuiltinESMExports();
}
