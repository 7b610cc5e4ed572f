using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Datasets;

namespace Orchestrator.Runtime.Models;

/// <summary>Rows as a command reads them: one column each for the id, the features and, where it may see it, the label.</summary>
/// <param name="Count">Rows in the file.</param>
/// <param name="Roles">Which column is what.</param>
public sealed record RowsFile(string Path, RowFormat Format, int Count, HandedRoles Roles)
{
    /// <summary>Writes <c>rows.csv</c> or <c>rows.parquet</c> into a folder.</summary>
    public static async Task<RowsFile> WriteAsync(FeatureRows rows, bool withLabels, (string Folder, RowFormat Format) target, CancellationToken cancellation)
    {
        var roles = HandedRoles.Of(rows, withLabels);
        var csv = System.IO.Path.Combine(target.Folder, "rows.csv");
        await using (var file = new StreamWriter(csv, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            await file.WriteAsync(Line(roles.Columns()));
            for (var row = 0; row < rows.Count; row++)
            {
                cancellation.ThrowIfCancellationRequested();
                await file.WriteAsync(Line(Cells(rows, row, withLabels)));
            }
        }

        return new(target.Format == RowFormat.Csv ? csv : Parquet(csv, roles), target.Format, rows.Count, roles);
    }

    private static IEnumerable<string?> Cells(FeatureRows rows, int row, bool withLabels)
    {
        yield return rows.Ids[row];
        foreach (var column in rows.Features)
        {
            yield return column switch
            {
                FeatureColumn.Numeric numbers => double.IsNaN(numbers.Values[row]) ? null : numbers.Values[row].ToString("R", CultureInfo.InvariantCulture),
                FeatureColumn.Category categories => categories.Values[row],
                FeatureColumn.Text texts => texts.Values[row],
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }

        if (withLabels)
        {
            yield return rows.Labels[row];
        }
    }

    /// <summary>As RFC 4180 says; what is missing is empty, and a text that is empty is quoted.</summary>
    private static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell)) + "\n";

    private static string Cell(string? text) => text switch
    {
        null => "",
        "" => "\"\"",
        _ when text.AsSpan().IndexOfAny(",\"\r\n") >= 0 => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => text,
    };

    private static string Parquet(string csv, HandedRoles roles)
    {
        var parquet = System.IO.Path.ChangeExtension(csv, "parquet");
        var types = roles.Features.Where(feature => feature.Type == "number").Select(feature => feature.Name).ToHashSet(StringComparer.Ordinal);
        var columns = roles.Columns().Select(name => $"{Sql.Text(name)}: {Sql.Text(types.Contains(name) ? "DOUBLE" : "VARCHAR")}");
        using var connection = Analytics.Open(new AnalyticsOptions());
        connection.Run($$"""
            copy (select * from read_csv({{Sql.Text(csv)}}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', allow_quoted_nulls = false,
              max_line_size = 134217728, columns = { {{string.Join(", ", columns)}} })) to {{Sql.Text(parquet)}} (format parquet)
            """);
        File.Delete(csv);
        return parquet;
    }
}

/// <summary>Which column of the handed rows is what.</summary>
/// <param name="Label">Absent where the rows are to be scored.</param>
public sealed record HandedRoles(string Id, string? Label, ImmutableArray<HandedFeature> Features)
{
    public IEnumerable<string> Columns() => Label is null ? [Id, .. Features.Select(feature => feature.Name)] : [Id, .. Features.Select(feature => feature.Name), Label];

    public static HandedRoles Of(FeatureRows rows, bool withLabels)
    {
        ImmutableArray<HandedFeature> features = [.. rows.Features.Select(column => new HandedFeature(column.Name, column is FeatureColumn.Numeric ? "number" : "text"))];
        return new(Free("id"), withLabels ? Free("label") : null, features);

        string Free(string name) => features.Any(feature => feature.Name == name) ? Free("row_" + name) : name;
    }
}

/// <summary>A feature of the handed rows.</summary>
/// <param name="Type"><c>number</c> or <c>text</c>.</param>
public sealed record HandedFeature(string Name, string Type);
