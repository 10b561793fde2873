import { execa } from "execa";
import { expect, it } from "vitest";
import { runTarget } from "./engine/run-target.ts";
import { summarise } from "./engine/summarise.ts";

/** The fuzzing proves nothing unless it finds what is there. */

it("finds a parser that throws what it should not, with a command that shows it again", async () => {
  const run = { target: "control-crash", seed: 7, from: 0, inputs: 200 };

  const { crashes, findings } = summarise(7, [await runTarget(run)]).targets[0] ?? {};

  const [first] = findings ?? [];
  expect(crashes).toBeGreaterThan(5);
  expect(first?.finding).toMatch(/^SyntaxError: .*\n.*at .*control-crash\.ts/s);
  expect(first?.replay).toBe(`npm run fuzz -- control-crash --seed 7 --from ${first?.input ?? ""} --inputs 1`);
  const again = await runTarget({ ...run, from: first?.input ?? 0, inputs: 1 });
  expect(again.findings.map(({ shown }) => shown)).toEqual([first?.shown]);
});

it("finds inputs that take too long, and goes on behind one that never ends", async () => {
  const { findings, accepted } = await runTarget(
    { target: "control-hang", seed: 7, from: 0, inputs: 6 },
    { hangMs: 8000 },
  );

  expect(findings.map(({ kind, input, finding }) => [kind, input, finding])).toEqual([
    ["crash", 2, "it hangs"],
    ["crash", 4, "it took longer than a second"],
  ]);
  expect(accepted).toBe(4);
});

it("finds an input that takes too much memory", async () => {
  const { findings } = await runTarget({ target: "control-memory", seed: 7, from: 0, inputs: 3 });

  expect(findings.map(({ input, finding }) => [input, finding])).toEqual([[1, "it took more than 300 MB of memory"]]);
});

it("finds refusals that are empty, vague, unfit for a terminal, or too long", async () => {
  const { findings } = await runTarget({ target: "control-unexplained", seed: 7, from: 0, inputs: 5 });

  expect(findings.map(({ kind, finding }) => [kind, finding.split(":")[0]])).toEqual([
    ["unexplained", "the reason is empty"],
    ["unexplained", "the reason is no sentence"],
    ["unexplained", "the reason says neither where nor what"],
    ["unexplained", "the reason has control characters"],
    ["unexplained", "the reason has 2700 characters"],
  ]);
});

it("the command ends with one JSON object, and with a status that says what was found", async () => {
  const good = await fuzz("image-configs", "--inputs", "20", "--seed", "7", "--json");
  const bad = await fuzz("control-unexplained", "--inputs", "5", "--json");
  const misused = await fuzz("no-such-target");
  const help = await fuzz("--help");

  expect([good.exitCode, JSON.parse(good.stdout)]).toMatchObject([
    0,
    { inputs: 20, crashes: 0, unexplained: 0, seed: 7, targets: [{ target: "image-configs", inputs: 20 }] },
  ]);
  expect([bad.exitCode, JSON.parse(bad.stdout)]).toMatchObject([1, { inputs: 5, crashes: 0, unexplained: 5 }]);
  expect([misused.exitCode, misused.stderr]).toEqual([2, expect.stringContaining("There is no target no-such-target")]);
  expect([help.exitCode, help.stdout]).toEqual([0, expect.stringContaining("trivy-reports")]);
});

it("the command ends at once when it is interrupted", async () => {
  const running = fuzz("trivy-reports", "--inputs", "1000000");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  running.kill("SIGINT");

  expect((await running).exitCode).toBe(130);
});

function fuzz(...args: readonly string[]) {
  const program = new URL("fuzz.ts", import.meta.url).pathname;
  return execa(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], {
    reject: false,
    timeout: 20_000,
  });
}
