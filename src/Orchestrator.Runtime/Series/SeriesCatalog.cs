using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Series;

/// <summary>The number of each label set, by which batches and files name their series.</summary>
internal sealed class SeriesCatalog
{
    private readonly Dictionary<Labels, long> _ids = [];

    public void Load(DbConnection connection)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in connection.Query<Row>("select id as Id, labels as Labels from series", buffered: false))
        {
            _ids[Shared(Json.ReadLabels(row.Labels), texts)] = row.Id;
        }
    }

    public long Id(Labels labels) => _ids[labels];

    /// <summary>Label sets by number.</summary>
    public Dictionary<long, Labels> ByNumber() => _ids.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The numbers of series; those of new ones are given in the transaction, and remembered once it is committed.</summary>
    public long[] Ids(Transaction transaction, IEnumerable<Labels> series, Action<Action> afterCommit)
    {
        var ids = new List<long>();
        Dictionary<Labels, long>? added = null;
        foreach (var labels in series)
        {
            if (!_ids.TryGetValue(labels, out var id) && !(added ??= []).TryGetValue(labels, out id))
            {
                id = Given(transaction, Json.WriteLabels(labels));
                added.Add(labels, id);
            }

            ids.Add(id);
        }

        if (added is not null)
        {
            afterCommit(() => Remember(added));
        }

        return [.. ids];
    }

    /// <summary>Label sets of the numbers, whether or not they are committed yet.</summary>
    public static Dictionary<long, Labels> Find(Transaction transaction, IEnumerable<long> ids) => ids.Distinct().Chunk(500)
        .SelectMany(some => transaction.Query<Row>("select id as Id, labels as Labels from series where id in @some", new { some }))
        .ToDictionary(row => row.Id, row => Json.ReadLabels(row.Labels));

    public void Forget(IEnumerable<Labels> gone)
    {
        foreach (var labels in gone)
        {
            _ids.Remove(labels);
        }
    }

    private void Remember(Dictionary<Labels, long> added)
    {
        foreach (var (labels, id) in added)
        {
            _ids[labels] = id;
        }
    }

    private static long Given(Transaction transaction, string labels)
    {
        const string Insert = """
            insert into series (id, labels) values ((select coalesce(max(id), 0) + 1 from series), @labels)
            on conflict (labels) do update set labels = excluded.labels returning id
            """;
        return transaction.Scalar<long>(Insert, new { labels });
    }

    /// <summary>The same labels, made of texts that other label sets are made of as well.</summary>
    private static Labels Shared(Labels labels, Dictionary<string, string> texts)
    {
        string One(string text) => texts.TryGetValue(text, out var known) ? known : texts[text] = text;
        return Labels.Of(labels.Pairs.Select(pair => KeyValuePair.Create(One(pair.Key), One(pair.Value))));
    }

    private sealed class Row
    {
        public long Id { get; init; }
        public string Labels { get; init; } = "";
    }
}
