let done = false;

/**
 * Makes this process trust the roots of the operating system's store beside Node's own and those of NODE_EXTRA_CA_CERTS,
 * so that the root of an inspecting proxy needs to be in one place only. On Linux the store is what OpenSSL reads: the
 * file and the folder that SSL_CERT_FILE and SSL_CERT_DIR name, else those of the distribution. Runtimes before Node
 * 22.19 and 24.5 can't: there NODE_EXTRA_CA_CERTS is the way.
 */
function trustSystemRoots(): void {
  done = true;
  const tls = process.getBuiltinModule('node:tls');
  if (typeof tls.setDefaultCACertificates !== 'function') return;
  const roots = new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
  tls.setDefaultCACertificates([...roots]);
}

/**
 * Does what connects by TLS, and once again with the system's roots when a certificate is refused without them: to read
 * and parse them takes 20 to 80 ms, and for Microsoft's own certificates Node's roots do. A call whose handshake failed
 * has not left, so nothing is done twice.
 */
export async function withSystemRoots<T>(connect: () => Promise<T>): Promise<T> {
  const complete = done;
  try {
    return await connect();
  } catch (error) {
    if (complete || !isRefusedCertificate(error)) throw error;
  }
  if (!done) trustSystemRoots();
  return connect();
}

/** True where another root may change that: not trusted, a chain that is incomplete, or goes over what is out of date. */
function isRefusedCertificate(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code } = e as NodeJS.ErrnoException;
    if (typeof code === 'string' && /^(UNABLE_TO_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_CERT)/.test(code))
      return true;
  }
  return false;
}
