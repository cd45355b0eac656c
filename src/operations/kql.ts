import { harmless } from './harmless.ts';

/** Nothing that ends a line, here or in Kusto, where two more characters do. */
const oneLine = (text: string): string => harmless(text).replace(/[\u2028\u2029]/g, '\ufffd');

/** A text as a string of Kusto's query language that it can't break out of. */
export const kqlString = (text: string): string => `"${oneLine(text).replace(/["\\]/g, String.raw`\$&`)}"`;

/** A text as a comment that ends with its line. */
export const kqlComment = (text: string): string => `// ${oneLine(text)}`;

/** A text between PowerShell's double quotes, which has three more characters that it takes for one. */
export const powerShellString = (text: string): string =>
  `"${oneLine(text).replace(/[`$"\u201c\u201d\u201e]/g, '`$&')}"`;
