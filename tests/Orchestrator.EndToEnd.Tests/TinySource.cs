namespace Orchestrator.EndToEnd.Tests;

/// <summary>Ten rows with a rule about them: the operator's file, the authored files and the data of a small workspace.</summary>
internal static class TinySource
{
    public const string Rules = """
        groups:
          - name: tiny
            rules:
              - alert: FewRows
                expr: data_rows{dataset="tiny-train"} < 11
                for: 10m
                labels: {severity: warning}
                annotations: {summary: "only {{ $value }} rows"}
                owner: tiny-team
        """;

    private const string Monitor = """
        monitor: tiny
        every: 365d
        datasets:
          tiny-train: {connection: data, path: train.csv, split: train, roles: {id: id, features: [x]}}
        metrics: [data_rows]
        min_rows: 1
        """;

    private const string Operator = """
        folder: source
        storage: {sqlite: workspace/orchestrator.db}
        connections: {data: {folder: data}}
        groups: {leads: [lead@example.org]}
        """;

    /// <summary>Writes the files under a folder; the path of the operator's file.</summary>
    public static string Write(TempFolder folder)
    {
        folder.Write("source/rules/tiny.rules.yaml", Rules);
        folder.Write("source/rules/tiny.monitor.yaml", Monitor);
        folder.Write("data/train.csv", "id,x\n" + string.Concat(Enumerable.Range(1, 10).Select(row => $"r{row},{row}\n")));
        return folder.Write("orchestrator.yaml", Operator);
    }
}
