using System.CommandLine;
using Orchestrator.Cli;

namespace Orchestrator.EndToEnd.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("bogus", "orchestrator: Unrecognized command or argument 'bogus'.", "See: orchestrator --help")]
    [InlineData("fixes show", "orchestrator: Required argument 'id' missing for command: 'show'.", "See: orchestrator fixes show --help")]
    [InlineData("serve --port many", "orchestrator: 'many' is no whole number, which --port needs.", "See: orchestrator serve --help")]
    public async Task A_usage_error_is_one_sentence_a_hint_and_exit_code_2(string line, string sentence, string hint)
    {
        var ended = await Ended.RunAsync(line.Split(' '));
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(sentence, ended.Error, StringComparison.Ordinal);
        Assert.Contains(hint, ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_verb_has_a_description_and_examples_that_it_would_accept()
    {
        using var nothing = new StringWriter();
        var root = CommandLine.Root(new Terminal(nothing, nothing, isInteractive: false, _ => null));
        foreach (var (path, verb) in Verbs(root, ""))
        {
            Assert.False(string.IsNullOrEmpty(verb.Description), $"{path} has no description");
            Assert.NotEmpty(verb.Examples);
            foreach (var example in verb.Examples)
            {
                Assert.StartsWith($"orchestrator{path}", example, StringComparison.Ordinal);
                Assert.Empty(root.Parse(example["orchestrator ".Length..]).Errors.Select(error => $"{example}: {error.Message}"));
            }

            var help = await Ended.RunAsync([.. path.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal(0, help.ExitCode);
            Assert.Contains(verb.Examples[0], help.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_address_that_others_can_reach_has_to_be_meant()
    {
        using var folder = new TempFolder();
        var ended = await Ended.RunAsync("serve", "--workspace", folder["workspace"], "--address", "0.0.0.0");
        Assert.Equal(2, ended.ExitCode);
        Assert.StartsWith("orchestrator: the address 0.0.0.0 can be reached from other machines", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["workspace"]));
    }

    private static IEnumerable<(string Path, Verb Verb)> Verbs(Command parent, string path) =>
        parent.Subcommands.OfType<Verb>().SelectMany(verb => Verbs(verb, $"{path} {verb.Name}").Prepend(($"{path} {verb.Name}", verb)));
}
