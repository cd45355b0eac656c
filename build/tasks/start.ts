import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { buildForPowerShell, buildProduct } from '../all.ts';
import { showPowerShell } from '../../test/module/power-shell.ts';
import { cliOut, moduleOut, root } from '../paths.ts';

/** `npm start`: shows the product at work on the simulated tenant, in PowerShell where there is one, and ends. */
await buildProduct();
const powerShell = await buildForPowerShell();

const simulator = spawn(cliOut, ['simulate', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const about: About = await new Promise((resolve, reject) => {
    createInterface(simulator.stdout).once('line', line => resolve(JSON.parse(line)));
    simulator.once('exit', () => reject(new Error('The simulated tenant did not start.')));
  });
  say(
    `A simulated tenant, ${about.domain}, is up at ${about.graphUrl}. Nobody real is signed out by anything below.\n`,
  );
  process.exitCode = powerShell ? await showInPowerShell(about) : showOnCommandLine(about);
  say(`
On your own tenant:
  Import-Module ./${relative(root, moduleOut)}
  Connect-MgGraph -Scopes User.RevokeSessions.All,User.Read.All,GroupMember.Read.All
  Get-MgUser -Filter "department eq 'Sales'" -All | Revoke-UserSession -WhatIf
Rehearse without a tenant: Connect-UserSessionTenant -Simulated, or ${relative(root, cliOut)} revoke --simulated ...`);
} finally {
  simulator.kill();
}

interface About {
  graphUrl: string;
  domain: string;
  tokens: { userAdministrator: string };
}

function showInPowerShell(about: About): Promise<number> {
  return showPowerShell(readFileSync(join(root, 'build', 'demo.ps1'), 'utf8'), {
    format: { width: process.stdout.columns ?? 120 },
    variables: { ModulePath: join(moduleOut, 'UserSession.psd1') },
    env: { MG_STANDIN_GRAPH_URL: about.graphUrl, MG_STANDIN_TOKEN: about.tokens.userAdministrator },
  });
}

/** Without PowerShell the same people go through the command line. */
function showOnCommandLine(about: About): number {
  const env = {
    ...process.env,
    USERSESSION_GRAPH_URL: about.graphUrl,
    USERSESSION_ACCESS_TOKEN: about.tokens.userAdministrator,
  };
  const users = ['meganb', 'diegos', 'nobody'].map(name => `${name}@${about.domain}`);
  say(`$ usersession revoke ${users.join(' ')}`);
  const run = spawnSync(cliOut, ['revoke', ...users], { env, stdio: 'inherit' });
  // Exit code 2 is part of the show: nobody is not found.
  return run.status === 2 ? 0 : (run.status ?? 1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
