namespace Orchestrator.Core.Tests;

/// <summary>Cases as lines of text: <c>input => expected</c>; <c>#</c> starts a comment.</summary>
public static class CaseFile
{
    public static TheoryData<string, string> Read(string name)
    {
        var cases = new TheoryData<string, string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Cases", name)))
        {
            var at = line.IndexOf(" => ", StringComparison.Ordinal);
            if (at > 0 && !line.StartsWith('#'))
            {
                cases.Add(line[..at].Trim(), line[(at + 4)..].Trim());
            }
        }

        return cases;
    }
}
