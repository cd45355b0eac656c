import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { readText } from '../graph/body.ts';
import type { Fetcher } from '../graph/middleware.ts';
import { EntraRefusal, SignInError } from './sign-in-error.ts';

/** What every way to sign in with @azure/identity is given. */
export interface IdentitySetting {
  /** The login endpoint, as `https://login.microsoftonline.com`. */
  loginUrl: string;
  /** True for an endpoint that Microsoft's own discovery does not know. */
  ownLogin: boolean;
  tenantId: string | undefined;
  clientId: string | undefined;
  /** The same network as Graph's calls: one proxy, one set of trusted roots. */
  fetch: Fetcher;
  /**
   * Told what came instead of a token: a failure of the network, a foreign page, Entra's refusal in its own words, or a
   * SignInError of our own.
   * @azure/identity drops the reason of some failures on its way up.
   */
  onFailure: (failure: unknown) => void;
}

/** Options for a credential of @azure/identity. The ways to sign in load that package when they are used, and not before. */
export const identityOptions = (setting: IdentitySetting) => ({
  authorityHost: setting.loginUrl,
  disableInstanceDiscovery: setting.ownLogin,
  httpClient: overFetch(setting),
  retryOptions: { maxRetries: 2, maxRetryDelayInMs: 8000 },
});

/** What the library calls back, whose errors it puts into others without the reason. */
export const heard =
  ({ onFailure }: IdentitySetting, callback: () => Promise<string>) =>
  async (): Promise<string> => {
    try {
      return await callback();
    } catch (error) {
      onFailure(error);
      throw error;
    }
  };

/** One request for a token may take this long. */
const patienceMs = 30_000;

/** Sends the requests of @azure/identity through our own fetch. */
function overFetch({ fetch, onFailure }: IdentitySetting): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      const timeout = AbortSignal.timeout(request.timeout || patienceMs);
      const asked = signalOf(request.abortSignal);
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers.toJSON(),
        body: typeof request.body === 'string' ? request.body : undefined,
        signal: asked ? AbortSignal.any([asked, timeout]) : timeout,
        redirect: 'manual',
      }).catch((error: unknown) => {
        onFailure(error);
        throw error;
      });
      const text = await readText(response);
      if (response.headers.get('content-type')?.includes('text/html'))
        onFailure(new SignInError(foreignPage));
      else if (response.status >= 400) onFailure(new EntraRefusal(text));
      const { createHttpHeaders } = await import('@azure/core-rest-pipeline');
      return {
        request,
        status: response.status,
        headers: createHttpHeaders(Object.fromEntries(response.headers)),
        bodyAsText: text,
      };
    },
  };
}

const foreignPage =
  'The sign-in did not reach Entra: the answer is an HTML page, not JSON: something between here and Entra (proxy, captive portal) answered. Open a page in a browser to see which.';

function signalOf(like: PipelineRequest['abortSignal']): AbortSignal | null {
  if (!like) return null;
  const abort = new AbortController();
  if (like.aborted) abort.abort();
  else like.addEventListener('abort', () => abort.abort());
  return abort.signal;
}
