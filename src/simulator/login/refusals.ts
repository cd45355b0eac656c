import type { X509Certificate } from 'node:crypto';
import type { RegisteredApp } from './app-registration.ts';
import { EntraError } from './entra-error.ts';

/*
 * Entra's words for what can be wrong. Sources: Microsoft, "Microsoft Entra authentication and authorization error
 * codes", and answers quoted in public issue threads. What is quoted in them comes from the request.
 */
const invalidRequest = (code: number, message: string): EntraError =>
  new EntraError(400, 'invalid_request', code, message);
const invalidClient = (code: number, message: string): EntraError =>
  new EntraError(401, 'invalid_client', code, message);
const invalidGrant = (code: number, message: string, suberror?: string): EntraError =>
  new EntraError(400, 'invalid_grant', code, message, suberror);
const time = (seconds: unknown): string =>
  typeof seconds === 'number' && Math.abs(seconds) < 8e12
    ? new Date(seconds * 1000).toISOString().replace('.000Z', '.0000000Z')
    : String(seconds);

export const refusals = {
  tenantNotFound: (tenant: string) =>
    invalidRequest(
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  noTenantNamed: () =>
    invalidRequest(
      50059,
      'No tenant-identifying information found in either the request or implied by any provided credentials.',
    ),
  parameterMissing: (name: string) =>
    invalidRequest(900144, `The request body must contain the following parameter: '${name}'.`),
  grantNotSupported: (grant: string) =>
    new EntraError(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${grant}'.`,
    ),
  appNotFound: (appId: string, tenant: string) =>
    new EntraError(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${appId}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ),
  appDisabled: (app: RegisteredApp) =>
    new EntraError(
      400,
      'unauthorized_client',
      7000112,
      `Application '${app.appId}'(${app.displayName}) is disabled.`,
    ),
  otherCloud: () => invalidRequest(900439, 'USG client not supported on public endpoint.'),
  credentialMissing: () =>
    invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  wrongSecret: (app: RegisteredApp) =>
    invalidClient(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${app.appId}'.`,
    ),
  expiredSecret: (app: RegisteredApp) =>
    invalidClient(
      7000222,
      `The provided client secret keys for app '${app.appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ),
  malformedAssertion: () => invalidClient(50027, 'JWT token is invalid or malformed.'),
  certificateNotRegistered: (app: RegisteredApp, thumbprint: string) =>
    invalidClient(
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}', Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${app.appId}'.]`,
    ),
  certificateExpired: (certificate: X509Certificate, thumbprint: string) =>
    invalidClient(
      700027,
      `Client assertion failed signature validation. [Reason - The key used is expired., Thumbprint of key used by client: '${thumbprint}', Found key 'Start=${certificate.validFrom}, End=${certificate.validTo}']`,
    ),
  wrongSignature: (thumbprint: string) =>
    invalidClient(
      700027,
      `Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value., Thumbprint of key used by client: '${thumbprint}']`,
    ),
  outsideItsTime: (now: number, notBefore: unknown, expires: unknown) =>
    invalidClient(
      700024,
      `Client assertion is not within its valid time range. Current time: ${time(now / 1000)}, assertion valid from ${time(notBefore)}, expiry time of assertion ${time(expires)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
    ),
  wrongAudience: () => invalidClient(700023, 'Client assertion audience claim does not match Realm issuer.'),
  otherSubject: () =>
    invalidClient(700021, "Client assertion application identifier doesn't match 'client_id' parameter."),
  assertionReused: () =>
    invalidClient(50013, "Assertion is invalid. [Reason - The 'jti' of the assertion was used before.]"),
  federation: (code: 700211 | 700212 | 700213, what: 'issuer' | 'audience' | 'subject', value: unknown) =>
    invalidClient(
      code,
      `No matching federated identity record found for presented assertion ${what} '${String(value)}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation`,
    ),
  badScope: (scope: string) =>
    new EntraError(
      400,
      'invalid_scope',
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope '${scope}' is not valid.`,
    ),
  scopeWithoutDefault: (scope: string) =>
    new EntraError(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  resourceNotFound: (resource: string, tenant: string) =>
    new EntraError(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    ),
  notConsented: (app: RegisteredApp) =>
    invalidGrant(
      65001,
      `The user or administrator has not consented to use the application with ID '${app.appId}' named '${app.displayName}'. Send an interactive authorization request for this user and resource.`,
      'consent_required',
    ),
  declined: () => new EntraError(400, 'access_denied', 65004, 'User declined to consent to access the app.'),
  mfaRequired: () =>
    invalidGrant(
      50076,
      "Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access '00000003-0000-0000-c000-000000000000'.",
      'basic_action',
    ),
  blocked: () =>
    invalidGrant(
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ),
  accountDisabled: () => invalidGrant(50057, 'The user account is disabled.'),
  notAssigned: (app: RegisteredApp, user: string) =>
    invalidGrant(
      50105,
      `Your administrator has configured the application ${app.displayName} ('${app.appId}') to block users unless they are specifically granted ('assigned') access to the application. The signed in user '${user}' is blocked because they are not a direct member of a group with access, nor had access directly assigned by an administrator. Please contact your administrator to assign access to this application.`,
    ),
  noSuchUser: (tenant: string) =>
    invalidGrant(
      50034,
      `The user account {EUII Hidden} does not exist in the ${tenant} directory. To sign into this application, the account must be added to the directory.`,
    ),
  wrongPassword: () =>
    invalidGrant(50126, 'Error validating credentials due to invalid username or password.'),
  authorizationPending: () =>
    new EntraError(
      400,
      'authorization_pending',
      70016,
      'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
    ),
  deviceCodeUnknown: () =>
    new EntraError(
      400,
      'bad_verification_code',
      70018,
      "Invalid verification code due to User typing in wrong user code for device code flow. Authorization isn't approved.",
    ),
  deviceCodeExpired: () =>
    new EntraError(
      400,
      'expired_token',
      70020,
      "The provided value for the input parameter 'device_code' is not valid. This device code has expired.",
    ),
  deviceCodeDeclined: () =>
    new EntraError(400, 'authorization_declined', 65004, 'User declined to consent to access the app.'),
  redirectNotRegistered: (app: RegisteredApp, uri: string) =>
    invalidRequest(
      50011,
      `The redirect URI '${uri}' specified in the request does not match the redirect URIs configured for the application '${app.appId}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.`,
    ),
  responseTypeNotSupported: (type: string) =>
    new EntraError(
      400,
      'unsupported_response_type',
      700054,
      `response_type '${type}' is not enabled for the application.`,
    ),
  challengeMissing: () =>
    invalidRequest(50147, "The size of the code challenge parameter isn't valid: S256 is needed here."),
  codeUnknown: () => invalidGrant(70000, "The provided value for the 'code' parameter is not valid."),
  codeRedeemed: () =>
    invalidGrant(
      54005,
      'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
    ),
  codeExpired: () =>
    invalidGrant(
      70008,
      'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
    ),
  verifierWrong: () =>
    invalidGrant(
      501481,
      'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
    ),
  refreshTokenUnknown: () => invalidGrant(9002313, 'Invalid request. Request is malformed or invalid.'),
  grantRevoked: (issuedAt: number, validFromSeconds: number) =>
    invalidGrant(
      50173,
      `The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password. The grant was issued on '${time(Math.floor(issuedAt / 1000))}' and the TokensValidFrom date (before which tokens are not valid) for this user is '${time(validFromSeconds)}'.`,
    ),
} as const;
