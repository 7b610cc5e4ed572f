using System.Collections.Immutable;

namespace Orchestrator.Core.Diagnostics;

/// <summary>Collects the diagnostics of one file while it is read; keeps the first 50 errors and says that there are more.</summary>
public sealed class DiagnosticList(string path)
{
    public const int Limit = 50;

    private readonly List<Diagnostic> _items = [];

    public string Path { get; } = path;

    public bool HasErrors => _items.Exists(item => item.Severity == Severity.Error);

    public void Error(Place place, string code, string text, string? allowed = null, string? nearest = null) =>
        _items.Add(new(Path, place.Line, place.Column, code, Severity.Error, text, allowed, nearest));

    public void Warning(Place place, string code, string text, string? allowed = null, string? nearest = null) =>
        _items.Add(new(Path, place.Line, place.Column, code, Severity.Warning, text, allowed, nearest));

    public void AddRange(IEnumerable<Diagnostic> diagnostics) => _items.AddRange(diagnostics);

    /// <summary>In the order of the file, each once.</summary>
    public ImmutableArray<Diagnostic> ToImmutable()
    {
        var sorted = _items.Distinct().OrderBy(item => item.Line).ThenBy(item => item.Column).ToList();
        var errors = sorted.Where(item => item.Severity == Severity.Error).ToList();
        if (errors.Count <= Limit)
        {
            return [.. sorted];
        }

        var last = errors[Limit - 1];
        var more = new Diagnostic(Path, last.Line, last.Column, "YAML015", Severity.Error, $"{errors.Count - Limit} more errors are not shown");
        return [.. errors.Take(Limit), more];
    }

    /// <summary>The value with what was collected; no value if there is any error.</summary>
    public Parsed<T> Result<T>(T? value)
        where T : class => new(HasErrors ? null : value, ToImmutable());
}
