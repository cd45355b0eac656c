import type { JsonWebKey } from 'node:crypto';
import type { RegisteredApp } from './app-registration.ts';
import { checkTime } from './client-assertion.ts';
import { isSignedBy, type Jwt } from './jwt.ts';
import { publicKey } from './public-key.ts';
import { refusals } from './refusals.ts';

const exchange = 'api://AzureADTokenExchange';

/** Checks a token that somebody outside issued for the app; throws Entra's refusal, which names what did not match. */
export function checkFederatedAssertion(app: RegisteredApp, jwt: Jwt, now: number): void {
  const { iss, sub, aud } = jwt.claims;
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  const fromIssuer = app.federated.filter(one => one.issuer === iss);
  if (fromIssuer.length === 0) throw refusals.federation(700211, 'issuer', iss);
  const ofSubject = fromIssuer.filter(one => one.subject === sub);
  if (ofSubject.length === 0) throw refusals.federation(700213, 'subject', sub);
  const credential = ofSubject.find(one => audiences.includes(one.audience ?? exchange));
  if (!credential) throw refusals.federation(700212, 'audience', audiences[0]);
  const { kid } = jwt.header;
  const keys = credential.keys.filter(key => fits(key, kid)).map(publicKey);
  if (!keys.some(key => isSignedBy(jwt, key))) throw refusals.wrongSignature(String(kid));
  checkTime(jwt, now);
}

const fits = (key: JsonWebKey | string, kid: unknown): boolean =>
  typeof key === 'string' || key['kid'] === undefined || kid === undefined || key['kid'] === kid;
