import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as z from "zod";

/** The host's keys, of which only hashes are kept. */
export interface KeyStore {
  /** Compares with every key that opens the door, in constant time. */
  readonly opens: (presented: string, door: Door) => boolean;
}

/** `function` routes, the Event Grid `webhook`, or `admin` routes. */
export type Door = "function" | "webhook" | "admin";

/** As in Azure: one key for all function routes, one for everything, and one that only delivers events. */
export type KeyName = "default" | "master" | "eventgrid_extension";

/**
 * Opens the file of key hashes (mode 0600). Keys that are not in it yet are made (32 random bytes), and given to
 * `show` once; nobody can read them later. Deleting the file makes new keys at the next start.
 */
export async function openKeyFile(options: {
  readonly file: string;
  readonly show: (keys: Partial<Record<KeyName, string>>) => void | Promise<void>;
}): Promise<KeyStore> {
  const stored = await readHashes(options.file);
  const missing = keyNames.filter((name) => stored[name] === undefined);
  if (missing.length === 0) return keyStore(stored);

  const made = Object.fromEntries(missing.map((name) => [name, randomBytes(32).toString("base64url")]));
  const hashes = { ...stored, ...Object.fromEntries(Object.entries(made).map(([name, key]) => [name, hash(key)])) };
  await mkdir(dirname(options.file), { recursive: true });
  await writeFile(`${options.file}.new`, JSON.stringify(hashes, undefined, 2), { mode: 0o600 });
  await rename(`${options.file}.new`, options.file);
  await options.show(made);
  return keyStore(hashes);
}

const keyNames: readonly KeyName[] = ["master", "default", "eventgrid_extension"];

const opening: Readonly<Record<Door, readonly KeyName[]>> = {
  function: ["default", "master"],
  webhook: ["eventgrid_extension", "default", "master"],
  admin: ["master"],
};

function keyStore(hashes: Hashes): KeyStore {
  const buffers = new Map(keyNames.map((name) => [name, Buffer.from(hashes[name] ?? "", "hex")]));
  return {
    opens: (presented, door) => {
      const presentedHash = createHash("sha256").update(presented).digest();
      const matches = opening[door].map((name) => equal(presentedHash, buffers.get(name)));
      return matches.includes(true);
    },
  };
}

const equal = (a: Buffer, b: Buffer | undefined) => b?.length === a.length && timingSafeEqual(a, b);

const hash = (key: string) => createHash("sha256").update(key).digest("hex");

async function readHashes(file: string): Promise<Hashes> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw error;
  }
  const parsed = hashesSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new KeyFileError(file);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export class KeyFileError extends Error {
  override name = "KeyFileError";

  constructor(file: string) {
    super(
      `${file} does not hold key hashes. Restore it from a backup, or delete it to get new keys at the next start.`,
    );
  }
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const hashesSchema = z.object({
  master: sha256.optional(),
  default: sha256.optional(),
  eventgrid_extension: sha256.optional(),
});

type Hashes = z.infer<typeof hashesSchema>;
