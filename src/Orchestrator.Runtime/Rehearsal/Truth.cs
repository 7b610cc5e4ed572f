namespace Orchestrator.Runtime.Rehearsal;

/// <summary>The right labels by row id, which the world of a story knows and the system under rehearsal never sees.</summary>
internal sealed class Truth
{
    private readonly Dictionary<string, string> _labels;

    private Truth(Dictionary<string, string> labels) => _labels = labels;

    public IReadOnlyDictionary<string, string> Labels => _labels;

    /// <summary>The label of a row; throws <see cref="StoryException"/> for a row that the file does not have.</summary>
    public string this[string id] => _labels.GetValueOrDefault(id) ?? throw new StoryException([$"the truth has no label for the row {id}"]);

    public static Truth Read(string path, string id, string label)
    {
        var table = CsvTable.Read(path);
        return new Truth(table.Column(id).Zip(table.Column(label)).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal));
    }
}
