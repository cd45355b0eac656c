import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** An installed .NET that the certificate store can use. */
export interface DotNetRuntime {
  /** The folder with `dotnet` and `shared`. */
  root: string;
  /** The newest version there, as `10.0.12`. */
  version: string;
}

/** Where to look besides the environment. */
export const wellKnownPlaces: readonly string[] = [
  '/etc/dotnet/install_location',
  '/usr/share/dotnet',
  '/usr/lib/dotnet',
  '/usr/lib64/dotnet',
  '/usr/local/share/dotnet',
];

/** The oldest major version that is in support, and that EdgeJs.dll is built for. */
const oldest = 8;

/**
 * Finds .NET without starting it: loaded where it is missing, it would end the process instead of saying so. The order is
 * that of `dotnet` itself (Microsoft, "DOTNET_ROOT" and "Install location" in the .NET documentation), PATH before the places.
 */
export function findDotNet(
  env: NodeJS.ProcessEnv,
  places: readonly string[] = wellKnownPlaces,
): DotNetRuntime | null {
  const roots = [
    env[`DOTNET_ROOT_${process.arch.toUpperCase()}`],
    env['DOTNET_ROOT'],
    ...(env['PATH'] ?? '').split(delimiter).map(rootOf),
    ...places.map(place => (place.includes('install_location') ? lineOf(place) : place)),
    env['HOME'] && join(env['HOME'], '.dotnet'),
  ];
  for (const root of roots) {
    const version = root && existsSync(join(root, 'dotnet')) ? newestIn(root) : null;
    if (root && version) return { root, version };
  }
  return null;
}

/** The installation behind a `dotnet` on the PATH, which is mostly a link. */
function rootOf(folder: string): string | null {
  try {
    return folder && dirname(realpathSync(join(folder, 'dotnet')));
  } catch {
    return null;
  }
}

function lineOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}

function newestIn(root: string): string | null {
  const shared = join(root, 'shared', 'Microsoft.NETCore.App');
  const library = process.platform === 'darwin' ? 'libcoreclr.dylib' : 'libcoreclr.so';
  const versions = existsSync(shared) ? readdirSync(shared) : [];
  const usable = versions
    .filter(v => /^\d+\.\d+\.\d+$/.test(v) && Number.parseInt(v, 10) >= oldest)
    .filter(v => existsSync(join(shared, v, library)))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return usable.at(-1) ?? null;
}
