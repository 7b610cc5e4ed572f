using Orchestrator.Core.Series;

namespace Orchestrator.Core.Tests.Expressions.Peer;

/// <summary>Questions that were put to a Prometheus and to ours, and how the answers compare.</summary>
internal sealed class PeerRun(PrometheusServer server, IReadOnlyList<LabelledSample> samples)
{
    private readonly SeriesSnapshot _snapshot = SeriesSnapshot.Of(samples);
    private readonly Allowance _allowance = new(samples);
    private readonly SortedDictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private int _asked;
    private int _failed;

    /// <summary>How many answers held at least one series.</summary>
    public int Filled { get; private set; }

    /// <summary>How many answers differ for a reason that is listed.</summary>
    public int Allowed => _reasons.Values.Sum();

    public string Figures =>
        $"{_asked} expressions, {Filled} with results, {_failed} fail in both, {Allowed} differ for a reason\n{string.Join('\n', _reasons.Select(reason => $"  {reason.Value} times {reason.Key}"))}";

    /// <summary>None where both say the same, otherwise the smallest question found on which they do not.</summary>
    public async Task<string?> AskAsync(Question question)
    {
        _asked++;
        var (ours, theirs) = (question.Answered(_snapshot), await server.QueryAsync(question.Text, question.Range));
        Filled += ours.Failure is null && ours.Series.Length > 0 ? 1 : 0;
        _failed += ours.Failure is not null && theirs.Failure is not null ? 1 : 0;
        if (Difference(question, ours, theirs) is null)
        {
            return null;
        }

        if (_allowance.Of(question, ours, theirs) is { } reason)
        {
            _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
            return null;
        }

        return await ShownAsync(await ShrunkAsync(question));
    }

    private static string? Difference(Question question, Answer ours, Answer theirs)
    {
        var isSorted = !question.IsRange && question.Text.StartsWith("sort", StringComparison.Ordinal) && theirs.Failure is null;
        return Comparison.Difference(ours, theirs) ?? (isSorted && !Comparison.SameOrder(ours, theirs) ? "another order" : null);
    }

    private async Task<Question> ShrunkAsync(Question question)
    {
        foreach (var smaller in question.Smaller())
        {
            var (ours, theirs) = (smaller.Answered(_snapshot), await server.QueryAsync(smaller.Text, smaller.Range));
            if (Difference(smaller, ours, theirs) is not null && _allowance.Of(smaller, ours, theirs) is null)
            {
                return await ShrunkAsync(smaller);
            }
        }

        return question;
    }

    private async Task<string> ShownAsync(Question question)
    {
        var (ours, theirs) = (question.Answered(_snapshot), await server.QueryAsync(question.Text, question.Range));
        return $"{question}: {Difference(question, ours, theirs)}\n  ours: {ours}\n  Prometheus: {theirs}";
    }
}
