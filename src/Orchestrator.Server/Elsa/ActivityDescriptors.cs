using System.Text.Json;
using Orchestrator.Core.Workflows;

namespace Orchestrator.Server.Elsa;

/// <summary>An activity as Studio's palette and property panel want it described.</summary>
internal sealed record ShownActivity(
    string TypeName, string Namespace, string Name, int Version, string Category, string DisplayName, string Description, string Kind)
{
    public IReadOnlyList<ShownPort> Ports { get; init; } = [];

    public IReadOnlyList<ShownInput> Inputs { get; init; } = [];

    public IReadOnlyList<ShownOutput> Outputs { get; init; } = [];

    /// <summary>Whether the palette offers it.</summary>
    public bool IsBrowsable { get; init; } = true;

    public bool IsContainer { get; init; }

    public bool IsStart { get; init; }

    public bool IsTerminal { get; init; }

    public Dictionary<string, object> CustomProperties { get; } = [];

    public Dictionary<string, object> ConstructionProperties { get; } = [];
}

/// <summary>A way out of an activity.</summary>
internal sealed record ShownPort(string Name, string DisplayName, string Type, bool IsBrowsable = true);

/// <summary>An input in the property panel.</summary>
internal sealed record ShownInput(string Name, string TypeName, string DisplayName, string Description, string UiHint, bool IsWrapped)
{
    public string Category { get; init; } = "Inputs";

    public float Order { get; init; }

    public JsonElement? DefaultValue { get; init; }

    public string DefaultSyntax { get; init; } = "Literal";

    public bool IsBrowsable { get; init; } = true;

    public bool IsReadOnly { get; init; }

    public bool IsSensitive { get; init; }

    public bool IsSynthetic { get; init; }

    public IReadOnlyDictionary<string, object> UiSpecifications { get; init; } = new Dictionary<string, object>();
}

/// <summary>An output that can be bound to a variable.</summary>
internal sealed record ShownOutput(string Name, string TypeName, string DisplayName, string Description, bool IsBrowsable = true);

/// <summary>The catalogue in Studio's words, and the stand-in for activities that the catalogue does not know.</summary>
internal static class ActivityDescriptors
{
    /// <summary>What Studio draws in place of an activity whose type and version no descriptor has.</summary>
    public const string NotFound = "Elsa.NotFoundActivity";

    public static IReadOnlyList<ShownActivity> All { get; } = [.. ActivityCatalog.All.Select(Of), Missing()];

    private static ShownActivity Of(ActivityDescriptor activity)
    {
        var (space, name) = Parts(activity.Type);
        return new ShownActivity(activity.Type, space, name, activity.Version, activity.Category, activity.DisplayName, activity.Description, Kind(activity.Role))
        {
            Ports = activity.OutcomesInput is null ? [.. activity.Outcomes.Select(outcome => new ShownPort(outcome, outcome, "Flow"))] : [],
            Inputs = [.. activity.Inputs.Select(Of)],
            Outputs = [.. activity.Outputs.Select(output => new ShownOutput(output.Name, output.Type, Words(output.Name), output.Description))],
            IsContainer = activity.Role == ActivityRole.Container,
            IsStart = activity.Type == ElsaActivities.Start,
            IsTerminal = activity.IsTerminal,
        };
    }

    private static ShownInput Of(InputDescriptor input, int place) =>
        new(input.Name, input.Type, Words(input.Name), input.Required ? $"{input.Description} Required." : input.Description, Hint(input), input.IsWrapped)
        {
            Order = place,
            DefaultValue = input.Default,
            DefaultSyntax = input.Type == ValueTypes.Texts ? "Object" : "Literal",
            UiSpecifications = Specifications(input),
        };

    private static string Hint(InputDescriptor input) =>
        !input.Options.IsEmpty ? "dropdown" : input.Type == ValueTypes.Boolean ? "checkbox" : input.UiHint;

    private static Dictionary<string, object> Specifications(InputDescriptor input) => input.Options.IsEmpty
        ? []
        : new() { ["dropdown"] = new { SelectList = new { Items = input.Options.Select(option => new { Text = Words(option), Value = option }), IsFlagsEnum = false, SortItems = false } } };

    private static ShownActivity Missing() => new(NotFound, "Elsa", "NotFoundActivity", 1, "System", "Not found", "An activity that this server does not know; it is kept as it stands and cannot be run.", "Action")
    {
        Ports = [new ShownPort("Done", "Done", "Flow")],
        Inputs =
        [
            new("MissingTypeName", ValueTypes.Text, "Type", "The type that is not known.", "singleline", false) { IsReadOnly = true },
            new("MissingTypeVersion", ValueTypes.Integer, "Version", "Its version.", "singleline", false) { IsReadOnly = true },
            new("OriginalActivityJson", ValueTypes.Text, "As it stands", "The activity as the definition has it.", "multiline", false) { IsReadOnly = true },
        ],
        IsBrowsable = false,
    };

    private static string Kind(ActivityRole role) => role == ActivityRole.Effect ? "Task" : "Action";

    private static (string Space, string Name) Parts(string type)
    {
        var dot = type.LastIndexOf('.');
        return dot < 0 ? ("", type) : (type[..dot], type[(dot + 1)..]);
    }

    /// <summary><c>DatasetVersion</c> and <c>drop_feature</c> as people read them.</summary>
    private static string Words(string name)
    {
        var spaced = string.Concat(name.Select((letter, i) => letter == '_' ? " " : i > 0 && char.IsUpper(letter) && !char.IsUpper(name[i - 1]) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
        return spaced.Length == 0 ? spaced : char.ToUpperInvariant(spaced[0]) + spaced[1..];
    }
}
