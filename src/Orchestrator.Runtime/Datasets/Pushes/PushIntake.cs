using System.Collections.Concurrent;
using System.Collections.Immutable;
using DuckDB.NET.Data;
using Orchestrator.Core.Diagnostics;
using Orchestrator.Core.Metrics;
using Orchestrator.Core.Monitors;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets.Pushes;

/// <summary>What is pushed, by whom, and as what.</summary>
/// <param name="Extension">Says the format, such as .csv.</param>
public sealed record PushRequest(MonitorFile Monitor, DatasetSpec Dataset, bool IsLabels, string Batch, string Extension, string By)
{
    public SourcePart Part => new(Dataset.Name, IsLabels);
}

/// <summary>Takes what is pushed: onto the disk first, then checked, then kept whole or not at all.</summary>
public sealed class PushIntake(Workspace workspace, Database database, Clocks clocks, AnalyticsOptions options)
{
    /// <summary>Bytes of one batch.</summary>
    public const long Largest = 256L * 1024 * 1024;

    private readonly PushFolder _folder = new(workspace, database.Read(PushStore.Files));
    private readonly ConcurrentDictionary<SourcePart, SemaphoreSlim> _turns = [];

    public async Task<PushOutcome> TakeAsync(PushRequest request, Stream body, CancellationToken cancellation)
    {
        var stage = _folder.Stage();
        try
        {
            var file = Path.Combine(stage, $"batch{request.Extension}");
            if (await PushFolder.ReceiveAsync(body, file, Largest, cancellation) is not { } hash)
            {
                return new PushOutcome.TooLarge(Largest);
            }

            // One batch of a dataset at a time: each is compared with all before it.
            var turn = _turns.GetOrAdd(request.Part, _ => new SemaphoreSlim(1));
            await turn.WaitAsync(cancellation);
            try
            {
                return database.Read(connection => PushStore.Find(connection, request.Part, request.Batch)) is { } earlier
                    ? Again(earlier, hash)
                    : await KeepAsync(request, (file, hash), cancellation);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }
    }

    /// <summary>The files of batches that may hold wanted rows.</summary>
    internal ImmutableArray<string> Files(SourcePart part, Func<PushedBatch, bool> isWanted) =>
        [.. database.Read(connection => PushStore.List(connection, part)).Where(isWanted).Select(batch => _folder.FileOf(batch.File)).Distinct()];

    private static PushOutcome Again(PushedBatch earlier, string hash) =>
        earlier.Body == hash ? new PushOutcome.Taken(earlier, IsNew: false) : new PushOutcome.Conflict(earlier);

    private async Task<PushOutcome> KeepAsync(PushRequest request, (string Path, string Hash) body, CancellationToken cancellation)
    {
        var found = ImmutableArray.CreateBuilder<MeasurementProblem>();
        var written = Path.Combine(Path.GetDirectoryName(body.Path)!, "kept.parquet");
        if (Convert(request, body.Path, written, new DatasetProblems(request.Monitor.Source, request.Dataset.Name, found)) is not var (columns, rows, times))
        {
            var errors = found.Select(problem => problem.Diagnostic).Where(diagnostic => diagnostic.Severity == Severity.Error).ToList();
            return new PushOutcome.Refused([.. (errors.Count > 0 ? errors : found.Select(problem => problem.Diagnostic)).Select(diagnostic => diagnostic.ToString())]);
        }

        var hash = await _folder.KeepAsync(written, cancellation);
        var batch = new PushedBatch(request.Part, request.Batch, body.Hash, hash, rows, request.By, clocks.Now) { Times = times };
        await database.WriteAsync(transaction => PushStore.Add(transaction, batch, columns), CancellationToken.None);
        return new PushOutcome.Taken(batch, IsNew: true);
    }

    /// <summary>Checks what was sent and writes it as Parquet; null, and problems, where it cannot be kept.</summary>
    private (ImmutableArray<PushedColumn> Columns, long Rows, PushedTimes? Times)? Convert(PushRequest request, string path, string written, DatasetProblems problems)
    {
        var known = database.Read(connection => PushStore.ColumnsOf(connection, request.Part));
        using var connection = Analytics.Open(options with { TempFolder = Path.GetDirectoryName(path) });
        var roles = request.IsLabels ? LabelTable.Texts(request.Dataset.Labels!) : ResolvedRoles.Texts(request.Dataset);
        var texts = roles.Union(known.Where(column => column.Kind == "text").Select(column => column.Name)).ToImmutableArray();
        if (SourceTable.Load(connection, new("batch", [path], "the batch", request.Part.Field(new DataLocation.Push()), texts), problems) is not { } table)
        {
            return null;
        }

        var given = PushedColumns.Of(connection, table);
        var rows = connection.Count($"select count(*) from {Sql.Name(table.Name)}");
        if (rows == 0 || PushedColumns.Merge(connection, table, (known, given), problems) is not { } columns || !Fills(request, table, problems))
        {
            return null;
        }

        // A column without a value has no type yet: left out, it is read as missing whatever type it gets.
        var kept = given.Where(column => column.Kind.Length > 0).Select(column => Sql.Name(column.Name));
        connection.Run($"copy (select {string.Join(", ", kept)} from {Sql.Name(table.Name)}) to {Sql.Text(written)} (format parquet)");
        return (columns, rows, Times(connection, request, table));
    }

    /// <summary>Whether the columns that the monitor file names are there.</summary>
    private static bool Fills(PushRequest request, SourceTable table, DatasetProblems problems)
    {
        if (request.IsLabels)
        {
            return LabelTable.HasColumns(request.Dataset.Labels!, table, problems);
        }

        var before = problems.Count;
        _ = ResolvedRoles.Of(request.Dataset, table, problems);
        return problems.Count == before;
    }

    private static PushedTimes? Times(DuckDBConnection connection, PushRequest request, SourceTable table)
    {
        if ((request.IsLabels ? request.Dataset.Labels!.Time : request.Dataset.Roles.Time) is not { } column)
        {
            return null;
        }

        var instant = $"epoch_us(try_cast({Sql.Name(column)} as timestamptz))";
        return connection.Query(
            $"select min({instant}), max({instant}), count(*) = count({instant}) from {Sql.Name(table.Name)}",
            reader => reader.GetBoolean(2) ? new PushedTimes(column, reader.GetInt64(0), reader.GetInt64(1)) : null)[0];
    }
}
