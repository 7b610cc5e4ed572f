using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Revisions;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>Files as people break them, and what they are told: <c>Cases/Broken/expected.txt</c>.</summary>
public sealed class BrokenFilesTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "tests", "Orchestrator.Core.Tests", "Cases", "Broken");
    private static readonly ILookup<string, string> _expected = File.ReadLines(Path.Combine(_folder, "expected.txt"))
        .Where(line => line.Length > 0 && !line.StartsWith('#')).ToLookup(line => line[..line.IndexOf(':', StringComparison.Ordinal)]);

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(_folder).Select(file => Path.GetFileName(file)!).Where(name => name != "expected.txt").Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_broken_file_says_what_is_wrong_where_what_is_allowed_and_what_is_nearest(string name)
    {
        var text = SourceText.Decode(name, File.ReadAllBytes(Path.Combine(_folder, name)));
        var check = text.Value is { } decoded ? RuleRevision.Check(Among(name, decoded)) : null;
        Assert.Null(check?.Value);
        Assert.Equal(_expected[name], (check?.Diagnostics ?? text.Diagnostics).Where(diagnostic => diagnostic.Path == name).Select(diagnostic => diagnostic.ToString()));
    }

    [Fact]
    public void A_file_above_256_KiB_is_not_read()
    {
        const int Allowed = 256 * 1024;
        var most = "model: digits\ntask: multiclass\nlabels: human\n#".PadRight(Allowed, 'x');
        Assert.NotNull(RuleRevision.Check(new Dictionary<string, string> { ["m.model.yaml"] = most }).Value);
        var expected = $"m.model.yaml:1:1: YAML002 the file has {Allowed + 1} bytes; allowed: at most {Allowed} (256 KiB)";
        Assert.Equal([expected], SourceText.Decode("m.model.yaml", System.Text.Encoding.UTF8.GetBytes(most + "x")).Diagnostics.Select(diagnostic => diagnostic.ToString()));
        Assert.Equal([expected], RuleRevision.Check(new Dictionary<string, string> { ["m.model.yaml"] = most + "x" }).Diagnostics.Select(diagnostic => diagnostic.ToString()));
    }

    [Theory]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----", "a private key")]
    [InlineData("see https:" + "//hooks.slack.com/services/T0/B0/x", "an address that is a secret")]
    [InlineData("amqp://user:pass@host.example.org/", "an address with a password")]
    [InlineData("Server=db;Password=s3cret;", "a password")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "an access key")]
    [InlineData("AKIAABCDEFGHIJKLMNOP", "an access key")]
    public void What_only_a_secret_looks_like_is_told_without_showing_it(string secret, string kind)
    {
        var told = Assert.Single(SecretChecks.Of("a.model.yaml", "model: a\n# " + secret + "\n"));
        Assert.Equal($"{kind} stands here in plain text", told.Text);
        Assert.Equal((2, "SEC001"), (told.Line, told.Code));
    }

    [Theory]
    [InlineData("password_file: /run/secrets/dw")]
    [InlineData("summary: the password: please rotate it")]
    [InlineData("url: https://example.org:8080/a@b")]
    [InlineData("summary: \"{{ $labels.password }} expires\"")]
    [InlineData("features: [password, secret, token]")]
    [InlineData("expr: sum by (secret) (secret_total)")]
    public void What_speaks_of_secrets_is_none(string line) => Assert.Empty(SecretChecks.Of("a.rules.yaml", line));

    [Fact]
    public void A_long_line_is_searched_for_secrets_in_a_moment()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var piece in new[] { "a.a", "eyJ-", "a:", "password: ", "x://", "-----BEGIN A " })
        {
            Assert.Empty(SecretChecks.Of("a.rules.yaml", string.Concat(Enumerable.Repeat(piece, 256 * 1024 / piece.Length))));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Every_expectation_has_its_file() => Assert.Equal(Files.Select(row => row.Data).Order(StringComparer.Ordinal), _expected.Select(group => group.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void A_file_cut_off_anywhere_or_with_a_character_changed_never_ends_the_check()
    {
        var demo = Demo.Files();
        var random = new Random(20260105);
        foreach (var (path, text) in demo)
        {
            for (var i = 0; i < 24; i++)
            {
                var at = random.Next(text.Length);
                var changed = i % 2 == 0 ? text[..at] : text[..at] + "{}[]:,\"'|>*&!%#\n\t -0"[random.Next(20)] + text[(at + 1)..];
                var check = RuleRevision.Check(new Dictionary<string, string>(demo) { [path] = changed });
                Assert.True(check.Value is not null || check.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error));
            }
        }
    }

    private static Dictionary<string, string> Among(string name, string text)
    {
        var files = Demo.Files();
        var kind = name[name.IndexOf('.', StringComparison.Ordinal)..];
        if (kind != ".json" && !name.Contains("test", StringComparison.Ordinal))
        {
            files.Remove("digits" + kind);
        }

        files[name] = text;
        return files;
    }
}
