using Orchestrator.Core.Workflows;

namespace Orchestrator.Core.Tests.Workflows;

/// <summary>Each chosen semantic as a case: a flow, then commands with what follows from them.</summary>
public sealed class WorkflowCaseTests
{
    private static readonly ILookup<string, string[]> _cases = Directory
        .EnumerateFiles(WorkflowFiles.Folder("tests", "Orchestrator.Core.Tests", "Workflows", "Cases"), "*.txt").Order(StringComparer.Ordinal)
        .SelectMany(file => Split(File.ReadAllLines(file)))
        .ToLookup(lines => lines[0]["case ".Length..]);

    public static TheoryData<string> Names => [.. _cases.Select(one => one.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_holds(string name)
    {
        var lines = Assert.Single(_cases[name]).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        var run = lines.IndexOf("run");
        var play = new WorkflowPlay(FlowText.Read(lines[1..run]));
        WorkflowCommand? last = null;
        foreach (var line in lines[(run + 1)..])
        {
            var (command, expected) = (line.Split("=>")[0].Trim(), line.Split("=>")[1].Trim());
            last = command == "again" ? last : play.Command(command);
            Assert.Equal($"{command} => {expected}", $"{command} => {play.Take(last!)}");
        }

        Assert.Equal(WorkflowJson.Write(play.State), WorkflowJson.Write(InstanceState.Replay("i", play.Journal)));
    }

    private static IEnumerable<string[]> Split(string[] lines)
    {
        var starts = Enumerable.Range(0, lines.Length).Where(i => lines[i].StartsWith("case ", StringComparison.Ordinal)).Append(lines.Length).ToList();
        return starts.Zip(starts.Skip(1), (from, to) => lines[from..to]);
    }
}
