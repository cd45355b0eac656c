import { shownLine } from './shown-line.ts';

/** A line on standard error. */
export const tell = (text: string): void => void process.stderr.write(`${shownLine(text)}\n`);
