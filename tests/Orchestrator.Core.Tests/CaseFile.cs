namespace Orchestrator.Core.Tests;

/// <summary>Cases as lines of text: <c>input => expected</c>; <c>#</c> starts a comment.</summary>
public static class CaseFile
{
    public static TheoryData<string, string> Read(string name)
    {
        var cases = new TheoryData<string, string>();
        foreach (var (input, expected) in Lines(name))
        {
            cases.Add(input, expected);
        }

        return cases;
    }

    public static IEnumerable<string> Inputs(string name) => Lines(name).Select(line => line.Input);

    private static IEnumerable<(string Input, string Expected)> Lines(string name) =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", name))
        let at = line.IndexOf(" => ", StringComparison.Ordinal)
        where at > 0 && !line.StartsWith('#')
        select (line[..at].Trim(), line[(at + 4)..].Trim());
}
