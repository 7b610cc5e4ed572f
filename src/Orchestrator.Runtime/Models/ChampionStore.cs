using System.Data.Common;
using Dapper;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Models;

/// <summary>The moves of the champion alias; the last move of a model says which version serves.</summary>
public static class ChampionStore
{
    private const string Columns = """
        model as Model, sequence as Sequence, kind as Kind, from_version as FromVersion, to_version as ToVersion, actor as Actor, reason as Reason, at as At
        """;

    /// <summary>Id of the version that serves; null where none does.</summary>
    public static string? Champion(DbConnection connection, string model) =>
        connection.QueryFirstOrDefault<string?>("select to_version from champion_move where model = @model order by sequence desc limit 1", new { model });

    /// <summary>Id of the version that a rollback goes back to: what served before the present champion was promoted, and was not itself taken back since;
    /// null where there is none.</summary>
    public static string? Previous(DbConnection connection, string model)
    {
        var served = new List<string>();
        var takenBack = new HashSet<string>();
        foreach (var move in History(connection, model))
        {
            if (move.Kind == MoveKind.Promotion)
            {
                takenBack.Remove(move.To!);
            }
            else
            {
                takenBack.Add(move.From!);
                var kept = served.FindLastIndex(version => version == move.To) + 1;
                served.RemoveRange(kept, served.Count - kept);
            }

            if (move.To is { } serves && served.LastOrDefault() != serves)
            {
                served.Add(serves);
            }
        }

        return served.SkipLast(1).LastOrDefault(version => version != served[^1] && !takenBack.Contains(version));
    }

    /// <summary>The moves of a model, oldest first: who served when, and why.</summary>
    public static IReadOnlyList<ChampionMove> History(DbConnection connection, string model) =>
        connection.Query<Row>($"select {Columns} from champion_move where model = @model order by sequence", new { model }).Select(row => row.ToMove()).ToList();

    /// <summary>The move that was made under a key; null where none was.</summary>
    public static ChampionMove? ByKey(DbConnection connection, string key) =>
        connection.QuerySingleOrDefault<Row>($"select {Columns} from champion_move where key = @key", new { key })?.ToMove();

    /// <summary>Appends a move; its sequence is the next of the model, whatever <paramref name="move"/> says.</summary>
    public static void Add(Transaction transaction, string key, ChampionMove move)
    {
        const string Insert = """
            insert into champion_move (model, sequence, key, kind, from_version, to_version, actor, reason, at)
            select @Model, coalesce(max(sequence), 0) + 1, @key, @Kind, @From, @To, @Actor, @Reason, @At
            from champion_move where model = @Model
            """;
        transaction.Execute(Insert, new
        {
            move.Model,
            key,
            Kind = move.Kind == MoveKind.Promotion ? "promotion" : "rollback",
            move.From,
            move.To,
            move.Actor,
            move.Reason,
            At = move.At.ToMicros(),
        });
    }

    private sealed class Row
    {
        public string Model { get; init; } = "";
        public long Sequence { get; init; }
        public string Kind { get; init; } = "";
        public string? FromVersion { get; init; }
        public string? ToVersion { get; init; }
        public string Actor { get; init; } = "";
        public string Reason { get; init; } = "";
        public long At { get; init; }

        public ChampionMove ToMove() => new(
            Model, (int)Sequence, Kind == "promotion" ? MoveKind.Promotion : MoveKind.Rollback, FromVersion, ToVersion, Actor, Reason, At.ToInstant());
    }
}
