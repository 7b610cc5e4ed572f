using System.Globalization;

namespace Orchestrator.Runtime.Runners;

/// <summary>A process as Linux tells of it in <c>/proc</c>.</summary>
/// <param name="Started">Clock ticks from the boot to its start: with the number it names one process for ever.</param>
internal sealed record ProcessEntry(int Id, int Session, long Started, long MemoryBytes)
{
    private const string Table = "/proc";

    /// <summary>The processes that are alive; none where the system has no such table.</summary>
    public static IEnumerable<ProcessEntry> All() => !Directory.Exists(Table) ? [] :
        from folder in Directory.EnumerateDirectories(Table)
        let name = Path.GetFileName(folder)
        where name.All(char.IsAsciiDigit)
        let entry = Find(int.Parse(name, CultureInfo.InvariantCulture))
        where entry is not null
        select entry;

    /// <summary>Null where it is gone, or dead and only not yet taken note of by its parent.</summary>
    public static ProcessEntry? Find(int id)
    {
        // "1234 (a name with ) and spaces) S 1 …": fields are counted from the last bracket; see proc_pid_stat(5).
        if (Read(id, "stat") is not { } text || text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 21 } fields)
        {
            return null;
        }

        return fields[0] is "Z" or "X" ? null : new(id, (int)Number(fields[3]), Number(fields[19]), Number(fields[21]) * Environment.SystemPageSize);
    }

    /// <summary>The variables that it was started with; empty where they may not be read.</summary>
    public IEnumerable<string> Variables => Read(Id, "environ")?.Split('\0') ?? [];

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(int id, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(Table, id.ToString(CultureInfo.InvariantCulture), file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
