import type { Failure, Success } from '../protocol/envelope.ts';
import { RequestError } from '../protocol/errors.ts';
import type { EngineRequests, HostNotifications, HostRequests } from '../protocol/messages.ts';
import * as checks from '../protocol/generated/validators.js';

type Check = checks.Check;

const paramsOf: Record<keyof HostRequests | keyof HostNotifications, Check> = {
  'tenant/describe': checks.TenantDescribeParams,
  'tenant/connect': checks.TenantConnectParams,
  'tenant/disconnect': checks.TenantDisconnectParams,
  'access/test': checks.AccessTestParams,
  'sessions/list': checks.SessionsListParams,
  'sessions/more': checks.SessionsMoreParams,
  'policy/show': checks.PolicyShowParams,
  'signIns/watch': checks.SignInsWatchParams,
  'runs/list': checks.RunsListParams,
  'runs/show': checks.RunsShowParams,
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

/** What a host answered when it is what was asked for; null when it refused, is gone, or said something else. */
export function checkedResult<M extends keyof EngineRequests>(
  method: M,
  reply: Success | Failure | null,
): EngineRequests[M]['result'] | null {
  if (!reply || !('result' in reply) || !resultsOf[method](reply.result)) return null;
  return reply.result as EngineRequests[M]['result'];
}

function describe(check: Check): string {
  const [error] = check.errors ?? [];
  if (!error) return 'the parameters do not fit';
  const extra = error.params['additionalProperty'];
  const what = typeof extra === 'string' ? ` ("${extra}")` : '';
  return `${error.instancePath || 'params'} ${error.message ?? 'does not fit'}${what}`;
}
