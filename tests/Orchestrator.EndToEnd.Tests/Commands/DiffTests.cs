using System.Text.Json;
using LibGit2Sharp;
using Repository = Orchestrator.EndToEnd.Tests.Repository;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class DiffTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Folders_are_compared_by_what_they_mean()
    {
        _folder.Write("before/rules/tiny.rules.yaml", TinySource.Rules);
        _folder.Write("after/rules/tiny.rules.yaml", TinySource.Rules.Replace("< 11", "< 12", StringComparison.Ordinal).Replace("for: 10m", "for: 600s", StringComparison.Ordinal));

        var ended = await Ended.RunAsync("diff", _folder["before"], _folder["after"]);

        Assert.Equal((1, "rules/tiny.rules.yaml:5: ~ rule FewRows (group tiny): expr: threshold of data_rows{dataset=\"tiny-train\"}: 11 → 12\n"), (ended.ExitCode, ended.Output));
    }

    [Fact]
    public async Task Commits_are_compared_with_each_other_and_with_a_folder()
    {
        LibGit2Sharp.Repository.Init(_folder.Path);
        var (first, second) = (Commit(TinySource.Rules), Commit(TinySource.Rules.Replace("10m", "20m", StringComparison.Ordinal)));

        var commits = await Ended.RunAsync("diff", first, second, "--repository", _folder.Path, "--json");
        var change = JsonElement.Parse(commits.Output).GetProperty("changes")[0];
        Assert.Equal(("for", "10m", "20m"), (change.GetProperty("field").GetString(), change.GetProperty("before").GetString(), change.GetProperty("after").GetString()));

        _folder.Write("rules/tiny.rules.yaml", TinySource.Rules + "\n# words\n");
        var formatting = await Ended.RunAsync("diff", first, _folder.Path, "--repository", _folder.Path);
        Assert.Equal((0, "rules/tiny.rules.yaml: formatting only\nNothing means anything else than before.\n"), (formatting.ExitCode, formatting.Output));

        var unknown = await Ended.RunAsync("diff", "nowhere", second, "--repository", _folder.Path);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("has no commit, branch or tag \"nowhere\"", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("monitor")]
    [InlineData("rules")]
    [InlineData("test")]
    [InlineData("scenario")]
    [InlineData("orchestrator")]
    [InlineData("workflow")]
    public async Task The_schema_of_a_kind_is_the_shipped_one(string kind)
    {
        var ended = await Ended.RunAsync("schema", kind);
        Assert.Equal((0, await File.ReadAllTextAsync(Repository.File($"rules/schemas/{kind}.schema.json"), TestContext.Current.CancellationToken)), (ended.ExitCode, ended.Output));
    }

    private string Commit(string rules)
    {
        _folder.Write("rules/tiny.rules.yaml", rules);
        using var repository = new LibGit2Sharp.Repository(_folder.Path);
        LibGit2Sharp.Commands.Stage(repository, "*");
        var author = new Signature("Author", "author@example.org", DateTimeOffset.UnixEpoch);
        return repository.Commit("change", author, author).Sha;
    }
}
