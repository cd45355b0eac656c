/** Reading what a service wrote, of which nothing is certain. */

/** A property of an object; undefined for anything else. */
export const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** A text that says something. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** The list, or an empty one. */
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** The texts in a list. */
export const textsOf = (value: unknown): string[] => listOf(value).filter(one => typeof one === 'string');
