import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pemOfPfx } from '../../src/auth/pfx.ts';
import { runPowerShell } from '../module/power-shell.ts';

export interface CertificateRecipe {
  subject: string;
  /** Days from today; from yesterday until in a month unless said. */
  from?: number;
  until?: number;
  kind?: 'RSA' | 'ECDSA';
  withoutKey?: boolean;
}

/** A home directory of its own, so that .NET's store of this account is never touched. */
export class CertificateHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'usersession-store-'));
  /** Where .NET on Linux has the files of the personal store. */
  readonly files = join(this.folder, '.dotnet', 'corefx', 'cryptography', 'x509stores', 'my');

  /** Makes self-signed certificates and puts them into the store; returns their thumbprints. */
  async add(...recipes: CertificateRecipe[]): Promise<string[]> {
    const run = await runPowerShell(script, {
      env: { HOME: this.folder },
      variables: { recipes: recipes.map(r => ({ from: -1, until: 30, kind: 'RSA', ...r })) },
      freshProcess: true,
    });
    if (run.errors.length > 0) throw new Error(run.errors[0]!.message);
    return run.outputs.map(output => output.text);
  }

  /** The file that .NET keeps a certificate and its key in. */
  pfx(thumbprint: string): string {
    return join(this.files, `${thumbprint}.pfx`);
  }

  /** The public certificate as PEM. */
  async pem(thumbprint: string): Promise<string> {
    const file = this.pfx(thumbprint);
    const [certificate] = (await pemOfPfx(readFileSync(file), file, undefined)).split('-----BEGIN RSA');
    return certificate!;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const script = `
$sha256 = [System.Security.Cryptography.HashAlgorithmName]::SHA256
foreach ($recipe in $recipes) {
  $name = [System.Security.Cryptography.X509Certificates.X500DistinguishedName]::new($recipe.subject)
  $request = if ($recipe.kind -eq 'ECDSA') {
    [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
      $name, [System.Security.Cryptography.ECDsa]::Create([System.Security.Cryptography.ECCurve+NamedCurves]::nistP256), $sha256)
  } else {
    [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
      $name, [System.Security.Cryptography.RSA]::Create(2048), $sha256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
  }
  $now = [DateTimeOffset]::UtcNow
  $certificate = $request.CreateSelfSigned($now.AddDays($recipe.from), $now.AddDays($recipe.until))
  if ($recipe.withoutKey) {
    $certificate = [System.Security.Cryptography.X509Certificates.X509CertificateLoader]::LoadCertificate($certificate.RawData)
  }
  $store = [System.Security.Cryptography.X509Certificates.X509Store]::new('My', 'CurrentUser')
  $store.Open('ReadWrite')
  $store.Add($certificate)
  $store.Close()
  $certificate.Thumbprint
}
`;
