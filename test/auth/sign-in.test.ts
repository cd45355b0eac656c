import { expect, test } from 'vitest';
import { SignIn } from '../../src/auth/sign-in.ts';
import type { Person } from '../../src/auth/signer.ts';
import { openNetwork } from '../../src/graph/network.ts';
import type { CredentialConnection } from '../../src/protocol/tenant.ts';
import { claimsOf, loginStage } from '../simulator/login/login-stage.ts';

const network = openNetwork({ env: {} });

test('a renewal without a person does not take the prompt away from one who is signing in', async () => {
  const { tenant, server } = await loginStage({ deviceCodes: { intervalSeconds: 1 } });
  const connection: CredentialConnection = {
    kind: 'credential',
    credential: { method: 'deviceCode' },
    tenantId: tenant.tenantId,
    clientId: tenant.apps.public.appId,
    loginUrl: server.loginUrl,
  };
  const signIn = new SignIn(connection, network);
  const shown: string[] = [];
  const person: Person = {
    present: true,
    prompt: ({ userCode }) => {
      shown.push(userCode!);
      setTimeout(() => tenant.approveDeviceCode(userCode!), 100);
    },
  };
  const signingIn = signIn.token({ person });
  await expect(signIn.token()).rejects.toThrow(/takes a person at a console/);
  const { token } = await signingIn;
  expect(shown).toHaveLength(1);
  expect(claimsOf(token)['oid']).toBe(tenant.persona('userAdministrator').id);
  // Now that somebody is signed in there is a token for everybody.
  expect((await signIn.token()).token).toBe(token);
});

test('a person whose sign-in was revoked is told by the code of Entra, where nobody can be asked', async () => {
  const { tenant, server, graph } = await loginStage({
    deviceCodes: { intervalSeconds: 1 },
    accessTokenLifetimeSeconds: 60,
  });
  const signIn = new SignIn(
    {
      kind: 'credential',
      credential: { method: 'deviceCode' },
      tenantId: tenant.tenantId,
      clientId: tenant.apps.public.appId,
      loginUrl: server.loginUrl,
    },
    network,
  );
  const { token } = await signIn.token({
    person: { present: true, prompt: ({ userCode }) => tenant.approveDeviceCode(userCode!) },
  });
  const me = (await graph(token, '/me')).body.id;
  await fetch(`${server.url}/v1.0/users/${me}/revokeSignInSessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.issueToken('globalAdministrator')}` },
  });
  await expect(
    signIn.token({ claims: '{"access_token":{"nbf":{"essential":true,"value":"1"}}}' }),
  ).rejects.toThrow(
    /^AADSTS50173: The sign-in was revoked, or the password has changed since\..*takes a person/,
  );
});
