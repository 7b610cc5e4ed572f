using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Core.Findings;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Profiles;
using Orchestrator.Core.Revisions;
using Orchestrator.Runtime.Findings;
using Orchestrator.Runtime.Profiles;
using Orchestrator.Runtime.Rehearsal;

namespace Orchestrator.Runtime.Tests.Profiles;

public sealed class FirstFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hours_that_turn_into_minutes_are_found_in_a_copy_of_adult()
    {
        var table = Some(SharedScenarioTable("adult", "train.csv"), every: 8);
        var hours = table.Columns.IndexOf("hours_per_week");
        var faulty = table with { Rows = [.. table.Rows.Select((row, i) => i < 3000 ? row : row.SetItem(hours, $"{60 * int.Parse(row[hours], System.Globalization.CultureInfo.InvariantCulture)}"))] };
        var findings = await FindAsync("adult.csv", faulty);
        Assert.Contains(findings, finding => finding.Rule == "FeatureDrift" && finding.Labels["feature"] == "hours_per_week");
        Assert.DoesNotContain(findings, finding => finding.Rule == "FeatureDrift" && finding.Labels["feature"] != "hours_per_week");
    }

    [Fact]
    public async Task Wrong_labels_of_one_segment_are_found_in_a_copy_of_adult_where_the_whole_is_as_usual()
    {
        var table = Some(SharedScenarioTable("adult", "train.csv"), every: 4);
        var (status, income) = (table.Columns.IndexOf("marital_status"), table.Columns.IndexOf("income"));
        var faulty = table with { Rows = [.. table.Rows.Select((row, i) => i < 6000 || i % 3 != 0 || row[status] != "Divorced" ? row : row.SetItem(income, row[income] == ">50K" ? "<=50K" : ">50K"))] };
        var findings = await FindAsync("adult.csv", faulty);
        Assert.Contains(findings, finding => finding.Rule == "SegmentAccuracyDrop" && finding.Labels["segment"] == "marital_status = 'Divorced'");
        Assert.DoesNotContain(findings, finding => finding.Rule == "AccuracyDrop");
    }

    [Fact]
    public async Task Wrong_labels_are_found_in_a_copy_of_the_messages()
    {
        var lines = (await File.ReadAllLinesAsync(SharedData.File("sms-spam", "sms.tsv"), Cancel)).Select((line, i) => i % 7 == 0 ? Flipped(line) : line);
        await File.WriteAllLinesAsync(_folder["sms.tsv"], lines, Cancel);
        var findings = await FindAsync(_folder["sms.tsv"]);
        Assert.Contains(findings, finding => finding.Rule == "LabelErrors");
    }

    [Fact]
    public async Task A_file_with_few_rows_is_refused_before_anything_is_written()
    {
        await File.WriteAllTextAsync(_folder["few.csv"], "a,label\n1,x\n2,y\n", Cancel);
        var error = await Assert.ThrowsAsync<ProfileException>(() => FindAsync(_folder["few.csv"]));
        Assert.Contains("has 2 rows with a label; at least 100 are needed", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["watched"]));
    }

    public void Dispose() => _folder.Dispose();

    private static CsvTable SharedScenarioTable(params string[] parts) => CsvTable.Read(SharedData.File(parts));

    private static CsvTable Some(CsvTable table, int every) => table with { Rows = [.. table.Rows.Where((_, i) => i % every == 0)] };

    private static string Flipped(string line) => line.StartsWith("ham", StringComparison.Ordinal) ? $"spam{line[3..]}" : $"ham{line[4..]}";

    private Task<IReadOnlyList<Finding>> FindAsync(string name, CsvTable table)
    {
        table.Write(_folder[name]);
        return FindAsync(_folder[name]);
    }

    /// <summary>From the file to the findings of its rehearsal.</summary>
    private async Task<IReadOnlyList<Finding>> FindAsync(string path)
    {
        using var file = ProfiledFile.Open(path);
        var roles = file.Named(file.Guess(RoleWish.None));
        await FirstFolder.WriteAsync(file, ("mine", roles), _folder["watched"], Cancel);
        Assert.Empty(RuleRevision.Check(Texts(), OperatorFile.Read("orchestrator.yaml", Text("orchestrator.yaml")).Value!).Diagnostics);
        var setup = StorySetup.Read(Path.Combine(_folder["watched"], "mine.scenario.yaml"));
        using var node = await Node.OpenAsync(setup.Options(_folder["workspace"], NullLoggerFactory.Instance), Cancel);
        await new Story(node, new StoryWorld(node, setup), (_, _) => { }).RehearseAsync(Cancel);
        return node.Database.Read(connection => FindingStore.List(connection, openOnly: false));
    }

    private Dictionary<string, string> Texts()
    {
        string[] paths = ["mine.model.yaml", "mine.monitor.yaml", "mine.rules.yaml", .. WorkflowFiles()];
        return paths.ToDictionary(path => path, Text, StringComparer.Ordinal);
    }

    private IEnumerable<string> WorkflowFiles() => Directory.GetFiles(Path.Combine(_folder["watched"], "workflows")).Select(path => $"workflows/{Path.GetFileName(path)}");

    private string Text(string path) => File.ReadAllText(Path.Combine(_folder["watched"], path));
}
