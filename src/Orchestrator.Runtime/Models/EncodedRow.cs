using Microsoft.ML;
using Microsoft.ML.Data;

namespace Orchestrator.Runtime.Models;

/// <summary>A row as ML.NET reads it: the encoded features, and the place of its class in the list of classes or the number that it should give.</summary>
internal sealed class EncodedRow
{
    public float[] Features { get; init; } = [];

    public VBuffer<float> Terms { get; init; }

    public uint Label { get; set; }

    public float Target { get; set; }

    /// <summary>Columns of no width are left out: ML.NET takes a width of 0 for an unknown one.</summary>
    /// <param name="classes">0 where numbers are predicted.</param>
    public static IDataView View(MLContext context, IEnumerable<EncodedRow> rows, FeatureEncoding encoding, int classes)
    {
        var schema = SchemaDefinition.Create(typeof(EncodedRow));
        schema.Remove(schema[classes == 0 ? nameof(Label) : nameof(Target)]);
        if (classes > 0)
        {
            schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        }

        foreach (var (name, width) in new[] { (nameof(Features), encoding.Width), (nameof(Terms), encoding.TermWidth) })
        {
            if (width == 0)
            {
                schema.Remove(schema[name]);
            }
            else
            {
                schema[name].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
            }
        }

        return context.Data.LoadFromEnumerable(rows, schema);
    }
}

/// <summary>The number that ML.NET gives a row.</summary>
internal sealed class PredictedRow
{
    public float Score { get; set; }
}

/// <summary>The probabilities that ML.NET gives a row, in the order of the classes.</summary>
internal sealed class ScoredRow
{
    public float[] Score { get; set; } = [];
}
