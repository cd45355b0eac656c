import type { Person } from '../auth/signer.ts';

/** Whoever sits at the terminal; nobody where what is said goes into a file or to a scheduler. */
export function personAtTerminal(): Person {
  return {
    present: process.stderr.isTTY,
    prompt: ({ message }) => void process.stderr.write(`${message}\n`),
  };
}
