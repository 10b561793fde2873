import { defaultTrivySettings, type TrivySettings } from "../../adapters/trivy/trivy-settings.ts";
import type { Settings } from "../settings/settings.ts";

/** What a person set, in the units of the scanner's adapter. */
export function trivySettings({ scanner, databases }: Settings): TrivySettings {
  return {
    ...defaultTrivySettings,
    isolation: scanner.isolation,
    parallelScans: scanner.slots,
    scanTimeoutSeconds: scanner.timeoutSeconds,
    memoryLimitBytes: scanner.memoryMb * MIB,
    scratchLimitBytes: scanner.scratchMb * MIB,
    reportLimitBytes: scanner.reportMb * MIB,
    layerCacheLimitBytes: scanner.layerCacheMb * MIB,
    diskReserveBytes: scanner.freeDiskMb * MIB,
    maximumDatabaseAgeHours: databases.maximumAgeHours,
    databaseSources: databases.vulnerability,
    javaDatabaseSources: databases.java,
  };
}

const MIB = 1024 * 1024;
