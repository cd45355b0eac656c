using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace UserSession.CertificateSigner
{
    /// <summary>Looks into the personal stores of the account, then of the machine.</summary>
    internal static class CertificateFinder
    {
        /// <summary>The nearer to being of use, the later: what is told when no certificate can sign.</summary>
        private static readonly string[] Nearness =
        {
            "NoPrivateKey", "NotRsa", "Expired", "NotYetValid", "PssNotSupported", "KeyNotAccessible",
        };

        /// <summary>The certificate that can sign and ends last; of equal ones the account's own.</summary>
        /// <exception cref="StoreProblem">when none can sign, with the reason of the one that is nearest to it</exception>
        public static Found Find(Wanted wanted, string? location = null)
        {
            var all = new List<Found>();
            StoreProblem? unreadable = null;
            foreach (var store in new[] { StoreLocation.CurrentUser, StoreLocation.LocalMachine })
            {
                if (location != null && location != store.ToString())
                {
                    continue;
                }
                try
                {
                    all.AddRange(Matches(store, wanted));
                }
                catch (Exception problem) when (IsUnreadable(problem))
                {
                    // .NET on Linux has no personal store of the machine.
                    if (store == StoreLocation.CurrentUser || RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
                    {
                        unreadable = unreadable ?? new StoreProblem("StoreNotReadable", store + ": " + problem.Message);
                    }
                }
            }
            var best = all
                .OrderByDescending(f => f.Problem == null ? Nearness.Length : Array.IndexOf(Nearness, f.Problem.Code))
                .ThenByDescending(f => f.Certificate.NotAfter)
                .FirstOrDefault();
            foreach (var other in all.Where(f => f != best))
            {
                other.Dispose();
            }
            if (best == null)
            {
                throw unreadable ?? new StoreProblem("NotFound", "");
            }
            if (best.Problem != null)
            {
                best.Dispose();
                throw best.Problem;
            }
            return best;
        }

        private static List<Found> Matches(StoreLocation location, Wanted wanted)
        {
            using (var store = new X509Store(StoreName.My, location))
            {
                store.Open(OpenFlags.ReadOnly);
                var matches = new List<Found>();
                foreach (var certificate in store.Certificates.Cast<X509Certificate2>())
                {
                    if (wanted.IsMet(certificate))
                    {
                        matches.Add(new Found(certificate, location));
                    }
                    else
                    {
                        certificate.Dispose();
                    }
                }
                return matches;
            }
        }

        private static bool IsUnreadable(Exception problem) =>
            problem is CryptographicException
            || problem is UnauthorizedAccessException
            || problem is IOException
            || problem is PlatformNotSupportedException;
    }
}
