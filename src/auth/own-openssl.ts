import { constants } from 'node:os';
import { join } from 'node:path';
import type { DotNetRuntime } from './dotnet-runtime.ts';

/** Not among Node's constants (dlfcn.h of glibc): stays loaded, although Node closes what is no addon. */
const RTLD_NODELETE = 0x1000;

/**
 * Lets .NET on Linux have the system's OpenSSL for itself. Node exports the functions of the one inside it, and a library
 * that is loaded in the usual way takes those: half of one version and half of another end the process. So its libraries
 * are loaded before .NET asks for them, each bound to itself first.
 * @returns false when there is no OpenSSL, without which .NET would end the process too
 */
export function loadOwnOpenSsl({ root, version }: DotNetRuntime): boolean {
  const names = [process.env['CLR_OPENSSL_VERSION_OVERRIDE'], '3', '1.1'];
  if (!names.some(name => name && load(`libssl.so.${name}`))) return false;
  const own = 'libSystem.Security.Cryptography.Native.OpenSsl.so';
  return load(join(root, 'shared', 'Microsoft.NETCore.App', version, own));
}

function load(library: string): boolean {
  const { RTLD_LAZY, RTLD_DEEPBIND } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, library, RTLD_LAZY | (RTLD_DEEPBIND ?? 0) | RTLD_NODELETE);
    return true;
  } catch (error) {
    // Loaded, and no addon of Node: as it should be.
    return /self-register/.test((error as Error).message);
  }
}
