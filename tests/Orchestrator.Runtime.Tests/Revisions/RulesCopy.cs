namespace Orchestrator.Runtime.Tests.Revisions;

/// <summary>The rules of the demo's first story and the workflows of this repository, copied so that a test may change them.</summary>
internal static class RulesCopy
{
    public static void Make(string folder)
    {
        foreach (var (scope, files) in new[] { ("rules", "digits.*"), ("workflows", "*") })
        {
            Directory.CreateDirectory(Path.Combine(folder, scope));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(DemoData.Repository, scope), files))
            {
                File.Copy(file, Path.Combine(folder, scope, Path.GetFileName(file)));
            }
        }
    }
}
