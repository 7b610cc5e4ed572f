using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Core.Metrics;

/// <summary>A parameter that a monitor's entry may give to a metric.</summary>
public abstract record MetricParameter
{
    private MetricParameter(string name) => Name = name;

    public string Name { get; }

    /// <summary>What its value may be.</summary>
    public abstract string Allowed { get; }

    public abstract bool Takes(JsonElement value);

    /// <summary>A whole number between two ends, both included.</summary>
    public sealed record Whole(string Name, int Least, int Most) : MetricParameter(Name)
    {
        public override string Allowed => $"a whole number from {Least} to {Most}";

        public override bool Takes(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= Least && number <= Most;
    }

    /// <summary>A number between two ends, both included.</summary>
    public sealed record Number(string Name, double Least, double Most) : MetricParameter(Name)
    {
        public override string Allowed => string.Create(CultureInfo.InvariantCulture, $"a number from {Least} to {Most}");

        public override bool Takes(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= Least && number <= Most;
    }

    /// <summary>One of some names, or a list of them.</summary>
    public sealed record Names(string Name, ImmutableArray<string> Known) : MetricParameter(Name)
    {
        public override string Allowed => $"{string.Join(", ", Known)}, or a list of them";

        public override bool Takes(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String && Takes(item)),
            JsonValueKind.String => Known.Contains(value.GetString()!),
            _ => false,
        };

        public static ImmutableArray<string> Of(JsonElement value) =>
            value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : [value.GetString()!];
    }
}
