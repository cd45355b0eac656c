import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { type Chunk, target } from './chunks.ts';
import { root } from './paths.ts';

/** Where a part is in the file of parts, in bytes. */
export interface Part {
  name: string;
  /** The names of the chunks in it. */
  chunks: string[];
  at: number;
  /** How long its text is. */
  text: number;
  /** How long the compiled code behind it is, which comes twice; 0 where there is none. */
  code: number;
}

/** What the loader knows of the file of parts. */
export interface PartIndex {
  file: string;
  /** Stands at the beginning of the file. */
  id: string;
  entry: string;
  parts: Part[];
  /** Libraries of Node that are loaded when they are used, and the names of what is in them, in one text. */
  lazyBuiltins: Record<string, string>;
}

/** The engine as files that lie beside each other. */
export interface PackedEngine {
  /** The text of usersession.cjs. */
  loader: string;
  /** The bytes of usersession.parts. */
  parts: Buffer;
}

/** Compiled code by the name of its part. */
export type CompiledParts = ReadonlyMap<string, Buffer>;

/** Plain objects among Node's libraries that are not in every process from the start, or have parts that are not. */
const lazyBuiltins = [
  'async_hooks',
  'child_process',
  'crypto',
  'dns',
  'fs',
  'fs/promises',
  'http',
  'https',
  'net',
  'os',
  'readline',
  'readline/promises',
  'stream/promises',
  'timers/promises',
  'tls',
  'tty',
  'util',
  'worker_threads',
  'zlib',
];

const file = 'usersession.parts';

/** Puts chunks into parts, with the compiled code that there is. */
export function packParts(chunks: readonly Chunk[], compiled: CompiledParts = new Map()): PackedEngine {
  const texts = partTexts(chunks);
  const hash = createHash('sha256');
  for (const { text } of texts) hash.update(text);
  const id = hash.digest('hex').slice(0, 32);
  const pieces: Buffer[] = [Buffer.from(id)];
  let at = id.length;
  const parts = texts.map(({ name, chunks: names, text }): Part => {
    const code = compiled.get(name) ?? Buffer.alloc(0);
    const part = { name, chunks: names, at, text: text.length, code: code.length };
    pieces.push(text, code, code);
    at += text.length + 2 * code.length;
    return part;
  });
  const entry = chunks.find(chunk => chunk.source === 'src/main.ts')?.name ?? '';
  return {
    loader: loaderFor({ file, id, entry, parts, lazyBuiltins: namesIn(lazyBuiltins) }),
    parts: Buffer.concat(pieces),
  };
}

const namesIn = (libraries: readonly string[]): PartIndex['lazyBuiltins'] =>
  Object.fromEntries(
    libraries.map(name => [name, Object.getOwnPropertyNames(process.getBuiltinModule(name)).join(' ')]),
  );

/** The text of each part: an expression whose value has each chunk as a function. Its length is divisible by 8. */
function partTexts(chunks: readonly Chunk[]): { name: string; chunks: string[]; text: Buffer }[] {
  const parts = new Map<string, Chunk[]>();
  for (const [chunk, partName] of partNames(chunks))
    parts.set(partName, [...(parts.get(partName) ?? []), chunk]);
  return [...parts].map(([name, members]) => {
    const properties = members.map(
      chunk =>
        `${JSON.stringify(chunk.name)}: function (exports, require, module, __filename, __dirname, bundle) {\n${chunk.code}}`,
    );
    const text = `"use strict";\n({\n${properties.join(',\n')}\n})`;
    const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '\n');
    return { name, chunks: members.map(chunk => chunk.name), text: Buffer.from(padded, 'latin1') };
  });
}

/**
 * Chunks that are always needed together are one part, since each part costs some tenths of a millisecond: what every
 * start takes, the command line, what a run needs, and the rest of a run of the command line and of one for a host. Every
 * other chunk is a part by itself.
 */
function partNames(chunks: readonly Chunk[]): Map<Chunk, string> {
  const main = reachedFrom('src/main.ts', chunks);
  const serve = reachedFrom('src/service/serve.ts', chunks);
  const program = reachedFrom('src/cli/program.ts', chunks);
  const revoke = reachedFrom('src/cli/acts/revoke.ts', chunks);
  const conversation = reachedFrom('src/service/conversation.ts', chunks);
  const nameOf = (chunk: Chunk): string => {
    if (main.has(chunk) || serve.has(chunk)) return 'start';
    if (program.has(chunk)) return conversation.has(chunk) ? 'start' : 'program';
    if (revoke.has(chunk)) return conversation.has(chunk) ? 'run' : 'revoke';
    return conversation.has(chunk) ? 'conversation' : basename(chunk.name, '.js');
  };
  return new Map(chunks.map(chunk => [chunk, `${nameOf(chunk)}.js`]));
}

/** The chunk that begins with a source file, and all that it can't be without. */
function reachedFrom(source: string, chunks: readonly Chunk[]): ReadonlySet<Chunk> {
  const reached = new Set(chunks.filter(chunk => chunk.source === source));
  if (reached.size === 0) throw new Error(`${source} is imported dynamically nowhere.`);
  // A set hands out what is added while it is gone through.
  for (const { needs } of reached)
    for (const chunk of chunks) if (needs.includes(chunk.name)) reached.add(chunk);
  return reached;
}

function loaderFor(index: PartIndex): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'build', 'part-loader.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target,
    define: { index: JSON.stringify(index) },
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
