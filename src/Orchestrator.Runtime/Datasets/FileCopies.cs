using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Parquet copies of delimited text files, under <c>copies/</c> of the workspace: the same bytes are parsed once.</summary>
/// <remarks>A copy is named by the hash of the file's place and content and of how it is read, so what changes has another one.</remarks>
public sealed class FileCopies
{
    private static readonly string[] _numbers = ["BIGINT", "DOUBLE"];

    private readonly ConcurrentDictionary<string, ImmutableArray<SourceColumn>> _columns = new(StringComparer.Ordinal);
    private readonly KeptFiles _kept;

    /// <param name="mostBytes">What all copies may take together.</param>
    public FileCopies(Workspace workspace, TimeProvider clock, long mostBytes = 4L << 30) =>
        _kept = new KeptFiles(Path.Combine(workspace.Folder, "copies"), clock, mostBytes) { Gone = copy => _columns.TryRemove(copy, out _) };

    /// <summary>The copies in the order of the files; null where one cannot be copied, or where they would not be read as the files are read together.</summary>
    /// <param name="texts">Columns kept as text.</param>
    public ImmutableArray<string>? Of(DuckDBConnection connection, FileFormat.Csv format, ImmutableArray<string> files, ImmutableArray<string> texts)
    {
        try
        {
            ImmutableArray<string> copies = [.. files.Select(file => Of(connection, format, file, texts))];
            return AreAlike(connection, copies) ? copies : null;
        }
        catch (DuckDBException)
        {
            // The files themselves are read then, and what is wrong with them is told.
            return null;
        }
    }

    private string Of(DuckDBConnection connection, FileFormat.Csv format, string file, ImmutableArray<string> texts) => _kept.Of(
        $"{Key(format, file, texts)}.parquet",
        part => connection.Run($"copy (select * exclude (\"@file\") from {format.Read([file], texts)}) to {Sql.Text(part)} (format parquet)"),
        CancellationToken.None);

    private static string Key(FileFormat.Csv format, string file, ImmutableArray<string> texts)
    {
        using var content = File.OpenRead(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(content));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', ["1", file, format.Dialect, .. texts.Order(StringComparer.Ordinal)])));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A column that holds numbers in one file and texts in another is text as a whole: a copy would have lost how its numbers were written.</summary>
    private bool AreAlike(DuckDBConnection connection, ImmutableArray<string> copies)
    {
        var columns = copies.SelectMany(copy => _columns.GetOrAdd(copy, file => [.. connection.Query(
            $"describe select * from read_parquet({Sql.Text(file)})", reader => new SourceColumn(reader.GetString(0), reader.GetString(1)))]));
        return columns.GroupBy(column => column.Name).All(column => column.Select(one => one.Type).Distinct().Count() == 1 || column.All(one => _numbers.Contains(one.Type)));
    }
}
