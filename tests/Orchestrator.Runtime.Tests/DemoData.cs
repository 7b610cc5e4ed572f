using System.Globalization;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests;

/// <summary>The demo's digits, written once per test run beside the test assembly.</summary>
public static class DemoData
{
    private static readonly Lazy<string> Root = new(() => FindRoot(AppContext.BaseDirectory));
    private static readonly SemaphoreSlim Once = new(1);
    private static DigitsDemoFiles? _files;

    /// <summary>The folder that holds the solution.</summary>
    public static string Repository => Root.Value;

    public static string Digits => Path.Combine(Root.Value, "deploy", "demo", "digits.csv.gz");

    public static async Task<DigitsDemoFiles> FilesAsync(CancellationToken cancellation)
    {
        await Once.WaitAsync(cancellation);
        try
        {
            return _files ??= await DigitsDemo.WriteAsync(Digits, Path.Combine(AppContext.BaseDirectory, "digits"), 1, cancellation);
        }
        finally
        {
            Once.Release();
        }
    }

    public static Dictionary<string, string> Truth(string path) => Lines(path).ToDictionary(row => row[0], row => row[1]);

    public static string Header(string path) => File.ReadLines(path).First();

    public static List<string[]> Lines(string path) => [.. File.ReadLines(path).Skip(1).Select(line => line.Split(','))];

    /// <summary>Pixels as features; the label by the given function.</summary>
    public static FeatureRows Rows(IReadOnlyCollection<string[]> lines, Func<string[], string?> label) => new(
        [.. lines.Select(line => line[0])],
        [.. Enumerable.Range(0, 64).Select(pixel => new FeatureColumn.Numeric(
            $"px_{pixel}", [.. lines.Select(line => double.Parse(line[pixel + 1], CultureInfo.InvariantCulture))]))],
        [.. lines.Select(label)]);

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "Orchestrator.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder)!);
}
