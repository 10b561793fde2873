import { styleText } from "node:util";

/** Something that was done at a `performance.now()`. */
export interface Step {
  readonly text: string;
  readonly at: number;
}

export interface StoryTeller {
  /** A step that has been done just now, with the seconds since the story began. */
  readonly tell: (text: string) => void;
  /** Steps that are known only now, in the order in which they happened. */
  readonly tellAll: (steps: readonly Step[]) => void;
  /** Lines that belong to the step before. */
  readonly show: (lines: readonly string[]) => void;
}

export function storyTeller(): StoryTeller {
  const began = performance.now();
  const tellStep = ({ text, at }: Step) => {
    const seconds = ((at - began) / 1000).toFixed(2).padStart(6);
    console.log(`${styleText("dim", `${seconds} s`)}  ${text}`);
  };
  return {
    tell: (text) => tellStep({ text, at: performance.now() }),
    tellAll: (steps) => {
      for (const step of steps.toSorted((a, b) => a.at - b.at)) tellStep(step);
    },
    show: (lines) => console.log(`\n${lines.map((line) => `          ${line}`).join("\n")}\n`),
  };
}
