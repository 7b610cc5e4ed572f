using Orchestrator.Core.Monitors;

namespace Orchestrator.Runtime.Datasets;

/// <summary>What activities look up in the revision in force, by name; null where it names no such thing.</summary>
/// <param name="Gathering">Finds the rows of the datasets.</param>
public sealed record Authored(
    Func<string, ModelFile?> Model, Func<string, (MonitorFile Monitor, DatasetSpec Dataset)?> Dataset, DatasetGathering Gathering);

/// <summary>Data cannot be used as it is; the message tells where and why, in the words of its author.</summary>
public sealed class DatasetException(string message) : Exception(message);
