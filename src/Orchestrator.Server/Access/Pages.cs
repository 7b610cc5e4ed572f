using System.Globalization;
using System.Security.Claims;
using Orchestrator.Runtime.Datasets;
using Orchestrator.Runtime.Storage;

namespace Orchestrator.Server.Access;

/// <summary>Pages of lists: how many entries one answer may hold, and what it says of the others.</summary>
internal static class Pages
{
    public const int Default = 100;
    public const int Most = 1000;

    /// <summary>Rows of data in one answer.</summary>
    public const int MostRows = 500;

    /// <summary>The header that says how many entries the whole list has.</summary>
    public const string Total = "Orchestrator-Total";

    /// <summary>The header that holds what to send as <c>after</c> for the next page; absent at the end.</summary>
    public const string Next = "Orchestrator-Next";

    public const string Said = $"; the header {Total} says how many there are, {Next} what to send as after for the next page.";

    public static int Limit(int? asked) =>
        asked is null ? Default
        : asked is >= 1 and <= Most ? asked.Value
        : throw new BadHttpRequestException($"The parameter limit cannot be {asked}: 1 to {Most} are allowed.");

    /// <summary>Entries of what never changes, by their number.</summary>
    public static RowSpan Span(long? offset, int? limit) =>
        offset < 0 ? throw new BadHttpRequestException($"The parameter offset cannot be {offset}: entries are counted from 0.")
        : limit is < 1 or > MostRows ? throw new BadHttpRequestException($"The parameter limit cannot be {limit}: 1 to {MostRows} are allowed.")
        : new RowSpan(offset ?? 0, limit ?? Default);

    public static PageWish Wish(int? limit, string? after, ClaimsPrincipal user) => new(
        Limit(limit),
        after is null ? null : PageMark.Read(after) ?? throw new BadHttpRequestException("The parameter after is no place in this list: send what the header of the page before held."),
        user.Actor().OnlyModels);

    /// <summary>The entries of a page, with what the headers say.</summary>
    public static IReadOnlyList<T> Give<T>(this Page<T> page, HttpResponse response)
    {
        response.Headers[Total] = page.Total.ToString(CultureInfo.InvariantCulture);
        if (page.Next is { } next)
        {
            response.Headers[Next] = next.Write();
        }

        return page.Entries;
    }
}
