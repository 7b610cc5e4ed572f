using System.Globalization;

namespace Orchestrator.EndToEnd.Tests.Datasets;

/// <summary>6,000 pets with x and y from 1 to 6,000, the one up and the other down; 40 seen ones, of which every fourth lives in Rome and is taken for another.</summary>
public sealed class MappedServer : IAsyncLifetime
{
    public const int Pets = 6000;

    private const string Monitor = """
        monitor: mapped
        every: 365d
        datasets:
          pets: {connection: data, path: pets.csv, split: train, roles: {id: id, label: kind, features: [x, y, town, tail]}}
          seen: {connection: data, path: seen.csv, split: test, reference: pets, roles: {id: id, label: kind, prediction: said, features: [x, y, town]}}
          never: {connection: data, path: seen.csv, split: test, roles: {features: [x]}}
        segments: [{name: wide, by: quartiles(x)}]
        metrics: [data_rows]
        min_rows: 1
        """;

    private readonly LiveServer _server = new();

    public async ValueTask InitializeAsync()
    {
        _server.Folder.Write("source/rules/mapped.monitor.yaml", Monitor);
        WritePets(Pets);
        _server.Folder.Write("data/seen.csv", "id,x,y,town,kind,said\n" + string.Concat(Enumerable.Range(1, 40).Select(row =>
            string.Create(CultureInfo.InvariantCulture, $"s{row:00},{row * 150},{(row == 7 ? "" : row)},{(row % 4 == 0 ? "rome" : "oslo")},{Kind(row)},{(row % 4 == 0 ? Kind(row + 1) : Kind(row))}\n"))));
        await _server.InitializeAsync();
        await MeasureAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    public Caller Admin() => _server.Admin();

    /// <summary>Even ones are cats, and each fourth lives in Rome; tails have no length.</summary>
    public void WritePets(int rows) => _server.Folder.Write("data/pets.csv", "id,x,y,town,kind,tail\n" + string.Concat(Enumerable.Range(1, rows).Select(row =>
        string.Create(CultureInfo.InvariantCulture, $"p{row:0000},{row},{6001 - row},{(row % 4 == 0 ? "rome" : "oslo")},{Kind(row)},\n"))));

    public async Task MeasureAsync()
    {
        using var admin = Admin();
        using var measured = await admin.PostAsync("/api/monitors/mapped/measure", new { });
        Assert.True(measured.IsSuccessStatusCode, await measured.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Kind(int row) => row % 2 == 0 ? "cat" : "dog";
}
