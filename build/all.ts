import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildCertificateStore, certificateStoreSources } from './certificate-store.ts';
import { assembleModule, bundleEngine } from './engine.ts';
import { writeCommitted, writeValidators } from './generate.ts';
import {
  certificateStoreOut,
  cliOut,
  engineFiles,
  engineOut,
  moduleOut,
  portableEngineOut,
  root,
} from './paths.ts';
import { unlessUnchanged } from './stamp.ts';
import { buildTestHost, hasDotnet, testHostDll } from './test-host.ts';

const always = ['package-lock.json', 'package.json', 'build/*.ts'];

/** Makes whatever is missing or older than its sources: validators, engine, certificate store, module, CLI. */
export async function buildProduct(): Promise<void> {
  const validators = join(root, 'src', 'protocol', 'generated', 'validators.js');
  const engine = [engineOut, portableEngineOut].flatMap(folder =>
    engineFiles.map(file => join(folder, file)),
  );
  await unlessUnchanged(
    'protocol',
    [...always, 'src/protocol/*.ts', 'src/graph/{permissions,roles}.ts', 'src/journal/entry.ts'],
    [validators],
    async () => {
      writeCommitted();
      await writeValidators();
    },
  );
  await unlessUnchanged('engine', [...always, 'build/warm-up/*', 'src/**/*'], engine, () => bundleEngine());
  await buildCertificateStore();
  const store = join(moduleOut, 'engine', 'certificate-store');
  await unlessUnchanged(
    'module',
    [...always, ...certificateStoreSources, 'src/**/*', 'module/**/*'],
    [moduleOut, cliOut, ...(existsSync(certificateStoreOut) ? [store] : [])],
    assembleModule,
  );
}

/** The PowerShell engine of the tests; without .NET it says so in one line and returns false. */
export async function buildForPowerShell(): Promise<boolean> {
  if (!hasDotnet()) {
    process.stderr.write(
      'No .NET SDK: the PowerShell test host is not built, so PowerShell can be shown only where pwsh is installed.\n',
    );
    return false;
  }
  await unlessUnchanged('test-host', ['build/test-host.ts', 'test/host/**/*'], [testHostDll], buildTestHost);
  return true;
}
