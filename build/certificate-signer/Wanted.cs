using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UserSession.CertificateSigner
{
    /// <summary>Which certificate is meant: by thumbprint (40 hexadecimal digits), or by common name or full distinguished name.</summary>
    internal sealed class Wanted
    {
        private readonly string? _thumbprint;
        private readonly string? _subjectName;
        private readonly string? _distinguishedName;

        public Wanted(string? thumbprint, string? subjectName)
        {
            _thumbprint = thumbprint;
            _subjectName = subjectName?.Trim();
            _distinguishedName = Normalized(_subjectName);
        }

        public bool IsMet(X509Certificate2 certificate)
        {
            if (_thumbprint != null)
            {
                return Same(certificate.Thumbprint, _thumbprint);
            }
            return Same(CommonName(certificate), _subjectName) || Same(certificate.Subject, _distinguishedName);
        }

        /// <summary>The common name, or null: `SimpleName` falls back to other parts of a subject that has none.</summary>
        private static string? CommonName(X509Certificate2 certificate) =>
            certificate.Subject.IndexOf("CN=", StringComparison.OrdinalIgnoreCase) < 0
                ? null
                : certificate.GetNameInfo(X509NameType.SimpleName, false);

        /// <summary>A distinguished name in the spelling that `Subject` has; null when it is none.</summary>
        private static string? Normalized(string? name)
        {
            if (name == null || name.IndexOf('=') < 0)
            {
                return null;
            }
            try
            {
                return new X500DistinguishedName(new X500DistinguishedName(name).RawData).Name;
            }
            catch (CryptographicException)
            {
                return null;
            }
        }

        private static bool Same(string? one, string? other) =>
            one != null && string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }
}
