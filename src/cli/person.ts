import type { Person } from '../auth/signer.ts';

/** Whoever sits at the terminal; nobody where what is said goes into a file or to a scheduler. */
export const personAtTerminal = (tell: (text: string) => void): Person => ({
  // Looked at when somebody is to be asked, and not before: standard error takes its time to be made.
  get present() {
    return process.stderr.isTTY;
  },
  prompt: ({ message }) => tell(message),
});
