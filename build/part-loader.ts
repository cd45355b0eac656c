import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { Part, PartIndex } from './parts.ts';

/**
 * What starts the engine, as `usersession.cjs`. The engine itself is in `usersession.parts`, beside this file or inside
 * the executable; of that only the parts that are needed are read and compiled. Compiled code lies behind each part's
 * text, twice: V8 refuses what another version or other flags made, but takes what is damaged and fails by it. Two copies
 * are compared in less time than any sum takes.
 */
declare const index: PartIndex;

type Module = { exports: unknown };
type Chunk = (
  exports: unknown,
  require: (name: string) => unknown,
  module: Module,
  ...place: unknown[]
) => void;

const read = isSea() ? fromAsset(getRawAsset(index.file)) : fromFile(join(__dirname, index.file));
const modules = new Map<string, Module>();
const chunks = new Map<string, Chunk>();
const builtins = new Map<string, object>();
const bundle = {
  get url() {
    return pathToFileURL(__filename).href;
  },
};

if (read(0, index.id.length).toString('latin1') !== index.id)
  throw new Error(`${index.file} belongs to another ${__filename}. Install UserSession again.`);
load(index.entry);

function fromAsset(asset: ArrayBuffer | string): (at: number, size: number) => Buffer {
  return (at, size) => Buffer.from(asset as ArrayBuffer, at, size);
}

/** It stays open: when the engine is replaced under a running process, that process goes on with what it began with. */
function fromFile(path: string): (at: number, size: number) => Buffer {
  const file = openSync(path, 'r');
  return (at, size) => {
    const bytes = Buffer.allocUnsafeSlow(size);
    let got = 0;
    for (let more = 1; more > 0 && got < size; got += more)
      more = readSync(file, bytes, got, size - got, at + got);
    if (got < size) throw new Error(`${path} is cut off. Install UserSession again.`);
    return bytes;
  };
}

function load(name: string): unknown {
  if (!name.startsWith('./')) return builtin(name);
  const known = modules.get(name);
  if (known) return known.exports;
  const module: Module = { exports: {} };
  modules.set(name, module);
  chunkOf(name)(module.exports, load, module, __filename, __dirname, bundle);
  return module.exports;
}

function chunkOf(name: string): Chunk {
  if (!chunks.has(name)) {
    const part = index.parts.find(one => one.chunks.includes(name));
    if (!part) throw new Error(`There is no ${name} in ${index.file}.`);
    for (const [own, chunk] of Object.entries(compiled(part))) chunks.set(own, chunk);
  }
  return chunks.get(name) as Chunk;
}

function compiled({ name, at, text, code }: Part): Record<string, Chunk> {
  const bytes = read(at, text + 2 * code);
  const [once, again] = [bytes.subarray(text, text + code), bytes.subarray(text + code)];
  const script = new Script(bytes.toString('latin1', 0, text), {
    filename: `usersession/${name}`,
    cachedData: code > 0 && once.equals(again) ? once : undefined,
  });
  return script.runInThisContext();
}

/**
 * Many take some milliseconds to be loaded, so those that are not in every process wait until something of theirs is used;
 * what they are called by is known before. What is bundled asks for `__esModule` to tell apart whom it imports.
 */
function builtin(name: string): unknown {
  const names = index.lazyBuiltins[name.replace('node:', '')];
  if (!names) return loadedBuiltin(name);
  const known =
    builtins.get(name) ??
    new Proxy(
      {},
      onDemand(names.split(' '), () => loadedBuiltin(name)),
    );
  builtins.set(name, known);
  return known;
}

function loadedBuiltin(name: string): object {
  const found = process.getBuiltinModule(name);
  if (!found) throw new Error(`Node ${process.version} has no ${name}.`);
  return found;
}

const onDemand = (names: readonly string[], get: () => object): ProxyHandler<object> => ({
  get: (_, key) => (key === '__esModule' ? undefined : Reflect.get(get(), key)),
  has: (_, key) => names.includes(key as string),
  ownKeys: () => [...names],
  getOwnPropertyDescriptor: (_, key) =>
    names.includes(key as string)
      ? { configurable: true, enumerable: true, get: () => Reflect.get(get(), key) }
      : undefined,
});
