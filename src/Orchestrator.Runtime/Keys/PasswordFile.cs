using System.Collections.Frozen;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Addresses;

namespace Orchestrator.Runtime.Keys;

/// <summary>The operator's file of passwords: lines <c>NAME:HASH</c>, and comments after <c>#</c>; read again when it changes.</summary>
public sealed class PasswordFile(string root, string path)
{
    private volatile Content? _known;

    /// <summary>Why the file cannot be read, naming it; null where it can. Nobody has a password meanwhile.</summary>
    public string? Fault => Read().Fault;

    /// <summary>The hash of a person's password; null where he has none.</summary>
    public string? HashOf(string name) => Read().Hashes.GetValueOrDefault(name);

    /// <summary>What tells that the password is still the same; null where the person has none.</summary>
    public string? ProofOf(string name) => HashOf(name) is { } hash ? Digest.Of(hash)[..16] : null;

    private Content Read()
    {
        var file = new FileInfo(Path.Combine(root, path));
        var (at, length) = file.Exists ? (file.LastWriteTimeUtc.Ticks, file.Length) : (0, -1);
        if (_known is { } known && (known.At, known.Length) == (at, length))
        {
            return known;
        }

        var content = SecretFile.TryRead(root, path, out var text, out var fault)
            ? new Content(at, length, null, Parse(text))
            : new Content(at, length, fault, FrozenDictionary<string, string>.Empty);
        _known = content;
        return content;
    }

    /// <summary>The last of two lines of one name counts; what is no line of the kind is nobody's password.</summary>
    private static FrozenDictionary<string, string> Parse(string text)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')))
        {
            // Hashes are Base64, names may hold colons.
            var colon = line.LastIndexOf(':');
            if (colon > 0)
            {
                hashes[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
        }

        return hashes.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed record Content(long At, long Length, string? Fault, FrozenDictionary<string, string> Hashes);
}
