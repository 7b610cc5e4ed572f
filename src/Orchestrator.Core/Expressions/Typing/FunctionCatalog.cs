using System.Collections.Frozen;
using static Orchestrator.Core.Expressions.Typing.Availability;
using static Orchestrator.Core.Expressions.Typing.ExprType;

namespace Orchestrator.Core.Expressions.Typing;

/// <summary>Every function of Prometheus 3, including those that cannot be used here and say so.</summary>
public static class FunctionCatalog
{
    private static readonly FrozenDictionary<string, FunctionSignature> Functions =
        Build().ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    public static IEnumerable<FunctionSignature> All => Functions.Values.OrderBy(function => function.Name, StringComparer.Ordinal);

    public static FunctionSignature? Find(string name) => Functions.GetValueOrDefault(name);

    private static IEnumerable<FunctionSignature> Build() =>
        Each("abs ceil exp floor ln log2 log10 sgn sqrt absent scalar sort sort_desc timestamp", Vector)
            .Concat(Each("acos acosh asin asinh atan atanh cos cosh deg rad sin sinh tan tanh", Vector))
            .Concat(Each("absent_over_time avg_over_time changes count_over_time delta deriv first_over_time idelta increase irate", Matrix))
            .Concat(Each("last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time", Matrix))
            .Concat(Each("histogram_avg histogram_count histogram_sum histogram_stddev histogram_stdvar", Vector, NativeHistogram))
            .Concat(Each("mad_over_time ts_of_first_over_time ts_of_last_over_time ts_of_max_over_time ts_of_min_over_time", Matrix, Experimental))
            .Concat("days_in_month day_of_month day_of_week day_of_year hour minute month year".Split(' ').Select(name => new FunctionSignature(name, [Vector], 1, Vector)))
            .Concat("start end range step".Split(' ').Select(name => new FunctionSignature(name, [], 0, Scalar, Experimental)))
            .Concat("time pi".Split(' ').Select(name => new FunctionSignature(name, [], 0, Scalar)))
            .Concat(Single());

    private static IEnumerable<FunctionSignature> Each(string names, ExprType parameter, Availability availability = Supported) =>
        names.Split(' ').Select(name => new FunctionSignature(name, [parameter], 0, name == "scalar" ? Scalar : Vector, availability));

    private static IEnumerable<FunctionSignature> Single() =>
    [
        new("vector", [Scalar], 0, Vector),
        new("clamp", [Vector, Scalar, Scalar], 0, Vector),
        new("clamp_max", [Vector, Scalar], 0, Vector),
        new("clamp_min", [Vector, Scalar], 0, Vector),
        new("round", [Vector, Scalar], 1, Vector),
        new("predict_linear", [Matrix, Scalar], 0, Vector),
        new("quantile_over_time", [Scalar, Matrix], 0, Vector),
        new("histogram_quantile", [Scalar, Vector], 0, Vector),
        new("histogram_fraction", [Scalar, Scalar, Vector], 0, Vector),
        new("label_replace", [Vector, Text, Text, Text, Text], 0, Vector),
        new("label_join", [Vector, Text, Text, Text], -1, Vector),
        new("double_exponential_smoothing", [Matrix, Scalar, Scalar], 0, Vector, Experimental),
        new("histogram_quantiles", [Vector, Text, Scalar, Scalar], 9, Vector, Experimental),
        new("info", [Vector, Vector], 1, Vector, Experimental),
        new("max_of", [Scalar, Scalar], 0, Scalar, Experimental),
        new("min_of", [Scalar, Scalar], 0, Scalar, Experimental),
        new("sort_by_label", [Vector, Text], -1, Vector, Experimental),
        new("sort_by_label_desc", [Vector, Text], -1, Vector, Experimental),
        new("start_timestamp", [Vector], 0, Vector, Experimental),
    ];
}
