import { shortened } from '../graph/shortened.ts';
import { harmless } from '../operations/harmless.ts';

/** More than the longest sentence of ours with Graph's own words in it. */
const longestLine = 4000;

/** One line for a terminal: what a tenant, a server or a file put into it neither floods nor steers it. */
export const shownLine = (text: string): string => harmless(shortened(text, longestLine));
