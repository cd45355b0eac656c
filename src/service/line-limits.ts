import { deepestJson, jsonShape } from '../graph/json-shape.ts';

/** The module puts 500 into a line. */
const mostMessages = 10_000;
/** So many messages with twenty values each, and an exclusion list besides. */
const mostValues = 1_000_000;

/** What makes a line more than any honest host sends, as a sentence; null for every other line. Seen before it is parsed. */
export function faultOfLine(line: string): string | null {
  const { depth, elements, values } = jsonShape(line);
  if (depth > deepestJson) return `This line is nested deeper than ${deepestJson} levels.`;
  if (elements > mostMessages) return `This line holds more than ${mostMessages} messages.`;
  if (values > mostValues) return `This line holds more than ${mostValues} values.`;
  return null;
}
