using System.IO.Compression;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Orchestrator.Runtime.Datasets;

/// <summary>Finds why a file cannot be read, and in which line: the reader's own message tells neither in the words of who wrote the file.</summary>
internal static class FileFaults
{
    private const int LongestMessage = 300;

    /// <summary>Whether a query failed because of what a file holds, or because it is gone.</summary>
    public static bool AreOfFiles(DuckDBException error) =>
        error.ErrorType is DuckDBErrorType.Io or DuckDBErrorType.InvalidInput or DuckDBErrorType.Serialization || error.Message.StartsWith("Invalid Error", StringComparison.Ordinal);

    /// <param name="reason">What the reader said, for what is not found here.</param>
    public static string Explain(IEnumerable<string> files, FileFormat format, string reason) =>
        files.Select(file => Find(file, format)).FirstOrDefault(found => found is not null) ?? Bare(files, reason);

    private static string? Find(string file, FileFormat format)
    {
        var name = Path.GetFileName(file);
        try
        {
            var found = format switch
            {
                FileFormat.Csv csv => Encoding(file) ?? Fields(file, csv.Delimiter),
                FileFormat.JsonLines => Encoding(file) ?? Objects(file),
                _ => null,
            };
            return found is null ? null : $"{name} {found}";
        }
        catch (InvalidDataException)
        {
            return $"{name} is not compressed by gzip";
        }
    }

    /// <summary>The first byte that is not of a UTF-8 text.</summary>
    private static string? Encoding(string file)
    {
        using var stream = Open(file);
        var line = 1;
        var decoder = new UTF8Encoding(false, throwOnInvalidBytes: true).GetDecoder();
        var (bytes, text) = (new byte[1], new char[2]);
        var isFirst = true;
        for (int value; (value = stream.ReadByte()) >= 0; isFirst = false)
        {
            if (isFirst && value is 0xFE or 0xFF && stream.ReadByte() is 0xFE or 0xFF)
            {
                return "is UTF-16: save it as UTF-8";
            }

            bytes[0] = (byte)value;
            try
            {
                decoder.GetChars(bytes, text, flush: false);
            }
            catch (DecoderFallbackException error)
            {
                return $"line {line} is not UTF-8 (byte 0x{error.BytesUnknown![0]:X2}): save it as UTF-8, not as Latin-1 or Windows-1252";
            }

            line += value == '\n' ? 1 : 0;
        }

        return null;
    }

    /// <summary>The first record that has other fields than the header, or that never ends.</summary>
    private static string? Fields(string file, char delimiter)
    {
        using var reader = new StreamReader(Open(file));
        var (line, start, fields, header) = (1, 1, 1, 0);
        var (isQuoted, isEmpty) = (false, true);
        for (int next; (next = reader.Read()) >= 0;)
        {
            var character = (char)next;
            isQuoted ^= character == '"';
            fields += character == delimiter && !isQuoted ? 1 : 0;
            line += character == '\n' ? 1 : 0;
            if (character == '\n' && !isQuoted)
            {
                if (Odd(start, fields, ref header, isEmpty) is { } odd)
                {
                    return odd;
                }

                (fields, start, isEmpty) = (1, line, true);
            }
            else
            {
                isEmpty &= character == '\r';
            }
        }

        return isQuoted ? $"line {start} opens a quote that is never closed" : Odd(start, fields, ref header, isEmpty);
    }

    private static string? Odd(int line, int fields, ref int header, bool isEmpty)
    {
        if (header == 0)
        {
            header = fields;
        }

        return isEmpty || fields == header ? null : $"line {line} has {fields} fields, and the header {header}";
    }

    private static string? Objects(string file)
    {
        using var reader = new StreamReader(Open(file), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (line == 1 && text.StartsWith('\uFEFF'))
            {
                return "line 1 begins with a byte order mark: save it as UTF-8 without one";
            }

            if (!IsObject(text))
            {
                return $"line {line} is no JSON object";
            }
        }

        return null;
    }

    private static bool IsObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.Length == 0 ? "{}" : text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static BufferedStream Open(string file)
    {
        var stored = new BufferedStream(File.OpenRead(file), 1 << 16);
        return file.EndsWith(".gz", StringComparison.Ordinal) ? new BufferedStream(new GZipStream(stored, CompressionMode.Decompress), 1 << 16) : stored;
    }

    /// <summary>Without the folders of this machine.</summary>
    internal static string Bare(IEnumerable<string> files, string reason)
    {
        var bare = files.Aggregate(reason.Split('\n')[0], (text, file) => text.Replace(file, Path.GetFileName(file), StringComparison.Ordinal));
        return bare.Length <= LongestMessage ? bare : bare[..LongestMessage] + "…";
    }
}
