using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Orchestrator.Server.Keys;

/// <summary>Hashes of passwords, made and compared by the framework's hasher: PBKDF2 with HMAC-SHA-512 and a salt of its own for each.</summary>
public static class Passwords
{
    /// <summary>Fewer characters are not taken (NIST SP 800-63B-4: 15 where nothing else is shown).</summary>
    public const int Shortest = 15;

    public const int Longest = 256;

    // OWASP Password Storage Cheat Sheet: 210,000 rounds of HMAC-SHA-512.
    private const int Rounds = 210_000;

    private static readonly PasswordHasher<string> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));

    // Somebody unknown takes as long to refuse as somebody known.
    private static readonly Lazy<string> _nobody = new(() => Hash("a password that nobody has"));

    public static string Hash(string password) => _hasher.HashPassword("", password.Normalize(NormalizationForm.FormC));

    /// <summary>Whether a password has this hash; never where there is no hash, in the same time.</summary>
    public static bool Fits(string? hash, string password)
    {
        var isHash = hash is not null && Convert.TryFromBase64String(hash, new byte[hash.Length], out var length) && length > 0;
        var result = _hasher.VerifyHashedPassword("", isHash ? hash! : _nobody.Value, password.Normalize(NormalizationForm.FormC));
        return isHash && result != PasswordVerificationResult.Failed;
    }
}
