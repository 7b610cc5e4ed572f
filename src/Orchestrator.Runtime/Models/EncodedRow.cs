using Microsoft.ML;
using Microsoft.ML.Data;

namespace Orchestrator.Runtime.Models;

/// <summary>A row as ML.NET reads it: the encoded features and the place of its class in the list of classes.</summary>
internal sealed class EncodedRow
{
    public float[] Features { get; init; } = [];

    public uint Label { get; init; }

    public static IDataView View(MLContext context, IEnumerable<EncodedRow> rows, int width, int classes)
    {
        var schema = SchemaDefinition.Create(typeof(EncodedRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Label)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}

/// <summary>The probabilities that ML.NET gives a row, in the order of the classes.</summary>
internal sealed class ScoredRow
{
    public float[] Score { get; set; } = [];
}
