using System.Collections.Immutable;

namespace Orchestrator.Core.Rules;

/// <summary>The variables that are known at a place of a template, and whether the dot is the alert.</summary>
internal sealed class TemplateScope
{
    private static readonly string[] AlertVariables = ["$value", "$labels", "$externalLabels", "$externalURL"];
    private static readonly string[] AlertFields = [".Value", ".Labels", ".ExternalLabels", ".ExternalURL"];

    private ImmutableStack<ImmutableArray<string>> _outer = [];
    private ImmutableArray<string> _variables = [.. AlertVariables];
    private ImmutableStack<bool> _dots = [true];

    /// <summary>Functions that the template calls.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => _dots.Peek() ? _variables.Concat(AlertFields) : _variables;

    public bool Has(string variable) => variable == "$" || _variables.Contains(variable);

    /// <summary>Whether a path begins with what is known: a variable, or a field of the alert where the dot is it.</summary>
    public bool Knows(string first, string path)
    {
        if (first[0] == '.')
        {
            return !_dots.Peek() || AlertFields.Contains(first);
        }

        var isValue = path.StartsWith("$value.", StringComparison.Ordinal) || path.StartsWith("$externalURL.", StringComparison.Ordinal);
        return Has(first) && !isValue && (!path.StartsWith("$labels.", StringComparison.Ordinal) || path.Count(c => c == '.') == 1);
    }

    public void Declare(ImmutableArray<string> variables) => _variables = _variables.AddRange(variables);

    /// <summary>A block begins: what it declares ends with it.</summary>
    /// <param name="keepsDot">Whether the dot stays what it is.</param>
    public void Enter(bool keepsDot = true)
    {
        _outer = _outer.Push(_variables);
        _dots = _dots.Push(keepsDot && _dots.Peek());
    }

    /// <summary>A template of its own begins: it knows nothing but what it is called with.</summary>
    public void EnterTemplate()
    {
        Enter(keepsDot: false);
        _variables = [];
    }

    public void Leave()
    {
        _outer = _outer.Pop(out _variables);
        _dots = _dots.Pop();
    }
}
