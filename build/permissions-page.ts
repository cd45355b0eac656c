import { join } from 'node:path';
import { featureNeeds, graphAppId, permissions } from '../src/graph/permissions.ts';
import { rolesThatMayRevoke } from '../src/graph/roles.ts';
import { root } from './paths.ts';

export const permissionsPage = join(root, 'docs', 'permissions.md');

/** The page that says which permissions are for what, made from the table that the product itself goes by. */
export function makePermissionsPage(): string {
  const needs = featureNeeds.map(
    need =>
      `| ${need.purpose} | \`${need.any[0]}\` | ${need.required ? 'yes' : 'no'} | ${need.without} | ${
        need.any
          .slice(1)
          .map(name => `\`${name}\``)
          .join(', ') || '-'
      } |`,
  );
  const ids = permissions.map(p => `| \`${p.name}\` | \`${p.scopeId}\` | \`${p.appRoleId}\` |`);
  const least = featureNeeds.filter(n => n.required).map(n => n.any[0]);
  const all = [...new Set(featureNeeds.map(n => n.any[0]))];
  const idOf = (name: string | undefined) => permissions.find(p => p.name === name);
  const roles = rolesThatMayRevoke([]).map(r => r.name);
  return `<!-- This file is generated from src/graph/permissions.ts by "npm run generate"; do not edit it. -->
# Permissions

The least that each thing takes, the same for a signed-in person (delegated) and for an app by itself (app-only). All of
them need an administrator's consent, once. \`Test-UserSessionAccess\` and \`usersession whoami\` say which of them your
sign-in has, what will not work without the others, and how to get them.

| to | takes | needed | without it | does, too |
|---|---|---|---|---|
${needs.join('\n')}

| permission | delegated scope id | application role id |
|---|---|---|
${ids.join('\n')}

They are permissions of Microsoft Graph, application \`${graphAppId}\`.

## A person

\`\`\`powershell
Connect-MgGraph -Scopes ${least.join(',')},GroupMember.Read.All
\`\`\`

or, without Microsoft's modules, \`Connect-UserSessionTenant -UseDeviceCode\` (\`usersession revoke --device-code\`), which
asks for the same. A person also needs a directory role that reaches the target: ${roles.join(', ')} for
users without a role; the table in README.md has the others. Eligible roles have to be activated first. The permission
alone revokes nobody, and \`Denied\` names the role that is missing for this very user.

## An app

\`\`\`sh
az ad app permission add --id CLIENT_ID --api ${graphAppId} --api-permissions ${all.map(name => `${idOf(name)?.appRoleId}=Role`).join(' ')}
az ad app permission admin-consent --id CLIENT_ID
\`\`\`

An app needs no directory role to revoke. A managed identity has no app registration: its service principal gets the
same application roles with \`New-MgServicePrincipalAppRoleAssignment\`; \`usersession whoami --identity\` prints the
commands with the ids filled in.

Microsoft's pages contradict each other on which higher permissions let an app revoke. All that any of them names are
accepted here, and only the first is recommended.
`;
}
