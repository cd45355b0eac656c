let done = false;

/**
 * Makes this process trust the roots of the operating system's store beside Node's own and those of NODE_EXTRA_CA_CERTS,
 * so that the root of an inspecting proxy needs to be in one place only. Reading and parsing them takes 20 to 80 ms, so
 * it is done once, before the first https call. On Linux the store is what OpenSSL reads: the file and the folder that
 * SSL_CERT_FILE and SSL_CERT_DIR name, else those of the distribution. Runtimes before Node 22.19 and 24.5 can't:
 * there NODE_EXTRA_CA_CERTS is the way.
 */
export function trustSystemRoots(): void {
  if (done) return;
  done = true;
  const tls = process.getBuiltinModule('node:tls');
  if (typeof tls.setDefaultCACertificates !== 'function') return;
  const roots = new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')]);
  tls.setDefaultCACertificates([...roots]);
}
