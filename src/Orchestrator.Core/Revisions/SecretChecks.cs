using System.Text.RegularExpressions;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Revisions;

/// <summary>Texts that only a secret has, in files that everybody who can read the repository reads.</summary>
public static partial class SecretChecks
{
    private const string Allowed = "allowed: the name of something in the operator's file, which reads secrets from files";

    /// <summary>The first secret of each line. What is shown of it is what kind it is, never the secret itself.</summary>
    public static IEnumerable<Diagnostic> Of(string path, string text)
    {
        foreach (var (i, line) in text.Split('\n').Index())
        {
            if (Secret().Match(line) is { Success: true } match)
            {
                yield return new(path, i + 1, match.Index + 1, "SEC001", Severity.Error, $"{KindOf(match.Value)} stands here in plain text", Allowed);
            }
        }
    }

    private static string KindOf(string found) => found switch
    {
        _ when found.StartsWith("-----BEGIN", StringComparison.Ordinal) => "a private key",
        _ when found.Contains("://hooks.slack.com/", StringComparison.OrdinalIgnoreCase) => "an address that is a secret",
        _ when found.Contains("://", StringComparison.Ordinal) => "an address with a password",
        _ when found.Contains('=', StringComparison.Ordinal) || found.Contains(':', StringComparison.Ordinal) => "a password",
        _ => "an access key",
    };

    // Every repetition has a bound, so that a long line costs no more than its length.
    [GeneratedRegex(
        @"-----BEGIN (?:[A-Z]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----"
        + @"|\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@""'{]{0,100}:[^\s/@""'{]{1,200}@"
        + @"|https://hooks\.slack\.com/services/\w{1,20}"
        + @"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{22,100}\b|\bglpat-[\w-]{20}\b|\bxox[abprs]-[\w-]{10,100}"
        + @"|\beyJ[\w-]{10,400}\.[\w-]{10,400}\.[\w-]{10,400}"
        + @"|(?i:\b(?:password|passwd|pwd|api_?key|access_?token|auth_?token|client_?secret)=)[^\s""';,}&<${]{4,200}"
        + @"|(?i:\b(?:password|passwd|pwd|api_?key|access_?token|auth_?token|client_?secret|secret)""?:\s{0,4})[""']?(?=[^\s""']{0,100}\d)[^\s""';,}<${]{6,200}",
        RegexOptions.CultureInvariant)]
    private static partial Regex Secret();
}
