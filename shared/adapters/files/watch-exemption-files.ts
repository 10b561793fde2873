import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../../domain/compare-text.ts";
import { isExemptionFile, readExemptionFile, type ExemptionFileContent } from "./read-exemption-file.ts";

export interface WatchedFiles {
  /** Sorted by name; what they said when they were right last. */
  readonly files: readonly { readonly file: string; readonly content: ExemptionFileContent }[];
  /** What is wrong with them now. */
  readonly problems: readonly string[];
}

/**
 * A function that looks at the files, and reads those that became different. It gives the same object while nothing
 * did. A file that is deleted from a directory says nothing any more; a path that is gone still says what it said.
 */
export function watchExemptionFiles(paths: readonly string[]): () => Promise<WatchedFiles> {
  const known = new Map<string, KnownFile>();
  let before: { readonly version: string; readonly watched: WatchedFiles } | undefined;
  return async () => {
    const listed = await listFiles(paths);
    const isLost = (file: string) => listed.lost.some((path) => file === path || file.startsWith(join(path, "/")));
    for (const file of known.keys()) if (!listed.files.includes(file) && !isLost(file)) known.delete(file);
    for (const file of listed.files) {
      const version = await versionOf(file);
      const was = known.get(file);
      if (was?.version !== version) known.set(file, await readAgain(file, version, was));
    }
    const version = JSON.stringify([listed, [...known].map(([file, each]) => [file, each.version])]);
    if (before?.version === version) return before.watched;
    const sorted = [...known].sort(([a], [b]) => compareText(a, b));
    const watched = {
      files: sorted.flatMap(([file, { content }]) => (content === undefined ? [] : [{ file, content }])),
      problems: [...listed.problems, ...sorted.flatMap(([, { problems }]) => problems)],
    };
    before = { version, watched };
    return watched;
  };
}

interface KnownFile {
  readonly version: string;
  readonly content?: ExemptionFileContent | undefined;
  readonly problems: readonly string[];
}

async function readAgain(file: string, version: string, was: KnownFile | undefined): Promise<KnownFile> {
  const read = await readExemptionFile(file);
  if ("problems" in read) return { version, content: was?.content, problems: read.problems };
  return { version, content: read, problems: [] };
}

/** Changes when the file does. */
async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return [mtimeMs, ctimeMs, size, ino].join(" ");
  } catch {
    return "unreadable";
  }
}

interface ListedFiles {
  readonly files: readonly string[];
  /** Paths in which nothing can be seen now. */
  readonly lost: readonly string[];
  readonly problems: readonly string[];
}

async function listFiles(paths: readonly string[]): Promise<ListedFiles> {
  const files = new Set<string>();
  const lost: string[] = [];
  const problems: string[] = [];
  for (const path of paths)
    try {
      if ((await stat(path)).isDirectory())
        for (const name of await readdir(path, { recursive: true })) {
          if (isExemptionFile(name) && !/(?:^|[\\/])\./.test(name)) files.add(join(path, name));
        }
      else files.add(join(path));
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "no reason given";
      lost.push(join(path));
      problems.push(`${path}: there is no file or directory that can be read (${code}); see exemptions.paths`);
    }
  return { files: [...files].sort(), lost, problems };
}
