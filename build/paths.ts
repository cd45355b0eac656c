import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Everything the build makes; ignored by git. */
export const out = join(root, 'build', 'out');
/** The engine: usersession.cjs, usersession.parts. */
export const engineOut = join(out, 'engine');
/** The same without code that is compiled already, which is good for one platform and version of Node alone. */
export const portableEngineOut = join(out, 'engine-portable');
/** What the engine consists of. */
export const engineFiles: readonly string[] = ['usersession.cjs', 'usersession.parts'];
/** The assembled PowerShell module, engine inside. */
export const moduleOut = join(out, 'UserSession');
/** The PowerShell engine for machines without pwsh. */
export const testHostOut = join(out, 'test-host');
/** The CLI of the source tree. */
export const cliOut = join(out, process.platform === 'win32' ? 'usersession.cmd' : 'usersession');
/** What a certificate of the system's store needs at run time: one folder that can be copied anywhere. */
export const certificateStoreOut = join(out, 'certificate-store');
/** What that folder is put together from. */
export const certificateStoreParts = join(out, 'certificate-store-parts');
