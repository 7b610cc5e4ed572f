using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;

namespace Orchestrator.Core.Revisions;

/// <summary>Monitors against the models, the metrics there are, and the operator's connections.</summary>
internal static class MonitorChecks
{
    public static void Run(AuthoredFiles files)
    {
        foreach (var monitor in files.Monitors)
        {
            if (monitor.Model is { } model)
            {
                files.Expect(model, [.. files.Models.Select(known => known.Name)], "model", monitor.Source, (monitor.Source.At("model"), "MON022", "model"));
            }

            Metrics(files, monitor);
            Addresses(files, monitor);
            Connections(files, monitor);
        }
    }

    private static void Metrics(AuthoredFiles files, MonitorFile monitor)
    {
        var known = MetricCatalog.All.Select(metric => metric.Name).ToList();
        for (var i = 0; i < monitor.Metrics.Length; i++)
        {
            var metric = monitor.Metrics[i];
            if (!metric.IsFamily && !known.Contains(metric.Name))
            {
                files.Error(monitor.Source, monitor.Source.At("metrics", i), "MON023", $"metric \"{metric.Name}\" does not exist", $"allowed: {string.Join(", ", MonitorFile.Families)}, or the name of a metric", Nearest.To(metric.Name, known));
            }
        }
    }

    /// <summary>Files are in folders, queries go to databases.</summary>
    private static void Kinds(AuthoredFiles files, OperatorFile operators, MonitorFile monitor, (DataLocation From, object[] Path) place)
    {
        var (wrong, field, kind) = (operators.Connections.GetValueOrDefault(place.From.Connection), place.From) switch
        {
            (ConnectionSpec.Folder, DataLocation.Query) => ("is a folder, which takes no query", "query", "path"),
            (ConnectionSpec.Database, DataLocation.Files) => ("is a database, which has no files", "path", "query"),
            _ => ("", "", ""),
        };
        if (wrong.Length > 0)
        {
            files.Error(monitor.Source, monitor.Source.At([.. place.Path, field]), "MON025", $"connection \"{place.From.Connection}\" {wrong}", $"allowed: {kind}");
        }
    }

    private static void Addresses(AuthoredFiles files, MonitorFile monitor)
    {
        foreach (var dataset in monitor.Datasets)
        {
            (string? Connection, object[] Path)[] all = [(dataset.From.Connection, ["datasets", dataset.Name, "connection"]), (dataset.Labels?.From.Connection, ["datasets", dataset.Name, "labels", "connection"])];
            foreach (var (_, path) in all.Where(given => AddressText.IsAddress(given.Connection) && monitor.Source.Node(given.Path) is not null))
            {
                files.Error(monitor.Source, monitor.Source.At(path), "MON030", "an address stands where the name of a connection belongs", "allowed: a name that the operator gave");
            }
        }
    }

    private static void Connections(AuthoredFiles files, MonitorFile monitor)
    {
        if (files.Operator is not { } operators)
        {
            return;
        }

        var known = operators.Connections.Keys.ToList();
        foreach (var dataset in monitor.Datasets)
        {
            Kinds(files, operators, monitor, (dataset.From, ["datasets", dataset.Name]));
            if (dataset.Labels is { } apart)
            {
                Kinds(files, operators, monitor, (apart.From, ["datasets", dataset.Name, "labels"]));
            }

            if (dataset.From is not DataLocation.Push)
            {
                files.Expect(dataset.From.Connection, known, "operator", monitor.Source, (monitor.Source.At("datasets", dataset.Name, "connection"), "MON024", "connection"));
            }

            if (dataset.Labels is { From: not DataLocation.Push } labels && labels.From.Connection != dataset.From.Connection)
            {
                files.Expect(labels.From.Connection, known, "operator", monitor.Source, (monitor.Source.At("datasets", dataset.Name, "labels", "connection"), "MON024", "connection"));
            }
        }
    }
}
