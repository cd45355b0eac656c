/** temporary until the network branch is merged */
export function failureSentence(error: unknown, _root: string): string | null {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'string' && /^[A-Z_]+$/.test(code)) return `${e.message || code}`;
  }
  return error instanceof Error ? error.message : null;
}
