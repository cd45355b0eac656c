/**
 * Characters that move the cursor (C0, C1), turn the reading direction, break a line or show nothing. Joiner and
 * non-joiner (U+200C, U+200D) are not among them: names in Persian, in Hindi and with emoji are spelled with them.
 */
export const hostileCharacters =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;

/** Takes their power from characters that a display name, as hostile input, may have; half a character goes as well. */
export const harmless = (text: string): string => text.replace(hostileCharacters, '\ufffd').toWellFormed();

/** The same JSON value with those characters escaped, for a file or a screen that somebody looks at. */
export const harmlessJson = (json: string): string =>
  // What JSON leaves unescaped between its values are its own line breaks.
  json.replace(hostileCharacters, found => (found === '\n' ? found : found.split('').map(escaped).join('')));

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
