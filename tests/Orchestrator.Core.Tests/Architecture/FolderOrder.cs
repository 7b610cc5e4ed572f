using System.Text.RegularExpressions;

namespace Orchestrator.Core.Tests.Architecture;

/// <summary>Core's folders stand in an order, and each uses only those before it.</summary>
public static partial class FolderOrder
{
    public static readonly string[] Core =
        ["Diagnostics", "Series", "Expressions", "Metrics", "Monitors", "Rules", "Findings", "Workflows", "Fixes", "Revisions", "Rehearsal", "Profiles"];

    /// <summary>Uses that the compiler saw.</summary>
    public static IEnumerable<string> InTypes(IReadOnlyCollection<Type> types, string root, string[] order) =>
        from type in types
        let own = FolderOf(type, root)
        where own is not null
        from used in UsedTypes.By(type)
        let other = FolderOf(used, root)
        where other is not null && Offends(own, other, order)
        select Say(type.FullName!, own, used.FullName ?? used.Name, other, order);

    /// <summary>Uses that only the text shows: a <c>using</c>, a constant, a <c>nameof</c>.</summary>
    public static IEnumerable<string> InSources(IEnumerable<SourceFile> files, string[] order) =>
        from file in files
        where file.IsUnder("src/Orchestrator.Core") && file.Noun.Length > 0
        from match in CoreNamespace().Matches(file.Text)
        let other = match.Groups[1].Value
        where Offends(file.Noun, other, order)
        select Say(file.Path, file.Noun, match.Value, other, order);

    private static string Say(string user, string own, string used, string other, string[] order) =>
        order.Contains(own) && order.Contains(other)
            ? $"{user} uses {used}: {own} stands before {other}"
            : $"{user} uses {used}: not a folder of {string.Join(" → ", order)}";

    private static bool Offends(string own, string other, string[] order)
    {
        var (from, to) = (Array.IndexOf(order, own), Array.IndexOf(order, other));
        return from < 0 || to < 0 || to > from;
    }

    private static string? FolderOf(Type type, string root) =>
        type.Namespace?.StartsWith(root + ".", StringComparison.Ordinal) == true ? type.Namespace[(root.Length + 1)..].Split('.')[0] : null;

    [GeneratedRegex(@"\bOrchestrator\.Core\.(\w+)(?=[.;])(?<!^namespace .*)", RegexOptions.Multiline)]
    private static partial Regex CoreNamespace();
}
