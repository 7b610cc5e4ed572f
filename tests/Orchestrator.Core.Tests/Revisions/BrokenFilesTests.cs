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
        var check = RuleRevision.Check(Among(name, File.ReadAllText(Path.Combine(_folder, name))));
        Assert.Null(check.Value);
        Assert.Equal(_expected[name], check.Diagnostics.Where(diagnostic => diagnostic.Path == name).Select(diagnostic => diagnostic.ToString()));
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
