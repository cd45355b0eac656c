export interface SignInCode {
  means: string;
  remedy: string;
}

const consent =
  'An administrator grants it once: usersession whoami (Test-UserSessionAccess) shows the address and the commands.';
const registration = 'Entra admin center > App registrations > the app > Certificates & secrets';
const again = 'Sign in again.';

/**
 * Entra's codes that an admin meets when signing in, by number. Meaning from Microsoft, "Microsoft Entra authentication
 * and authorization error codes" (entra-docs, identity-platform/reference-error-codes.md); what to do is ours.
 */
export const signInCodes: Readonly<Record<number, SignInCode>> = {
  7000215: {
    means: 'The client secret is wrong.',
    remedy: `Give the secret's value, not its id; make a new one in ${registration}.`,
  },
  7000222: {
    means: 'The client secret has expired.',
    remedy: `Make a new one in ${registration}, or better use a certificate or a managed identity.`,
  },
  700016: {
    means: 'This tenant has no app with this client id.',
    remedy:
      'Check the client id (the application id, not the object id) and the tenant id; the app may also be registered in another tenant or cloud.',
  },
  7000112: {
    means: 'The app is disabled in this tenant.',
    remedy: 'Enable it under Enterprise applications > the app > Properties.',
  },
  90002: {
    means: 'There is no such tenant.',
    remedy:
      'Check the tenant id or domain, and the cloud: -Environment (--environment) for USGov, USGovDoD and China.',
  },
  900023: { means: 'The tenant id is no tenant id.', remedy: 'Give its GUID or one of its domains.' },
  900439: {
    means: 'The app belongs to the US Government cloud, and this is the public one.',
    remedy: 'Use -Environment USGov or USGovDoD (--environment).',
  },
  900382: {
    means: 'The app belongs to another cloud.',
    remedy: 'Choose its cloud with -Environment (--environment).',
  },
  65001: { means: 'Nobody has consented to this for the app.', remedy: consent },
  90094: { means: 'An administrator must consent to this.', remedy: consent },
  500011: {
    means: 'The tenant does not know the resource that the token is for.',
    remedy: 'Check -Environment (--environment) and the Graph endpoint: they belong to one cloud.',
  },
  50076: {
    means: 'Multi-factor authentication is required.',
    remedy:
      'A person signs in with -UseDeviceCode or -Browser (--device-code, --browser); a job uses an app with a certificate or a managed identity.',
  },
  50079: {
    means: 'This account must first register for multi-factor authentication.',
    remedy: 'Do so at the next sign-in in a browser, then run the command again.',
  },
  50158: { means: 'Another check outside of Entra is required.', remedy: 'Sign in with a browser.' },
  53000: {
    means: 'Conditional Access wants a compliant device.',
    remedy: 'Sign in from a device that is, or ask for an exception for this one.',
  },
  53003: {
    means: 'Conditional Access blocks this sign-in.',
    remedy:
      "The tenant's sign-in log names the policy under the ids here: exclude the account or app, or work from an allowed place. Device code is often blocked: try -Browser (--browser).",
  },
  530003: {
    means: 'Conditional Access wants a device that this tenant manages.',
    remedy: 'Sign in from such a device.',
  },
  50173: {
    means: 'The sign-in was revoked, or the password has changed since.',
    remedy: again,
  },
  50132: { means: 'The session is no longer valid.', remedy: again },
  50133: { means: 'The session was revoked.', remedy: again },
  50089: { means: 'The sign-in took too long.', remedy: again },
  70043: { means: 'The sign-in is older than Conditional Access allows.', remedy: again },
  700082: { means: 'The sign-in was not used for too long.', remedy: again },
  50057: {
    means: 'The account is disabled.',
    remedy: 'Sign in with another account, or enable it first.',
  },
  50105: {
    means: 'The account is not assigned to this app.',
    remedy: 'Assign it under Enterprise applications > the app > Users and groups.',
  },
  50126: { means: 'User name or password is wrong.', remedy: again },
  50020: {
    means: 'This account is of another tenant.',
    remedy:
      'Give the tenant that it works in with -TenantId (--tenant-id), or sign in with an account of it.',
  },
  50034: { means: 'This tenant has no such account.', remedy: 'Check the account and the tenant.' },
  50059: { means: 'The sign-in does not tell the tenant.', remedy: 'Give it with -TenantId (--tenant-id).' },
  700027: {
    means: 'The certificate is not registered for this app, or its signature is wrong.',
    remedy: `Upload its public part in ${registration}, and compare the thumbprint; a renewed certificate has another one.`,
  },
  700024: {
    means: "The signed request is outside of its time: this machine's clock is wrong.",
    remedy: 'Set the clock (Windows: w32tm /resync; Linux: timedatectl) and run the command again.',
  },
  700211: {
    means: 'No federated credential of the app has this issuer.',
    remedy: `Compare issuer and subject in ${registration} > Federated credentials.`,
  },
  700213: {
    means: 'No federated credential of the app has this subject.',
    remedy: `Compare it in ${registration} > Federated credentials; for GitHub it names repository and branch or environment.`,
  },
  70021: {
    means: 'No federated credential of the app fits the token.',
    remedy: `Compare issuer, subject and audience in ${registration} > Federated credentials.`,
  },
  70020: { means: 'The device code has expired.', remedy: 'Run the command again and enter the new code.' },
  70018: { means: 'The device code is not valid.', remedy: 'Run the command again and enter the new code.' },
};
