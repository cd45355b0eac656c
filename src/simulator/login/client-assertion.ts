import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { RegisteredApp } from './app-registration.ts';
import { isSignedBy, type Jwt } from './jwt.ts';
import type { LoginCall, LoginRealm } from './login-call.ts';
import { refusals } from './refusals.ts';

/** How far the clock of a client may be off, in seconds. */
const toleranceSeconds = 300;

/** Checks an assertion that the app signed with a certificate of its own; throws Entra's refusal. */
export function checkClientAssertion(call: LoginCall, app: RegisteredApp, jwt: Jwt, realm: LoginRealm): void {
  const { key, thumbprint } = registeredKey(app, jwt, call.now);
  if (!isSignedBy(jwt, key)) throw refusals.wrongSignature(thumbprint);
  if (jwt.claims['sub'] !== app.appId) throw refusals.otherSubject();
  if (!audiences(call, realm).includes(String(jwt.claims['aud']))) throw refusals.wrongAudience();
  checkTime(jwt, call.now);
  checkReuse(jwt, call.now, realm);
}

/** Found by the thumbprint in the header: `x5t#S256`, or `x5t` as older clients send it. */
function registeredKey(app: RegisteredApp, jwt: Jwt, now: number): { key: KeyObject; thumbprint: string } {
  const sha256 = jwt.header['x5t#S256'];
  const wanted = sha256 ?? jwt.header['x5t'];
  if (typeof wanted !== 'string') throw refusals.malformedAssertion();
  const bytes = Buffer.from(wanted, 'base64url');
  const algorithm = sha256 === undefined ? 'sha1' : 'sha256';
  const thumbprint = bytes.toString('hex').toUpperCase();
  const certificate = app.certificates
    .map(pem => new X509Certificate(pem))
    .find(one => createHash(algorithm).update(one.raw).digest().equals(bytes));
  if (!certificate) throw refusals.certificateNotRegistered(app, thumbprint);
  if (certificate.validToDate.getTime() <= now) throw refusals.certificateExpired(certificate, thumbprint);
  return { key: certificate.publicKey, thumbprint };
}

/** The token endpoint, under the names that the tenant has and the one that was used. */
function audiences(call: LoginCall, realm: LoginRealm): string[] {
  const names = [realm.world.tenantId, realm.world.domain, call.tenant];
  return names.map(name => `${call.origin}/${name}/oauth2/v2.0/token`);
}

export function checkTime(jwt: Jwt, now: number): void {
  const { nbf = 0, exp } = jwt.claims;
  const seconds = now / 1000;
  const begun = typeof nbf === 'number' && nbf <= seconds + toleranceSeconds;
  const ended = typeof exp !== 'number' || exp <= seconds - toleranceSeconds;
  if (!begun || ended) throw refusals.outsideItsTime(now, jwt.claims['nbf'], exp);
}

function checkReuse(jwt: Jwt, now: number, realm: LoginRealm): void {
  if (!realm.singleUseAssertions) return;
  const used = realm.usedAssertions;
  for (const [id, until] of used) if (until < now) used.delete(id);
  const { jti, exp } = jwt.claims;
  if (typeof jti !== 'string' || used.has(jti)) throw refusals.assertionReused();
  used.set(jti, (Number(exp) + toleranceSeconds) * 1000);
}
