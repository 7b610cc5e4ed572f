using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.Core.Metrics;

/// <summary>The identity of a row's content: a hash over its columns' names and values that no file format, column order or row order changes.</summary>
/// <remarks>
/// Canonical form: for each column in ordinal order of its name, the name, then its value, each as UTF-8 bytes behind their length (4 bytes, big endian); a missing value is
/// the length −1 without bytes. The hash is SHA-256 in lower-case hexadecimal. Values are first brought to text by <see cref="Text"/>.
/// </remarks>
public static class RowContent
{
    public static string Hash(IEnumerable<KeyValuePair<string, string?>> cells)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (column, value) in cells.OrderBy(cell => cell.Key, StringComparer.Ordinal))
        {
            Append(hash, column);
            Append(hash, value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// Whole numbers in decimal digits whatever their type (5, 5.0 and 5m are <c>5</c>), other numbers in the shortest form that reads back to the same double,
    /// <c>true</c>/<c>false</c>, instants as ISO 8601 in UTC with microseconds, dates as <c>yyyy-MM-dd</c>, text as it stands, lists as <c>[a, b]</c> of such texts, in which <c>null</c> is a missing one; null and DBNull are missing.
    /// </summary>
    public static string? Text(object? value) => value switch
    {
        null or DBNull => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        double number => Number(number),
        float number => Number(number),
        decimal number => Number((double)number),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        DateTime instant => instant.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        System.Collections.IList list => $"[{string.Join(", ", list.Cast<object?>().Select(item => Text(item) ?? "null"))}]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Number(double number)
    {
        const double exactWholeNumbers = 9007199254740992;
        return Math.Abs(number) <= exactWholeNumbers && Math.Floor(number).Equals(number)
            ? ((long)number).ToString(CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
