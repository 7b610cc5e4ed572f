using LibGit2Sharp;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Runtime.Tests.Revisions;

public sealed class SourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void A_folder_gives_the_authored_files_of_its_rules_and_workflows_and_nothing_else()
    {
        Write("rules/a.rules.yaml", "groups: []");
        Write("rules/deep/b.model.yaml", "model: b");
        Write("rules/notes.md", "not authored");
        Write("workflows/fix.json", "{}");
        Write("elsewhere/c.rules.yaml", "groups: []");

        var files = FolderSource.Read(_folder.Path);

        Assert.Empty(files.Diagnostics);
        Assert.Equal(["rules/a.rules.yaml", "rules/deep/b.model.yaml", "workflows/fix.json"], files.Texts.Keys);
    }

    [Fact]
    public void A_folder_without_rules_is_read_whole()
    {
        Write("team/a.rules.yaml", "groups: []");
        Write("team/workflows/fix.json", "{}");

        Assert.Equal(["team/a.rules.yaml", "team/workflows/fix.json"], FolderSource.Read(_folder.Path).Texts.Keys);
    }

    [Fact]
    public void A_folder_below_the_root_with_an_operators_file_is_a_source_of_its_own()
    {
        Write("rules/a.rules.yaml", "groups: []");
        Write("rules/orchestrator.yaml", "the root's own");
        Write("rules/examples/b/orchestrator.yaml", "another's");
        Write("rules/examples/b/b.rules.yaml", "groups: []");
        Write("rules/examples/b/deep/c.rules.yaml", "groups: []");
        Write("rules/examples/bc/d.rules.yaml", "groups: []");
        Commit("nested");

        string[] ours = ["rules/a.rules.yaml", "rules/examples/bc/d.rules.yaml"];
        Assert.Equal(ours, FolderSource.Read(_folder.Path).Texts.Keys);
        Assert.Equal(ours, GitSource.Read(_folder.Path, "main").Texts.Keys);
        string[] theirs = ["b.rules.yaml", "deep/c.rules.yaml"];
        Assert.Equal(theirs, FolderSource.Read(_folder["rules/examples/b"]).Texts.Keys);
        Assert.Equal(theirs, FolderSource.Read(_folder["rules/examples/b/"]).Texts.Keys);
    }

    [Fact]
    public void A_folder_of_rules_without_workflows_shares_those_of_the_nearest_folder_above_inside_its_repository()
    {
        Write("workflows/outside.json", "{}");
        Directory.CreateDirectory(_folder["repository/.git"]);
        Write("repository/rules/a.rules.yaml", "groups: []");
        Assert.Equal(["a.rules.yaml"], FolderSource.Read(_folder["repository/rules"]).Texts.Keys);

        Write("repository/workflows/fix.json", "{}");
        Write("repository/rules/own/b.rules.yaml", "groups: []");
        Write("repository/rules/own/workflows/own.json", "{}");

        Assert.Equal(["b.rules.yaml", "workflows/own.json"], FolderSource.Read(_folder["repository/rules/own"]).Texts.Keys);
        Assert.Equal(["a.rules.yaml", "own/b.rules.yaml", "own/workflows/own.json"], FolderSource.Read(_folder["repository/rules"]).Texts.Keys);
        Directory.Delete(_folder["repository/rules/own"], recursive: true);
        Assert.Equal(["../workflows/fix.json", "a.rules.yaml"], FolderSource.Read(_folder["repository/rules"]).Texts.Keys);
    }

    [Fact]
    public void Outside_a_repository_only_a_folder_called_rules_shares_the_workflows_beside_it()
    {
        Write("workflows/fix.json", "{}");
        Write("rules/a.rules.yaml", "groups: []");
        Write("team/a.rules.yaml", "groups: []");
        Write("rules/deep/a.rules.yaml", "groups: []");

        Assert.Equal(["../workflows/fix.json", "a.rules.yaml", "deep/a.rules.yaml"], FolderSource.Read(_folder["rules"]).Texts.Keys);
        Assert.Equal(["a.rules.yaml"], FolderSource.Read(_folder["team"]).Texts.Keys);
        Assert.Equal(["a.rules.yaml"], FolderSource.Read(_folder["rules/deep"]).Texts.Keys);
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Write("secret.txt", "groups: [secret]");
        Directory.CreateDirectory(_folder["rules"]);
        File.CreateSymbolicLink(_folder["rules/a.rules.yaml"], _folder["secret.txt"]);

        Assert.Empty(FolderSource.Read(_folder.Path).Texts);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_a_located_diagnostic_and_the_others_are_read()
    {
        Write("rules/good.rules.yaml", "groups: []");
        File.WriteAllBytes(_folder["rules/bad.rules.yaml"], [.. "a: 1\nb: "u8, 0xC3, 0x28]);

        var files = FolderSource.Read(_folder.Path);

        Assert.Equal(["rules/good.rules.yaml"], files.Texts.Keys);
        Assert.StartsWith("rules/bad.rules.yaml:2:4: YAML004", Assert.Single(files.Diagnostics).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_is_read_from_its_objects_and_the_work_tree_is_not_looked_at()
    {
        Write("rules/a.rules.yaml", "groups: []");
        var commit = Commit("first");
        Write("rules/a.rules.yaml", "changed, not committed");

        var files = GitSource.Read(_folder.Path, "main");

        Assert.Equal("groups: []", files.Texts["rules/a.rules.yaml"]);
        Assert.Equal("author@example.org", files.Author);
        Assert.Equal($"commit {commit.Sha}", files.Source);
    }

    [Fact]
    public void Only_a_branch_that_still_holds_the_known_commit_is_a_fast_forward()
    {
        Write("rules/a.rules.yaml", "groups: []");
        var first = Commit("first");
        Write("rules/a.rules.yaml", "groups: [] # two");
        var second = Commit("second");

        Assert.True(GitSource.IsFastForward(_folder.Path, first.Sha, "main"));
        using (var repository = new Repository(_folder.Path))
        {
            repository.Reset(ResetMode.Hard, repository.Lookup<Commit>(first.Sha));
        }

        Write("rules/a.rules.yaml", "groups: [] # other");
        Commit("other");
        Assert.False(GitSource.IsFastForward(_folder.Path, second.Sha, "main"));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void A_file_in_more_than_sixteen_folders_is_not_looked_for(int folders, bool read)
    {
        var deep = $"rules/{string.Concat(Enumerable.Repeat("a/", folders - 1))}a.rules.yaml";
        Write(deep, "groups: []");
        Commit("deep");

        string[] expected = read ? [deep] : [];
        Assert.Equal(expected, FolderSource.Read(_folder.Path).Texts.Keys);
        Assert.Equal(expected, GitSource.Read(_folder.Path, "main").Texts.Keys);
    }

    [Fact]
    public void A_branch_that_does_not_exist_is_told_by_name()
    {
        Write("rules/a.rules.yaml", "groups: []");
        Commit("first");

        var error = Assert.Throws<NotFoundException>(() => GitSource.Read(_folder.Path, "release"));

        Assert.Contains("release", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], text);
    }

    private Commit Commit(string message)
    {
        if (!Repository.IsValid(_folder.Path))
        {
            Repository.Init(_folder.Path);
            using var created = new Repository(_folder.Path);
            created.Refs.UpdateTarget("HEAD", "refs/heads/main");
        }

        using var repository = new Repository(_folder.Path);
        Commands.Stage(repository, "*");
        var author = new Signature("Author", "author@example.org", DateTimeOffset.UnixEpoch);
        return repository.Commit(message, author, author);
    }
}
