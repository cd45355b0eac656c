using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UserSession.CertificateSigner
{
    /// <summary>The store's key. It is used where it is; nothing here can read it.</summary>
    internal static class PrivateKey
    {
        private const string Rsa = "1.2.840.113549.1.1.1";

        /// <summary>PS256: RSASSA-PSS with SHA-256.</summary>
        public static byte[] Sign(X509Certificate2 certificate, byte[] data)
        {
            using (var key = Open(certificate))
            {
                try
                {
                    return key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
                }
                catch (CryptographicException problem)
                {
                    throw new StoreProblem("KeyNotAccessible", problem.Message);
                }
            }
        }

        /// <summary>What is wrong with the key, or null.</summary>
        public static StoreProblem? Problem(X509Certificate2 certificate)
        {
            try
            {
                Open(certificate).Dispose();
                return null;
            }
            catch (StoreProblem problem)
            {
                return problem;
            }
        }

        private static RSA Open(X509Certificate2 certificate)
        {
            if (certificate.PublicKey.Oid.Value != Rsa)
            {
                throw new StoreProblem("NotRsa", certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value);
            }
            if (!certificate.HasPrivateKey)
            {
                throw new StoreProblem("NoPrivateKey", "");
            }
            RSA? key;
            try
            {
                key = certificate.GetRSAPrivateKey();
            }
            catch (Exception problem) when (problem is CryptographicException || problem is UnauthorizedAccessException)
            {
                throw new StoreProblem("KeyNotAccessible", problem.Message);
            }
            if (key == null)
            {
                throw new StoreProblem("KeyNotAccessible", "its provider gives no key");
            }
            // A key of the old CryptoAPI: its providers know no PSS.
            if (key is RSACryptoServiceProvider)
            {
                key.Dispose();
                throw new StoreProblem("PssNotSupported", "");
            }
            return key;
        }
    }
}
