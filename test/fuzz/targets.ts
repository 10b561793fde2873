import type { FuzzTarget, OpenTarget } from "./fuzz-target.ts";

/** By the name under which a run asks for them. */
const modules = {
  "registry-events": () => import("./targets/registry-events.ts"),
  "event-grid-requests": () => import("./targets/event-grid-requests.ts"),
  "registry-notifications": () => import("./targets/registry-notifications.ts"),
  manifests: () => import("./targets/manifests.ts"),
  "image-configs": () => import("./targets/image-configs.ts"),
  "registry-answers": () => import("./targets/registry-answers.ts"),
  "registry-headers": () => import("./targets/registry-headers.ts"),
  "trivy-reports": () => import("./targets/trivy-reports.ts"),
  "trivy-errors": () => import("./targets/trivy-errors.ts"),
  "database-metadata": () => import("./targets/database-metadata.ts"),
  "database-manifests": () => import("./targets/database-manifests.ts"),
  "settings-files": () => import("./targets/settings-files.ts"),
  "settings-environment": () => import("./targets/settings-environment.ts"),
  "host-json": () => import("./targets/host-json.ts"),
  references: () => import("./targets/references.ts"),
  "api-queries": () => import("./targets/api-queries.ts"),
  "api-bodies": () => import("./targets/api-bodies.ts"),
  cursors: () => import("./targets/cursors.ts"),
  "scan-questions": () => import("./targets/scan-questions.ts"),
  "queue-messages": () => import("./targets/queue-messages.ts"),
  "stored-documents": () => import("./targets/stored-documents.ts"),
  "stored-history": () => import("./targets/stored-history.ts"),
  "stored-walks": () => import("./targets/stored-walks.ts"),
  "stored-checkpoints": () => import("./targets/stored-checkpoints.ts"),
  "stored-exemptions": () => import("./targets/stored-exemptions.ts"),
  "stored-dead-letters": () => import("./targets/stored-dead-letters.ts"),
  "own-files": () => import("./targets/own-files.ts"),
  "webhook-answers": () => import("./targets/webhook-answers.ts"),
  "exemption-files": () => import("./targets/exemption-files.ts"),
  openvex: () => import("./targets/openvex.ts"),
  "http-requests": () => import("./targets/http-requests.ts"),
  "http-bytes": () => import("./targets/http-bytes.ts"),
} satisfies Record<string, () => Promise<{ readonly target: FuzzTarget }>>;

/** Parsers with a known fault, which a run has to find. */
const controls = {
  "control-crash": () => import("./controls/control-crash.ts"),
  "control-hang": () => import("./controls/control-hang.ts"),
  "control-memory": () => import("./controls/control-memory.ts"),
  "control-unexplained": () => import("./controls/control-unexplained.ts"),
} satisfies Record<string, () => Promise<{ readonly target: FuzzTarget }>>;

export const targetNames: readonly string[] = Object.keys(modules);

export const controlNames: readonly string[] = Object.keys(controls);

export async function loadTarget(name: string): Promise<FuzzTarget> {
  const load = new Map<string, () => Promise<{ readonly target: FuzzTarget }>>(
    Object.entries({ ...modules, ...controls }),
  ).get(name);
  if (load === undefined) throw new Error(`There is no target ${name}.`);
  return (await load()).target;
}

export async function openTarget(name: string): Promise<{ readonly target: FuzzTarget; readonly open: OpenTarget }> {
  const target = await loadTarget(name);
  return { target, open: await target.open() };
}
