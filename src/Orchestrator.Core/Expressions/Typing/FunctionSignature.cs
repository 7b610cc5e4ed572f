using System.Collections.Immutable;

namespace Orchestrator.Core.Expressions.Typing;

/// <summary>Whether a function of PromQL can be used here.</summary>
public enum Availability
{
    Supported,
    Experimental,
    NativeHistogram,
}

/// <summary>A function's name, the types it takes and the type it yields.</summary>
/// <param name="Optional">How many of the last parameters may be left out or, with a negative count, that the last may be left out or repeated.</param>
public sealed record FunctionSignature(
    string Name, ImmutableArray<ExprType> Parameters, int Optional, ExprType Result, Availability Availability = Availability.Supported)
{
    public int Least => Parameters.Length - (Optional == 0 ? 0 : 1);

    public int Most => Optional < 0 ? int.MaxValue : Least + Optional;

    /// <summary>The type of an argument by its position; the last one holds for all further ones.</summary>
    public ExprType ParameterAt(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    /// <summary>The form in which the function is written, such as <c>round(instant vector, [scalar])</c>.</summary>
    public override string ToString()
    {
        var required = Parameters.Take(Least).Select(type => type.Name());
        var optional = Optional == 0 ? [] : new[] { $"[{Parameters[^1].Name()}{(Optional < 0 ? ", …" : "")}]" };
        return $"{Name}({string.Join(", ", required.Concat(optional))})";
    }
}
