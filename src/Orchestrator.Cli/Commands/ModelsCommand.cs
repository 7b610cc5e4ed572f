using System.CommandLine;
using System.Collections.Immutable;
using Orchestrator.Server.Models;

namespace Orchestrator.Cli.Commands;

/// <summary><c>models</c>: versions, and which served when.</summary>
internal static class ModelsCommand
{
    private static readonly Argument<string?> Name = new("name") { Description = "One model, with its versions and its champions.", Arity = ArgumentArity.ZeroOrOne };

    public static Verb Make(Terminal terminal)
    {
        var models = Listing(terminal);
        foreach (var verb in VersionVerbs.Make(terminal))
        {
            models.Add(verb);
        }

        return models;
    }

    private static Verb Listing(Terminal terminal) =>
        new Verb("models", "Models, their versions and champions; versions by hand.", "orchestrator models", "orchestrator models digits") { Name }
            .Asks(terminal, async asking =>
            {
                if (asking.Parsed.GetValue(Name) is { } name)
                {
                    await asking.ShowAsync<ModelShown>($"/api/models/{Uri.EscapeDataString(name)}", shown => Show(terminal, shown));
                }
                else
                {
                    await asking.ShowAsync<List<ModelLine>>("/api/models", lines => Show(terminal, lines));
                }

                return ExitCode.Ok;
            });

    private static void Show(Terminal terminal, List<ModelLine> lines) => terminal.ShowTable(
        "No model has a version yet.",
        ["model", "champion", "since", "versions", "measured"],
        lines.Select(line => new[]
        {
            line.Model, line.Champion?.Id ?? "none", Words.Of(line.Since), Words.Of(line.Versions), Measured(line.Champion?.Metrics),
        }));

    private static void Show(Terminal terminal, ModelShown shown)
    {
        terminal.ShowTable(
            "No versions.",
            ["", "version", "digest", "trained on", "measured", "made"],
            shown.Versions.Select(version => new[]
            {
                version.Id == shown.Champion ? "champion" : "", version.Id, Words.Short(version.Digest), $"{version.Dataset} {Words.Short(version.DatasetVersion)}",
                Measured(version.Metrics), Words.Of(version.CreatedAt),
            }));
        terminal.ShowTable(
            "No version has served yet.",
            ["at", "move", "from", "to", "by", "reason"],
            shown.History.Select(move => new[] { Words.Of(move.At), Words.Of(move.Kind), move.From, move.To, move.Actor, move.Reason }));
        if (shown.Deployments.Count > 0)
        {
            terminal.ShowTable(
                "",
                ["at", "deployment", "hook", "version", "state", "reason"],
                shown.Deployments.Select(one => new[] { Words.Of(one.OpenedAt), Words.Of(one.Kind), one.Hook, one.Version, Words.Of(one.State), one.Note }));
        }
    }

    private static string Measured(ImmutableSortedDictionary<string, double>? metrics) =>
        metrics is null ? "" : string.Join(' ', metrics.Take(4).Select(metric => $"{metric.Key}={Words.Of(metric.Value)}"));
}
