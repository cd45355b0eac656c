import { normalizeName } from '../graph/user-reference.ts';
import { identityProperties, type UserReference } from '../protocol/reference.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { linesOf } from './lines.ts';

/** What can be parsed at once without all the memory of a small machine; users with every property have about 10,000. */
const longestJson = 256 * 1024 * 1024;

/** Elements of an array come in groups of so many. */
const together = 1000;

/** The elements of a JSON array: texts, or objects as Graph and ConvertTo-Json write them. */
export async function* fromJson(text: AsyncIterable<string>, name: string): AsyncGenerator<UserReference[]> {
  yield* grouped(elements(parsed(await whole(text, name), name), name));
}

/** Whatever comes before a failure is handed out before it. */
function* grouped(references: Iterable<UserReference>): Generator<UserReference[]> {
  let group: UserReference[] = [];
  try {
    for (const reference of references) {
      group.push(reference);
      if (group.length < together) continue;
      yield group;
      group = [];
    }
  } catch (error) {
    if (group.length > 0) yield group;
    throw error;
  }
  if (group.length > 0) yield group;
}

/** JSON lines; or one JSON object over several lines, such as a page of Graph with its `value`. */
export async function* fromJsonLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<UserReference[]> {
  let number = 0;
  let begun = false;
  const groups = linesOf(text, { name, longest: longestJson });
  for (let next = await groups.next(); !next.done; next = await groups.next()) {
    const lines = next.value;
    const first = lines.findIndex(line => line.trim() !== '');
    if (!begun && first >= 0 && valueOf(lines[first] ?? '') === undefined) {
      // That line alone is no JSON: the object goes on below.
      yield* grouped(elements(parsed(await whole(joined(lines.slice(first), groups), name), name), name));
      return;
    }
    begun ||= first >= 0;
    yield* grouped(inLines(lines, number, name));
    number += lines.length;
  }
}

/** What is in lines of which so many stand before them. */
function* inLines(lines: readonly string[], before: number, name: string): Generator<UserReference> {
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const place = `line ${before + index + 1} of ${name}`;
    const value = valueOf(line);
    if (value === undefined) yield { properties: {}, type: `${place}, which is no JSON` };
    else yield* elements(value, place);
  }
}

/** Undefined for what is no JSON. */
function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function* elements(value: unknown, name: string): Generator<UserReference> {
  const page = (value as { value?: unknown } | null)?.value;
  if ((value as Record<string, unknown> | null)?.['@odata.nextLink'] !== undefined) {
    throw new CommandFailure(
      exitCode.usage,
      `${name} is one page of a longer list of Graph (it has @odata.nextLink). Get the other pages, too.`,
    );
  }
  const list = Array.isArray(value) ? value : Array.isArray(page) ? page : [value];
  for (const [index, element] of list.entries()) {
    yield referenceOf(element, list.length > 1 ? `element ${index + 1} of ${name}` : name);
  }
}

function referenceOf(element: unknown, type: string): UserReference {
  if (typeof element === 'string') return { text: element };
  if (typeof element !== 'object' || element === null) return { properties: {}, type };
  // Graph PowerShell keeps everything but the id of a group member in here.
  const more = (element as { AdditionalProperties?: unknown }).AdditionalProperties;
  const all = { ...(typeof more === 'object' ? more : null), ...element };
  const known = Object.entries(all).filter(([key]) => identityProperties.includes(normalizeName(key)));
  const properties = Object.fromEntries(
    known.map(([key, value]) => [key, typeof value === 'string' ? value : null]),
  );
  return { properties, type };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandFailure(exitCode.usage, `${name} is no proper JSON: ${(error as Error).message}.`);
  }
}

async function* joined(first: readonly string[], rest: AsyncGenerator<string[]>): AsyncGenerator<string> {
  yield first.join('\n');
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield `\n${next.value.join('\n')}`;
}

async function whole(text: AsyncIterable<string>, name: string): Promise<string> {
  const all: string[] = [];
  let length = 0;
  for await (const piece of text) {
    all.push(piece);
    length += piece.length;
    if (length > longestJson) {
      throw new CommandFailure(
        exitCode.usage,
        `${name} is JSON of more than ${longestJson / 1024 / 1024} MiB in one piece. Give JSON lines or CSV, or select the properties that are needed (Select-Object Id,UserPrincipalName).`,
      );
    }
  }
  return all.join('');
}
