import { accessSync, constants, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What this account may not read of its own store on Linux, or null; .NET passes over such files without a word. */
export function unreadablePartOfStore(): string | null {
  if (process.platform !== 'linux') return null;
  let path = join(homedir(), '.dotnet', 'corefx', 'cryptography', 'x509stores', 'my');
  try {
    const folder = path;
    for (const file of readdirSync(folder)) {
      path = join(folder, file);
      accessSync(path, constants.R_OK);
    }
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : `no access to ${path}`;
  }
}
