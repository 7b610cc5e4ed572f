using System.Collections.Immutable;

namespace Orchestrator.Core.Workflows;

/// <summary>The activities of Elsa 3 that run here, with Elsa's names, inputs and ports.</summary>
public static class ElsaActivities
{
    public const string Flowchart = "Elsa.Flowchart";
    public const string Sequence = "Elsa.Sequence";
    public const string Start = "Elsa.Start";
    public const string End = "Elsa.End";
    public const string Finish = "Elsa.Finish";
    public const string Fault = "Elsa.Fault";
    public const string FlowDecision = "Elsa.FlowDecision";
    public const string FlowFork = "Elsa.FlowFork";
    public const string FlowJoin = "Elsa.FlowJoin";
    public const string Delay = "Elsa.Delay";
    public const string SetVariable = "Elsa.SetVariable";

    public static ImmutableArray<ActivityDescriptor> All { get; } =
    [
        new(Flowchart, "Flowchart", "Flow", "Activities and the connections between them.") { Role = ActivityRole.Container },
        new(Sequence, "Sequence", "Workflows", "Activities one after the other.") { Role = ActivityRole.Container },
        new(Start, "Start", "Flow", "Marks where a flowchart starts.") { Role = ActivityRole.Inline },
        new(End, "End", "Flow", "Ends the flowchart that it stands in.") { Role = ActivityRole.Inline, Outcomes = [], IsTerminal = true },
        new(Finish, "Finish", "Primitives", "Marks the workflow as finished.") { Role = ActivityRole.Inline, Outcomes = [], IsTerminal = true },
        new(Fault, "Fault", "Primitives", "Faults the workflow.")
        {
            Role = ActivityRole.Inline,
            Outcomes = [],
            IsTerminal = true,
            Inputs =
            [
                new("Code", ValueTypes.Text, "Code of the fault."),
                new("Category", ValueTypes.Text, "Category of the fault."),
                new("FaultType", ValueTypes.Text, "Type of the fault."),
                new("Message", ValueTypes.Text, "What happened, for the people who read it.") { UiHint = "multiline" },
            ],
        },
        new(FlowDecision, "Decision", "Branching", "Goes on by True or by False.")
        {
            Role = ActivityRole.Inline,
            Outcomes = ["True", "False"],
            Inputs = [new("Condition", ValueTypes.Boolean, "The condition.") { Default = Values.Element(false), UiHint = "checkbox" }],
        },
        new(FlowFork, "Fork", "Branching", "Goes on by several branches at once.")
        {
            Role = ActivityRole.Inline,
            OutcomesInput = "Branches",
            Inputs = [new("Branches", ValueTypes.Texts, "Names of the branches.") { UiHint = "dynamic-outcomes", ConstantOnly = true }],
        },
        new(FlowJoin, "Join", "Branching", "Merges branches into one.")
        {
            Role = ActivityRole.Inline,
            Inputs =
            [
                new("Mode", ValueTypes.Text, "Goes on with the first branch, with all branches, or with all that were taken.")
                {
                    Default = Values.Element(nameof(JoinMode.WaitAny)),
                    UiHint = "dropdown",
                    Options = [.. Enum.GetNames<JoinMode>()],
                    ConstantOnly = true,
                },
            ],
        },
        new(Delay, "Delay", "Scheduling", "Waits for a time.")
        {
            Role = ActivityRole.Timer,
            Inputs = [new("TimeSpan", ValueTypes.Duration, "How long, as [d.]hh:mm:ss.") { Default = Values.Element(TimeSpan.FromMinutes(1)) }],
        },
        new(SetVariable, "Set Variable", "Primitives", "Assigns a value to a variable.")
        {
            Role = ActivityRole.Inline,
            Inputs =
            [
                new("Variable", ValueTypes.Variable, "The variable.") { UiHint = "variable-picker", IsWrapped = false, Required = true, ConstantOnly = true },
                new("Value", ValueTypes.Any, "The value."),
            ],
        },
    ];
}

/// <summary>How many of its inbound branches a join waits for, as in Elsa.</summary>
public enum JoinMode
{
    /// <summary>All, or none: where one was not taken, what waits is dropped.</summary>
    WaitAll,

    /// <summary>All that can still arrive; every activity with several inbound connections waits like this.</summary>
    WaitAllActive,

    /// <summary>The first; work on the other branches is cancelled.</summary>
    WaitAny,
}
