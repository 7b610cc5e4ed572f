using System.Text.Json;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Runtime.Tests.BadInput;

namespace Orchestrator.Runtime.Tests.Runners;

/// <summary>What a trainer is given, and what becomes of what it gives.</summary>
public sealed class CommandTrainingTests : IDisposable
{
    private const string Keep = "cp request.json rows.* \"$KEEP\"; env > \"$KEEP/env\"; pwd > \"$KEEP/pwd\"\n";

    private readonly TinyNode _tiny = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_gets_the_rows_that_are_not_held_out_its_parameters_and_the_roles()
    {
        await OpenAsync(CommandedPets.GoodTrainer, "parameters: {depth: 6, kind: deep}");
        await TrainAsync();

        var request = JsonElement.Parse(Kept("request.json"));
        Assert.Equal((1, "train", "pets", "multiclass"), (request.GetProperty("contract").GetInt32(), Text(request, "task"), Text(request, "model"), Text(request.GetProperty("predicts"), "type")));
        Assert.Equal("{\"depth\":6,\"kind\":\"deep\"}", request.GetProperty("parameters").GetRawText());
        Assert.Equal("""{"id":"id","label":"label","features":[{"name":"x","type":"number"},{"name":"y","type":"number"}]}""", request.GetProperty("roles").GetRawText());
        Assert.Equal(_tiny.Node.Versions.Current("pets")!.Id, Text(request, "dataset_version"));

        var lines = Kept("rows.csv").TrimEnd('\n').Split('\n');
        var given = lines.Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0]);
        var authored = (await File.ReadAllLinesAsync(_tiny.PathOf("data/pets.csv"), Cancel)).Skip(1).Select(line => line.Split(',')).ToDictionary(cells => cells[0]);
        Assert.Equal("id,x,y,label", lines[0]);
        Assert.Equal(request.GetProperty("rows").GetProperty("count").GetInt32(), given.Count);
        Assert.InRange(given.Count, 30, 54); // of 60 rows about 30 % are held out, by a hash of their ids
        Assert.All(given, row => Assert.Equal(authored[row.Key], row.Value));
    }

    [Fact]
    public async Task Rows_come_as_parquet_where_the_operator_says_so()
    {
        await OpenAsync(CommandedPets.GoodTrainer, runner: "format: parquet");
        await TrainAsync();

        using var connection = Analytics.Open(new AnalyticsOptions());
        var columns = connection.Query($"describe select * from read_parquet('{_tiny.PathOf("kept/rows.parquet")}')", reader => $"{reader.GetString(0)} {reader.GetString(1)}");
        Assert.Equal(["id VARCHAR", "x DOUBLE", "y DOUBLE", "label VARCHAR"], columns);
        Assert.Equal("parquet", Text(JsonElement.Parse(Kept("request.json")).GetProperty("rows"), "format"));
    }

    [Fact]
    public async Task It_sees_the_variables_that_are_allowed_and_no_others()
    {
        await OpenAsync(CommandedPets.GoodTrainer);
        await TrainAsync();

        // Whatever the test runs with; sh itself adds the last three.
        string[] allowed = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "KEEP", "ORCHESTRATOR_ATTEMPT", "ORCHESTRATOR_REQUEST", "PWD", "OLDPWD", "_"];
        Assert.Empty(Kept("env").TrimEnd('\n').Split('\n').Select(line => line.Split('=')[0]).Except(allowed));
    }

    [Fact]
    public async Task The_version_has_the_artifacts_digest_what_it_predicted_and_its_log()
    {
        await OpenAsync("""
            echo learnt > model.txt
            echo id,prediction > said.csv
            echo fitting
            echo '{"artifact": "model.txt", "predictions": "said.csv", "metrics": {"loss": 0.25}}' > result.json
            """);
        var version = await TrainAsync();

        Assert.Equal(Digest.Of("learnt\n"), version.Digest);
        Assert.Equal(Digest.Of("id,prediction\n"), version.Predictions);
        Assert.Equal("learnt\n", await _tiny.Node.Artifacts.ReadTextAsync(version.Digest, Cancel));
        var how = JsonElement.Parse(version.Trainer);
        Assert.Equal(("by-hand", 0.25), (Text(how, "runner"), how.GetProperty("metrics").GetProperty("loss").GetDouble()));
        Assert.Equal("fitting\n", await _tiny.Node.Artifacts.ReadTextAsync(Text(how, "log"), Cancel));
    }

    [Fact]
    public async Task A_challenger_and_the_champion_are_compared_by_the_scoring_command_which_sees_no_labels()
    {
        await OpenAsync("echo learnt > model.txt; echo '{\"artifact\": \"model.txt\"}' > result.json");
        _tiny.Author("scripts/score.sh", $$"""
            cd "$(dirname "$1")" || exit 9
            cp rows.csv "{{_tiny.PathOf("kept")}}/scored.csv"
            # Rows that begin with c are cats, all others dogs; dogs are said with less doubt.
            sed -e 1d -e 's/,.*//' rows.csv | while read -r id; do case $id in c*) echo "$id,cat,0.9,0.1";; *) echo "$id,dog,0.2,0.8";; esac; done > said
            { echo id,prediction,p_cat,p_dog; cat said; } > said.csv
            echo '{"predictions": "said.csv", "seconds": 0.5}' > result.json
            """);
        var version = await TrainAsync();
        var evaluation = await new ModelComparison(_tiny.Node.Authored, new DatasetAccess(_tiny.Node.Authored, _tiny.Node.Versions, _tiny.Node.Database, new AnalyticsOptions()), _tiny.Node.Scoring, _tiny.Node.Database)
            .CompareAsync(version, _tiny.Node.Clocks.Now, Directory.CreateDirectory(_tiny.PathOf("workspace/attempts/compare")).FullName, Cancel);

        Assert.Equal("id,x,y", Kept("scored.csv").Split('\n')[0]);
        Assert.Equal(1, evaluation.Overall.Challenger.Values["model_accuracy"]);
        Assert.InRange(evaluation.Overall.Challenger.Values["model_log_loss"], 0.105, 0.224); // between −ln 0.9 and −ln 0.8
    }

    [Theory]
    [InlineData("id,prediction\n", "rows have no prediction, such as ")]
    [InlineData("id,kind\nc00,cat\nc01,cat\n", "there are the columns id, kind")]
    [InlineData("id,prediction\nc00,cat\nc00,dog\n", "the id \"c00\" occurs more than once")]
    [InlineData("prediction\ncat\n", "there is no column \"id\"")]
    public async Task Predictions_that_do_not_fit_the_rows_are_an_error_and_never_a_pass(string said, string told)
    {
        await OpenAsync(CommandedPets.GoodTrainer);
        _tiny.Author("scripts/said.csv", said).Author("scripts/score.sh", "cd \"$(dirname \"$1\")\"; cp \"$OLDPWD/said.csv\" .; echo '{\"predictions\": \"said.csv\"}' > result.json");
        var version = await TrainAsync();
        var scoring = new ScoringRequest(
            _tiny.Node.Authored.Model("pets")!, version, new FeatureRows(["c00", "c01"], [], ["cat", "cat"]), Directory.CreateDirectory(_tiny.PathOf("workspace/attempts/s")).FullName);

        var error = await Assert.ThrowsAsync<TrainingException>(() => _tiny.Node.Scoring.ScoreAsync(scoring, Cancel));

        Assert.StartsWith("TRAIN032 the predictions cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_one_key_it_trains_once()
    {
        await OpenAsync("echo run >> \"$KEEP/runs\"\n" + CommandedPets.GoodTrainer);

        var (first, second) = (await TrainAsync(), await TrainAsync());

        Assert.Equal("pets-1", first.Id);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal("run\n", Kept("runs"));
    }

    [Fact]
    public async Task An_attempt_that_was_overtaken_registers_nothing()
    {
        await OpenAsync(CommandedPets.GoodTrainer);
        var node = _tiny.Node;
        var runners = new RunnerRuns(node.Options.Operator.Runners, node.Commands);
        var training = new ModelTraining(node.Authored, new DatasetAccess(node.Authored, node.Versions, node.Database, new AnalyticsOptions()), node.Artifacts, node.Database, runners);
        var request = new TrainingRequest("key", "pets", null, null, TinyNode.Start, Directory.CreateDirectory(_tiny.PathOf("workspace/attempts/key")).FullName)
        {
            Holds = _ => false,
        };

        await Assert.ThrowsAsync<StorageException>(() => training.TrainAsync(request, Cancel));

        Assert.Empty(node.Database.Read(ModelStore.Models));
    }

    public void Dispose() => _tiny.Dispose();

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private string Kept(string file) => File.ReadAllText(_tiny.PathOf($"kept/{file}"));

    private async Task OpenAsync(string trainer, string train = "timeout: 1m", string runner = "output: 1GiB")
    {
        Directory.CreateDirectory(_tiny.PathOf("kept"));
        await CommandedPets.OpenAsync(_tiny, $"KEEP={_tiny.PathOf("kept")}\n{Keep}{trainer}", train, runner);
    }

    private async Task<ModelVersion> TrainAsync()
    {
        var id = await _tiny.Node.TrainFirstAsync("pets", "ann@example.org", Cancel);
        return _tiny.Node.Database.Read(connection => ModelStore.Find(connection, id))!;
    }
}
