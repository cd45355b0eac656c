import { openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { Part, PartIndex } from './parts.ts';
import { sumOf } from './sum.ts';

/**
 * What starts the engine, as `usersession.cjs`. The engine itself is in `usersession.parts`, beside this file or inside
 * the executable; of that only the parts that are needed are read and compiled. Compiled code lies behind each part's
 * text; it is left alone when it is not of this very V8, or not as it was written, which V8 does not look at.
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

function compiled({ name, at, text, cache, sum }: Part): Record<string, Chunk> {
  const bytes = read(at, text + cache);
  const code = bytes.subarray(text);
  const script = new Script(bytes.toString('latin1', 0, text), {
    filename: `usersession/${name}`,
    cachedData: cache > 0 && sumOf(code) === sum ? code : undefined,
  });
  return script.runInThisContext();
}

/** Many take some milliseconds to be loaded, so those that are not in every process wait until they are used. */
function builtin(name: string): unknown {
  if (!index.lazyBuiltins.includes(name.replace('node:', ''))) return loadedBuiltin(name);
  const known =
    builtins.get(name) ??
    new Proxy(
      {},
      onDemand(() => loadedBuiltin(name)),
    );
  builtins.set(name, known);
  return known;
}

function loadedBuiltin(name: string): object {
  const found = process.getBuiltinModule(name);
  if (!found) throw new Error(`Node ${process.version} has no ${name}.`);
  return found;
}

function onDemand(get: () => object): ProxyHandler<object> {
  return {
    get: (_, key) => Reflect.get(get(), key),
    has: (_, key) => Reflect.has(get(), key),
    ownKeys: () => Reflect.ownKeys(get()),
    getOwnPropertyDescriptor: (_, key) => ({
      ...Reflect.getOwnPropertyDescriptor(get(), key),
      configurable: true,
    }),
  };
}
