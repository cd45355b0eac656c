import { test } from 'vitest';
import type { PowerShellRun } from './power-shell.ts';
import { runModule } from './with-stub.ts';
const screen = (run: PowerShellRun): string =>
  run.events.flatMap(event => (event.stream === 'text' ? [event.text.trimEnd()] : [])).join('\n');
test.each([
  `'a@contoso.example','notfound@x', 'b@contoso.example' | Get-UserSignInSession`,
  `Get-UserSessionPolicy 'a@contoso.example'`,
  `Get-UserSessionPolicy 'a@contoso.example' | Format-List`,
  `(Get-UserSessionPolicy 'a@contoso.example').Covers`,
  `Watch-UserSignIn 'b@contoso.example', 'c@x'`,
  `'c@contoso.example' | Revoke-UserSession -Explain`,
])('look %s', async s => {
  const run = await runModule(s, {
    format: { width: 100 },
    env: { TZ: 'Europe/Berlin' },
    freshProcess: true,
    stub: {
      sessions: [
        {},
        {
          appDisplayName: 'Salesforce',
          resourceDisplayName: null,
          clientApp: 'Browser',
          device: 'Windows 10, Edge 120',
          accessUntilIfRevoked: null,
          because: "the app's own session cookie",
          confidence: 'Inferred',
        },
        {
          accessUntilIfRevoked: '2020-01-02T03:19:05.000Z',
          accessUntil: '2030-01-02T03:19:05.000Z',
          confidence: 'Inferred',
          because: 'access token lives out: token lifetime policy "8 hours"',
        },
      ],
      policies: [
        {},
        {
          kind: 'TokenLifetime',
          policyName: 'Long tokens for the warehouse',
          state: 'ReportOnly',
          setting: 'access tokens live 8 h',
          verdict: 'Slower',
          because: 'a revocation takes 8 h to reach apps without continuous access evaluation',
          advice: 'Shorten it to one hour.',
        },
      ],
      signIns: [
        { meaning: 'Late', sameCountry: true, newSession: false, multiFactor: true, sameIpAddress: true },
        {},
      ],
      row: {
        accessUntil: '2030-01-02T03:19:05.000Z',
        because: 'CAE app and resource (Microsoft Teams)',
        confidence: 'Inferred',
      },
    },
  });
  console.log(screen(run));
  console.log(JSON.stringify(run.errors.map(e => e.message)), run.warnings);
});
