using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;

namespace Orchestrator.Runtime.Revisions;

/// <summary>The copy of a repository that the server follows: bare, fetched by Git, read from its objects.</summary>
/// <param name="workspace">The server's folder.</param>
/// <param name="root">Folder that relative paths are relative to.</param>
public sealed class GitRemote(CommandRuns commands, string workspace, string root, TimeProvider time)
{
    private readonly string _folder = Path.Combine(workspace, "rules");
    private readonly GitCommands _git = new(commands, Path.Combine(workspace, "rules"));
    private long? _fetchedAt;

    private string Copy => Path.Combine(_folder, "copy.git");

    /// <summary>Whether a source is fetched: one on this machine is read in place, unless its commits are to be verified.</summary>
    public static bool Serves(RulesSource.Git source) => source.Signatures is not null || source.Url.Contains("://", StringComparison.Ordinal) || IsScp(source.Url);

    /// <summary>The next look fetches, however fresh the copy is.</summary>
    public void Expire() => _fetchedAt = null;

    /// <summary>Brings the copy up to date where it is older than the source's period; what kept it from that, else null.</summary>
    internal async Task<Diagnostic?> FetchAsync(RulesSource.Git source, CancellationToken cancellation)
    {
        if (_fetchedAt is { } last && time.GetElapsedTime(last) < source.Every && Directory.Exists(Copy))
        {
            return null;
        }

        var call = new GitCall(source.Timeout) { KeyFile = source.KeyFile is { } key ? Path.GetFullPath(Path.Combine(root, key)) : null };
        Directory.CreateDirectory(_folder);
        var made = Directory.Exists(Copy) ? null : await _git.RunAsync(["init", "--quiet", "--bare", Copy], call, cancellation).ConfigureAwait(false);
        if (made?.Fault is { } unmade)
        {
            return Unfetched(source, unmade, made.Output);
        }

        string[] fetch =
        [
            "-C", Copy, "fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--", Address(source.Url),
            $"+refs/heads/{source.Branch}:{GitSource.Copied(source.Branch)}",
        ];
        var fetched = await _git.RunAsync(fetch, call, cancellation).ConfigureAwait(false);
        if (fetched.Fault is not { } fault)
        {
            _fetchedAt = time.GetTimestamp();
            return null;
        }

        return fetched.Output.Last.Contains("couldn't find remote ref", StringComparison.Ordinal)
            ? GitSource.NoBranch(source, await BranchesAsync(source, call, cancellation).ConfigureAwait(false))
            : Unfetched(source, fault, fetched.Output);
    }

    /// <summary>The repository and the name of the branch in it.</summary>
    internal (string Repository, string Reference) Place(RulesSource.Git source) =>
        Serves(source) ? (Copy, GitSource.Copied(source.Branch)) : (Path.Combine(root, source.Url), $"refs/heads/{source.Branch}");

    internal Task<Diagnostic?> VerifyAsync(RulesSource.Git source, string? known, string tip, CancellationToken cancellation) =>
        source.Signatures is { } trusted ? new GitSignatures(_git, Copy, root).FirstUntrustedAsync(trusted, GitSource.Since(Copy, known, tip), cancellation) : Task.FromResult<Diagnostic?>(null);

    private async Task<IReadOnlyList<string>> BranchesAsync(RulesSource.Git source, GitCall call, CancellationToken cancellation)
    {
        var listed = await _git.RunAsync(["ls-remote", "--heads", "--", Address(source.Url)], call, cancellation).ConfigureAwait(false);
        return [.. listed.Output.Log.Split('\n').Select(line => line.Split("\trefs/heads/")).Where(parts => parts.Length == 2).Select(parts => parts[1].Trim())];
    }

    private static Diagnostic Unfetched(RulesSource.Git source, CommandFault fault, OutputTail output)
    {
        var words = string.Join(' ', output.Last.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return new("rules", 1, 1, "SRC006", Severity.Error, $"the repository {GitSource.Shown(source.Url)} cannot be fetched: {fault.Text}{(words.Length == 0 ? "" : $": {GitSource.Shown(words)}")}", "allowed: a repository that can be reached");
    }

    private string Address(string url) => url.Contains("://", StringComparison.Ordinal) || IsScp(url) ? url : Path.GetFullPath(Path.Combine(root, url));

    /// <summary><c>git@host:path</c>, as SSH writes addresses.</summary>
    private static bool IsScp(string url) => url.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && !url[..colon].Contains('/', StringComparison.Ordinal);
}
