/** Moves the cursor, clears the screen, sets the title, in seven and in eight bits. */
export const hostileText =
  'A\u001b[2J\u001b]0;title\u0007\u009b2J\rB\n\tC\u202eD\u2066E\u200b\u2060F\u00ad\u2028G\u061c\ud800H\udb40\udc41I\u0000J\u007fK';

/** What no terminal, no table and no line of a log may get to see; lines may end, and halves of characters may not be. */
export const hostileShown =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
