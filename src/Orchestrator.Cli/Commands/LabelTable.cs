using System.Collections.Immutable;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Rehearsal;
using Orchestrator.Server.Labeling;

namespace Orchestrator.Cli.Commands;

/// <summary>Tasks and answers as CSV: one row a task, its label to be filled in.</summary>
internal static class LabelTable
{
    private const string Task = "task";
    private const string Label = "label";

    public static void Write(QueueShown shown, string path)
    {
        var open = shown.Tasks.Where(task => task.State == "open").ToArray();
        string[] columns = [.. open.SelectMany(task => task.Columns.Keys).Distinct().Except([Task, Label, "given", "suggested"]).Order(StringComparer.Ordinal)];
        ImmutableArray<string>[] lines =
        [
            [Task, Label, "given", "suggested", .. columns],
            .. open.Select(task => ImmutableArray.Create([task.Id, "", task.Given, task.Suggested ?? "", .. columns.Select(column => task.Columns.GetValueOrDefault(column, ""))])),
        ];
        var cells = lines.Select(line => line.Select(SpreadsheetCell.Neutral).ToImmutableArray()).ToList();
        new CsvTable(cells[0], [.. cells.Skip(1)]).Write(path);
    }

    /// <summary>The rows whose label is filled in.</summary>
    /// <exception cref="CommandException">The file has no such columns.</exception>
    public static ImmutableArray<PlacedAnswer> Answers(string path)
    {
        var table = CsvTable.Read(path);
        foreach (var missing in new[] { Task, Label }.Except(table.Columns))
        {
            throw new CommandException($"{path}:1: there is no column \"{missing}\"; there are {string.Join(", ", table.Columns)}");
        }

        return [.. table.Column(Task).Zip(table.Column(Label)).Select((pair, i) => new PlacedAnswer($"{path}: row {i + 1}", SpreadsheetCell.Restored(pair.First), SpreadsheetCell.Restored(pair.Second.Trim()))).Where(answer => answer.Label.Length > 0)];
    }
}
