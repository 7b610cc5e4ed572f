using System.Globalization;
using System.Text;

namespace Orchestrator.Runtime.Rehearsal;

/// <summary>Digits as CSV files: <c>id, px_0 … px_63, ink</c> and, where they are labelled, <c>digit</c>.</summary>
internal static class DigitTable
{
    public static Task SaveLabelledAsync(string path, IReadOnlyList<Digit> rows, IReadOnlyList<int> labels, CancellationToken cancellation) =>
        SaveAsync(path, rows.Select((row, i) => $"{Text(row)},{Number(labels[i])}").Prepend($"{Header()},digit"), cancellation);

    /// <summary>Labelled as they are.</summary>
    public static Task SaveLabelledAsync(string path, IReadOnlyList<Digit> rows, CancellationToken cancellation) =>
        SaveLabelledAsync(path, rows, [.. rows.Select(row => row.Truth)], cancellation);

    public static Task SaveUnlabelledAsync(string path, IEnumerable<Digit> rows, CancellationToken cancellation) =>
        SaveAsync(path, rows.Select(Text).Prepend(Header()), cancellation);

    /// <summary>The right labels by id.</summary>
    public static Task SaveTruthAsync(string path, IEnumerable<Digit> rows, CancellationToken cancellation) =>
        SaveAsync(path, rows.OrderBy(row => row.Id, StringComparer.Ordinal).Select(row => $"{row.Id},{Number(row.Truth)}").Prepend("id,digit"), cancellation);

    private static string Header() => $"id,{string.Join(',', Enumerable.Range(0, Digit.Pixels).Select(i => $"px_{Number(i)}"))},ink";

    private static string Text(Digit row) => $"{row.Id},{string.Join(',', row.Shades.Select(Number))},{Number(row.Ink)}";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static async Task SaveAsync(string path, IEnumerable<string> lines, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, string.Concat(lines.Select(line => line + "\n")), new UTF8Encoding(false), cancellation);
    }
}
