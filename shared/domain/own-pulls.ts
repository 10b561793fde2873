import type { Puller } from "./registry-event.ts";

/**
 * Tells pulls by scanners from use. Without this an image that is scanned stays "in use" for ever, since each scan
 * pulls it. Defender's user agent is `MDCContainersSecurity/1.0` (Microsoft's FAQ on Defender for Containers).
 */
export function isScannerPull({ identity, userAgent }: Puller, scannerIdentities: readonly string[]): boolean {
  if (identity !== undefined && scannerIdentities.includes(identity)) return true;
  return userAgent !== undefined && scannerUserAgents.some((prefix) => userAgent.startsWith(prefix));
}

const scannerUserAgents = ["MDCContainersSecurity/", "tidewatch/", "trivy/", "aquasecurity/trivy"];
