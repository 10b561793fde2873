import * as z from "zod";
import type { ChaosWorld } from "../world/chaos-world.ts";

export type ImageAnswer = z.infer<typeof ImageAnswer>;

const ImageAnswer = z.looseObject({
  id: z.string(),
  repository: z.string(),
  digest: z.string(),
  state: z.looseObject({ kind: z.string() }),
  scan: z
    .looseObject({
      id: z.string(),
      database: z.looseObject({ updatedAt: z.string() }),
      counts: z.record(z.string(), z.number()),
      exempted: z.number(),
    })
    .optional(),
});

export type FindingAnswer = z.infer<typeof FindingAnswer>;

const FindingAnswer = z.looseObject({
  vulnerabilityId: z.string(),
  severity: z.string(),
  fixedVersion: z.string().optional(),
  exemption: z.looseObject({ id: z.string() }).optional(),
});

const FindingsAnswer = z.object({ image: ImageAnswer, items: z.array(FindingAnswer) });
const ImagesAnswer = z.object({ items: z.array(ImageAnswer), next: z.string().optional() });

type Api = Pick<ChaosWorld, "call">;

/** Rejects when nobody listens; undefined when the answer is not 200. Rounds have fewer images than a page. */
export async function readImages(api: Api): Promise<readonly ImageAnswer[] | undefined> {
  const { status, body } = await api.call("/api/images?limit=500");
  return status === 200 ? ImagesAnswer.parse(body).items : undefined;
}

export async function readFindings(api: Api, id: string): Promise<z.infer<typeof FindingsAnswer> | undefined> {
  const { status, body } = await api.call(`/api/images/${id}/findings?limit=500`);
  return status === 200 ? FindingsAnswer.parse(body) : undefined;
}
