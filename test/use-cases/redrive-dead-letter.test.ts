import { expect, it, onTestFinished, vi } from "vitest";
import { scanRequestsQueue } from "../../shared/messages/entities.ts";
import type { DeadLetter } from "../../shared/ports/dead-letters.ts";
import { redriveDeadLetter } from "../../shared/use-cases/redrive-dead-letter.ts";
import { openWorkshop } from "./workshop.ts";

const letter: DeadLetter = {
  source: "scanImage",
  reason: "MaxDeliveryCountExceeded",
  detail: "It was delivered ten times.",
  body: '{"image":1}',
  origin: { kind: "queue", queue: scanRequestsQueue },
};

it("an end between sending and removing sends the same once more, and then the letter is gone", async () => {
  const { parts, sent, id } = await arrange();
  const remove = vi.fn(parts.deadLetters.remove).mockRejectedValueOnce(new Error("The process ends here."));
  const redrive = redriveDeadLetter({ ...parts, deadLetters: { ...parts.deadLetters, remove } });

  await expect(redrive(id)).rejects.toThrow("The process ends here.");
  const second = await redrive(id);
  const third = await redrive(id);

  expect([second.kind, third.kind]).toEqual(["sent", "unknown"]);
  expect(sent).toEqual([letter.body, letter.body]);
});

it("a letter that comes again while it is sent stays", async () => {
  const { parts, sent, id } = await arrange();
  const messageRetries = {
    sendAgain: async (_queue: string, body: string) => {
      sent.push(body);
      await parts.deadLetters.add(letter, parts.clock.now());
    },
  };

  const end = await redriveDeadLetter({ ...parts, messageRetries })(id);

  expect(end.kind).toBe("sent");
  expect((await parts.deadLetters.list({}, { limit: 10 })).items).toMatchObject([{ id, count: 2 }]);
});

it("two at the same time send twice at most, and leave nothing", async () => {
  const { parts, sent, id } = await arrange();
  const redrive = redriveDeadLetter(parts);

  await Promise.all([redrive(id), redrive(id)]);

  expect(new Set(sent)).toEqual(new Set([letter.body]));
  expect(sent.length).toBeLessThanOrEqual(2);
  expect((await parts.deadLetters.list({}, { limit: 10 })).items).toEqual([]);
});

async function arrange() {
  const sent: string[] = [];
  const workshop = await openWorkshop({
    messageRetries: { sendAgain: async (_queue, body) => void sent.push(body) },
  });
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  await workshop.host.addDeadLetter(letter);
  const [head] = (await workshop.parts.deadLetters.list({}, { limit: 1 })).items;
  return { parts: workshop.parts, sent, id: head?.id ?? "" };
}
