import * as z from "zod";

/** A page of images or of findings: what tests look at. */
export async function page(answer: Response): Promise<z.output<typeof Page>> {
  return Page.parse(await answer.json());
}

const Page = z.looseObject({
  image: z.looseObject({ id: z.string() }).optional(),
  items: z.array(z.looseObject({ repository: z.string().optional(), vulnerabilityId: z.string().optional() })),
  next: z.string().optional(),
});
