/** Tells apart what the operating system refused: ENOENT, EXDEV, … */
export function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
