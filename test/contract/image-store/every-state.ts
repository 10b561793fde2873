import type { ImageState } from "../../../shared/domain/image-record.ts";
import { aDigest } from "../../support/samples.ts";

const since = new Date("2026-01-01T00:00:00.000Z");

export const everyState: readonly ImageState[] = [
  { kind: "waiting", since, reason: "pushed" },
  {
    kind: "scanning",
    since,
    reason: "due",
    lease: { holder: "h", message: "m", until: new Date("2026-01-02T00:00:00.000Z") },
  },
  { kind: "scanned", since },
  { kind: "expanded", since, manifests: [aDigest("amd64"), aDigest("arm64")] },
  { kind: "unscannable", since, reason: "windows", detail: "Its layers are for Windows." },
  { kind: "failed", since, failure: "registry-refused", attempts: 2, detail: "401 Unauthorized." },
  { kind: "gone", since },
];
