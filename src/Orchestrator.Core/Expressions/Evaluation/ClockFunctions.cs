using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions of instants, in UTC.</summary>
internal static class ClockFunctions
{
    public static IEnumerable<Function> All =>
    [
        new("time", (_, _, time) => new Value.Scalar(Selection.Seconds(time))),
        new("timestamp", Timestamps),
        new("year", Part(instant => instant.Year)),
        new("month", Part(instant => instant.Month)),
        new("day_of_month", Part(instant => instant.Day)),
        new("day_of_week", Part(instant => instant.DayOfWeek)),
        new("day_of_year", Part(instant => instant.DayOfYear)),
        new("days_in_month", Part(instant => instant.DaysInMonth)),
        new("hour", Part(instant => instant.Hour)),
        new("minute", Part(instant => instant.Minute)),
    ];

    private static Func<Run, Expr.Call, long, Value> Part(Func<CalendarTime, double> part) => (run, call, time) =>
    {
        if (call.Arguments.IsEmpty)
        {
            return new Value.Vector([new Element(Labels.Empty, Of(Selection.Seconds(time), part), 0)]);
        }

        return FunctionTable.Map(run, call, run.Vector(call.Arguments[0], time), seconds => Of(seconds, part));
    };

    /// <summary>NaN where there is no such second.</summary>
    private static double Of(double seconds, Func<CalendarTime, double> part) => CalendarTime.Of(seconds) is { } instant ? part(instant) : double.NaN;

    private static Value.Vector Timestamps(Run run, Expr.Call call, long time)
    {
        if (call.Arguments[0].Unwrapped is Expr.Selector selector)
        {
            return FunctionTable.Map(run, call, Selection.Timestamps(run, selector, time), seconds => seconds);
        }

        return FunctionTable.Map(run, call, run.Vector(call.Arguments[0], time), _ => Selection.Seconds(time));
    }
}
