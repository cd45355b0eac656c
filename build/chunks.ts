import { basename, join } from 'node:path';
import {
  build,
  type BuildOptions,
  type Metafile,
  type Plugin,
  transform,
  type TransformOptions,
} from 'esbuild';
import { version } from './version.ts';
import { root } from './paths.ts';

/** A piece of the engine, as a CommonJS module. */
export interface Chunk {
  /** What the others require it by: `./main.js`. */
  name: string;
  code: string;
  /** The source file that begins it, where one is imported dynamically: `src/cli/program.ts`. */
  source: string | null;
  /** The names of those that it can't be without. */
  needs: string[];
}

/** The oldest Node that the engine is for. */
export const target = 'node22';

/** What libraries load at once and we do not use, or not each time; each is a module that stands in. */
const unused = {
  // Sign-ins go through our own network, proxy included.
  'https-proxy-agent': 'export class HttpsProxyAgent {}',
  'http-proxy-agent': 'export class HttpProxyAgent {}',
  // Wanted when the key of a certificate signs.
  jsonwebtoken: `export default { sign: (...all) => require('jsonwebtoken/index.js').sign(...all) };`,
};

const options: BuildOptions = {
  bundle: true,
  splitting: true,
  platform: 'node',
  // The only format that esbuild splits.
  format: 'esm',
  target,
  define: {
    'process.env["USERSESSION_VERSION"]': JSON.stringify(version),
    // Nobody here sends forms or is a browser, and to look at these names loads Node's fetch, and its workers.
    FormData: 'undefined',
    navigator: 'undefined',
    // What opens a browser asks where it is; CommonJS has other words for that.
    'import.meta.url': 'bundle.url',
  },
  alias: {
    // Colours for a log that nobody sees, wanted from beside the bundle, where nothing is ours.
    'supports-color': 'node:tty',
    // Its CommonJS can't be taken apart, and three quarters of it are not used.
    '@microsoft/microsoft-graph-client': '@microsoft/microsoft-graph-client/lib/es/src/index.js',
  },
  plugins: [standInsFor(unused)],
  legalComments: 'none',
  logLevel: 'error',
};

const asCommonJs: TransformOptions = {
  loader: 'js',
  format: 'cjs',
  platform: 'node',
  target,
  // In a text that becomes code later there is no import().
  supported: { 'dynamic-import': false },
  legalComments: 'none',
};

/** Libraries are made small; our own code stays as it is, for whoever reads a stack. */
const small: TransformOptions = { minifyWhitespace: true, minifySyntax: true };

/**
 * Bundles the engine and splits it where it imports dynamically: whoever needs a command, a way to sign in, a format
 * loads that and what it shares with others, once. Each chunk is ASCII.
 */
export async function bundleChunks(): Promise<Chunk[]> {
  const { outputFiles = [], metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [join('src', 'main.ts')],
    outdir: 'out',
    write: false,
    metafile: true,
  });
  const chunks = outputFiles.map(async ({ path, text }): Promise<Chunk> => {
    const file = basename(path);
    const about = metafile?.outputs[`out/${file}`];
    const { code } = await transform(text, {
      ...asCommonJs,
      ...(isOurs(about?.inputs ?? {}) ? {} : small),
    });
    if (/[^\0-\x7f]/.test(code)) throw new Error(`${file} is not ASCII, as whoever reads it expects.`);
    const needed = about?.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    return {
      name: `./${file}`,
      code,
      source: about?.entryPoint ?? null,
      needs: (needed ?? []).map(one => `./${basename(one.path)}`),
    };
  });
  return (await Promise.all(chunks)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** True where more than half of it is written by us. */
function isOurs(inputs: Metafile['outputs'][string]['inputs']): boolean {
  const sizes = Object.entries(inputs).map(([path, { bytesInOutput }]) =>
    path.startsWith('src/') && !path.includes('generated') ? bytesInOutput : -bytesInOutput,
  );
  return sizes.reduce((sum, size) => sum + size, 0) > 0;
}

function standInsFor(modules: Record<string, string>): Plugin {
  return {
    name: 'stand-ins',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^[\w-]+$/ }, ({ path, resolveDir }) =>
        Object.hasOwn(modules, path) ? { path, namespace: 'stand-in', pluginData: resolveDir } : null,
      );
      onLoad({ filter: /./, namespace: 'stand-in' }, ({ path, pluginData: resolveDir }) => ({
        contents: modules[path],
        resolveDir,
      }));
    },
  };
}
