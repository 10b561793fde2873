import type { TrivyBinary } from "../../shared/adapters/trivy/binary/trivy-binary.ts";
import { pinnedTrivy } from "../../shared/adapters/trivy/binary/trivy-pin.ts";
import { trivyPath } from "../support/trivy-path.ts";

export function realTrivy(): TrivyBinary {
  return { path: trivyPath(), version: pinnedTrivy.version, origin: "TRIVY_PATH" };
}
