using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using Orchestrator.Runtime.Activities;
using Orchestrator.Runtime.Models;
using Orchestrator.Runtime.Storage;
using Orchestrator.Server.Models;

namespace Orchestrator.Cli.Commands;

/// <summary><c>models register|gate|promote|rollback</c>: versions by hand.</summary>
internal static class VersionVerbs
{
    private static readonly Argument<string> Model = new("model") { Description = "The model." };

    private static readonly Argument<string> Version = new("version") { Description = "The version, such as churn-3." };

    private static readonly Option<string> Artifact = new("--artifact") { Description = "The trained model, one file.", Required = true };

    private static readonly Option<string?> Predictions = new("--predictions")
    {
        Description = "CSV or Parquet with id, and prediction or p_CLASS for each class: what the version says of the rows that versions are compared on.",
    };

    private static readonly Option<string?> Metrics = new("--metrics") { Description = "A JSON object of numbers that are shown with the version." };

    private static readonly Option<string?> Dataset = new("--dataset") { Description = "What it was trained on; what the model file names where it is not given." };

    private static readonly Option<string?> DatasetVersion = new("--dataset-version") { Description = "Version of that dataset; the current one where it is not given." };

    private static readonly Option<string> Reason = new("--reason") { Description = "Stands in the history of the model and in the audit.", Required = true };

    private static readonly Option<bool> OverrideGate = new("--override-gate") { Description = "Although the gate did not let it pass; the history and the audit say so." };

    public static IEnumerable<Verb> Make(Terminal terminal) => [Register(terminal), AskGate(terminal), Promote(terminal), RollBack(terminal)];

    private static Verb Register(Terminal terminal) =>
        new Verb("register", "Registers a version that was trained elsewhere.", "orchestrator models register churn --artifact model.bin --predictions predictions.csv")
        {
            Model, Artifact, Predictions, Metrics, Dataset, DatasetVersion,
        }.Asks(terminal, async asking =>
        {
            var (parsed, path) = (asking.Parsed, PathOf(asking));
            var metrics = parsed.GetValue(Metrics) is { } file ? await ReadMetricsAsync(file, asking.Cancellation) : null;
            var artifact = await SendAsync(asking, path, parsed.GetRequiredValue(Artifact));
            var predictions = parsed.GetValue(Predictions) is { } said ? await SendAsync(asking, path, said) : null;
            var wish = new RegistrationWish(artifact, predictions, metrics, parsed.GetValue(Dataset), parsed.GetValue(DatasetVersion));
            var version = await asking.Client.PostAsync<ModelVersion>($"{path}/versions", wish, asking.Cancellation);
            asking.Present(version, shown => terminal.Line($"{shown.Id} is registered with the digest {shown.Digest}"));
            return ExitCode.Ok;
        });

    private static Verb AskGate(Terminal terminal) =>
        new Verb("gate", "Compares a version with the champion and asks the gate; exit code 1 where it may not serve.", "orchestrator models gate churn churn-3") { Model, Version }
            .Asks(terminal, async asking =>
            {
                var answer = await asking.Client.PostAsync<GateAnswer>($"{PathOf(asking)}/gate", new GateWish(asking.Parsed.GetRequiredValue(Version)), asking.Cancellation);
                asking.Present(answer, shown => terminal.Line($"{shown.Verdict}: {shown.Reason}"));
                return answer.Verdict == "Promote" ? ExitCode.Ok : ExitCode.Found;
            });

    private static Verb Promote(Terminal terminal) =>
        new Verb("promote", "Lets a version serve that passed the gate.", "orchestrator models promote churn churn-3 --reason \"agreed on Monday\"")
        {
            Model, Version, Reason, OverrideGate,
        }.Asks(terminal, async asking =>
        {
            var wish = new PromotionWish(asking.Parsed.GetRequiredValue(Version), asking.Parsed.GetRequiredValue(Reason), asking.Parsed.GetValue(OverrideGate));
            var moved = await asking.Client.PostAsync<ModelMoved>($"{PathOf(asking)}/promote", wish, asking.Cancellation);
            asking.Present(moved, shown => terminal.Line($"{shown.To} serves; before: {shown.From ?? "none"}"));
            return ExitCode.Ok;
        });

    private static Verb RollBack(Terminal terminal) =>
        new Verb("rollback", "Puts the version back that served before.", "orchestrator models rollback churn --reason \"it is slow\"") { Model, Reason }
            .Asks(terminal, async asking =>
            {
                var shown = await asking.Client.PostAsync<ModelShown>($"{PathOf(asking)}/rollback", new RollbackWish(asking.Parsed.GetRequiredValue(Reason)), asking.Cancellation);
                asking.Present(shown, model => terminal.Line($"{model.Champion ?? "no version"} serves"));
                return ExitCode.Ok;
            });

    private static string PathOf(Asking asking) => $"/api/models/{Uri.EscapeDataString(asking.Parsed.GetRequiredValue(Model))}";

    /// <summary>Hands over a file of a model; its digest.</summary>
    internal static async Task<string> SendAsync(Asking asking, string path, string file)
    {
        if (!File.Exists(file))
        {
            throw new CommandException($"there is no file \"{file}\"");
        }

        return (await asking.Client.PostBytesAsync<KeptFile>($"{path}/files", file, asking.Cancellation)).Digest;
    }

    private static async Task<ImmutableSortedDictionary<string, double>> ReadMetricsAsync(string file, CancellationToken cancellation)
    {
        try
        {
            return Json.Read<ImmutableSortedDictionary<string, double>>(await File.ReadAllTextAsync(file, cancellation));
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            throw new CommandException($"\"{file}\" cannot be read: {error.Message} It is a JSON object of numbers, such as {{\"auc\": 0.91}}");
        }
    }
}
