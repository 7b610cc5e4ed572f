using System.CommandLine;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Fixes;
using Orchestrator.Runtime.Models;
using Orchestrator.Server.Findings;
using Orchestrator.Server.Fixes;
using Orchestrator.Server.Models;

namespace Orchestrator.Cli.Commands;

/// <summary><c>fixes export|applied</c>: for people who repair by themselves.</summary>
internal static class HandoverVerbs
{
    private const string SomeFix = "3f2a90c1d7e4-1";

    private static readonly Argument<string> Id = new("id") { Description = "The fix." };

    private static readonly Option<string> Out = new("--out") { Description = "The folder to write into.", Required = true };

    private static readonly Option<string> Format = new Option<string>("--format") { Description = "How rows are written: csv, parquet or label-studio.", DefaultValueFactory = _ => ExportedFiles.Csv }
        .AcceptOnlyFromAmong(ExportedFiles.Csv, ExportedFiles.Parquet, ExportedFiles.LabelStudio);

    private static readonly Option<string?> Dataset = new("--dataset") { Description = "The whole dataset as it is repaired: .csv, .tsv or .jsonl, also with .gz, or .parquet. Rows are told by their id." };

    private static readonly Option<string?> Model = new("--model") { Description = "A model that was trained elsewhere, one file." };

    private static readonly Option<string?> Predictions = new("--predictions") { Description = "With --model: what it says of the rows that versions are compared on; CSV or Parquet with id, and prediction or p_CLASS for each class." };

    public static Verb Export(Terminal terminal) =>
        new Verb("export", "Writes what is needed to repair by hand: the rows that a plan names, the dataset, and the plan.", $"orchestrator fixes export {SomeFix} --out repair", $"orchestrator fixes export {SomeFix} --out repair --format label-studio")
        {
            Id, Out, Format,
        }.Asks(terminal, async asking =>
        {
            var (path, folder) = (PathOf(asking), Directory.CreateDirectory(asking.Parsed.GetRequiredValue(Out)).FullName);
            var export = await asking.Client.GetAsync<FixExport>($"{path}/export", asking.Cancellation);
            var files = new ExportedFiles(export, folder, asking.Parsed.GetRequiredValue(Format));
            await files.WriteAsync(file => asking.Client.GetFileAsync($"{path}/export/dataset", file, asking.Cancellation), asking.Cancellation);
            asking.Present(files.Written, written => written.ForEach(terminal.Line));
            return ExitCode.Ok;
        });

    public static Verb Applied(Terminal terminal) =>
        new Verb(
            "applied",
            "Hands in what you repaired yourself, as the next plan of the fix: somebody else approves it, and the gate and the verification judge it.",
            $"orchestrator fixes applied {SomeFix} --dataset repair/dataset.csv",
            $"orchestrator fixes applied {SomeFix} --model model.bin --predictions predictions.csv")
        {
            Id, Dataset, Model, Predictions,
        }.Asks(terminal, async asking =>
        {
            var fix = (asking.Parsed.GetValue(Dataset), asking.Parsed.GetValue(Model)) switch
            {
                ({ } dataset, null) when asking.Parsed.GetValue(Predictions) is null => await ApplyDatasetAsync(asking, dataset),
                (null, { } model) => await ApplyModelAsync(asking, model),
                _ => throw new CommandException("say what was repaired: one of --dataset FILE and --model FILE; --predictions goes with --model"),
            };
            asking.Present(fix, line => terminal.Line($"The fix {line.Id} is {Words.Of(line.State)} with the plan {line.PlanSha256}, made of what you handed in; somebody else has to approve it."));
            return ExitCode.Ok;
        });

    private static string PathOf(Asking asking) => $"/api/fixes/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Id))}";

    private static Task<FixLine> ApplyDatasetAsync(Asking asking, string file)
    {
        var type = FileFormat.TypeOf(file) ?? throw new CommandException($"the format of {file} is not known; {FileFormat.Allowed}");
        return File.Exists(file)
            ? asking.Client.PostFileAsync<FixLine>($"{PathOf(asking)}/applied/dataset?file={Uri.EscapeDataString(Path.GetFileName(file))}", file, type, asking.Cancellation)
            : throw new CommandException($"there is no file \"{file}\"");
    }

    private static async Task<FixLine> ApplyModelAsync(Asking asking, string file)
    {
        var shown = await asking.Client.GetAsync<FixShown>(PathOf(asking), asking.Cancellation);
        var model = shown.Fix.Model ?? throw new CommandException($"the fix {shown.Fix.Id} is about no model");
        var path = $"/api/models/{Uri.EscapeDataString(model)}";
        var artifact = await VersionVerbs.SendAsync(asking, path, file);
        var predictions = asking.Parsed.GetValue(Predictions) is { } said ? await VersionVerbs.SendAsync(asking, path, said) : null;
        var version = await asking.Client.PostAsync<ModelVersion>($"{path}/versions", new RegistrationWish(artifact, predictions), asking.Cancellation);
        return await asking.Client.PostAsync<FixLine>($"{PathOf(asking)}/applied/model", new AppliedModel(version.Id), asking.Cancellation);
    }
}
