using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Fixes;

/// <summary>A reversible set of changes to the rows of one dataset version, at most one a row, ordered by row id.</summary>
/// <param name="Base">The version that the changes were made for.</param>
public sealed record DataPatch(string Dataset, string Base, ImmutableArray<RowChange> Changes)
{
    private static readonly JsonSerializerOptions Json = MakeOptions();

    /// <summary>A column that comes or goes with the rows' changes; null where the columns stay.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ColumnChange? Column { get; init; }

    /// <summary>Orders the changes; throws <see cref="ArgumentException"/> where a row is changed twice.</summary>
    public static DataPatch Of(string dataset, string @base, IEnumerable<RowChange> changes)
    {
        var ordered = changes.OrderBy(change => change.Id, StringComparer.Ordinal).ToImmutableArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i].Id == ordered[i - 1].Id)
            {
                throw new ArgumentException($"the row \"{ordered[i].Id}\" is changed more than once", nameof(changes));
            }
        }

        return new(dataset, @base, ordered);
    }

    [JsonIgnore]
    public int Relabelled => Changes.Count(change => change is RowChange.Relabel);

    [JsonIgnore]
    public int Dropped => Changes.Count(change => change is RowChange.Drop);

    [JsonIgnore]
    public int Added => Changes.Count(change => change is RowChange.Add);

    /// <summary>The patch that takes <paramref name="version"/>, which this one made, back to what it was made from.</summary>
    public DataPatch Reversed(string version) =>
        new(Dataset, version, [.. Changes.Select(change => change.Reversed())]) { Column = Column?.Reversed() };

    /// <summary>Canonical JSON: the same changes give the same text.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="Write"/> wrote; throws <see cref="JsonException"/> on anything else.</summary>
    public static DataPatch Read(string text)
    {
        var patch = JsonSerializer.Deserialize<DataPatch>(text, Json) ?? throw new JsonException("null where a data patch belongs");
        try
        {
            return Of(patch.Dataset, patch.Base, patch.Changes) with { Column = patch.Column };
        }
        catch (ArgumentException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            AllowOutOfOrderMetadataProperties = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
