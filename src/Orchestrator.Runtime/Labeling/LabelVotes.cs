using System.Data.Common;
using Dapper;
using Orchestrator.Core.Metrics.Statistics;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Labeling;

/// <summary>What one of several people said of a row.</summary>
/// <param name="Answer">Null where the person skipped it.</param>
public sealed record LabelVote(int Position, string Person, string? Answer);

/// <summary>What has become of a row that several people answer.</summary>
/// <param name="IsOpen">Whether somebody else is still to answer.</param>
/// <param name="Label">What most said; null where it is open, where nobody knew, or where as many said something else and no label of the budget is left to ask for.</param>
public sealed record LabelVerdict(bool IsOpen, string? Label);

/// <summary>The answers of several people to the same rows, and what follows from them.</summary>
public static class LabelVotes
{
    /// <summary>The most frequent answer once enough people have answered; where two are, one more person is asked.</summary>
    /// <param name="mayAskMore">Whether the budget has a label left.</param>
    public static LabelVerdict Verdict(IReadOnlyCollection<LabelVote> votes, int overlap, bool mayAskMore)
    {
        if (votes.Count < overlap)
        {
            return new(true, null);
        }

        var counted = Counted(votes);
        return counted.Count == 0 ? new(false, null)
            : counted.Count == 1 || counted[0].Count > counted[1].Count ? new(false, counted[0].Answer)
            : new(mayAskMore, null);
    }

    /// <summary>What more than half of those who were to answer have said by now; null where nothing is.</summary>
    public static string? Majority(IReadOnlyCollection<LabelVote> votes, int overlap) =>
        Counted(votes) is [var first, ..] && 2 * first.Count > overlap ? first.Answer : null;

    /// <summary>Labels that a queue has asked for or will: of each row at least so many as people are to answer it.</summary>
    public static int Committed(int rows, int overlap, IEnumerable<LabelVote> votes) =>
        (rows * overlap) + votes.CountBy(vote => vote.Position).Sum(row => Math.Max(0, row.Value - overlap));

    public static Agreement AgreementOf(IEnumerable<LabelVote> votes, int overlap) => Agreement.Of(
        votes.Where(vote => vote.Answer is not null).GroupBy(vote => vote.Position).OrderBy(row => row.Key)
            .Select(row => (IReadOnlyList<(string, string)>)[.. row.Select(vote => (vote.Person, vote.Answer!))]),
        overlap);

    /// <summary>The answers of a queue in the order in which they came.</summary>
    public static IReadOnlyList<LabelVote> List(DbConnection connection, string queueId) =>
        connection.Query<Row>("select position as Position, person as Person, answer as Answer from label_answer where queue_id = @queueId order by sequence", new { queueId })
            .Select(row => new LabelVote((int)row.Position, row.Person, row.Answer)).ToList();

    public static void Add(Transaction transaction, LabelTask task, LabelVote vote, DateTimeOffset at) => transaction.Execute(
        """
        insert into label_answer (queue_id, position, sequence, person, answer, answered_at)
        select @QueueId, @Position, coalesce(max(sequence), 0) + 1, @Person, @Answer, @At from label_answer where queue_id = @QueueId
        """,
        new { task.QueueId, task.Position, vote.Person, vote.Answer, At = at.ToMicros() });

    private static List<(string Answer, int Count)> Counted(IEnumerable<LabelVote> votes) =>
    [
        .. votes.Where(vote => vote.Answer is not null).CountBy(vote => vote.Answer!, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value))
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal),
    ];

    private sealed class Row
    {
        public long Position { get; init; }
        public string Person { get; init; } = "";
        public string? Answer { get; init; }
    }
}
