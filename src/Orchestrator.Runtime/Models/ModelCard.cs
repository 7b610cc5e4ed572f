using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Runtime.Models;

/// <summary>What a scorer needs to know beside the weights: the classes in the order of the scores, and how features are encoded.</summary>
/// <param name="Classes">Empty where numbers are predicted.</param>
public sealed record ModelCard(string Trainer, ImmutableSortedDictionary<string, double> Parameters, ImmutableArray<string> Classes, FeatureEncoding Encoding)
{
    /// <summary>How learned numbers become those of the labels; absent where classes are predicted.</summary>
    public TargetScale? Target { get; init; }

    /// <summary>Its entry in the artifact.</summary>
    public const string Entry = "orchestrator.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectRequiredConstructorParameters = false,
    };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static ModelCard Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<ModelCard>(json, Json) ?? throw new JsonException("the model card is null");
}
