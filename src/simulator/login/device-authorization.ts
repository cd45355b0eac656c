import { appOf } from './client-authentication.ts';
import type { LoginAnswer, LoginCall, LoginRealm } from './login-call.ts';
import { requestedScopes } from './requested-scopes.ts';

/** Begins the device flow: a code for the person, another for the app. */
export function deviceAuthorization(call: LoginCall, realm: LoginRealm): LoginAnswer {
  const app = appOf(call.form.get('client_id'), realm);
  const scope = call.form.get('scope') ?? '';
  requestedScopes(scope, call, realm);
  const code = realm.deviceCodes.issue(app.appId, scope, call.now);
  const page = `${call.origin}/${realm.world.tenantId}/device`;
  return {
    status: 200,
    body: {
      user_code: code.userCode,
      device_code: code.deviceCode,
      verification_uri: page,
      expires_in: realm.deviceCodes.lifetimeSeconds,
      interval: realm.deviceCodes.intervalSeconds,
      message: `To sign in, use a web browser to open the page ${page} and enter the code ${code.userCode} to authenticate.`,
    },
  };
}
