using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Rules;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Evaluations;
using Orchestrator.Runtime.Revisions;

namespace Orchestrator.Cli.Commands;

/// <summary>Rules and histories that a command is given as files.</summary>
internal static class AuthoredRules
{
    private const string Kind = ".rules.yaml";

    /// <summary>The texts of a rule file, or of all rule files of a folder, by path.</summary>
    public static ImmutableSortedDictionary<string, string> Texts(string path)
    {
        if (File.Exists(path))
        {
            var text = SourceText.Decode(path, File.ReadAllBytes(path));
            return ImmutableSortedDictionary<string, string>.Empty.Add(path, text.Value ?? throw Fault(text.Diagnostics));
        }

        if (!Directory.Exists(path))
        {
            throw new CommandException($"\"{path}\" does not exist; allowed: a folder of rules, or a rule file");
        }

        var files = FolderSource.Read(path).Texts.Where(file => file.Key.EndsWith(Kind, StringComparison.Ordinal)).ToImmutableSortedDictionary(StringComparer.Ordinal);
        return files.IsEmpty ? throw new CommandException($"\"{path}\" holds no rule files; their names end in {Kind}") : files;
    }

    /// <summary>The same path at a revision of its repository.</summary>
    public static ImmutableSortedDictionary<string, string> TextsAt(string path, string revision)
    {
        var (files, fault) = GitRevision.Read(path, revision, file => file.EndsWith(Kind, StringComparison.Ordinal) || Path.GetFileName(path) == Path.GetFileName(file));
        return fault is null ? files : throw new CommandException(fault);
    }

    public static ImmutableArray<RuleGroup> Groups(ImmutableSortedDictionary<string, string> texts) =>
        [.. texts.Select(file => RuleFile.Read(file.Key, file.Value)).SelectMany(read => read.Value?.Groups ?? throw Fault(read.Diagnostics))];

    /// <summary>The samples of history files.</summary>
    /// <param name="period">Where it is given, a sample counts for two of it, as those of monitors do.</param>
    public static List<LabelledSample> History(IEnumerable<string> files, TimeSpan? period)
    {
        var samples = files.Select(Runtime.Evaluations.History.Read).SelectMany(read => read.Value ?? throw Fault(read.Diagnostics));
        return [.. samples.Select(sample => period is { } span && sample.Sample.ValidUntil == 0 ? sample with { Sample = sample.Sample with { ValidUntil = sample.Sample.Time + (2 * span.ToMicros()) } } : sample)];
    }

    public static TimeSpan? Period(string? text) =>
        text is null ? null : Duration.Parse(text) is { Ticks: > 0 } span ? span : throw new CommandException($"\"{text}\" is no period; {Duration.Allowed}");

    private static CommandException Fault(IEnumerable<Diagnostic> diagnostics) =>
        new(string.Join("\n", diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.ToString())));
}
