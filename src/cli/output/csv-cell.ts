import { harmless } from '../../operations/harmless.ts';

/** What a spreadsheet takes for the beginning of a formula, and fullwidth forms of it. */
const formula = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;
/** A spreadsheet that separates by semicolons cuts an unquoted cell here, and reads the rest as another. */
const afterSeparator = /([;|]\s*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** What there is nothing in to be taken the power from: ids, times, most names. */
const plain = /^[A-Za-z0-9][\w.:@ -]*$/;

/**
 * A text as cell of a CSV file: nothing in it runs as a formula, because an apostrophe stands in front, and nothing breaks
 * the line or steers a terminal. The exact text is in the JSON output.
 */
export function csvCell(text: string): string {
  if (plain.test(text)) return text;
  const shown = harmless(text);
  return (formula.test(shown.trimStart()) ? `'${shown}` : shown).replace(afterSeparator, "$1'$2");
}
