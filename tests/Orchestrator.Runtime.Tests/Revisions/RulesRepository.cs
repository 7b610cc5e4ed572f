using System.Collections.Immutable;
using LibGit2Sharp;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Runners;

namespace Orchestrator.Runtime.Tests.Revisions;

/// <summary>A repository of rules as authors have it, with branches that move as they should and as they should not.</summary>
internal sealed class RulesRepository
{
    public const string Branch = "main";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TempFolder _folder;

    public RulesRepository(TempFolder folder)
    {
        _folder = folder;
        Repository.Init(Path);
        using var created = new Repository(Path);
        created.Refs.UpdateTarget("HEAD", $"refs/heads/{Branch}");
    }

    public string Path => _folder["repository"];

    public string Url => $"file://{Path}";

    public CommandRuns Commands => new(_folder["attempts"], _folder.Path, TimeProvider.System);

    public void Write(string path, string text)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>Writes one rule with a threshold, and commits.</summary>
    public string Rule(int threshold)
    {
        Write("rules/a.rules.yaml", $"groups: [{{name: g, rules: [{{alert: A, expr: up > {threshold}}}]}}]\n");
        return Commit($"threshold {threshold}");
    }

    public string Commit(string message)
    {
        using var repository = new Repository(Path);
        LibGit2Sharp.Commands.Stage(repository, "*");
        var author = new Signature("Author", "author@example.org", DateTimeOffset.UnixEpoch);
        return repository.Commit(message, author, author, new CommitOptions { AllowEmptyCommit = true }).Sha;
    }

    public void Reset(string commit)
    {
        using var repository = new Repository(Path);
        repository.Reset(ResetMode.Hard, repository.Lookup<Commit>(commit));
    }

    public void Rename(string branch)
    {
        using var repository = new Repository(Path);
        repository.Branches.Rename(Branch, branch);
    }

    /// <summary>Puts an entry that no work tree can hold into the next commit, such as a submodule.</summary>
    public string CommitEntry(string path, string target, Mode mode)
    {
        using var repository = new Repository(Path);
        var definition = TreeDefinition.From(repository.Head.Tip.Tree);
        if (mode == Mode.GitLink)
        {
            definition.AddGitLink(path, new ObjectId(target));
        }
        else
        {
            using var content = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(target));
            definition.Add(path, repository.ObjectDatabase.CreateBlob(content), mode);
        }

        var author = new Signature("Author", "author@example.org", DateTimeOffset.UnixEpoch);
        var commit = repository.ObjectDatabase.CreateCommit(author, author, "entry", repository.ObjectDatabase.CreateTree(definition), [repository.Head.Tip], prettifyMessage: true);
        repository.Refs.UpdateTarget($"refs/heads/{Branch}", commit.Sha);
        return commit.Sha;
    }

    /// <summary>Runs a program as an author would at a keyboard; throws with its words where it fails.</summary>
    public async Task RunAsync(ImmutableSortedDictionary<string, string> variables, params string[] command)
    {
        var call = new CommandCall(command[0], new CommandLineSpec([.. command], null, [], 1 << 30), [], _folder["author"], new CommandLimits(Minute)) { Variables = variables };
        var end = await Commands.RunAsync(call, TestContext.Current.CancellationToken);
        Assert.True(end.Fault is null, $"{string.Join(' ', command)}: {end.Fault?.Text} {end.Output.Last}");
    }
}
