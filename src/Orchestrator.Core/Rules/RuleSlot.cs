using Orchestrator.Core.Expressions.Compilation;

namespace Orchestrator.Core.Rules;

/// <summary>One rule of a plan with what it remembers: in a book where its alerts follow from differences, otherwise as a state.</summary>
internal sealed class RuleSlot(Rule rule, string key)
{
    public Rule Rule => rule;

    public string Key => key;

    /// <summary>Of alerting rules.</summary>
    public AlertNaming? Naming { get; init; }

    /// <summary>None where the rule is evaluated alert by alert.</summary>
    public AlertBook? Book { get; set; }

    /// <summary>What was remembered after the last completed evaluation; health is that of the last.</summary>
    public RuleState State { get; private set; } = RuleState.Empty;

    /// <summary>What the rule wrote at this evaluation; null where that is still to be made of its alerts.</summary>
    public IReadOnlyList<Series.LabelledSample>? Samples { get; private set; }

    public void Load(RuleState state)
    {
        State = state;
        Samples = null;
        Book?.Load(state.Alerts);
    }

    /// <summary>Takes the rule's outcome of an evaluation.</summary>
    public RuleOutcome Take(RuleOutcome outcome)
    {
        State = outcome.State;
        Samples = outcome.Samples;
        return outcome;
    }

    /// <summary>Makes state and samples of what the book holds.</summary>
    public RuleOutcome Close(RuleRun run)
    {
        var state = State with { Alerts = Book!.Pages.Alerts, Health = new(run.AsOf, Book.Error) };
        return Take(RuleStep.Written(state, Book.Pages.Series(run), run));
    }

    public void Reopen() => Samples = null;

    /// <summary>From here on the rule is evaluated alert by alert.</summary>
    public void LeaveBook()
    {
        State = State with { Alerts = Book!.Pages.Alerts };
        Book = null;
    }

    public RuleOutcome Evaluate(RuleRun run) => Take(Rule switch
    {
        Rule.Recording recording => RuleStep.Record(recording, State, run),
        Rule.Alerting alerting => RuleStep.Alert(alerting, Naming!, State, run),
        _ => throw new System.Diagnostics.UnreachableException(),
    });
}
