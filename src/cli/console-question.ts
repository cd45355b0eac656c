import { createInterface } from 'node:readline/promises';

/** Asks on the console; where nobody can answer, because input or output is no terminal, the answer is no. So it is when `signal` aborts. */
export async function askOnConsole(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal }).catch(() => '');
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    terminal.close();
  }
}
