using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DuckDB.NET.Data;
using Orchestrator.Core.Metrics;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Parquet copies of delimited text files, under <c>copies/</c> of the workspace: the same bytes are parsed once.</summary>
/// <remarks>A copy is named by the hash of the file's place and content and of how it is read, so what changes has another one; those that were not used for longest go first.</remarks>
/// <param name="mostBytes">What all copies may take together.</param>
public sealed class FileCopies(Workspace workspace, TimeProvider clock, long mostBytes = 4L << 30)
{
    /// <summary>So long a copy stays for those who are reading it.</summary>
    private static readonly TimeSpan InUse = TimeSpan.FromHours(2);

    private static readonly string[] _numbers = ["BIGINT", "DOUBLE"];

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(workspace.Folder, "copies")).FullName;
    private readonly ConcurrentDictionary<string, ImmutableArray<SourceColumn>> _columns = new(StringComparer.Ordinal);
    private long _written;

    /// <summary>The copies in the order of the files; null where one cannot be copied, or where they would not be read as the files are read together.</summary>
    /// <param name="texts">Columns kept as text.</param>
    public ImmutableArray<string>? Of(DuckDBConnection connection, FileFormat.Csv format, ImmutableArray<string> files, ImmutableArray<string> texts)
    {
        try
        {
            var before = _written;
            ImmutableArray<string> copies = [.. files.Select(file => Of(connection, format, file, texts))];
            if (before != _written)
            {
                Trim();
            }

            return AreAlike(connection, copies) ? copies : null;
        }
        catch (DuckDBException)
        {
            // The files themselves are read then, and what is wrong with them is told.
            return null;
        }
    }

    private string Of(DuckDBConnection connection, FileFormat.Csv format, string file, ImmutableArray<string> texts)
    {
        var copy = Path.Combine(_folder, $"{Key(format, file, texts)}.parquet");
        if (File.Exists(copy))
        {
            File.SetLastWriteTimeUtc(copy, clock.GetUtcNow().UtcDateTime);
            return copy;
        }

        var part = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _written)}.part"));
        connection.Run($"copy (select * exclude (\"@file\") from {format.Read([file], texts)}) to {Sql.Text(part)} (format parquet)");
        File.Move(part, copy, overwrite: true);
        File.SetLastWriteTimeUtc(copy, clock.GetUtcNow().UtcDateTime);
        return copy;
    }

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

    private void Trim()
    {
        var copies = new DirectoryInfo(_folder).GetFiles("*.parquet").OrderByDescending(file => file.LastWriteTimeUtc).ToList();
        var kept = 0L;
        foreach (var copy in copies)
        {
            kept += copy.Length;
            if (kept > mostBytes && copy.LastWriteTimeUtc < clock.GetUtcNow() - InUse)
            {
                copy.Delete();
                _columns.TryRemove(copy.FullName, out _);
            }
        }
    }
}
