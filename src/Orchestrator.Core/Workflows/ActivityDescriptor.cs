using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrator.Core.Workflows;

/// <summary>Who carries an activity out.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActivityRole>))]
public enum ActivityRole
{
    /// <summary>The decider, at once.</summary>
    Inline,

    /// <summary>The decider, by running the activities within.</summary>
    Container,

    /// <summary>A timer of the shell.</summary>
    Timer,

    /// <summary>A worker of the shell, by an effect.</summary>
    Effect,
}

/// <summary>What may be done with an effect whose outcome is not known.</summary>
public enum Repetition
{
    /// <summary>It is idempotent by its key: run it again.</summary>
    Repeatable,

    /// <summary>It may have happened: leave it to a person.</summary>
    ParkOnDoubt,
}

/// <summary>An input of an activity as its authors and the designer see it.</summary>
/// <param name="Name">PascalCase; a definition stores it in camelCase.</param>
/// <param name="Type">One of <see cref="ValueTypes"/>.</param>
public sealed record InputDescriptor(string Name, string Type, string Description)
{
    public bool Required { get; init; }

    /// <summary>The value where the definition gives none; absent where there is no such value.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>The designer's control, in Elsa's words.</summary>
    public string UiHint { get; init; } = "singleline";

    /// <summary>The only values allowed; empty where any value of the type is.</summary>
    public ImmutableArray<string> Options { get; init; } = [];

    /// <summary>Whether the value decides the shape of the flow and hence must be written in the definition.</summary>
    public bool ConstantOnly { get; init; }

    /// <summary>Elsa's wrapped form with an expression; plain JSON otherwise.</summary>
    public bool IsWrapped { get; init; } = true;

    public string JsonName { get; } = JsonNamingPolicy.CamelCase.ConvertName(Name);
}

/// <summary>An output of an activity; a definition may bind it to a variable.</summary>
public sealed record OutputDescriptor(string Name, string Type, string Description)
{
    public string JsonName { get; } = JsonNamingPolicy.CamelCase.ConvertName(Name);
}

/// <summary>A deadline that the decider itself keeps while the activity waits for its bookmark.</summary>
/// <param name="Input">The input that holds the time to wait.</param>
/// <param name="Outcome">The outcome once it has passed.</param>
public sealed record Expiry(string Input, string Outcome);

/// <summary>One kind of activity: what it is called, needs, gives and may do.</summary>
public sealed record ActivityDescriptor(string Type, string DisplayName, string Category, string Description)
{
    /// <summary>The outcome by which a failure flows on where it is connected.</summary>
    public const string FailureOutcome = "Failed";

    public int Version { get; init; } = 1;

    public ActivityRole Role { get; init; } = ActivityRole.Effect;

    public ImmutableArray<InputDescriptor> Inputs { get; init; } = [];

    public ImmutableArray<OutputDescriptor> Outputs { get; init; } = [];

    public ImmutableArray<string> Outcomes { get; init; } = ["Done"];

    public Repetition Repetition { get; init; } = Repetition.Repeatable;

    /// <summary>How long one attempt may run unless the operator says otherwise.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether what it did can be undone by a <see cref="WorkflowEffect.Compensate"/> effect.</summary>
    public bool HasCompensation { get; init; }

    /// <summary>Whether it ends the container that it stands in.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The input that lists further outcomes; null where the outcomes are fixed.</summary>
    public string? OutcomesInput { get; init; }

    public Expiry? Expiry { get; init; }

    public InputDescriptor? Input(string name) => Inputs.FirstOrDefault(input => input.Name == name);
}
