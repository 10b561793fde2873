import * as z from "zod";
import type { Answer } from "../support/call-tidewatch.ts";

/** Whoever answers the API: a laboratory, or a Tidewatch in its own process. */
export interface Api {
  readonly call: (path: string, init?: RequestInit) => Promise<Answer>;
}

export type ImageJson = z.output<typeof ImageJson>;
export type FindingJson = z.output<typeof FindingJson>;

const ImageJson = z.looseObject({
  id: z.string(),
  repository: z.string(),
  digest: z.string(),
  tags: z.array(z.string()),
  platform: z.string().optional(),
  lastPulledAt: z.string().optional(),
  lastPuller: z.looseObject({ userAgent: z.string().optional() }).optional(),
  state: z.looseObject({
    kind: z.string(),
    reason: z.string().optional(),
    failure: z.string().optional(),
    detail: z.string().optional(),
    attempts: z.number().optional(),
    putOff: z
      .looseObject({ failure: z.string(), detail: z.string(), attempts: z.number(), until: z.string() })
      .optional(),
  }),
  scan: z
    .looseObject({
      id: z.string(),
      reason: z.string(),
      packageCount: z.number(),
      operatingSystem: z.looseObject({ family: z.string(), endOfLife: z.boolean() }).optional(),
    })
    .optional(),
});

const FindingJson = z.looseObject({
  vulnerabilityId: z.string(),
  package: z.looseObject({ name: z.string(), installedVersion: z.string(), purl: z.string().optional() }),
  severity: z.string(),
  status: z.string(),
  fixedVersion: z.string().optional(),
  cvss: z.looseObject({ score: z.number() }).optional(),
  layer: z.looseObject({ digest: z.string().optional(), diffId: z.string() }).optional(),
});

/** @param query for example `repository=shop/web&state=failed` */
export function readImages(api: Api, query = ""): Promise<readonly ImageJson[]> {
  return readPages(api, `/api/images?${query}`, ImageJson);
}

/** Undefined when it is not known. What a push resolves to will do. */
export async function readImage(
  api: Api,
  { repository, digest }: Pick<ImageJson, "repository" | "digest">,
): Promise<ImageJson | undefined> {
  return (await readImages(api, `repository=${repository}`)).find((image) => image.digest === digest);
}

/** In the shortest pages that there are, so that the cursor is used. */
export function readFindings(api: Api, image: ImageJson, limit = 3): Promise<readonly FindingJson[]> {
  return readPages(api, `/api/images/${image.id}/findings?limit=${limit}`, FindingJson);
}

async function readPages<Item>(api: Api, path: string, item: z.ZodType<Item>): Promise<readonly Item[]> {
  const page = z.object({ items: z.array(item), next: z.string().optional() });
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const answer = await api.call(cursor === undefined ? path : `${path}&cursor=${encodeURIComponent(cursor)}`);
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    const read = page.parse(answer.body);
    items.push(...read.items);
    cursor = read.next;
  } while (cursor !== undefined);
  return items;
}
