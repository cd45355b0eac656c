import { createHash } from 'node:crypto';
import { copyFileSync, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onTestFinished } from 'vitest';
import { ZipFile } from 'yazl';
import { root } from '../../build/paths.ts';
import { type PowerShellOptions, type PowerShellRun, runPowerShell } from '../module/power-shell.ts';

export const installer = join(root, 'build', 'package', 'install.ps1');
export const platform = process.platform === 'win32' ? 'win-x64' : 'linux-x64';

/** Names in UserSession/VERSION and what is in them. */
export const smallModule: Record<string, string> = {
  'UserSession.psd1': `@{ RootModule = 'UserSession.psm1'; ModuleVersion = '1.2.3' }`,
  'UserSession.psm1': `function Get-Small { 'small' }`,
  'engine/usersession': 'the engine',
  'private/Deep/Öffnen.ps1': '# a name that is not ASCII',
};

/** A folder of this test that goes when it ends; its path has blanks, umlauts and an apostrophe. */
export function someFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "Paket für Zoë's Büro "));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Puts a package as `npm run package` lays it out, but small, into a folder; returns the zip. `evil`: one more name. */
export async function addPackage(
  folder: string,
  version = '1.2.3',
  { files = smallModule, evil }: { files?: Record<string, string>; evil?: string } = {},
): Promise<string> {
  const name = `UserSession-${version}-${platform}.zip`;
  const zip = new ZipFile();
  for (const [path, text] of Object.entries(files)) {
    const mode = path.startsWith('engine/') ? 0o100755 : 0o100644;
    zip.addBuffer(Buffer.from(text), `UserSession/${version}/${path}`, { mode });
  }
  if (evil) zip.addBuffer(Buffer.from('evil'), 'x'.repeat(evil.length));
  zip.end();
  const file = join(folder, name);
  await pipeline(zip.outputStream, createWriteStream(file));
  if (evil) {
    // No proper library writes such a name, so it is put in afterwards.
    const bytes = readFileSync(file).toString('latin1');
    writeFileSync(file, bytes.replaceAll('x'.repeat(evil.length), evil), 'latin1');
  }
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  writeFileSync(join(folder, 'SHA256SUMS'), `${sum}  ${name}\n`, { flag: 'a' });
  copyFileSync(installer, join(folder, 'install.ps1'));
  return file;
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Runs the install.ps1 of a folder. */
export function install(
  folder: string,
  args: string,
  options: PowerShellOptions = {},
): Promise<PowerShellRun> {
  return runPowerShell(`& ${quoted(join(folder, 'install.ps1'))} ${args}`, options);
}

/** What one call of it told: its object and the first error. */
export function toldBy(run: PowerShellRun): { id: string | undefined; message: string; result: unknown } {
  const properties = run.outputs.at(-1)?.properties ?? {};
  return {
    id: run.errors[0]?.fullyQualifiedErrorId.split(',')[0],
    message: run.errors[0]?.message ?? '',
    result: Object.fromEntries(Object.entries(properties).map(([name, tagged]) => [name, tagged.value])),
  };
}
