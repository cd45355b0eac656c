import { RequestError } from '../protocol/errors.ts';
import type { EngineRequests, HostNotifications, HostRequests } from '../protocol/messages.ts';
import * as checks from '../protocol/generated/validators.js';

type Check = checks.Check;

const paramsOf: Record<keyof HostRequests | keyof HostNotifications, Check> = {
  'tenant/describe': checks.TenantDescribeParams,
  'tenant/connect': checks.TenantConnectParams,
  'tenant/disconnect': checks.TenantDisconnectParams,
  'access/test': checks.AccessTestParams,
  'run/begin': checks.RunBeginParams,
  'users/find': checks.UsersFindParams,
  'user/describe': checks.UserDescribeParams,
  'user/revoke': checks.UserRevokeParams,
  'run/end': checks.RunEndParams,
  '$/cancelRequest': checks.CancelParams,
};

const resultsOf: Record<keyof EngineRequests, Check> = {
  'host/token': checks.HostTokenResult,
  'host/confirm': checks.HostConfirmResult,
};

/** True for the methods a host may call. */
export const isHostMethod = (method: string): method is keyof typeof paramsOf =>
  Object.hasOwn(paramsOf, method);

/** @throws RequestError (InvalidParams) that names the place and what is wrong with it. */
export function checkParams(method: keyof typeof paramsOf, params: unknown): void {
  const check = paramsOf[method];
  if (check(params)) return;
  throw new RequestError('InvalidParams', `${method}: ${describe(check)}`);
}

/** A host's answer when it is what was asked for, else null. */
export function checkedResult<M extends keyof EngineRequests>(
  method: M,
  result: unknown,
): EngineRequests[M]['result'] | null {
  return resultsOf[method](result) ? (result as EngineRequests[M]['result']) : null;
}

function describe(check: Check): string {
  const [error] = check.errors ?? [];
  if (!error) return 'the parameters do not fit';
  const extra = error.params['additionalProperty'];
  const what = typeof extra === 'string' ? ` ("${extra}")` : '';
  return `${error.instancePath || 'params'} ${error.message ?? 'does not fit'}${what}`;
}
