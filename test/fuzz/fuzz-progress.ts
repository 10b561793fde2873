import { styleText } from "node:util";
import type { TargetResult } from "./engine/run-target.ts";

/** One line that is written over while something runs, on a terminal; and a line for each target that is done. */
export function fuzzProgress(stream: NodeJS.WriteStream, inputs: number) {
  const running = new Map<string, number>();
  const erase = () => (stream.isTTY ? "\r\u001b[2K" : "");
  const line = (text: string) => stream.write(`${erase()}${text}\n`);
  return {
    tell: (text: string) => void line(styleText("dim", text, { stream })),
    progress: (target: string, tried: number) => {
      running.set(target, tried);
      if (!stream.isTTY) return;
      const parts = [...running].map(([name, count]) => `${name} ${Math.floor((100 * count) / Math.max(inputs, 1))} %`);
      stream.write(`${erase()}${parts.join("  ")}`.slice(0, stream.columns));
    },
    done: ({ target, accepted, refused, findings }: TargetResult) => {
      running.delete(target);
      const mark = findings.length === 0 ? styleText("green", "✓", { stream }) : styleText("red", "✗", { stream });
      line(`${mark} ${target}: ${accepted} accepted, ${refused} refused, ${findings.length} findings`);
      // What comes after may take long, or be interrupted.
      for (const { input, finding } of findings.slice(0, 3)) line(`  input ${input}: ${finding.split("\n", 1)[0]}`);
    },
    end: () => void stream.write(erase()),
  };
}
