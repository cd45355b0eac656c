import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { CertificateStoreError } from './certificate-store-error.ts';
import { type DotNetRuntime, findDotNet } from './dotnet-runtime.ts';
import { loadOwnOpenSsl } from './own-openssl.ts';
import { keepSignalHandlers } from './signal-handlers.ts';
import { withEnvironment } from './with-environment.ts';

/** Calls build/certificate-signer in .NET. */
export type CertificateSigner = (input: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** What `package.json` of the folder says about whom it is for. */
interface About {
  os: [string];
  cpu: [string];
  engines: { node: string };
}

interface Edge {
  func(options: { assemblyFile: string; typeName: string }): EdgeFunction;
}
type EdgeFunction = (
  input: unknown,
  done: (error: Error | null, result: Record<string, unknown>) => void,
) => void;

/** .NET can be loaded once in a process, and never be unloaded. */
let loaded: CertificateSigner | null = null;

/**
 * Loads .NET and the signer from the folder. Everything that could end the process, instead of failing, is looked at first.
 * @throws CertificateStoreError
 */
export function loadCertificateSigner(folder: string, places?: readonly string[]): CertificateSigner {
  return (loaded ??= load(folder, places));
}

function load(folder: string, places?: readonly string[]): CertificateSigner {
  checkFolder(folder);
  const runtime = runtimeFor(places);
  try {
    const call = withEnvironment(environmentFor(folder, runtime), () =>
      keepSignalHandlers(() => edgeFunction(folder)),
    );
    return input =>
      new Promise((resolve, reject) => {
        call(input, (error, result) => (error ? reject(error) : resolve(result)));
      });
  } catch (error) {
    throw new CertificateStoreError('LoadFailed', '', error instanceof Error ? error.message : String(error));
  }
}

/** Windows brings the .NET Framework; null stands for it. */
function runtimeFor(places?: readonly string[]): DotNetRuntime | null {
  if (process.platform === 'win32') return null;
  const runtime = findDotNet(process.env, places);
  if (!runtime) throw new CertificateStoreError('DotNetMissing');
  if (process.platform === 'linux' && !loadOwnOpenSsl(runtime))
    throw new CertificateStoreError('OpenSslMissing');
  return runtime;
}

function edgeFunction(folder: string): EdgeFunction {
  // A single executable's own require knows only what is inside.
  const edge = createRequire(join(folder, 'package.json'))('./edge-js/lib/edge.js') as Edge;
  const assemblyFile = join(folder, 'CertificateSigner.dll');
  return edge.func({ assemblyFile, typeName: 'UserSession.CertificateSigner.Startup' });
}

function checkFolder(folder: string): void {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) throw new CertificateStoreError('FolderMissing', folder);
  const { os, cpu, engines } = JSON.parse(readFileSync(file, 'utf8')) as About;
  if (os[0] !== process.platform || cpu[0] !== process.arch)
    throw new CertificateStoreError('OtherPlatform', folder, `${os[0]}-${cpu[0]}`);
  // An addon fits one version of Node only.
  if (engines.node !== process.versions.node.split('.')[0])
    throw new CertificateStoreError('OtherNode', folder, engines.node);
}

/** Read by edge-js and by .NET while they start; undefined takes away what would lead them elsewhere or make them talk. */
function environmentFor(folder: string, runtime: DotNetRuntime | null): Record<string, string | undefined> {
  const silent = {
    EDGE_DEBUG: undefined,
    COREHOST_TRACE: undefined,
    EDGE_APP_ROOT: undefined,
    EDGE_APP_NAME: undefined,
  };
  if (!runtime)
    return {
      ...silent,
      EDGE_USE_CORECLR: undefined,
      EDGE_NATIVE: join(folder, 'native', 'edge_nativeclr.node'),
    };
  const bootstrap = join(folder, 'bootstrap');
  return {
    ...silent,
    EDGE_NATIVE: join(folder, 'native', 'edge_coreclr.node'),
    EDGE_BOOTSTRAP_DIR: bootstrap,
    EDGE_USE_CORECLR: '1',
    // An SDK's own configuration would be taken before ours.
    EDGE_USE_RUNTIME_CONFIG: '1',
    CORECLR_VERSION: runtime.version,
    // Its only way to find .NET is the PATH, and its first place for assemblies is a cache of packages in HOME.
    PATH: `${runtime.root}${delimiter}${process.env['PATH'] ?? ''}`,
    NUGET_PACKAGES: bootstrap,
    // No debugger's sockets in the folder for temporary files.
    DOTNET_EnableDiagnostics: '0',
  };
}
