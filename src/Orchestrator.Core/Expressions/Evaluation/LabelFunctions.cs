using System.Text;
using System.Text.RegularExpressions;
using Orchestrator.Core.Expressions.Ast;
using Orchestrator.Core.Series;

namespace Orchestrator.Core.Expressions.Evaluation;

/// <summary>Functions that write labels.</summary>
internal static partial class LabelFunctions
{
    public static IEnumerable<Function> All => [new("label_replace", Replace), new("label_join", Join)];

    private static string Text(Expr argument) => ((Expr.Text)argument.Unwrapped).Value;

    private static Value.Vector Replace(Run run, Expr.Call call, long time)
    {
        var (to, template, from) = (Text(call.Arguments[1]), Text(call.Arguments[2]), Text(call.Arguments[3]));
        var regex = RegexSyntax.Compile(Text(call.Arguments[4]), out _)!;
        var elements = run.Vector(call.Arguments[0], time).Select(element =>
        {
            var match = regex.Match(element.Labels[from]);
            return match.Success ? Written(element, to, Expand(template, match)) : element;
        });
        return new Value.Vector(run.AlwaysDistinct([.. elements], call));
    }

    private static Value.Vector Join(Run run, Expr.Call call, long time)
    {
        var (to, separator) = (Text(call.Arguments[1]), Text(call.Arguments[2]));
        string[] from = [.. call.Arguments.Skip(3).Select(Text)];
        var elements = run.Vector(call.Arguments[0], time)
            .Select(element => Written(element, to, string.Join(separator, from.Select(name => element.Labels[name]))));
        return new Value.Vector(run.AlwaysDistinct([.. elements], call));
    }

    private static Element Written(in Element element, string label, string value) =>
        element with { Labels = element.Labels.With(label, value), DropName = element.DropName && label != Labels.NameLabel };

    /// <summary>Go's templates: <c>$1</c>, <c>$name</c>, <c>${1}</c>, <c>$$</c>; groups that do not exist are empty.</summary>
    private static string Expand(string template, Match match)
    {
        var text = new StringBuilder();
        var at = 0;
        foreach (var reference in Reference().EnumerateMatches(template))
        {
            text.Append(template, at, reference.Index - at);
            at = reference.Index + reference.Length;
            var name = template.AsSpan(reference.Index, reference.Length).Trim("${}").ToString();
            text.Append(name.Length == 0 ? "$" : match.Groups[name].Value);
        }

        return text.Append(template, at, template.Length - at).ToString();
    }

    [GeneratedRegex(@"\$\$|\$[A-Za-z0-9_]+|\$\{[A-Za-z0-9_]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
