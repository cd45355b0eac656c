using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UserSession.CertificateSigner
{
    /// <summary>A certificate, and in whose store it is.</summary>
    internal sealed class Found : IDisposable
    {
        public Found(X509Certificate2 certificate, StoreLocation location)
        {
            Certificate = certificate;
            Location = location;
            Problem = PrivateKey.Problem(certificate) ?? DateProblem(certificate, DateTime.Now);
        }

        public X509Certificate2 Certificate { get; }

        public StoreLocation Location { get; }

        /// <summary>Why it can't sign now; null when it can.</summary>
        public StoreProblem? Problem { get; }

        public Dictionary<string, object> Describe()
        {
            using (var sha256 = SHA256.Create())
            {
                var digest = Convert.ToBase64String(sha256.ComputeHash(Certificate.RawData));
                return new Dictionary<string, object>
                {
                    ["thumbprint"] = Certificate.Thumbprint,
                    ["x5tS256"] = digest.TrimEnd('=').Replace('+', '-').Replace('/', '_'),
                    ["subject"] = Certificate.Subject,
                    ["notBefore"] = Iso(Certificate.NotBefore),
                    ["notAfter"] = Iso(Certificate.NotAfter),
                    ["location"] = Location.ToString(),
                    ["certificate"] = Certificate.RawData,
                };
            }
        }

        public void Dispose() => Certificate.Dispose();

        private static StoreProblem? DateProblem(X509Certificate2 certificate, DateTime now)
        {
            if (certificate.NotAfter < now)
            {
                return new StoreProblem("Expired", Iso(certificate.NotAfter));
            }
            return certificate.NotBefore > now ? new StoreProblem("NotYetValid", Iso(certificate.NotBefore)) : null;
        }

        private static string Iso(DateTime local) =>
            local.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
