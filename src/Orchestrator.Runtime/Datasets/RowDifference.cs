using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Fixes;

namespace Orchestrator.Runtime.Datasets;

/// <summary>What a person changed between the rows of a version and those of a file: rows relabelled, left out and added.</summary>
/// <remarks>A file that people repaired has only texts, so cells are the same where their canonical texts are; <see cref="VersionComparison"/> compares values as two versions hold them, and need not refuse what no patch can hold.</remarks>
internal sealed class RowDifference(RepairedFile file, DatasetVersion version, LabelSet labels)
{
    private readonly string? _label = version.Manifest.Label;

    /// <summary>Throws <see cref="DatasetException"/> where nothing was changed, or something that a patch of rows cannot hold.</summary>
    public DataPatch Between(IReadOnlyList<StoredRow> before, IReadOnlyList<StoredRow> after)
    {
        if (after.Count == 0)
        {
            throw new DatasetException($"{file.Name} has no rows; all of {version.Dataset} would be left out");
        }

        after = RestoredRows.Of(before, after, version.Manifest);
        var (old, given) = (before.ToLookup(row => row.Id, StringComparer.Ordinal), after.ToLookup(row => row.Id, StringComparer.Ordinal));
        var ids = before.Concat(after).Select(row => row.Id).Distinct(StringComparer.Ordinal);
        var touched = ids.Where(id => !old[id].Select(Content).Order(StringComparer.Ordinal).SequenceEqual(given[id].Select(Content).Order(StringComparer.Ordinal), StringComparer.Ordinal)).ToList();
        RefuseSeveral(touched, old, given);
        RefuseOtherCells([.. touched.Where(id => old.Contains(id) && given.Contains(id)).SelectMany(id => OtherCells(old[id].Single(), given[id].Single()))]);
        return touched.Count > 0
            ? DataPatch.Of(version.Dataset, version.Id, touched.Select(id => Change(old[id].SingleOrDefault(), given[id].SingleOrDefault())))
            : throw new DatasetException($"{file.Name} has the same rows as {version.Dataset}: nothing was repaired");
    }

    /// <summary>A row whose id is not its own cannot be told from the others.</summary>
    private void RefuseSeveral(IEnumerable<string> touched, ILookup<string, StoredRow> old, ILookup<string, StoredRow> given)
    {
        foreach (var id in touched)
        {
            if (given[id].Count() > 1)
            {
                throw new DatasetException($"{file.Name} has {given[id].Count()} rows with the {version.Manifest.Id} \"{id}\"; every row needs one of its own");
            }

            if (old[id].Count() > 1)
            {
                throw new DatasetException($"{version.Dataset} has {old[id].Count()} rows with the {version.Manifest.Id} \"{id}\", which cannot be told apart; leave them in {file.Name} as they are");
            }
        }
    }

    private void RefuseOtherCells(IReadOnlyList<(StoredRow Row, string Column, StoredRow Old)> others)
    {
        if (others is [var (row, column, old), ..])
        {
            var more = others.Count > 1 ? $" ({others.Count - 1} more cells differ)" : "";
            throw new DatasetException(
                $"{file.Name}: row \"{row.Id}\" has {Shown(row.Cells[column])} as {column} in place of {Shown(old.Cells[column])}{more}; rows can be relabelled, left out and added: "
                + $"give a row that was changed otherwise a new {version.Manifest.Id} and leave the old one out");
        }
    }

    private IEnumerable<(StoredRow Row, string Column, StoredRow Old)> OtherCells(StoredRow old, StoredRow given) =>
        old.Cells.Keys.Where(column => column != _label && Text(old, column) != Text(given, column)).Select(column => (given, column, old));

    private RowChange Change(StoredRow? old, StoredRow? given) => (old, given) switch
    {
        ({ } row, null) => new RowChange.Drop(row.Id, row.Cells),
        (null, { } row) => new RowChange.Add(row.Id, Labelled(row).Cells),
        ({ } from, { } to) => new RowChange.Relabel(from.Id, from.ContentWithout(_label), from.Label, Labelled(to).Label),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private StoredRow Labelled(StoredRow row) =>
        row.Label is null || !labels.IsStated || labels.Classes.Contains(row.Label)
            ? row
            : throw new DatasetException(
                $"{file.Name}: row \"{row.Id}\" has \"{row.Label}\" as {_label}, which is no class; allowed: {string.Join(", ", labels.Classes)}"
                + (Nearest.To(row.Label, labels.Classes) is { } near ? $"; did you mean {near}?" : ""));

    private static string Content(StoredRow row) => string.Join('\0', row.Cells.Keys.Select(column => Text(row, column)));

    private static string Text(StoredRow row, string column) => row.Cells[column] ?? "";

    private static string Shown(string? value) => value is null ? "nothing" : $"\"{value}\"";
}
