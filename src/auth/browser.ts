import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { withPerson } from './device-code.ts';
import { type IdentitySetting, identityOptions } from './identity-options.ts';
import { SignInError } from './sign-in-error.ts';
import type { Person, Signer } from './signer.ts';

/** A person who signs in with this machine's browser (authorization code with PKCE, answered on loopback). */
export async function browser(setting: IdentitySetting, person: () => Person): Promise<Signer> {
  const { InteractiveBrowserCredential } = await import('@azure/identity');
  const credential = new InteractiveBrowserCredential({
    tenantId: setting.tenantId ?? 'organizations',
    clientId: setting.clientId,
    disableAutomaticAuthentication: true,
    ...identityOptions(setting),
  });
  const opened = () => {
    checkBrowser();
    person().prompt({ message: 'Sign in with the browser window that opens now.' });
  };
  return withPerson(credential, person, opened);
}

/** A browser that can't be started would end this process from inside of the library that starts it. */
function checkBrowser(): void {
  if (process.platform === 'win32' || process.platform === 'darwin') return;
  const found = (process.env['PATH'] ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, 'xdg-open'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) {
    throw new SignInError(
      'No browser can be opened on this machine (there is no xdg-open). Use -UseDeviceCode (--device-code).',
    );
  }
}
