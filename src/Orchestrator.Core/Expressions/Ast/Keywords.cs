namespace Orchestrator.Core.Expressions.Ast;

/// <summary>Words that mean something by themselves, in any case of letters.</summary>
public static class Keywords
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "atan2", "bool", "on", "ignoring", "group_left", "group_right", "inf", "nan",
    };

    /// <summary>Whether a metric of this name can only be selected as <c>{"name"}</c>.</summary>
    public static bool NeverMetric(string name) => Reserved.Contains(name);
}
