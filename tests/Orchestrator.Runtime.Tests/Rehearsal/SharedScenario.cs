using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Rehearsal;

/// <summary>A scenario in a folder of its own, with the project's workflows; its data files are written by the test.</summary>
internal sealed class SharedScenario : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _name;

    /// <summary>A scenario of <c>tests/scenarios/NAME</c>.</summary>
    public SharedScenario(string name)
        : this("tests/scenarios", name)
    {
    }

    /// <param name="parent">The folder in which the scenario's folder lies, as seen from the repository.</param>
    public SharedScenario(string parent, string name)
    {
        _name = name;
        Copy(Path.Combine(DemoData.Repository, parent, name), _folder.Path);
        Copy(Path.Combine(DemoData.Repository, "workflows"), _folder["workflows"]);
    }

    public string this[string path] => _folder[path];

    public static CsvTable Table(params string[] parts) => CsvTable.Read(SharedData.File(parts));

    /// <summary>Writes some rows of a table, in the given order, with the given columns.</summary>
    public void Write(string path, CsvTable table, IEnumerable<int> rows, params string[] columns)
    {
        var places = columns.Select(column => table.Columns.IndexOf(column)).ToArray();
        Assert.DoesNotContain(-1, places);
        new CsvTable([.. columns], [.. rows.Select(row => places.Select(place => table.Rows[row][place]).ToImmutableArray())]).Write(_folder[path]);
    }

    /// <summary>Plays the scenario and hands the node, still open, with its figures to the assertions.</summary>
    public async Task RehearseAsync(Action<Node, StoryResult> check, CancellationToken cancellation)
    {
        var setup = StorySetup.Read(_folder[$"{_name}.scenario.yaml"]);
        using var node = await Node.OpenAsync(setup.Options(_folder["workspace"], NullLoggerFactory.Instance), cancellation);
        Assert.True(node.Revisions.Current is not null, string.Join('\n', (await node.Revisions.SyncAsync(cancellation)).Diagnostics));
        var log = TestContext.Current.TestOutputHelper;
        await new Story(node, new StoryWorld(node, setup), (at, line) => log?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at:u} {line}")))
            .RehearseAsync(cancellation);
        check(node, Assert.Single((await new StoryFigures(node, setup).TakeAsync(TimeSpan.Zero, cancellation)).Stories));
    }

    public void Dispose() => _folder.Dispose();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}

/// <summary>Tables of the shared data as scenarios need them.</summary>
internal static class SharedTables
{
    /// <summary>The table with a column <c>id</c> that counts its rows.</summary>
    public static CsvTable Numbered(this CsvTable table) => table.With(["id"], row => [string.Create(CultureInfo.InvariantCulture, $"r{row:00000}")]);
}
