namespace Orchestrator.Core.Tests.Revisions;

/// <summary>The demo's authored files by path.</summary>
internal static class Demo
{
    public static Dictionary<string, string> Files()
    {
        string[] rules = ["digits.model.yaml", "digits.monitor.yaml", "digits.rules.yaml", "digits.test.yaml"];
        string[] workflows = ["workflows/notify.json", "workflows/relabel-rebuild-retrain.json"];
        return rules.ToDictionary(name => name, name => Repository.Text("rules/" + name)).Concat(workflows.ToDictionary(name => name, Repository.Text))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
    }
}
