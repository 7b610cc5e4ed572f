using System.CommandLine;
using Orchestrator.Core.Profiles;
using Orchestrator.Runtime.Profiles;

namespace Orchestrator.Cli.Commands;

/// <summary><c>init</c>: from somebody's own file of rows to a model that is watched.</summary>
internal static class InitCommand
{
    private static readonly Argument<string?> File = new("file") { Description = "Rows with labels: .csv, .tsv, .txt (also .gz) or .parquet.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<string?> Query = new("--query") { Description = "In place of a file: a select, of the PostgreSQL database that --dsn-file leads to." };

    private static readonly Option<string?> DsnFile = new("--dsn-file") { Description = "A file that holds a connection string." };

    private static readonly Option<string?> Name = new("--name") { Description = "What to call the model; after the file where none is given." };

    private static readonly Option<string?> Out = new("--out") { Description = "The folder to make; called like the model where none is given." };

    private static readonly Option<string?> Label = new("--label") { Description = "The column that is to be predicted." };

    private static readonly Option<string?> Id = new("--id") { Description = "The column that names a row." };

    private static readonly Option<string?> Time = new("--time") { Description = "The column by which rows are ordered." };

    private static readonly Option<string?> Text = new("--text") { Description = "The column with sentences." };

    private static readonly Option<string?> Positive = new("--positive") { Description = "Of two classes the one that is looked for; the rarer one where none is given." };

    private static readonly Option<string[]> Ignore = new("--ignore") { Description = "A column that the model must not see.", AllowMultipleArgumentsPerToken = true };

    public static Verb Make(Terminal terminal)
    {
        var verb = new Verb(
            "init",
            "Looks at a file of rows, guesses what its columns are, and writes model, monitor, rules and a rehearsal.",
            "orchestrator init churn.csv",
            "orchestrator init sms.tsv --name spam --out spam",
            "orchestrator init hour.csv --label cnt --ignore casual registered",
            "orchestrator init --query \"select * from customers\" --dsn-file secrets/warehouse --name churn")
        {
            File, Query, DsnFile, Name, Out, Label, Id, Time, Text, Positive, Ignore,
        };
        verb.SetAction((parsed, cancellation) => RunAsync(parsed, terminal, cancellation));
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        switch (parsed.GetValue(File), parsed.GetValue(Query), parsed.GetValue(DsnFile))
        {
            case ({ } path, null, null):
                return await RunAsync(parsed, path, terminal, cancellation);
            case (null, { } query, { } dsn):
                return await RunAsync(parsed, (query, dsn), terminal, cancellation);
            default:
                throw new CommandException("say a file, or --query together with --dsn-file");
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, (string Query, string DsnFile) source, Terminal terminal, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-query-").FullName;
        try
        {
            var path = Path.Combine(folder, "query.csv");
            await QueriedRows.SaveAsync(source.DsnFile, source.Query, path, cancellation);
            return await RunAsync(parsed, path, terminal, cancellation);
        }
        catch (ProfileException error)
        {
            throw new CommandException(error.Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(ParseResult parsed, string path, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            using var file = ProfiledFile.Open(path);
            var roles = file.Guess(WishOf(parsed));
            ShowRoles(terminal, file, roles);
            var name = NameOf(parsed, path);
            var folder = parsed.GetValue(Out) ?? name;
            terminal.Line("Measuring what is usual on parts of the file …");
            var files = await FirstFolder.WriteAsync(file, (name, file.Named(roles)), Path.GetFullPath(folder), cancellation);
            ShowFiles(terminal, files, folder);
            return ExitCode.Ok;
        }
        catch (ProfileException error)
        {
            throw new CommandException(error.Message);
        }
    }

    private static RoleWish WishOf(ParseResult parsed) => new(
        parsed.GetValue(Label), parsed.GetValue(Id), parsed.GetValue(Time), parsed.GetValue(Text), parsed.GetValue(Positive), [.. parsed.GetValue(Ignore) ?? []]);

    /// <summary>Lower-case letters, digits and hyphens, as names of models are.</summary>
    private static string NameOf(ParseResult parsed, string path)
    {
        if (parsed.GetValue(Name) is { } named)
        {
            return named;
        }

        var stem = Path.GetFileName(path).Split('.')[0];
        var letters = string.Concat(stem.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')).Trim('-');
        return letters.Length > 0 && char.IsAsciiLetter(letters[0]) ? letters : $"model-{letters}".TrimEnd('-');
    }

    private static void ShowRoles(Terminal terminal, ProfiledFile file, GuessedRoles roles)
    {
        terminal.Line($"{file.Profile.Rows} rows, {file.Profile.Columns.Length} columns{(file.HasHeader ? "" : " (no header: they are called column_0, column_1, …)")}");
        terminal.ShowTable(
            "",
            ["role", "column", "because"],
            [
                .. roles.Reasons.Select(one => new[] { one.Role, one.Column, one.Reason }),
                .. roles.Ignored.Select(one => new[] { "ignored", one.Column, one.Reason }),
                .. roles.Segments.Select(one => new[] { "segment", one, "it has few values" }),
            ]);
        foreach (var doubt in roles.Doubts)
        {
            terminal.Line($"Look at this: {doubt}");
        }
    }

    private static void ShowFiles(Terminal terminal, FirstFiles files, string folder)
    {
        foreach (var threshold in new[] { files.Thresholds.Quality, files.Thresholds.Drift, files.Thresholds.Missing, files.Thresholds.LabelErrors }.OfType<Threshold>())
        {
            terminal.Line($"  {threshold.Shown}: {threshold.Reason}");
        }

        terminal.Line($"""

            Written to {folder}: {string.Join(", ", files.All.Keys)}, workflows, data.
            Next:
              orchestrator check {folder} --config {folder}/orchestrator.yaml
              orchestrator rehearse {folder}/{files.Name}.scenario.yaml
              orchestrator serve --config {folder}/orchestrator.yaml     (then put files of answers into {folder}/data/production)
            """);
    }
}
