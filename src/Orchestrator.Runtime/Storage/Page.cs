using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Orchestrator.Runtime.Storage;

/// <summary>An entry's place in a list that goes from the newest to the oldest: its instant, and its id among those of one instant.</summary>
public sealed record PageMark(long At, string Id)
{
    public string Write() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At} {Id}")));

    /// <summary>Null where the text is no mark.</summary>
    public static PageMark? Read(string text)
    {
        var bytes = new byte[text.Length];
        var isEncoded = Base64Url.DecodeFromChars(text, bytes, out _, out var length) == OperationStatus.Done;
        return isEncoded && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [var at, var id] && long.TryParse(at, CultureInfo.InvariantCulture, out var micros) ? new PageMark(micros, id) : null;
    }
}

/// <summary>Which page of a list is asked for.</summary>
/// <param name="After">The last entry of the page before; null for the first page.</param>
/// <param name="Models">Only what belongs to these; null for all.</param>
public sealed record PageWish(int Limit, PageMark? After = null, IReadOnlyList<string>? Models = null)
{
    /// <summary>What the statements of a page are run with.</summary>
    public object Parameters => new { At = After?.At ?? 0, Id = After?.Id ?? "", Limit = Limit + 1, Models = Models ?? [] };

    /// <summary>The end of a statement: which entries, and in which order. One more than the page holds is read, to know whether there is another.</summary>
    /// <param name="instant">The column of an entry's instant; an index on it (falling) and on the id makes every page as fast as the first.</param>
    public string Newest(string instant) =>
        $"{(After is null ? "" : $" and {instant} <= @At and ({instant} < @At or id > @Id)")} order by {instant} desc, id limit @Limit";
}

/// <summary>One page of a list: what comes in while somebody turns pages moves none of them.</summary>
/// <param name="Total">How many entries the whole list has.</param>
/// <param name="Next">What the next page comes after; null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Entries, long Total, PageMark? Next)
{
    /// <param name="read">The entries of the page, and one more where there is another page.</param>
    internal static Page<T> Of(IReadOnlyList<T> read, PageWish wish, long total, Func<T, PageMark> mark) =>
        read.Count > wish.Limit ? new([.. read.Take(wish.Limit)], total, mark(read[wish.Limit - 1])) : new(read, total, null);
}
