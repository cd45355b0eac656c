import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Records and locks of the tests go into a folder of each test file's own, and never into that of who runs them. */
const folder = mkdtempSync(join(tmpdir(), 'us-'));
process.env['USERSESSION_HOME'] = folder;
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
