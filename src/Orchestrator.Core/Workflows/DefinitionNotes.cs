using System.Collections.Immutable;
using Orchestrator.Core.Diagnostics;

namespace Orchestrator.Core.Workflows;

/// <summary>Collects what is wrong in a definition while it is read.</summary>
internal sealed class DefinitionNotes(string path, JsonPlaces places)
{
    private readonly List<(int Offset, Diagnostic Diagnostic)> _found = [];

    /// <summary>All of them in the order of the file.</summary>
    public ImmutableArray<Diagnostic> InOrder =>
        [.. _found.OrderBy(note => note.Offset).ThenBy(note => note.Diagnostic.Code, StringComparer.Ordinal).Select(note => note.Diagnostic)];

    public void Error(JsonAt at, string code, string text, string? allowed = null, string? nearest = null) =>
        Add(at, new Diagnostic(path, 0, 0, code, Severity.Error, text, allowed, nearest));

    public void Warning(JsonAt at, string code, string text, string? allowed = null, string? nearest = null) =>
        Add(at, new Diagnostic(path, 0, 0, code, Severity.Warning, text, allowed, nearest));

    /// <summary>A name that is none of those that are known.</summary>
    public void Unknown(JsonAt at, string code, (string What, string Name) name, IEnumerable<string> known)
    {
        var all = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var allowed = all.Count == 0 ? "there is none" : $"known: {string.Join(", ", all)}";
        Error(at, code, $"{name.What} \"{name.Name}\" is not known", allowed, Nearest.To(name.Name, all));
    }

    private void Add(JsonAt at, Diagnostic diagnostic)
    {
        var offset = places.OffsetOf(at.Pointer);
        var (line, column) = places.Place(offset);
        _found.Add((offset, diagnostic with { Line = line, Column = column }));
    }
}
