using System.Collections.Immutable;

namespace Orchestrator.Runtime.Datasets;

/// <summary>An immutable version of a dataset; its id is the hash of its schema and rows.</summary>
/// <param name="Number">1 for the dataset's first version.</param>
public sealed record DatasetVersion(string Dataset, string Id, int Number, DatasetManifest Manifest, DateTimeOffset CreatedAt);

/// <summary>What a version's <c>manifest.json</c> says of it.</summary>
/// <param name="Version">Hash of the schema and the rows, whatever their order and the file's format.</param>
/// <param name="Parents">The versions that it was made from; empty for the first.</param>
/// <param name="FileSha256">Checksum of the file, which is not the identity: other releases may write other bytes for the same rows.</param>
public sealed record DatasetManifest(
    string Dataset, string Version, ImmutableArray<string> Parents, ImmutableArray<ManifestColumn> Columns, string? Id, string? Label, long Rows, string FileSha256)
{
    /// <summary>Hash of the authored files that it was read from; absent where a patch made it.</summary>
    public string? Source { get; init; }

    /// <summary>Artifact of the patch that made it; absent where it was read from files.</summary>
    public string? Patch { get; init; }

    public VersionChanges Changes { get; init; } = new(0, 0, 0, 0);

    /// <summary>Rows that were kept aside when it became current, with the patch that holds their content; null where none were. The same rows may become current again with others aside.</summary>
    public ImmutableArray<QuarantinedRow>? Quarantine { get; init; }

    /// <summary>Labels that people had confirmed and that the authored files did not have.</summary>
    public int Reapplied { get; init; }
}

/// <summary>A row that is kept aside.</summary>
/// <param name="Patch">Artifact of the patch that put it there.</param>
public sealed record QuarantinedRow(string Id, string Patch);

/// <summary>How many rows a patch changed.</summary>
/// <param name="Skipped">Changes whose row is gone or has other content than the patch was made for.</param>
public sealed record VersionChanges(int Relabelled, int Dropped, int Added, int Skipped)
{
    public int Quarantined { get; init; }

    /// <summary>Rows that came back from quarantine.</summary>
    public int Released { get; init; }

    public int Total => Relabelled + Dropped + Added + Quarantined + Released;
}

/// <summary>A column of a version.</summary>
/// <param name="Type">DuckDB's name of the stored type.</param>
public sealed record ManifestColumn(string Name, string Type)
{
    /// <summary>What the values are, whatever format they came from: number, text, boolean, instant, date or nested.</summary>
    public string Kind => new SourceColumn(Name, Type) switch
    {
        { IsNumber: true } => "number",
        { Type: "VARCHAR" } => "text",
        { Type: "BOOLEAN" } => "boolean",
        { Type: "DATE" } => "date",
        { IsInstant: true } => "instant",
        _ => "nested",
    };
}

/// <summary>A change of the version that is current.</summary>
public sealed record DatasetMove(string Dataset, int Sequence, string? From, string To, string Actor, string Reason, DateTimeOffset At)
{
    /// <summary>Rows that are kept aside from then on; null where none are.</summary>
    public ImmutableArray<QuarantinedRow>? Quarantine { get; init; }
}
