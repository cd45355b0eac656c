import { shortened } from '../graph/shortened.ts';
import { harmless } from '../operations/harmless.ts';

/** More than the longest sentence of ours with Graph's own words in it. */
const longestSentence = 4000;

/** A sentence that a host shows as it comes: what a tenant or a server put into it neither floods nor steers a terminal. */
export const shownText = (text: string): string => harmless(shortened(text, longestSentence));
