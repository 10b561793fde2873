import { openKeyFile, type KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";

/** Makes a key file for a host that has not started yet, so that the keys are known. */
export async function makeKeys(file: string): Promise<Readonly<Record<KeyName, string>>> {
  const keys = { master: "", default: "", eventgrid_extension: "" };
  await openKeyFile({ file, show: (made) => void Object.assign(keys, made) });
  return keys;
}
