namespace Orchestrator.Core.Tests.Metrics;

/// <summary>Rows of a CSV file whose fields hold no commas or line breaks; quotes around a field are dropped.</summary>
internal static class Csv
{
    public static string[][] Rows(string path, bool header) =>
        [.. File.ReadLines(path).Skip(header ? 1 : 0).Select(line => line.Split(',').Select(field => field.Trim('"', '\'')).ToArray())];
}
