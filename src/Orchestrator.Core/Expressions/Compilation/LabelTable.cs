using System.Runtime.InteropServices;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Compilation;

/// <summary>Interned label sets, the shapes made of them, and by which of their labels they are matched.</summary>
internal sealed class LabelTable
{
    // Shapes change when series come; what was planned for those before is let go.
    private const int MostShapes = 4096;

    private readonly Dictionary<Labels, int> _ids = [];
    private readonly List<Labels> _labels = [];
    private readonly Dictionary<int, List<Shape>> _shapes = [];
    private readonly Dictionary<(Shape Shape, string Matching), int[]> _signatures = [];
    private readonly Dictionary<Shape, Shape> _nameless = [];
    private int _shapeCount;

    public int Id(Labels labels)
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_ids, labels, out var known);
        if (!known)
        {
            id = _labels.Count;
            _labels.Add(labels);
        }

        return id;
    }

    /// <summary>The one shape of these label sets in this order.</summary>
    public Shape Shape(IReadOnlyList<Labels> labels)
    {
        var ids = new int[labels.Count];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = Id(labels[i]);
        }

        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
        var key = hash.ToHashCode();
        var known = _shapes.GetValueOrDefault(key)?.Find(shape => shape.Ids.AsSpan().SequenceEqual(ids));
        return known ?? Made(ids, key);
    }

    /// <summary>A shape of label sets that are known to differ, such as the series of one metric.</summary>
    public Shape Distinct(Labels[] labels)
    {
        Count();
        return new Shape(labels, isUnique: true, this);
    }

    /// <summary>The shape whose label sets are without the name, the type and the unit.</summary>
    public Shape Nameless(Shape shape)
    {
        if (!_nameless.TryGetValue(shape, out var nameless))
        {
            nameless = Shape(Array.ConvertAll(shape.Labels, labels => labels.WithoutMetadata()));
            _nameless[shape] = nameless;
        }

        return nameless;
    }

    /// <summary>Numbers that are equal where lanes are matched with each other.</summary>
    public int[] Signatures(Shape shape, VectorMatching matching)
    {
        var key = (shape, $"{matching.On} {string.Join(',', matching.Labels)}");
        if (!_signatures.TryGetValue(key, out var signatures))
        {
            var signature = new Signature(matching);
            signatures = Array.ConvertAll(shape.Labels, labels => Id(signature.Of(labels)));
            _signatures[key] = signatures;
        }

        return signatures;
    }

    /// <summary>Whether no two lanes of a shape are matched with the same.</summary>
    public bool AreDistinct(Shape shape, VectorMatching matching) => new HashSet<int>(Signatures(shape, matching)).Count == shape.Count;

    private Shape Made(int[] ids, int key)
    {
        Count();
        var made = new Shape(Array.ConvertAll(ids, id => _labels[id]), new HashSet<int>(ids).Count == ids.Length, this);
        if (!_shapes.TryGetValue(key, out var same))
        {
            _shapes.Add(key, same = []);
        }

        same.Add(made);
        return made;
    }

    private void Count()
    {
        if (++_shapeCount > MostShapes)
        {
            _shapes.Clear();
            _signatures.Clear();
            _nameless.Clear();
            _shapeCount = 1;
        }
    }
}
