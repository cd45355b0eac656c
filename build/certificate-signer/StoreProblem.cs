using System;

namespace UserSession.CertificateSigner
{
    /// <summary>Why a certificate can't sign; the code is one of the contract with src/auth/certificate-store-error.ts.</summary>
    internal sealed class StoreProblem : Exception
    {
        public StoreProblem(string code, string message)
            : base(message)
        {
            Code = code;
        }

        public string Code { get; }
    }
}
