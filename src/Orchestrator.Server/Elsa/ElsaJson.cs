using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orchestrator.Server.Elsa;

/// <summary>The JSON that Elsa Studio speaks: camelCase, enumerations as names, nulls written.</summary>
internal static class ElsaJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public static JsonHttpResult<T> Answer<T>(T value) => TypedResults.Json(value, Options);

    /// <summary>A list with its count.</summary>
    public static JsonHttpResult<ElsaList<T>> List<T>(IReadOnlyList<T> items) => Answer(new ElsaList<T>(items, items.Count));
}

/// <summary>A whole list as Studio expects it.</summary>
internal sealed record ElsaList<T>(IReadOnlyList<T> Items, int Count);

/// <summary>One page of a list as Studio expects it.</summary>
/// <param name="TotalCount">How many there are on all pages.</param>
/// <param name="Links">What the caller may do with all of them.</param>
internal sealed record ElsaPage<T>(IReadOnlyList<T> Items, long TotalCount, IReadOnlyList<ElsaLink> Links);

/// <summary>Something that the caller may do; what has no link, Studio does not offer.</summary>
internal sealed record ElsaLink(string Href, string Rel, string Method);
