import * as z from "zod";

import { RegistryProblem, sendJson, type RegistryExchange } from "./registry-exchange.ts";
import type { RegistryParts, RegistryRoute } from "./registry-routes.ts";

const artifact = z.object({
  artifactType: z.string().optional(),
  config: z.object({ mediaType: z.string() }).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  subject: z.object({ digest: z.string() }).optional(),
});

export function listingRoutes({ content, pageSize, referrersApi }: RegistryParts): readonly RegistryRoute[] {
  return [
    { methods: ["GET"], path: /^\/v2\/_catalog$/, action: "catalog", handle: listRepositories },
    { methods: ["GET"], path: /^\/v2\/(.+)\/tags\/list$/, action: "pull", handle: listTags },
    ...(referrersApi
      ? [{ methods: ["GET"], path: /^\/v2\/(.+)\/referrers\/([^/]+)$/, action: "pull" as const, handle: listReferrers }]
      : []),
  ];

  async function listRepositories(exchange: RegistryExchange): Promise<void> {
    const [repositories, headers] = page(exchange, [...content.repositories.keys()]);
    await sendJson(exchange, { repositories }, headers);
  }

  async function listTags(exchange: RegistryExchange, name: string): Promise<void> {
    const known = content.repositories.get(name);
    if (!known) throw new RegistryProblem(404, "NAME_UNKNOWN");
    const [tags, headers] = page(exchange, [...known.tags.keys()]);
    await sendJson(exchange, { name, tags }, headers);
  }

  /** In pages too, though without a promise of order by the specification. */
  async function listReferrers(exchange: RegistryExchange, name: string, subject: string): Promise<void> {
    const asked = exchange.url.searchParams.get("artifactType") ?? undefined;
    const manifests = [...(content.repositories.get(name)?.manifests.values() ?? [])].flatMap((manifest) => {
      const {
        artifactType,
        config,
        annotations,
        subject: about,
      } = artifact.parse(JSON.parse(manifest.content.toString()));
      const type = artifactType ?? config?.mediaType;
      if (about?.digest !== subject || (asked !== undefined && type !== asked)) return [];
      const { digest, mediaType, content: bytes } = manifest;
      return [{ mediaType, digest, size: bytes.byteLength, artifactType: type, annotations }];
    });
    await sendJson(
      exchange,
      { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests },
      {
        "content-type": "application/vnd.oci.image.index.v1+json",
        ...(asked && { "oci-filters-applied": "artifactType" }),
      },
    );
  }

  function page({ url }: RegistryExchange, names: readonly string[]): [readonly string[], Record<string, string>] {
    const last = url.searchParams.get("last") ?? "";
    const size = Math.min(Number(url.searchParams.get("n") ?? pageSize), pageSize);
    const following = names.toSorted().filter((name) => name > last);
    const shown = following.slice(0, size);
    if (shown.length === following.length) return [shown, {}];
    const next = `${url.pathname}?${new URLSearchParams({ last: shown.at(-1) ?? "", n: String(size) }).toString()}`;
    return [shown, { link: `<${next}>; rel="next"` }];
  }
}
