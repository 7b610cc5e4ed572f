using Orchestrator.Core.Expressions;
using Orchestrator.Core.Expressions.Evaluation;
using Orchestrator.Core.Series;
using Orchestrator.Runtime.Series;

namespace Orchestrator.Runtime.Activities;

/// <summary>Asks the series a question, so that a workflow can decide on live metrics.</summary>
public sealed class QueryActivity(SampleStore samples) : IActivity
{
    public string Type => "Orchestrator.Query";

    public Task<ActivityResult> RunAsync(ActivityCall call, CancellationToken cancellation)
    {
        var text = call.Text("Expression");
        var parsed = ExpressionText.Parse(text);
        if (parsed.Root is not { } root || !parsed.Errors.IsEmpty)
        {
            throw new ActivityInputException($"the expression \"{text}\" cannot be evaluated: {parsed.Errors.FirstOrDefault()?.Text}");
        }

        return Task.FromResult(Answer(Evaluator.Evaluate(root, samples.Snapshot(), call.Now.ToMicros(), EvaluationOptions.Default)));
    }

    /// <summary>A vector answers with its first element; one without elements has no value, which is no failure.</summary>
    private static ActivityResult Answer(Evaluation evaluation) => evaluation switch
    {
        Evaluation.Failed failed => new ActivityResult.Failed(failed.Error.Text, Retryable: false),
        Evaluation.Scalar scalar when double.IsFinite(scalar.Value) => Value(scalar.Value),
        Evaluation.Vector { Samples: [var first, ..] } when double.IsFinite(first.Value) => Value(first.Value),
        _ => ActivityResult.Done("Done", ("Value", 0.0), ("HasValue", false)),
    };

    private static ActivityResult.Completed Value(double value) => ActivityResult.Done("Done", ("Value", value), ("HasValue", true));
}
