using Orchestrator.Core.Fixes;
using Orchestrator.Runtime.Effects;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Keys;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Notifications;

/// <summary>A node whose one rule proposes, each day, to send a message; a person has four hours to approve it.</summary>
internal static class ToldNode
{
    private const string Rules = """
        groups:
          - name: pets
            interval: 1d
            model: pets
            rules:
              - alert: Wrong
                expr: data_rows{dataset="pets"} > 0
                owner: team
                annotations: {summary: "{{ $value }} pets <look> wrong"}
                then: {workflow: notify, inputs: {target: asked, message: "look at the pets"}, approval: required, expires: 4h, verify: {expr: "data_rows > 1000", within: 1d}}
        """;

    public static async Task<TinyNode> OpenAsync(string operatorLines, string? rules = null)
    {
        var tiny = new TinyNode { Outside = operatorLines };
        var workflows = Path.Combine(Path.GetDirectoryName(DemoData.Digits)!, "..", "..", "workflows");
        tiny.Author("workflows/notify.json", await File.ReadAllTextAsync(Path.Combine(workflows, "notify.json"), TestContext.Current.CancellationToken));
        tiny.Author("rules/pets.model.yaml", Pets.Model).Author("rules/pets.monitor.yaml", Pets.Monitor).Author("rules/pets.rules.yaml", rules ?? Rules);
        tiny.Author("data/pets.csv", Pets.Rows(5, 5, 0, 1)).Author("data/shown.csv", Pets.Rows(5, 5, 0, 2));
        await tiny.OpenAsync();
        return tiny;
    }

    /// <summary>Approves the one fix as it stands and does what follows.</summary>
    public static async Task ApproveAsync(this TinyNode tiny)
    {
        var fix = tiny.TheFix();
        Assert.IsType<FixDecision.Accepted>(await tiny.Node.ApproveAsync(fix.Id, Actor.Named("lead@example.org"), fix.Plan!.Sha256, null, TestContext.Current.CancellationToken));
        await tiny.SettleAsync();
    }

    public static IReadOnlyList<EffectStatus> Messages(this TinyNode tiny) =>
        [.. tiny.Node.Database.Read(EffectStore.Open).Where(effect => effect.Kind == "notify")];

    public static IReadOnlyList<EffectStatus> WorkOfTheFix(this TinyNode tiny) => tiny.Node.Database.Read(connection => FixStore.Work(connection, tiny.TheFix()));
}
