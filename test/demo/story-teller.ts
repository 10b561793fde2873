import { styleText } from "node:util";

export interface StoryTeller {
  /** A step that has been done, just now or at the given `performance.now()`, with the seconds since the story began. */
  readonly tell: (step: string, at?: number) => void;
  /** Lines that belong to the step before. */
  readonly show: (lines: readonly string[]) => void;
}

export function storyTeller(): StoryTeller {
  const began = performance.now();
  return {
    tell: (step, at = performance.now()) => {
      const seconds = ((at - began) / 1000).toFixed(2).padStart(6);
      console.log(`${styleText("dim", `${seconds} s`)}  ${step}`);
    },
    show: (lines) => console.log(`\n${lines.map((line) => `          ${line}`).join("\n")}\n`),
  };
}
