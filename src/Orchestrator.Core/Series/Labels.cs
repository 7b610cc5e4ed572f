using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Orchestrator.Core.Series;

/// <summary>An immutable label set in ordinal order of its names, equal by content; a label with an empty value is an absent one.</summary>
public sealed class Labels : IEquatable<Labels>, IComparable<Labels>
{
    /// <summary>The label that holds the metric's name.</summary>
    public const string NameLabel = "__name__";

    public static readonly Labels Empty = new([]);

    private readonly ImmutableArray<KeyValuePair<string, string>> _pairs;
    private readonly int _hash;

    private Labels(ImmutableArray<KeyValuePair<string, string>> pairs)
    {
        _pairs = pairs;
        var hash = new HashCode();
        foreach (var (name, value) in pairs)
        {
            hash.Add(string.GetHashCode(name, StringComparison.Ordinal));
            hash.Add(string.GetHashCode(value, StringComparison.Ordinal));
        }

        _hash = hash.ToHashCode();
    }

    public ImmutableArray<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>The metric's name; empty where the set has none.</summary>
    public string Name => this[NameLabel];

    /// <summary>The value of a label; empty where it is absent, as in PromQL.</summary>
    public string this[string name]
    {
        get
        {
            foreach (var (key, value) in _pairs)
            {
                if (string.Equals(key, name, StringComparison.Ordinal))
                {
                    return value;
                }
            }

            return "";
        }
    }

    /// <summary>Sorts, drops empty values; throws <see cref="ArgumentException"/> on a name that occurs twice.</summary>
    public static Labels Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = pairs.Where(pair => pair.Value.Length > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal).ToImmutableArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (string.Equals(sorted[i].Key, sorted[i - 1].Key, StringComparison.Ordinal))
            {
                throw new ArgumentException($"label \"{sorted[i].Key}\" occurs twice", nameof(pairs));
            }
        }

        return sorted.IsEmpty ? Empty : new Labels(sorted);
    }

    /// <summary>A set with a metric name and further labels.</summary>
    public static Labels Of(string metric, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var pairs = new List<KeyValuePair<string, string>> { new(NameLabel, metric) };
        foreach (var (name, value) in labels)
        {
            pairs.Add(new(name, value));
        }

        return Of(pairs);
    }

    /// <summary>The set with one label written, or removed where the value is empty.</summary>
    public Labels With(string name, string value)
    {
        if (value.Length == 0)
        {
            return Without(name);
        }

        var at = 0;
        while (at < _pairs.Length && string.CompareOrdinal(_pairs[at].Key, name) < 0)
        {
            at++;
        }

        var pair = KeyValuePair.Create(name, value);
        var replaces = at < _pairs.Length && string.Equals(_pairs[at].Key, name, StringComparison.Ordinal);
        return new Labels(replaces ? _pairs.SetItem(at, pair) : _pairs.Insert(at, pair));
    }

    public Labels Without(params ReadOnlySpan<string> names) => Part(names, kept: false);

    public Labels Only(params ReadOnlySpan<string> names) => Part(names, kept: true);

    public bool Equals(Labels? other) =>
        other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _pairs.AsSpan().SequenceEqual(other._pairs.AsSpan())));

    public override bool Equals(object? obj) => Equals(obj as Labels);

    public override int GetHashCode() => _hash;

    /// <summary>Ordinal, pair by pair, as Prometheus orders its results.</summary>
    public int CompareTo(Labels? other)
    {
        if (other is null)
        {
            return 1;
        }

        for (var i = 0; i < Math.Min(_pairs.Length, other._pairs.Length); i++)
        {
            var byName = string.CompareOrdinal(_pairs[i].Key, other._pairs[i].Key);
            var order = byName != 0 ? byName : string.CompareOrdinal(_pairs[i].Value, other._pairs[i].Value);
            if (order != 0)
            {
                return order;
            }
        }

        return _pairs.Length.CompareTo(other._pairs.Length);
    }

    /// <summary>Prometheus's notation: <c>name{label="value", …}</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Name);
        var rest = _pairs.Where(pair => pair.Key != NameLabel)
            .Select(pair => $"{pair.Key}=\"{pair.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"");
        var joined = string.Join(", ", rest);
        return (joined.Length > 0 || text.Length == 0 ? text.Append('{').Append(joined).Append('}') : text).ToString();
    }

    private Labels Part(ReadOnlySpan<string> names, bool kept)
    {
        var count = 0;
        foreach (var pair in _pairs)
        {
            count += Contains(names, pair.Key) == kept ? 1 : 0;
        }

        if (count == _pairs.Length || count == 0)
        {
            return count == 0 ? Empty : this;
        }

        var part = new KeyValuePair<string, string>[count];
        foreach (var pair in _pairs)
        {
            if (Contains(names, pair.Key) == kept)
            {
                part[^count--] = pair;
            }
        }

        return new Labels(ImmutableCollectionsMarshal.AsImmutableArray(part));
    }

    private static bool Contains(ReadOnlySpan<string> names, string name)
    {
        foreach (var candidate in names)
        {
            if (string.Equals(candidate, name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public static bool operator ==(Labels? left, Labels? right) => Equals(left, right);

    public static bool operator !=(Labels? left, Labels? right) => !Equals(left, right);

    public static bool operator <(Labels left, Labels right) => left.CompareTo(right) < 0;

    public static bool operator >(Labels left, Labels right) => left.CompareTo(right) > 0;

    public static bool operator <=(Labels left, Labels right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Labels left, Labels right) => left.CompareTo(right) >= 0;
}
