import { normalizeName } from '../graph/user-reference.ts';
import { identityProperties, type UserReference } from '../protocol/reference.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { linesOf } from './lines.ts';

/** What can be parsed at once without all the memory of a small machine; users with every property have about 10,000. */
const longestJson = 256 * 1024 * 1024;

/** The elements of a JSON array: texts, or objects as Graph and ConvertTo-Json write them. */
export async function* fromJson(text: AsyncIterable<string>, name: string): AsyncGenerator<UserReference> {
  yield* elements(parsed(await whole(text, name), name), name);
}

/** JSON lines; or one JSON object over several lines, such as a page of Graph with its `value`. */
export async function* fromJsonLines(
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<UserReference> {
  let number = 0;
  const lines = linesOf(text, { name, longest: longestJson })[Symbol.asyncIterator]();
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    number += 1;
    const line = next.value.trim();
    if (line === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      if (number > 1) {
        yield { properties: {}, type: `line ${number} of ${name}, which is no JSON` };
        continue;
      }
      // The first line alone is no JSON: the object goes on below.
      yield* elements(parsed(await whole(joined(next.value, lines), name), name), name);
      return;
    }
    yield* elements(value, `line ${number} of ${name}`);
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

async function* joined(first: string, lines: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  for (let next = await lines.next(); !next.done; next = await lines.next()) yield `\n${next.value}`;
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
