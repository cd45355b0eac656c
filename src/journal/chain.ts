import { hash } from 'node:crypto';
import type { EntryContent, JournalEntry } from './entry.ts';

/** The hash of a line: SHA-256 of its bytes without the line break, in hex. */
export const hashOf = (line: string | Buffer): string => hash('sha256', line);

/** Where a record ends: what the next line needs to know of the ones before. */
export interface Head {
  seq: number;
  hash: string | null;
}

export const emptyHead: Head = { seq: -1, hash: null };

/** Puts an entry at the end of the chain: its line, and the new head. */
export function link(head: Head, content: EntryContent, time: number): { line: string; head: Head } {
  const seq = head.seq + 1;
  const entry = { seq, prev: head.hash, time: new Date(time).toISOString(), ...content } as JournalEntry;
  const line = JSON.stringify(entry);
  return { line, head: { seq, hash: hashOf(line) } };
}
