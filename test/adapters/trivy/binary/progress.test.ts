import { describe, expect, it } from "vitest";
import { streamProgress } from "../../../../shared/adapters/trivy/binary/stream-progress.ts";

describe("progress", () => {
  it("is a line at the start of a step and each ten seconds where there is no terminal", () => {
    const { written, progress, pass } = shown({});

    for (const done of [0, 100, 200]) {
      progress.update(building(done));
      pass(6_000);
    }
    progress.update({ activity: "linking Trivy 9.9.9" });

    expect(written).toEqual([
      "building Trivy 9.9.9: 0 of 3,080 packages\n",
      "building Trivy 9.9.9: 200 of 3,080 packages, about 3 min left\n",
      "linking Trivy 9.9.9\n",
    ]);
  });

  it("is one line with a bar on a terminal, never longer than it is wide", () => {
    const { written, progress, pass } = shown({ isTTY: true, columns: 60 });

    progress.update(building(0));
    pass(10_000);
    progress.update(building(1_540));
    progress.note("note");

    expect(written.join("")).toBe(
      "[                    ] building Trivy 9.9.9: 0 of 3,080 pac" +
        "\r\u001b[2K[##########          ] building Trivy 9.9.9: 1,540 of 3,080" +
        "\r\u001b[2Knote\n",
    );
  });

  it("judges the speed by this run alone", () => {
    const { written, progress, pass } = shown({});

    progress.update(building(3_000));
    pass(10_000);
    progress.update(building(3_020));

    expect(written.at(-1)).toContain("about 30 s left");
  });

  it("shows bytes in megabytes, also when the whole is not known", () => {
    const { written, progress } = shown({});

    progress.update({ activity: "downloading", count: { done: 1_500_000, total: 50_000_000, unit: "bytes" } });
    progress.clear();
    progress.update({ activity: "downloading", count: { done: 1_500_000, total: 0, unit: "bytes" } });

    expect(written).toEqual(["downloading: 1.5 of 50.0 MB\n", "downloading: 1.5 MB\n"]);
  });
});

const building = (done: number) =>
  ({ activity: "building Trivy 9.9.9", count: { done, total: 3_080, unit: "packages" } }) as const;

function shown(terminal: { readonly isTTY?: boolean; readonly columns?: number }) {
  const written: string[] = [];
  let time = 0;
  const clock = { now: () => new Date(time), sleep: async () => undefined };
  const progress = streamProgress({ ...terminal, write: (text) => written.push(text) }, clock);
  return { written, progress, pass: (ms: number) => void (time += ms) };
}
