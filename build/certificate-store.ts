import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { layOutCertificateStore } from './certificate-store-layout.ts';
import { buildEdgeNative, edgeNative, edgePackage, missingForEdgeNative } from './edge-native.ts';
import { certificateStoreOut, certificateStoreParts, root } from './paths.ts';
import { runLogged } from './run-logged.ts';
import { unlessUnchanged } from './stamp.ts';
import { hasDotnet } from './test-host.ts';

const managed = join(certificateStoreParts, 'managed');
const managedSources = [
  'build/Directory.Build.props',
  'build/certificate-signer/*',
  'build/edge-bootstrap/*',
  'package-lock.json',
];

/** Everything that the folder depends on. */
export const certificateStoreSources = [
  ...managedSources,
  'build/edge-native.ts',
  'build/certificate-store*.ts',
];

/**
 * Makes the folder through which the engine uses certificates of the system's store. What is missing for it is said in
 * one line, and everything else is built all the same.
 */
export async function buildCertificateStore(): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const missing = await buildCertificateStoreParts(platform);
    if (missing) return leaveOut(`${missing} is missing here`);
    await unlessUnchanged('certificate-store', certificateStoreSources, [certificateStoreOut], () =>
      layOutCertificateStore(platform, certificateStoreOut),
    );
  } catch (error) {
    leaveOut(error instanceof Error ? error.message : String(error));
  }
}

/** Compiles what a platform needs and can be compiled here; what can't be for lack of tools is returned. */
export async function buildCertificateStoreParts(platform: string): Promise<string | null> {
  if (!existsSync(edgePackage)) return 'the optional package edge-js';
  if (!hasDotnet()) return 'a .NET SDK';
  const linux = platform.startsWith('linux');
  if (linux) {
    const missing = missingForEdgeNative();
    if (missing) return missing;
  }
  await Promise.all([
    linux &&
      unlessUnchanged(
        'edge-native',
        ['build/edge-native.ts', 'package-lock.json'],
        [edgeNative],
        buildEdgeNative,
      ),
    unlessUnchanged(
      'certificate-signer',
      managedSources,
      [join(managed, 'EdgeJs.dll'), join(managed, 'CertificateSigner.dll')],
      buildManaged,
    ),
  ]);
  return null;
}

async function buildManaged(): Promise<void> {
  for (const project of ['certificate-signer', 'edge-bootstrap']) {
    const options = ['-c', 'Release', '-o', managed, '-v', 'quiet', '--nologo', '-clp:NoSummary'];
    await runLogged('dotnet', ['build', ...options], { cwd: join(root, 'build', project) });
  }
}

function leaveOut(reason: string): void {
  rmSync(certificateStoreOut, { recursive: true, force: true });
  process.stderr.write(
    `Certificates of the system's store are left out of this build (certificate files work): ${reason}.\n`,
  );
}
