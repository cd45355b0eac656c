import { build, type BuildOptions, type Plugin } from 'esbuild';
import { basename, dirname } from 'node:path';

/**
 * What only some commands need and is large: the sign-in library, the reader of PFX files, the proxy client, the
 * simulated tenant. Reading code costs time at every start, reading a text next to none.
 */
const heavy =
  /^(@azure\/identity|@azure\/core-rest-pipeline|node-forge|@peculiar\/x509)$|\/(proxied-fetch|simulated-tenant|simulated-server|login-service)\.ts$/;

/**
 * Keeps such parts in the bundle as texts that become code when they are imported for the first time: one file, as a
 * single executable needs it, and a start that does not pay for what it does not use. Each part is a bundle of its own,
 * so nothing may rely on sharing state with another one, nor on `instanceof` with a class of this project.
 */
export function lazyParts(options: BuildOptions): Plugin {
  const made = new Map<string, Promise<string>>();
  const partOf = (path: string): Promise<string> => {
    const known = made.get(path) ?? bundle(path);
    made.set(path, known);
    return known;
  };
  const bundle = async (path: string): Promise<string> => {
    // Names stay, for whoever reads a stack.
    const small = { minifyWhitespace: true, minifySyntax: true };
    const own = { entryPoints: [path], write: false, plugins: [plugin] };
    const { outputFiles = [] } = await build({ ...options, ...small, ...own });
    return outputFiles[0]?.text ?? '';
  };
  const plugin: Plugin = {
    name: 'lazy-parts',
    setup(context) {
      context.onResolve({ filter: /./ }, async args => {
        if (args.kind !== 'dynamic-import' || args.pluginData === 'inner' || !heavy.test(args.path))
          return null;
        const { path } = await context.resolve(args.path, {
          kind: 'dynamic-import',
          resolveDir: args.resolveDir,
          importer: args.importer,
          pluginData: 'inner',
        });
        return { path, namespace: 'lazy-part' };
      });
      context.onLoad({ filter: /./, namespace: 'lazy-part' }, async ({ path }) => ({
        contents: `import vm from 'node:vm';
const text = ${JSON.stringify(await partOf(path))};
const names = ['exports', 'require', 'module', '__filename', '__dirname'];
const run = vm.compileFunction(text, names, { filename: ${JSON.stringify(`usersession/${basename(path)}`)} });
const part = { exports: {} };
run(part.exports, require, part, __filename, __dirname);
module.exports = part.exports;`,
        loader: 'js',
        resolveDir: dirname(path),
      }));
    },
  };
  return plugin;
}
