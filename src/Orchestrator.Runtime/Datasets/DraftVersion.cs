namespace Orchestrator.Runtime.Datasets;

/// <summary>What is read in place of a version and is never kept: what a patch would make of the current one, or some of the rows of one.</summary>
/// <param name="File">Its Parquet file, in a folder of who asked.</param>
public sealed record DraftVersion(DatasetVersion Version, string File);
