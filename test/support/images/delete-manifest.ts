import type { Digest } from "../../../shared/domain/digest.ts";
import { registryRequest, type RegistryOptions } from "./registry-request.ts";

/** Deletes a manifest and with it its tags. Resolves to false when the repository does not have it. */
export async function deleteManifest(
  registryUrl: string,
  repository: string,
  digest: Digest,
  options: RegistryOptions = {},
): Promise<boolean> {
  const url = `${registryUrl.replace(/\/$/, "")}/v2/${repository}/manifests/${digest}`;
  const { status } = await registryRequest(url, { method: "DELETE" }, [202, 404], options);
  return status === 202;
}
