using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Revisions;

/// <summary>Whether commits are signed by somebody whom the operator trusts, as <c>git verify-commit</c> says.</summary>
internal sealed class GitSignatures(GitCommands git, string repository, string root)
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>What is wrong with the first commit that is not trusted, in the order of history; null where all are.</summary>
    public async Task<Diagnostic?> FirstUntrustedAsync(TrustedSigners trusted, IReadOnlyList<string> commits, CancellationToken cancellation)
    {
        using var keys = await TrustedKeys.OpenAsync(git, trusted, root, cancellation).ConfigureAwait(false);
        if (keys.Problem is { } problem)
        {
            return Untrusted(problem);
        }

        foreach (var batch in commits.Chunk(AtOnce))
        {
            if (await VerifyAsync(batch, keys, cancellation).ConfigureAwait(false) is null)
            {
                continue;
            }

            foreach (var commit in batch)
            {
                if (await VerifyAsync([commit], keys, cancellation).ConfigureAwait(false) is { } words)
                {
                    return Untrusted($"commit {commit} is not followed: {words}");
                }
            }
        }

        return null;
    }

    private static Diagnostic Untrusted(string text) =>
        new("rules", 1, 1, "SRC007", Severity.Error, text, "allowed: commits signed by a key that the operator's file names");

    /// <summary>Null where all are trusted, else Git's words.</summary>
    private async Task<string?> VerifyAsync(string[] commits, TrustedKeys keys, CancellationToken cancellation)
    {
        var end = await git.RunAsync(["-C", repository, "verify-commit", "--", .. commits], keys.Call(Longest), cancellation).ConfigureAwait(false);
        var words = string.Join(' ', end.Output.Last.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return end.Fault is not { } fault ? null : end.ExitCode == 1 && words.Length == 0 ? "it carries no signature" : words.Length == 0 ? fault.Text : words;
    }
}

/// <summary>The operator's list of signers as Git wants it, in a folder of its own that goes with it.</summary>
internal sealed class TrustedKeys : IDisposable
{
    private readonly DirectoryInfo _home;
    private readonly string? _allowed;

    private TrustedKeys(DirectoryInfo home, string? allowed) => (_home, _allowed) = (home, allowed);

    /// <summary>Why there is no list; null where there is one.</summary>
    public string? Problem { get; private set; }

    public static async Task<TrustedKeys> OpenAsync(GitCommands git, TrustedSigners trusted, string root, CancellationToken cancellation)
    {
        string Full(string path) => Path.GetFullPath(Path.Combine(root, path));
        var keys = new TrustedKeys(Directory.CreateTempSubdirectory("signers-"), trusted.AllowedSignersFile is { } file ? Full(file) : null);
        if (new[] { keys._allowed, trusted.OpenPgpFile is { } ring ? Full(ring) : null }.OfType<string>().FirstOrDefault(path => !File.Exists(path)) is { } missing)
        {
            keys.Problem = $"the list of signers {missing} is not there";
        }
        else if (trusted.OpenPgpFile is { } openPgp)
        {
            var imported = await git.RunAsync("gpg", ["--batch", "--quiet", "--no-autostart", "--import", Full(openPgp)], keys.Call(TimeSpan.FromMinutes(1)), cancellation).ConfigureAwait(false);
            keys.Problem = imported.Fault is { } fault ? $"the OpenPGP keys of {openPgp} cannot be read: {fault.Text}" : null;
        }

        return keys;
    }

    /// <summary>A signature of a kind that the operator gave no list for is trusted by nobody.</summary>
    public GitCall Call(TimeSpan time) => new(time) { GnuPGHome = _home.FullName, Settings = [("gpg.ssh.allowedSignersFile", _allowed ?? "/dev/null")] };

    public void Dispose() => _home.Delete(recursive: true);
}
