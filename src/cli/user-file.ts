import { createReadStream, statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { shortened } from '../graph/shortened.ts';
import { normalizeName } from '../graph/user-reference.ts';
import { identityProperties, type UserReference } from '../protocol/reference.ts';
import { decodedText } from './decoded-text.ts';
import { CommandFailure, exitCode } from './failure.ts';
import { linesOf } from './lines.ts';

/** How much of a file is looked at to tell what it is. */
const sampleSize = 64 * 1024;

/**
 * Reads user references from a file, or from standard input for `-`. What it is - CSV with headings, JSON, JSON lines or
 * one reference a line - is told from the content. A line that names nobody still comes out as a reference, so that it
 * ends as a row that says so. They come in groups as they were read, because a million of them one by one takes time.
 * @throws CommandFailure when the file as a whole cannot be read
 */
export async function* readUserFile(file: string, stdin: Readable): AsyncGenerator<UserReference[]> {
  const name = file === '-' ? 'standard input' : file;
  try {
    // Before anybody is handed over, since a byte that is no UTF-8 in the middle would stop the run half-way.
    // What can be read only once, a pipe, is taken as it comes.
    if (file !== '-' && statSync(file).isFile())
      for await (const piece of decodedText(createReadStream(file), name)) void piece;
    const stream = file === '-' ? stdin : createReadStream(file);
    const text = decodedText(stream, name)[Symbol.asyncIterator]();
    let sample = '';
    let ended = false;
    // Blank lines tell nothing, however many there are.
    for (let blank = true; !ended && (blank || sample.length < sampleSize); blank &&= sample.trim() === '') {
      const next = await text.next();
      if (next.done) ended = true;
      else sample = blank ? next.value : sample + next.value;
    }
    if (sample.includes('\0')) {
      throw new CommandFailure(
        exitCode.usage,
        `${name} is no text: it has NUL characters in it. Save it as UTF-8 (in PowerShell with -Encoding utf8).`,
      );
    }
    async function* whole() {
      yield sample;
      for (let next = await text.next(); !next.done; next = await text.next()) yield next.value;
    }
    yield* parse(sample, whole(), name);
  } catch (error) {
    throw readable(error, name);
  }
}

async function* parse(
  sample: string,
  text: AsyncIterable<string>,
  name: string,
): AsyncGenerator<UserReference[]> {
  const start = sample.trimStart();
  if (start === '') return;
  if (start.startsWith('[')) {
    const { fromJson } = await import('./user-file-json.ts');
    yield* fromJson(text, name);
  } else if (start.startsWith('{')) {
    const { fromJsonLines } = await import('./user-file-json.ts');
    yield* fromJsonLines(text, name);
  } else {
    const heading = headingOf(start, name);
    if (heading) {
      const { fromCsv } = await import('./user-file-csv.ts');
      yield* fromCsv(text, heading, name);
    } else {
      yield* fromLines(text, name);
    }
  }
}

/** The heading line of a CSV file; null for a plain list. */
function headingOf(sample: string, name: string): { delimiter: string; typed: boolean } | null {
  const typed = sample.startsWith('#TYPE ');
  const lines = sample.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('#TYPE '));
  const [first = '', second = ''] = lines[0]?.startsWith('#') ? lines.filter(l => !l.startsWith('#')) : lines;
  const delimiter = [',', ';', '\t'].find(d => first.includes(d));
  const cells = (delimiter ? first.split(delimiter) : [first]).map(c => c.trim().replace(/^"(.*)"$/, '$1'));
  if (cells.some(c => identityProperties.includes(normalizeName(c))))
    return { delimiter: delimiter ?? ',', typed };
  if (cells.some(namesSomebody)) {
    if (!delimiter) return null;
    throw new CommandFailure(
      exitCode.usage,
      `${name} has several columns but no headings. Put a first line with the columns' names, such as UserPrincipalName${delimiter}DisplayName.`,
    );
  }
  if (delimiter || namesSomebody(second.trim())) {
    throw new CommandFailure(
      exitCode.usage,
      `No column of ${name} names a user: it has ${columnsIn(cells)}. Name one UserPrincipalName, UserId, ObjectId, Id, UPN or Email.`,
    );
  }
  return null;
}

function columnsIn(cells: readonly string[]): string {
  const shown = cells.slice(0, 20).map(cell => `"${shortened(cell, 60)}"`);
  return cells.length > shown.length
    ? `${shown.join(', ')} and ${cells.length - shown.length} more`
    : shown.join(', ');
}

const namesSomebody = (text: string): boolean =>
  /@|^\{?[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i.test(text);

/** In a list of users; a line that is longer is binary, or never ends. */
const longestLine = 1024 * 1024;

async function* fromLines(text: AsyncIterable<string>, name: string): AsyncGenerator<UserReference[]> {
  for await (const lines of linesOf(text, { name, longest: longestLine })) {
    const trimmed = lines.map(line => line.trim());
    yield trimmed.filter(line => line !== '' && !line.startsWith('#')).map(line => ({ text: line }));
  }
}

function readable(error: unknown, name: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  const sentences: Record<string, string> = {
    ENOENT: `There is no file ${name}.`,
    EISDIR: `${name} is a folder. Name a file.`,
    EACCES: `${name} may not be read by this account.`,
  };
  const sentence = typeof code === 'string' ? sentences[code] : undefined;
  return sentence ? new CommandFailure(exitCode.usage, sentence) : error;
}
