using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Monitors;
using Orchestrator.Core.Revisions;
using Orchestrator.Core.Revisions.Difference;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Revisions;

/// <summary>Answers inputs in a process of its own, which a bad answer may end.</summary>
internal static class FuzzChild
{
    /// <summary>Above it an answer is told as slow; the parent tries such an input again alone, since a busy machine is slow as well.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    private static readonly SeriesSnapshot Snapshot = SeriesSnapshot.Of(
        from name in new[] { "a", "b", "m", "x", "up" }
        from job in new[] { "a", "b" }
        from minute in Enumerable.Range(0, 20)
        select new LabelledSample(
            Labels.Of(name, ("job", job), ("le", job == "a" ? "1" : "+Inf")),
            new Sample(minute * 60 * Timestamp.PerSecond, minute % 7 == 6 ? Sample.Stale : minute % 5 == 4 ? double.NaN : minute, 0, minute)));

    /// <summary>Writes the number of the input at hand into a file that outlives the process; prints what is wrong, one line each, and last how many were answered how.</summary>
    public static int Run(string seed, string from, string count, string progress)
    {
        var input = new FuzzInput(long.Parse(seed, CultureInfo.InvariantCulture));
        var (first, number) = (long.Parse(from, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture));
        using var file = MemoryMappedFile.CreateFromFile(progress, FileMode.OpenOrCreate, null, sizeof(long));
        using var view = file.CreateViewAccessor();
        var (results, diagnostics) = (0L, 0L);
        for (var i = first; i < first + number; i++)
        {
            view.Write(0, i);
            var (path, text, original) = input.At(i);
            var started = Stopwatch.GetTimestamp();
            var answer = path is null ? Expression(text) : Authored(path, text, original);
            if (Stopwatch.GetElapsedTime(started) > Slow)
            {
                Console.WriteLine($"slow {i}");
            }

            (results, diagnostics) = answer switch { true => (results + 1, diagnostics), false => (results, diagnostics + 1), null => (results, diagnostics) };
            if (answer is null)
            {
                Console.WriteLine($"wrong {i}");
            }
        }

        Console.WriteLine($"done {results} {diagnostics}");
        return 0;
    }

    /// <summary>True for a result, false for a diagnostic, null for neither.</summary>
    private static bool? Expression(string text)
    {
        var parsed = ExpressionText.Parse(text);
        if (parsed.Root is not { } root)
        {
            return parsed.Errors.Length > 0 && parsed.Errors.All(error => error.Offset >= 0 && error.Length >= 0 && error.Offset + error.Length <= text.Length) ? false : null;
        }

        _ = Evaluator.Evaluate(root, Snapshot, 19 * 60 * Timestamp.PerSecond, EvaluationOptions.Default);
        var printed = root.ToString();
        return ExpressionText.Parse(printed).Root?.ToString() == printed ? true : null;
    }

    private static bool? Authored(string path, string text, string original)
    {
        if (path == "orchestrator.yaml")
        {
            var read = OperatorFile.Read(path, text);
            return Answered(read.Value is not null, read.Diagnostics, text);
        }

        var (before, after) = (new Dictionary<string, string> { [path] = original }, new Dictionary<string, string> { [path] = text });
        var check = RuleRevision.Check(after);
        _ = RuleRevision.Expand(after);
        _ = RevisionDifference.Between(before, after);
        return Answered(check.Value is not null, check.Diagnostics, text);
    }

    private static bool? Answered(bool hasValue, IReadOnlyCollection<Diagnostic> diagnostics, string text)
    {
        var lines = text.Count(c => c == '\n') + 1;
        var placed = diagnostics.All(diagnostic => diagnostic.Line >= 1 && diagnostic.Line <= lines && diagnostic.Column >= 1);
        var failed = diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error);
        return placed && hasValue != failed ? hasValue : null;
    }
}
