import type { Exemption } from "../../domain/exemption.ts";
import type { ExemptionFiles, FiledExemptions } from "../../ports/exemption-files.ts";
import type { Log } from "../../ports/log.ts";
import { watchExemptionFiles, type WatchedFiles } from "./watch-exemption-files.ts";

export interface FileExemptionsOptions {
  /** Files, and directories with all that lies in them. Names that begin with a dot are left out there. */
  readonly paths: readonly string[];
  readonly log: Log;
  /** Changes are looked for no more often. Default 1 second. */
  readonly recheckMs?: number;
}

/**
 * Exemptions in YAML files, and OpenVEX documents. Read again when they change. What is wrong then goes to the log, and
 * what the file said before still holds. Throws {@link InvalidExemptionsError} when something is wrong at the first look.
 */
export async function openFileExemptions({
  paths,
  log,
  recheckMs = 1000,
}: FileExemptionsOptions): Promise<ExemptionFiles> {
  const look = watchExemptionFiles(paths);
  let watched = await look();
  let current = toFiled(watched);
  if (current.problems.length > 0) throw new InvalidExemptionsError(current.problems);
  tellIgnored(watched, log);

  const lookAgain = async () => {
    const now = await look();
    if (now === watched) return;
    watched = now;
    const next = toFiled(now);
    log.info("Exemption files have changed.", { exemptions: next.exemptions.length, problems: next.problems.length });
    for (const problem of next.problems)
      if (!current.problems.includes(problem))
        log.error("Exemptions in a file are not right; what it said before holds.", { problem });
    tellIgnored(now, log);
    current = next;
  };

  let lookedAt = performance.now();
  let looking: Promise<void> | undefined;
  return {
    current: async () => {
      if (looking === undefined && performance.now() - lookedAt >= recheckMs)
        looking = lookAgain().finally(() => {
          lookedAt = performance.now();
          looking = undefined;
        });
      await looking;
      return current;
    },
  };
}

export class InvalidExemptionsError extends Error {
  override name = "InvalidExemptionsError";

  constructor(problems: readonly string[]) {
    super(`The exemptions are not right:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  }
}

/** An id that two files use belongs to the first of them, by name. */
function toFiled({ files, problems }: WatchedFiles): FiledExemptions {
  const fileOf = new Map<string, string>();
  const exemptions: Exemption[] = [];
  const doubles: string[] = [];
  for (const { file, content } of files)
    for (const exemption of content.exemptions) {
      const first = fileOf.get(exemption.id);
      if (first === undefined) exemptions.push(exemption);
      else
        doubles.push(`${file}: ${exemption.id} is the id of an exemption in ${first}, too; give one of them another`);
      fileOf.set(exemption.id, first ?? file);
    }
  return { exemptions, problems: [...problems, ...doubles] };
}

function tellIgnored({ files }: WatchedFiles, log: Log): void {
  for (const { file, content } of files)
    if (content.ignored.length > 0)
      log.warn("Statements of an OpenVEX document exempt nothing.", {
        file,
        statements: content.ignored.length,
        examples: content.ignored.slice(0, 5),
      });
}
