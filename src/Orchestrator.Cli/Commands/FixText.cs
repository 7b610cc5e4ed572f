using System.Globalization;
using Orchestrator.Core.Fixes;
using Orchestrator.Server.Fixes;

namespace Orchestrator.Cli.Commands;

/// <summary>A fix as its approver reads it.</summary>
internal static class FixText
{
    /// <summary>Kinds of change that are listed; the patch itself has all rows.</summary>
    private const int ShownChanges = 12;

    public static void Show(Terminal terminal, FixShown shown)
    {
        var fix = shown.Fix;
        terminal.Line($"Fix {fix.Id} of the rule {fix.Rule} is {Words.Of(fix.State)}{(fix.Reason is { } reason ? $": {reason}" : "")}");
        if (shown.Held is { } held)
        {
            terminal.Line($"  waits     {held}");
        }

        terminal.Line($"  finding   {fix.FindingId}");
        terminal.Line($"  workflow  {fix.Terms.Workflow}");
        if (fix.Plan is { } plan)
        {
            ShowPlan(terminal, plan);
        }

        if (fix.Patch is { } patch)
        {
            ShowPatch(terminal, fix, patch);
        }

        foreach (var work in shown.Work.Where(work => work.Note is not null))
        {
            terminal.Line($"  {work.State,-9} {work.Key} after {Words.Of(work.Attempts)} attempts: {work.Note}");
        }

        terminal.ShowTable("", ["at", "who", "what"], shown.History.Select(step => new[] { Words.Of(step.At), step.Actor, What(step.Event) }));
    }

    private static void ShowPlan(Terminal terminal, FixPlan plan)
    {
        terminal.Line($"  plan      {plan.Sha256}");
        foreach (var (name, value) in plan.Inputs)
        {
            terminal.Line($"  input     {name} = {value.GetRawText()}");
        }

        foreach (var number in plan.Evidence.Numbers)
        {
            terminal.Line($"  evidence  {number.Name} = {Words.Of(number.Value)} over {number.Rows} rows");
        }

        if (plan.Evidence.Segment is { } segment)
        {
            terminal.Line($"  blames    {segment.Predicate}: {segment.BlamedRows} of {segment.Rows} rows");
        }

        terminal.Line($"  touches   {Touches(plan.Limits)}");
        terminal.Line($"  expects   {Expects(plan.Prediction)}");
        if (plan.Prediction.Trial is { } trial)
        {
            ShowTrial(terminal, trial, plan.Prediction.Metric!);
        }

        terminal.Line($"  undone by {plan.Undo}");
    }

    private static void ShowTrial(Terminal terminal, FixTrial trial, string metric)
    {
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  tried out {trial.Changes} changes, {trial.Rows} rows; the gate: {Words.Of(trial.Gate.Verdict)}: {trial.Gate.Reason}"));
        foreach (var (name, result) in trial.Evaluation.Segments.Select(segment => (segment.Predicate, segment.Result)).Prepend(("all rows", trial.Evaluation.Overall)))
        {
            terminal.Line($"            {name}: {Measured(result.Champion, metric)} to {Measured(result.Challenger, metric)} on {Words.Of(result.Rows)} rows");
        }
    }

    private static string Measured(MeasuredModel? model, string metric) => model is null ? "none"
        : !model.Values.TryGetValue(metric, out var value) ? "no value"
        : metric == "model_accuracy" && model.Accuracy is { } interval ? $"{Words.Of(value)} [{Words.Of(interval.Low)}, {Words.Of(interval.High)}]"
        : Words.Of(value);

    private static void ShowPatch(Terminal terminal, Fix fix, PatchProposal patch)
    {
        terminal.Line($"  patch     {patch.Sha256}");
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"  changes   {patch.Changes} labels of {patch.Dataset}, of {patch.Answered} rows that {string.Join(", ", patch.LabelledBy)} answered"));
        foreach (var change in patch.Labels.Take(ShownChanges))
        {
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"            {change.Rows} from {change.From} to {change.To}"));
        }

        terminal.Line(fix.AwaitsPatch ? $"  waits     for the approval of this patch until {Words.Of(fix.Deadline)}" : $"  approved  by {fix.PatchApprovedBy ?? "nobody"}");
    }

    private static string Touches(PatchLimits limits) =>
        limits.Dataset is null ? "no dataset" : string.Create(CultureInfo.InvariantCulture, $"at most {limits.LabelBudget ?? limits.CandidateRows} rows of {limits.Dataset} ({string.Join(", ", limits.Operations)})");

    private static string Expects(PredictedEffect prediction) =>
        prediction is { Metric: { } metric, Before: { } before, Expected: { } expected }
            ? $"{metric} from {Words.Of(before)} to {Words.Of(expected)} ({prediction.Basis})"
            : prediction.Basis;

    private static string What(FixEvent @event) => @event switch
    {
        FixEvent.Opened => "opened",
        FixEvent.Proposed e => $"proposed plan {Words.Short(e.Plan.Sha256)}",
        FixEvent.Approved e => $"approved plan {Words.Short(e.PlanSha256)}{(e.Comment is { } comment ? $": {comment}" : "")}",
        FixEvent.PatchProposed e => $"labels are in: patch {Words.Short(e.Patch.Sha256)} waits for approval",
        FixEvent.PatchApproved e => $"approved patch {Words.Short(e.PatchSha256)}{(e.Comment is { } comment ? $": {comment}" : "")}",
        FixEvent.Started e => $"started as {e.InstanceId}",
        FixEvent.Ran e => $"ran; verified until {Words.Of(e.Deadline)}",
        FixEvent.CompensationStarted e => $"is being undone: {e.Reason}",
        FixEvent.Ended e => $"{Words.Of(e.State)}: {e.Reason}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
