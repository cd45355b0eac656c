using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace UserSession.CertificateSigner
{
    /// <summary>What edge-js calls: a dictionary comes in, a dictionary goes back. A private key never does.</summary>
    public sealed class Startup
    {
        /// <summary>
        /// `action` is `find` (with `thumbprint` or `subjectName`) or `sign` (with `thumbprint`, `location` and `data`).
        /// What is wrong with the certificate comes back as `code` and `reason`, never as an exception.
        /// </summary>
        public Task<object> Invoke(object input)
        {
            // Key providers may ask a card or a service: not on the thread that everything else in Node waits for.
            return Task.Run<object>(() => Answer((IDictionary<string, object>)input));
        }

        private static Dictionary<string, object> Answer(IDictionary<string, object> input)
        {
            try
            {
                return (string)input["action"] == "sign" ? Sign(input) : Find(input);
            }
            catch (StoreProblem problem)
            {
                return new Dictionary<string, object> { ["code"] = problem.Code, ["reason"] = problem.Message };
            }
            catch (Exception problem)
            {
                return new Dictionary<string, object> { ["code"] = "StoreFailed", ["reason"] = problem.Message };
            }
        }

        private static Dictionary<string, object> Find(IDictionary<string, object> input)
        {
            using (var found = CertificateFinder.Find(new Wanted(Text(input, "thumbprint"), Text(input, "subjectName"))))
            {
                return found.Describe();
            }
        }

        private static Dictionary<string, object> Sign(IDictionary<string, object> input)
        {
            var wanted = new Wanted(Text(input, "thumbprint"), null);
            using (var found = CertificateFinder.Find(wanted, Text(input, "location")))
            {
                var signature = PrivateKey.Sign(found.Certificate, (byte[])input["data"]);
                return new Dictionary<string, object> { ["signature"] = signature };
            }
        }

        private static string? Text(IDictionary<string, object> input, string name) =>
            input.TryGetValue(name, out var value) ? value as string : null;
    }
}
