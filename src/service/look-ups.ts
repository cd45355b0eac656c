import type { Clock } from '../graph/clock.ts';
import type { Quotas } from '../graph/quotas.ts';
import { listSessions } from '../operations/list-sessions.ts';
import type { Reading } from '../operations/reading.ts';
import { showSessionPolicy } from '../operations/session-policy.ts';
import { watchSignIns } from '../operations/watch-sign-ins.ts';
import type { EngineMessage } from '../protocol/envelope.ts';
import type { PolicyShowParams, PolicyShowResult } from '../protocol/policy.ts';
import type {
  SessionsListParams,
  SessionsListResult,
  SessionsMoreParams,
  SignInSession,
} from '../protocol/session.ts';
import type { TenantConnection } from '../protocol/tenant.ts';
import type { SignInsWatchParams, SignInsWatchResult } from '../protocol/watch.ts';
import type { RequestHandlers } from './handlers.ts';
import { Portions } from './portions.ts';
import type { TenantDoor } from './tenant-door.ts';
import { guardTexts } from './text-guard.ts';

export interface LookUpsParts {
  tenants: TenantDoor;
  clock: Clock;
  quotas: Quotas;
  send: (message: EngineMessage) => void;
}

/** A session has about a thousand characters; ConvertFrom-Json of 5.1 takes two million. */
const portionSize = 500;

const methods = ['sessions/list', 'sessions/more', 'policy/show', 'signIns/watch'] as const;
type LookUpMethod = (typeof methods)[number];

/** True for a request that only looks at the tenant. */
export const isLookUp = (method: string): method is LookUpMethod =>
  (methods as readonly string[]).includes(method);

/** What is asked of a tenant outside of any run: one method for each request, named like it. None of them writes. */
export class LookUps implements Pick<RequestHandlers, LookUpMethod> {
  readonly #parts: LookUpsParts;
  #found = new Portions<SignInSession, null>(portionSize);

  constructor(parts: LookUpsParts) {
    this.#parts = parts;
  }

  async 'sessions/list'(params: SessionsListParams, signal: AbortSignal): Promise<SessionsListResult> {
    const { tenant, users, hours } = params;
    const { sessions, ...rest } = await listSessions({ users, hours }, await this.#reading(tenant, signal));
    // What a command did not fetch to its end, because it was stopped, nobody will.
    this.#found = new Portions(portionSize);
    const { items, cursor } = this.#found.first('', sessions, null);
    return guardTexts({ sessions: items, ...rest, ...(cursor !== undefined && { cursor }) });
  }

  async 'sessions/more'({ cursor }: SessionsMoreParams): Promise<SessionsListResult> {
    const { items, cursor: next } = this.#found.next('', cursor);
    return guardTexts({
      sessions: items,
      unresolved: [],
      warnings: [],
      ...(next !== undefined && { cursor: next }),
    });
  }

  async 'policy/show'({ tenant, users }: PolicyShowParams, signal: AbortSignal): Promise<PolicyShowResult> {
    return guardTexts(await showSessionPolicy({ users }, await this.#reading(tenant, signal)));
  }

  async 'signIns/watch'(params: SignInsWatchParams, signal: AbortSignal): Promise<SignInsWatchResult> {
    const { tenant, watchId, users, minutes, count } = params;
    return guardTexts(
      await watchSignIns(
        { users, minutes, count },
        {
          ...(await this.#reading(tenant, signal)),
          onSeen: signIns => {
            const seen = guardTexts({ watchId, signIns });
            this.#parts.send({ jsonrpc: '2.0', method: 'signIns/seen', params: seen });
          },
          onWarning: message => {
            const warning = guardTexts({ watchId, message });
            this.#parts.send({ jsonrpc: '2.0', method: 'signIns/warning', params: warning });
          },
        },
      ),
    );
  }

  async #reading(tenant: TenantConnection, signal: AbortSignal): Promise<Reading> {
    const { tenants, clock, quotas } = this.#parts;
    return { connection: await tenants.connect(tenant, ''), clock, quotas, signal };
  }
}
